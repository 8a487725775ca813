"""Where themes and topics stand for each of the three groups."""

from dataclasses import dataclass
from datetime import date
from typing import Any

# A place in the first so many counts as "high" where voices are compared.
TOP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One kind of people: what is known of their sessions.

    people is None where it was not written down; not_held the reason, when there was none; first the labels on the
    first place of their last rounds.
    """

    kind: str
    label: str
    sessions: int
    people: int | None
    held_on: tuple[date, ...]
    not_held: str
    ranked: bool
    first: tuple[str, ...]

    @property
    def held(self) -> bool:
        return self.sessions > 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a theme or topic stands for one group: its best rank among `of` options; None: named, not ranked."""

    rank: int | None
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A theme or topic over the groups, in the order of `Voices.groups`; None where a group did not name it."""

    id: str
    label: str
    section: str
    standings: tuple[Standing | None, ...]
    shared: bool
    groups: tuple[str, ...] = ()

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The standings with the name of their group, for a table."""
        return [
            {"group": group, "standing": standing} for group, standing in zip(self.groups, self.standings, strict=True)
        ]

    @property
    def ranks(self) -> tuple[int | None, ...]:
        return tuple(standing.rank if standing else None for standing in self.standings)

    @property
    def named_by(self) -> int:
        """How many groups named it."""
        return sum(standing is not None for standing in self.standings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """The three groups side by side: shared lines first, then by how high and how often they are named."""

    groups: tuple[Voice, ...]
    themes: tuple[Line, ...]
    topics: tuple[Line, ...]
    sentences: tuple[str, ...]

    @property
    def held(self) -> int:
        return sum(group.held for group in self.groups)

    @property
    def has_ranks(self) -> bool:
        return any(rank for line in self.themes + self.topics for rank in line.ranks)

    @property
    def names(self) -> tuple[str, ...]:
        """Column heads."""
        return tuple(group.label for group in self.groups)

    @property
    def theme_chart(self) -> list[tuple[str, str, tuple[int | None, ...]]]:
        """The ranked themes as the slope chart takes them."""
        return [(line.label, line.section, line.ranks) for line in self.themes if any(line.ranks)]

    @property
    def topic_chart(self) -> list[tuple[str, str, tuple[int | None, ...]]]:
        """The topics among somebody's first three, as the slope chart takes them."""
        return [
            (line.label, line.section, line.ranks)
            for line in self.topics
            if any(rank and rank <= TOP for rank in line.ranks)
        ]
