"""Where many trajectories stand in the nine steps, counted by the database, and which wait longest."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from pilots.figures import with_steps
from pilots.models.trajectories import TrajectoryQuerySet
from pilots.steps import PREDECESSORS, step_states
from pilots.vocabulary import vocabulary

LONGEST = 8  # trajectories that wait longest, as far as they are shown

# `facts` has a row per trajectory: its number, a bit for each step that is done, and whether it is paused. `late` are
# its open steps past their planned date, as bits, and the oldest of those dates with its step.
_STANDING = """WITH facts AS MATERIALIZED ({facts}), late AS (
    SELECT step_date.trajectory_id, bit_or(1 << step_date.step) AS late, min(step_date.planned) AS planned
    FROM pilots_stepdate AS step_date JOIN facts USING (trajectory_id)
    WHERE step_date.planned < %s AND NOT facts.is_paused AND facts.done <> %s
      AND facts.done & (1 << step_date.step) = 0
      AND facts.done & (%s::int[])[step_date.step] = (%s::int[])[step_date.step]
    GROUP BY step_date.trajectory_id
), combined AS (
    SELECT facts.trajectory_id, facts.done, facts.is_paused, coalesce(late.late, 0) AS late, late.planned
    FROM facts LEFT JOIN late USING (trajectory_id)
) {select}"""
_COUNT = """SELECT done, is_paused, late, count(*), NULL::date FROM combined GROUP BY 1, 2, 3
UNION ALL (
    SELECT trajectory_id, NULL, late, NULL, planned FROM combined WHERE planned IS NOT NULL
    ORDER BY planned, trajectory_id LIMIT {limit}
)"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A trajectory with an open step past its planned date."""

    trajectory_id: int
    steps: tuple[int, ...]
    planned: date


@dataclass(frozen=True, slots=True)
class Standing:
    """steps: number and state → trajectories. paused: how many lie still. longest: who waits longest, first."""

    steps: Counter[tuple[int, str]]
    paused: int
    longest: tuple[Waiting, ...]


def standing(trajectories: TrajectoryQuerySet, today: date) -> Standing:
    """How many of `trajectories` are in which state of which step. One query."""
    steps: Counter[tuple[int, str]] = Counter()
    paused = 0
    longest = []
    for done, is_paused, late, number, planned in _run(trajectories, today, _COUNT.format(limit=LONGEST)):
        if number is None:
            longest.append(Waiting(done, tuple(_bits(late)), planned))
            continue
        paused += number if is_paused else 0
        for step, state in _states(done, late, is_paused, today):
            steps[step, state] += number
    return Standing(steps, paused, tuple(longest))


def in_state(trajectories: TrajectoryQuerySet, step: int, state: str, today: date) -> TrajectoryQuerySet:
    """Those of `trajectories` whose step `step` is in `state`."""
    rows = _run(trajectories, today, "SELECT trajectory_id, done, is_paused, late FROM combined")
    kept = [number for number, done, paused, late in rows if (step, state) in _states(done, late, paused, today)]
    return trajectories.filter(pk__in=kept)


def _run(trajectories: TrajectoryQuerySet, today: date, select: str) -> list[tuple[Any, ...]]:
    numbers = list(vocabulary().steps)
    flags = (
        with_steps(trajectories, today)
        .order_by()
        .values_list("pk", "is_paused", *(f"step_done_{number}" for number in numbers))
    )
    try:
        sql, params = flags.query.sql_with_params()
    except EmptyResultSet:
        return []
    columns = ", ".join(f"d{number}" for number in numbers)
    bits = " + ".join(f"(d{number}::int << {number})" for number in numbers)
    facts = f"SELECT id AS trajectory_id, is_paused, {bits} AS done FROM ({sql}) AS flags(id, is_paused, {columns})"  # noqa: S608 made by Django
    masks = [sum(1 << before for before in PREDECESSORS[number]) for number in numbers]
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDING.format(facts=facts, select=select),
            [*params, today, sum(1 << number for number in numbers), masks, masks],
        )
        return list(cursor.fetchall())


def _bits(number: int) -> Iterable[int]:
    return (step for step in vocabulary().steps if number & 1 << step)


def _states(done: int, late: int, paused: bool, today: date) -> list[tuple[int, str]]:
    yesterday = today - timedelta(days=1)
    states = step_states(set(_bits(done)), dict.fromkeys(_bits(late), yesterday), {}, paused=paused, today=today)
    return [(each.number, str(each.state)) for each in states]
