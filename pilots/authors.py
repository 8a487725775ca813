"""Who wrote something, as a trajectory file says it: by role, never by name."""

from dataclasses import dataclass

from pilots.enums import RoleName
from pilots.models import TeamMember, Trajectory


@dataclass(frozen=True, slots=True)
class Authors:
    """The team as authors: everyone has one role here, the first of theirs in the order of `RoleName`."""

    roles: dict[int, str]

    def role_of(self, user_id: int | None) -> str | None:
        """The role of a person in the team; None for somebody outside it, such as an admin."""
        return self.roles.get(user_id) if user_id is not None else None

    def user_of(self, role: str | None) -> int | None:
        """The number of the first account with this role; None when the team has nobody with it."""
        return next((user_id for user_id, each in self.roles.items() if each == role), None)


def authors_of(trajectory: Trajectory) -> Authors:
    """The authors in a trajectory, with one query."""
    order = list(RoleName.values)
    roles: dict[int, str] = {}
    members = TeamMember.objects.filter(trajectory=trajectory).order_by("pk").values_list("user_id", "role")
    for user_id, role in members:
        known = roles.get(user_id)
        if known is None or order.index(role) < order.index(known):
            roles[user_id] = role
    return Authors(roles)
