"""Sessions as they are read from the database, and what stands in them."""

from collections.abc import Iterable, Sequence

from django.db.models import prefetch_related_objects

from focusgroups.models import FocusGroup, Option
from pilots.models import Trajectory

CONTENTS = ("participants", "ideas", "options__ideas", "rankings__ballots")


def groups_of(trajectory: Trajectory) -> list[FocusGroup]:
    """All sessions of a trajectory with everything in them but quotes, in seven queries.

    Without any where `read_groups` read them before.
    """
    groups = list(trajectory.focus_groups.all())
    prefetch_related_objects(groups, *CONTENTS)
    return groups


def read_groups(trajectories: Sequence[Trajectory]) -> None:
    """Read the sessions of many trajectories in seven queries; for `groups_of` they stay as they are now."""
    prefetch_related_objects(trajectories, *(f"focus_groups__{each}" for each in CONTENTS))


def people(group: FocusGroup) -> int | None:
    """How many took part; None when nobody wrote that down, for one of the roles or for all."""
    counts = [each.count for each in group.participants.all()]
    known = [count for count in counts if count is not None]
    return sum(known) if counts and len(known) == len(counts) else None


def numbered(options: Iterable[Option]) -> dict[int, Option]:
    """The options by the number on their card, which people vote with and which therefore never shifts."""
    options = list(options)
    positions = [option.position for option in options]
    if 0 in positions or len(set(positions)) < len(positions):
        # They came from a file, which knows an order but no numbers.
        return dict(enumerate(options, start=1))
    return {option.position: option for option in options}
