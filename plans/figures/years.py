"""A plan over three years, and how far it is."""

from dataclasses import dataclass

from pilots.models import Trajectory
from plans.enums import ActionStatus, PlanStatus
from plans.figures.sections import ActionView, action_view
from plans.figures.versions import newest
from plans.models import Plan
from plans.situation import year_1_limit

YEARS = (1, 2, 3)
SHOWN = 12  # actions that stand open in a column of the board
CHOSEN = (ActionStatus.CHOSEN, ActionStatus.STARTED, ActionStatus.DONE)


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the board. load: how many actions; limit: how many fit (None: no limit)."""

    number: int
    actions: tuple[ActionView, ...]
    limit: int | None

    @property
    def load(self) -> int:
        return len(self.actions)

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.load > self.limit

    @property
    def shown(self) -> tuple[ActionView, ...]:
        """What stands open in the column."""
        return self.actions[:SHOWN]

    @property
    def folded(self) -> tuple[ActionView, ...]:
        """What a fuller column folds away."""
        return self.actions[SHOWN:]

    @property
    def folded_ids(self) -> frozenset[int]:
        return frozenset(view.row.pk for view in self.folded)

    @property
    def scale(self) -> int:
        """The end of the load meter: what fits, or what is there when that is more."""
        return max(self.limit or 0, self.load, 1)


def years_of(plan: Plan) -> list[Year]:
    """The three years with their actions in the order of the plan."""
    limits: dict[int, int | None] = {1: year_1_limit(plan.trajectory), 2: None, 3: None}
    rows = list(plan.actions.all())
    return [
        Year(
            number,
            tuple(action_view(row, plan.trajectory, plan.names_masked) for row in rows if row.year == number),
            limits[number],
        )
        for number in YEARS
    ]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many actions of a plan stand where."""

    total: int
    open: int
    chosen: int
    started: int
    done: int
    stopped: int

    @property
    def picked(self) -> int:
        """Chosen and not stopped."""
        return self.chosen + self.started + self.done


def progress_of(plan: Plan) -> Progress:
    """How the actions of a plan are going."""
    counts = dict.fromkeys(ActionStatus.values, 0)
    for action in plan.actions.all():
        counts[action.status] += 1
    return Progress(sum(counts.values()), **counts)


def panel(trajectory: Trajectory) -> dict[str, object] | None:
    """What the trajectory page shows of the plan; nothing before there is one."""
    plan = newest(trajectory)
    if plan is None:
        return None
    holds = plan
    if plan.status == PlanStatus.DRAFT:
        holds = trajectory.plans.released().prefetch_related("actions", "set_aside").first() or plan
        holds.trajectory = trajectory
    first = [view for view in years_of(holds)[0].actions if view.row.status != ActionStatus.STOPPED][:5]
    return {
        "trajectory": trajectory,
        "plan": plan,
        "holds": holds,
        "progress": progress_of(holds),
        "first": first,
        "coverage": plan.body["coverage"],
    }
