"""The years: what comes first, and how much fits in a year (P7, P8, P11, P12, P13)."""

from collections.abc import Iterable, Sequence

from pilots.vocabulary import vocabulary
from plans.generator.choice import INTERPRETER, TALKS_WITH_PARENTS, WHOLE_TEAM, Key, Step
from plans.generator.situation import DEFAULT_YEAR_1_LIMIT

LAST_YEAR = 3
# How much training and change for the whole team fits in one of the first years: two heavy things (load 2 each).
TEAM_LOAD = 4


def in_sequence(steps: Sequence[Step]) -> list[Step]:
    """All steps in the order in which the school could take them up.

    What is under way first, then first steps before next steps, each by need. An interpreter comes before talks
    with parents (P12), climate, social-emotional learning or parents before care outside the school (P11), and
    training of the whole team beside the first training (P13).
    """
    sections = {section: index for index, section in enumerate(vocabulary().sections)}
    topics = {topic: index for index, topic in enumerate(vocabulary().topics)}

    def place(step: Step) -> tuple[bool, bool, float, int, int, int]:
        point = step.point
        under_way = step.kept is not None and step.kept.status != "open"
        order = step.advice.order if step.advice else 0
        return (
            not under_way,
            step.is_next,
            -point.need,
            sections[point.section],
            topics.get(point.topic or "", len(topics)),
            order,
        )

    ordered = sorted(steps, key=place)
    _move(ordered, [step for step in ordered if step.point.topic == INTERPRETER], _first(ordered, TALKS_WITH_PARENTS))
    if whole_team := [step for step in ordered if step.point.topic == WHOLE_TEAM and step.point.trigger]:
        trigger = whole_team[0].point.trigger
        _move(ordered, whole_team, _first(ordered, (trigger or "",)), after=True)
    if inner := [step for step in ordered if step.is_inner]:
        _move(ordered, inner[:1], next((step for step in ordered if step.is_external), None))
    return ordered


def _first(steps: Iterable[Step], topics: Sequence[str]) -> Step | None:
    return next((step for step in steps if step.point.topic in topics), None)


def _move(ordered: list[Step], moved: Sequence[Step], beside: Step | None, *, after: bool = False) -> None:
    """Put the first of `moved` before (or after) `beside`, unless it comes earlier already."""
    if not moved or beside is None or ordered.index(moved[0]) < ordered.index(beside):
        return
    ordered.remove(moved[0])
    ordered.insert(ordered.index(beside) + after, moved[0])


def years_of(ordered: Sequence[Step], limit: int) -> list[int]:
    """The year (1 to 3) of each step, in the same order.

    `limit`: how many actions year 1 holds. Years that people chose stand, and count first; year 2 holds twice as
    many, year 3 the rest. A next step comes a year after the first step of its topic.
    """
    room = {1: limit, 2: 2 * (limit or DEFAULT_YEAR_1_LIMIT)}
    load = dict.fromkeys(room, TEAM_LOAD)
    chosen = [step.kept.year if step.kept else None for step in ordered]
    for step, fixed in zip(ordered, chosen, strict=True):
        if fixed in room:
            room[fixed] -= 1
            load[fixed] -= team_load(step)
    years: list[int] = []
    inner = min((year for step, year in zip(ordered, chosen, strict=True) if step.is_inner and year), default=None)
    first_of_topic: dict[Key, int] = {}
    for step, fixed in zip(ordered, chosen, strict=True):
        earliest = 1
        if step.is_next:
            earliest = min(LAST_YEAR, first_of_topic.get(step.point.key, 0) + 1)
        if step.is_external:
            earliest = max(earliest, inner or 2)
        weight = team_load(step)
        fitting = (year for year in room if year >= earliest and room[year] > 0 and load[year] >= weight)
        year = fixed or next(fitting, LAST_YEAR)
        if not fixed and year in room:
            room[year] -= 1
            load[year] -= weight
        if step.is_inner:
            inner = min(inner or LAST_YEAR, year)
        first_of_topic.setdefault(step.point.key, year)
        years.append(year)
    return years


def team_load(step: Step) -> int:
    """How much of the whole team's room for training and change this takes."""
    if step.advice is None or (step.point.section != "training" and step.advice.load < 2):
        return 0
    if step.point.rule == "P13":
        return 0  # it is the frame of the training that set the rule off, not one training more
    return step.advice.load
