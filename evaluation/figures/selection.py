"""Which trajectories a figure is about: what somebody may look over, and the filters of the address."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from pilots.enums import WorksWith
from pilots.models import TeamMember, Trajectory, User
from pilots.models.trajectories import TrajectoryQuerySet
from pilots.regions import municipalities_of, regions
from pilots.roles import ROLES, May
from pilots.vocabulary import vocabulary

#: The roles whose trajectories somebody looks over; an admin looks over all.
OVERSEERS = tuple(role.id for role in ROLES.values() if May.SEE_DASHBOARD in role.permissions)
COHORT_LENGTH = 20


def overseen_by(user: User) -> TrajectoryQuerySet:
    """The trajectories that the dashboard of `user` is about; each of them the user may open."""
    mine = Trajectory.objects.visible_to(user)
    if user.is_admin:
        return mine
    return mine.filter(Exists(TeamMember.objects.filter(trajectory=OuterRef("pk"), user=user, role__in=OVERSEERS)))


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for; empty is no filter. The region is its name without "GGD"."""

    cohort: str = ""
    sector: str = ""
    setting: str = ""
    region: str = ""
    works_with: str = ""  # with which approach the school worked already

    @property
    def given(self) -> dict[str, str]:
        """The filters that are filled in."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}

    @property
    def query(self) -> str:
        """As it stands in an address, without the question mark."""
        return urlencode(self.given)

    def apply(self, trajectories: TrajectoryQuerySet) -> TrajectoryQuerySet:
        """Those of `trajectories` that fit."""
        if self.cohort:
            trajectories = trajectories.filter(cohort=self.cohort)
        if self.sector:
            trajectories = trajectories.filter(school__sector=self.sector)
        if self.setting:
            trajectories = trajectories.filter(setting=self.setting)
        if self.region:
            trajectories = trajectories.filter(school__municipality__in=municipalities_of(self.region))
        if self.works_with:
            trajectories = trajectories.filter(works_with=self.works_with)
        return trajectories


@cache
def region_names() -> tuple[str, ...]:
    """All GGD regions without "GGD", in the order of the alphabet."""
    return tuple(sorted(set(regions().values())))


def read_filters(data: Mapping[str, Any]) -> tuple[Filters, dict[str, str]]:
    """The filters of an address, and for each that does not exist a sentence that says what does.

    A cohort is free text: one that nobody is in is no fault, there is just nothing in it.
    """
    asked = {each.name: str(data.get(each.name, "")).strip() for each in fields(Filters)}
    words = vocabulary()
    faults = {}
    if "\0" in asked["cohort"] or len(asked["cohort"]) > COHORT_LENGTH:
        faults["cohort"] = _("Dit cohort bestaat niet. Een cohort is een schooljaar, zoals 2026-2027.")
    if asked["sector"] and asked["sector"] not in words.sectors:
        faults["sector"] = _("Deze sector bestaat niet. Kies uit: %(choices)s.") % {"choices": ", ".join(words.sectors)}
    if asked["setting"] and asked["setting"] not in words.settings:
        faults["setting"] = _("Deze soort school bestaat niet. Kies uit: %(choices)s.") % {
            "choices": ", ".join(words.settings)
        }
    if asked["works_with"] and asked["works_with"] not in WorksWith.values:
        faults["works_with"] = _("Deze aanpak bestaat niet. Kies uit: %(choices)s.") % {
            "choices": ", ".join(WorksWith.values)
        }
    if asked["region"]:
        wanted = asked["region"].casefold().removeprefix("ggd ").strip()
        name = next((each for each in region_names() if each.casefold() == wanted), "")
        if not name:
            faults["region"] = _("Deze GGD-regio bestaat niet. Kies een regio uit de lijst.")
        asked["region"] = name
    return Filters(**{name: "" if name in faults else value for name, value in asked.items()}), faults


def as_sql(trajectories: TrajectoryQuerySet) -> tuple[str, tuple[Any, ...]]:
    """A query that gives the numbers of `trajectories` as `trajectory_id`, and its parameters."""
    try:
        sql, params = trajectories.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 0::bigint AS trajectory_id WHERE false", ()
    return f"SELECT id AS trajectory_id FROM ({sql}) AS selected(id)", tuple(params)  # noqa: S608 made by Django
