"""Which figures about many schools may be shown to somebody who may open only some of them. Pure.

There is one table for everybody. A count in it is kept back when it is small for anybody: when somebody, after taking
off what they may open themselves, would be left with 1 to 4 schools. Two people who lay their pages side by side see
the same table, and so does one person who has two schools; nothing can be had by subtracting one from the other.

Counts that add up to a number that can be known (the judgements on one question, or the schools that did and did not
name something) stand in one row. What is kept back in a row is kept back with a second number, such that neither
follows from the sum; and the sum of what is kept back is itself not small, for it can be had by subtraction.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import combinations_with_replacement

#: Fewer schools than this are not shown to who may not open them.
MINIMUM = 5

Row = Mapping[str, int]


def is_small(total: int, opened: Collection[int]) -> bool:
    """Whether `total` schools may not be shown: for somebody 1 to 4 of them are closed.

    opened: how many of them each person with an account may open; somebody who may open none is always thought of.
    """
    return any(1 <= total - own < MINIMUM for own in {0, *opened})


def published(row: Row, opened: Collection[Row]) -> dict[str, int | None]:
    """The counts of one row as everybody may see them; None is kept back.

    row: cells that exclude each other and together make the row. opened: of each person how much of each cell they may
    open. A zero is shown, unless so little is left in the row that it would give away the rest.
    """

    def left(cells: Collection[str]) -> set[int]:
        """What those who may not open all of `cells` together would know of the rest of them, if they had the sum."""
        whole = _sum(row, cells)
        return {whole - own for own in {0, *(_sum(each, cells) for each in opened)} if own < whole}

    def covered(cells: Collection[str]) -> bool:
        """The sum of `cells`, which can be had by subtraction, leaves every one of them open: more than 1 each."""
        return len(cells) > 1 and all(rest >= max(MINIMUM, len(cells) + 1) for rest in left(cells))

    kept = {cell for cell in row if any(rest < MINIMUM for rest in left((cell,)))}
    others = sorted((cell for cell in row if row[cell] and cell not in kept), key=lambda cell: row[cell], reverse=True)
    if kept:
        while others and not covered(kept):
            kept.add(others.pop())
        if not covered(kept):
            kept = set(row)
    return {cell: None if cell in kept else count for cell, count in row.items()}


def shown_to(row: Row, opened: Collection[Row], own: Row) -> dict[str, int | None]:
    """The counts of one row for somebody who may open `own` of it: everything when that is the whole row."""
    if _sum(own, row) == _sum(row, row):
        return dict(row)
    return published(row, opened)


def with_one_school(row: Row) -> list[Row]:
    """What somebody with one school may open of a row, and what two such people may together, whoever they are.

    They are always thought of: a team changes, and two directors may lay their pages side by side.
    """
    return [dict(Counter(cells)) for size in (1, 2) for cells in combinations_with_replacement(row, size)]


def enough_others(total: int, own: int) -> bool:
    """Whether somebody who may open `own` of all `total` schools gets to see figures that hold others at all.

    With fewer than five others it would tell enough that a figure is kept back.
    """
    return total - own == 0 or total - own >= MINIMUM


def _sum(row: Row, cells: Collection[str]) -> int:
    return sum(row.get(cell, 0) for cell in cells)
