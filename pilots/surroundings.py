"""Who stands around the pupils of one school, as its pages and its plan show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from pilots.enums import PartnerState
from pilots.models import CareRole, Partner, Trajectory
from pilots.names import Found, find_names
from pilots.regions import regions
from pilots.registry import registry
from pilots.vocabulary import vocabulary

# Who belongs to the school itself: a plan that names them asks for nobody from outside.
IN_SCHOOL = frozenset({"director", "nt2-teacher", "teacher", "gsa", "coordinator", "parent", "pupil", "other"})
# The order of the role card: from who sees a pupil first, to who decides. Everybody else comes between these two.
FIRST_TO_SEE = (
    "caretaker",
    "teacher",
    "nt2-teacher",
    "pupil-coordinator",
    "confidant",
    "parent-consultant",
    "coordinator",
)
LAST_TO_SEE = ("gsa", "researcher", "admin", "director")


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner on the map, with its name as this sector says it."""

    row: Partner
    label: str


@dataclass(frozen=True, slots=True)
class PartnerMap:
    """Who is in, who is missing, and whom the plan asks for without being on the map (id and name)."""

    present: tuple[PartnerLine, ...]
    missing: tuple[PartnerLine, ...]
    asked: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.present or self.missing)

    @property
    def present_names(self) -> list[str]:
        return [line.label for line in self.present]

    @property
    def missing_names(self) -> list[str]:
        return [line.label for line in self.missing]


@dataclass(frozen=True, slots=True)
class CareLine:
    """A line of the role card, with the name of the role as this sector says it."""

    row: CareRole
    label: str


def person_name(who: str, sector: str) -> str:
    """What a school of `sector` calls a role, stakeholder or partner; an id that is not known as it is."""
    try:
        return vocabulary().person(who, sector)
    except KeyError:
        return who


def partner_map(trajectory: Trajectory, *, asked: bool = False) -> PartnerMap:
    """The partners of a trajectory in one query; with `asked` also whom its plan asks for."""
    sector = trajectory.school.sector
    lines = [PartnerLine(row, person_name(row.partner, sector)) for row in trajectory.partner_map.all()]
    lines.sort(key=lambda line: line.label.lower())
    there = {line.row.partner for line in lines} | IN_SCHOOL
    wanted = dict.fromkeys(registry.partners_asked(trajectory)) if asked else ()
    return PartnerMap(
        present=tuple(line for line in lines if line.row.state == PartnerState.IN),
        missing=tuple(line for line in lines if line.row.state == PartnerState.MISSING),
        asked=tuple((each, person_name(each, sector)) for each in wanted if each not in there),
    )


def role_card(trajectory: Trajectory) -> list[CareLine]:
    """Who does what when a pupil gives a signal, from who sees it first to who decides, in one query."""
    order = [*FIRST_TO_SEE, *(each for each in vocabulary().owners if each not in {*FIRST_TO_SEE, *LAST_TO_SEE})]
    places = {each: place for place, each in enumerate([*order, *LAST_TO_SEE])}
    sector = trajectory.school.sector
    lines = [CareLine(row, person_name(row.role, sector)) for row in trajectory.care_roles.all()]
    return sorted(lines, key=lambda line: places.get(line.row.role, len(places)))


def care_time_words(trajectory: Trajectory) -> str:
    """How many people do the care coordination, and how many days a week together; empty when nobody wrote it down."""
    people, days = trajectory.care_people, trajectory.care_days
    words = []
    if people is not None:
        words.append(_("1 persoon") if people == 1 else _("%(number)s mensen") % {"number": people})
    if days is not None:
        number = f"{days.normalize():f}".replace(".", ",")
        days_words = _("%(number)s dag per week") if days == 1 else _("%(number)s dagen per week")
        words.append((_("samen %s") if people not in {None, 1} else "%s") % (days_words % {"number": number}))
    return ", ".join(words)


def names_in(texts: Iterable[str], trajectory: Trajectory) -> list[Found]:
    """What looks like somebody's name or address in words about a school; for a person to judge."""
    allowed = [trajectory.school.name, trajectory.school.place, *registry.interventions.values()]
    allowed += sorted({region for region in regions().values() if region})
    found = {each.text: each for text in texts for each in find_names(text, allowed=allowed)}
    return list(found.values())


def panel(trajectory: Trajectory) -> dict[str, Any] | None:
    """What the trajectory page shows of it, in two queries."""
    return {
        "map": partner_map(trajectory),
        "roles": role_card(trajectory),
        "care_time": care_time_words(trajectory),
    }
