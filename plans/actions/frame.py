"""What the actions on a plan share: their faults, in which role someone acts, and the lock on the trajectory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pilots.models import TeamMember, Trajectory, User
from plans.enums import PlanStatus
from plans.figures import NameFound
from plans.models import Action, Plan

EDITABLE = ("title", "text", "year", "period", "owner", "first_step", "sign", "support", "partners")


class ClosedPlanError(Exception):
    """The version is not a draft any more: what it says stands."""


@dataclass
class ConflictError(Exception):
    """Somebody else changed the action in the meantime; `current` is what it says now."""

    current: Action


@dataclass
class NamesFoundError(Exception):
    """Names stand in the plan that nobody masked or declared (P10)."""

    names: list[NameFound] = field(default_factory=list)


ROLE_ORDER = ("researcher", "gsa", "director", "coordinator", "admin")


def role_of(by: User | None, trajectory: Trajectory) -> str:
    """The role in which `by` acts here; the program itself acts as admin."""
    if by is None:
        return "admin"
    roles = set(trajectory.roles)
    if not roles:
        roles = set(TeamMember.objects.filter(trajectory=trajectory, user=by).values_list("role", flat=True))
    return next((role for role in ROLE_ORDER if role in roles), "admin")


def lock(trajectory: Trajectory) -> None:
    """Whoever changes plans of this trajectory waits for who does so now."""
    Trajectory.objects.select_for_update(of=("self",)).get(pk=trajectory.pk)


def draft_of(plan: Plan) -> Plan:
    """The plan as it is now, locked; ClosedPlanError when it is no draft."""
    lock(plan.trajectory)
    found = Plan.objects.prefetch_related("actions", "set_aside").get(pk=plan.pk)
    if found.status != PlanStatus.DRAFT:
        raise ClosedPlanError
    found.trajectory = plan.trajectory
    return found


def plain(value: Any) -> Any:
    """A browser writes line ends its own way, which is no change."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def change(action: Action, changed: Mapping[str, Any], role: str) -> None:
    """Write what someone in `role` changed in an action of a draft; a new draft keeps those fields."""
    for name, value in changed.items():
        setattr(action, name, value)
    action.edited_fields = sorted({*action.edited_fields, *changed})
    action.edited_by = role
    action.revision += 1
    action.full_clean()
    action.save()
