"""Counts over many trajectories, each kind in one query: PostgreSQL counts, Python only lays it out.

Every query begins with `mine`, the trajectories it is about with a person beside each. The dashboard has one person, 0,
for all of them; the comparison also counts what each person may open, to know what may be shown.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from evaluation.enums import Side
from evaluation.figures.selection import as_sql
from pilots.models.trajectories import TrajectoryQuerySet

#: A sum and of how many it is, for means.
SumAndNumber = tuple[float, int]

# Of each trajectory and side the newest interview that was held. For lines NOT MATERIALIZED, so that PostgreSQL knows
# how few different values there are to group by; else it sorts a hundred thousand rows.
_NEWEST = """newest AS {how} (
    SELECT evaluation.id AS evaluation_id, evaluation.trajectory_id, evaluation.side, mine.person
    FROM evaluation_evaluation AS evaluation JOIN mine USING (trajectory_id)
    WHERE evaluation.is_final AND evaluation.side = ANY(%s) AND NOT EXISTS (
        SELECT FROM evaluation_evaluation AS newer
        WHERE newer.is_final AND newer.trajectory_id = evaluation.trajectory_id AND newer.side = evaluation.side
          AND (newer.held_on, newer.id) > (evaluation.held_on, evaluation.id)
    )
)"""
# Action rows of the plans that hold now and are past open.
_PURSUED = """FROM plans_action AS action
JOIN plans_plan AS plan ON plan.id = action.plan_id AND plan.status = 'released'
JOIN mine ON mine.trajectory_id = plan.trajectory_id
WHERE action.status <> 'open'"""

_LINES = """SELECT person, line.subject, line.about, newest.side, line.judgement,
    count(*), count(line.rating), coalesce(sum(line.rating), 0)
FROM evaluation_line AS line JOIN newest USING (evaluation_id)
GROUP BY person, line.subject, line.about, newest.side, line.judgement"""
# What is counted from the newest interviews besides their lines: kind, person, two keys, trajectories, sum and number.
_SAID = """SELECT 'factor', person, kind, factor, count(*), 0, 0 FROM (
    SELECT DISTINCT person, factor.kind, factor.factor, newest.trajectory_id
    FROM evaluation_factor AS factor JOIN newest USING (evaluation_id)
) AS named GROUP BY person, kind, factor
UNION ALL SELECT 'experience', person, intervention, '', count(*), sum(total), sum(ratings) FROM (
    SELECT person, experience.intervention, newest.trajectory_id,
        sum(experience.rating) AS total, count(experience.rating) AS ratings
    FROM evaluation_experience AS experience JOIN newest USING (evaluation_id)
    WHERE experience.rating IS NOT NULL
    GROUP BY person, experience.intervention, newest.trajectory_id
) AS rated GROUP BY person, intervention
UNION ALL SELECT 'evaluated', person, side, '', count(*), 0, 0 FROM newest GROUP BY person, side"""
_SECTIONS = """SELECT person, score.section, sum(score.total::float / score.count), count(*)
FROM checklist_sectionscore AS score JOIN mine USING (trajectory_id)
GROUP BY person, score.section"""
_THEMES = """SELECT person, named.kind, named.theme, count(*), count(*) FILTER (WHERE named.first)
FROM focusgroups_namedtheme AS named JOIN mine USING (trajectory_id)
GROUP BY person, named.kind, named.theme"""
_GROUPS = """SELECT person, kind, count(*) FROM (
    SELECT DISTINCT person, kind, trajectory_id
    FROM focusgroups_focusgroup JOIN mine USING (trajectory_id) WHERE held_on IS NOT NULL
) AS held GROUP BY person, kind"""
_ACTIONS = f"SELECT person, action.section, action.status, count(*) {_PURSUED} GROUP BY 1, 2, 3"
_CHOSEN = f"""SELECT person, intervention, count(*) FROM (
    SELECT DISTINCT person, plan.trajectory_id, unnest(action.intervention_ids) AS intervention
    {_PURSUED} AND action.intervention_ids <> '{{}}'
) AS chosen GROUP BY person, intervention"""  # noqa: S608 ours
_PLANS = """SELECT person, count(*) FROM plans_plan JOIN mine USING (trajectory_id) WHERE status = 'released'
GROUP BY person"""
_ALL = "SELECT person, count(*) FROM mine GROUP BY person"


@dataclass(slots=True)
class Counts:
    """What was counted for one person.

    trajectories, planned: how many there are, how many have a released plan. evaluated: per side. judged: subject, id,
    side and judgement → trajectories. rated: component and side → sum and number of ratings. factors: kind and factor.
    named, first: kind of group and theme. groups: kind → trajectories whose group met. sections: sum of the schools'
    means and number of schools. chosen: programme → trajectories. experience: programme → sum and number of ratings;
    raters: how many trajectories they are of. actions: section and status → actions past open.
    """

    trajectories: int = 0
    planned: int = 0
    evaluated: Counter[str] = field(default_factory=Counter)
    judged: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    rated: dict[tuple[str, str], SumAndNumber] = field(default_factory=dict)
    factors: Counter[tuple[str, str]] = field(default_factory=Counter)
    named: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: Counter[tuple[str, str]] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    sections: dict[str, SumAndNumber] = field(default_factory=dict)
    chosen: Counter[str] = field(default_factory=Counter)
    experience: dict[str, SumAndNumber] = field(default_factory=dict)
    raters: Counter[str] = field(default_factory=Counter)
    actions: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Mine:
    """The query that begins every count: `trajectory_id` and `person`."""

    sql: str
    params: tuple[Any, ...]

    @classmethod
    def of(cls, trajectories: TrajectoryQuerySet) -> "Mine":
        """All of `trajectories` for person 0."""
        sql, params = as_sql(trajectories)
        return cls(f"SELECT trajectory_id, 0 AS person FROM ({sql}) AS chosen", params)  # noqa: S608 made by Django

    def rows(self, sql: str, sides: Sequence[str] = (), *, keep: bool = False) -> Iterator[tuple[Any, ...]]:
        """The rows of one count; with `sides` about the newest evaluations with them, looked up once with `keep`."""
        before = f"WITH mine AS NOT MATERIALIZED ({self.sql})"
        if sides:
            before += ", " + _NEWEST.format(how="MATERIALIZED" if keep else "NOT MATERIALIZED")
        with connection.cursor() as cursor:
            cursor.execute(f"{before} {sql}", [*self.params, *([list(sides)] if sides else [])])
            yield from cursor


def count(mine: Mine, sides: Sequence[str] = Side.values) -> dict[int, Counts]:
    """Everything about `mine`, per person; of the evaluations only those with `sides`. Nine queries."""
    found: dict[int, Counts] = defaultdict(Counts)
    for person, number in mine.rows(_ALL):
        found[person].trajectories = number
    for person, number in mine.rows(_PLANS):
        found[person].planned = number
    for person, subject, about, side, judgement, number, ratings, total in mine.rows(_LINES, sides):
        if judgement:
            found[person].judged[subject, about, side, judgement] = number
        if ratings:
            found[person].rated[about, side] = (float(total), ratings)
    for what, person, key, second, number, total, ratings in mine.rows(_SAID, sides, keep=True):
        if what == "factor":
            found[person].factors[key, second] = number
        elif what == "experience":
            found[person].experience[key] = (float(total), int(ratings))
            found[person].raters[key] = number
        else:
            found[person].evaluated[key] = number
    for person, section, total, schools in mine.rows(_SECTIONS):
        found[person].sections[section] = (total, schools)
    for person, kind, theme, number, first in mine.rows(_THEMES):
        found[person].named[kind, theme] = number
        if first:
            found[person].first[kind, theme] = first
    for person, kind, number in mine.rows(_GROUPS):
        found[person].groups[kind] = number
    for person, section, status, number in mine.rows(_ACTIONS):
        found[person].actions[section, status] = number
    for person, intervention, number in mine.rows(_CHOSEN):
        found[person].chosen[intervention] = number
    return found
