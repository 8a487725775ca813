"""The nine steps of a trajectory and their states. Pure: facts in, states out; nothing here is stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from pilots.enums import StepState
from pilots.vocabulary import Step, vocabulary

# Which steps must be done before a step can be worked on: 3 goes beside 4, 8 beside 9.
PREDECESSORS: Mapping[int, tuple[int, ...]] = {
    1: (),
    2: (1,),
    3: (1, 2),
    4: (1, 2),
    5: (1, 2, 3, 4),
    6: (1, 2, 3, 4, 5),
    7: (1, 2, 3, 4, 5, 6),
    8: (1, 2, 3, 4, 5, 6, 7),
    9: (1, 2, 3, 4, 5, 6, 7),
}


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step as it stands today."""

    step: Step
    state: StepState
    planned: date | None
    done: date | None

    @property
    def number(self) -> int:
        return self.step.number

    @property
    def is_open(self) -> bool:
        """It can be worked on today."""
        return self.state in {StepState.NOW, StepState.OVERDUE}


def step_states(
    done: Collection[int],
    planned: Mapping[int, date],
    done_on: Mapping[int, date],
    *,
    paused: bool,
    today: date,
) -> tuple[StepNow, ...]:
    """The nine steps in order.

    done: numbers of the steps that are done. planned, done_on: dates where there are any. paused: a pause of the
    journal covers `today`. A step is now when all its predecessors are done; past its planned date it is overdue;
    while the trajectory is paused both are paused.
    """
    steps = []
    for number, step in vocabulary().steps.items():
        if number in done:
            state = StepState.DONE
        elif not all(before in done for before in PREDECESSORS[number]):
            state = StepState.WAITING
        elif paused:
            state = StepState.PAUSED
        elif number in planned and planned[number] < today:
            state = StepState.OVERDUE
        else:
            state = StepState.NOW
        steps.append(StepNow(step, state, planned.get(number), done_on.get(number)))
    return tuple(steps)
