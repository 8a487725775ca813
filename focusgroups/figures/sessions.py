"""Sessions as they are read from the database, and what stands in them."""

from collections.abc import Iterable

from focusgroups.models import FocusGroup, Option
from pilots.models import Trajectory


def groups_of(trajectory: Trajectory) -> list[FocusGroup]:
    """All sessions of a trajectory with everything in them but quotes, in seven queries."""
    return list(
        trajectory.focus_groups.prefetch_related("participants", "ideas", "options__ideas", "rankings__ballots")
    )


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
