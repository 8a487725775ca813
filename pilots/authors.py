"""Who wrote something, as a trajectory file says it: by role, never by name."""

from collections.abc import Sequence
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
    return authors_of_all([trajectory])[trajectory.pk]


def authors_of_all(trajectories: Sequence[Trajectory]) -> dict[int, Authors]:
    """The authors in each of these trajectories, by its number, with one query."""
    order = list(RoleName.values)
    roles: dict[int, dict[int, str]] = {each.pk: {} for each in trajectories}
    members = TeamMember.objects.filter(trajectory__in=roles).order_by("pk")
    for number, user_id, role in members.values_list("trajectory_id", "user_id", "role"):
        known = roles[number].get(user_id)
        if known is None or order.index(role) < order.index(known):
            roles[number][user_id] = role
    return {number: Authors(theirs) for number, theirs in roles.items()}
