"""Nothing of other schools follows from what is shown: an attacker who knows all there is to know tries it."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.suppression import enough_others, is_small, published, shown_to, with_one_school

CELLS = ("yes", "partly", "not-yet", "unclear")


def possible(shown: dict[str, int | None], total: int, own: Counter[str]) -> dict[str, set[int]]:
    """What each kept back cell can be, for somebody who knows the sum of the row, the rules, and `own` of it.

    Tries all whole numbers, so it knows nothing of how the row was made: only that a zero would have been shown when
    anything of the row is.
    """
    kept = [cell for cell, number in shown.items() if number is None]
    least = 0 if len(kept) == len(shown) else 1
    left = total - sum(number for number in shown.values() if number is not None)
    found: dict[str, set[int]] = {cell: set() for cell in kept}
    ranges = [range(max(least, own[cell]), left + 1) for cell in kept]
    for numbers in product(*ranges):
        if sum(numbers) == left:
            for cell, number in zip(kept, numbers, strict=True):
                found[cell].add(number)
    return found


def derived(shown: dict[str, int | None], row: dict[str, int], own: Counter[str]) -> list[str]:
    """The cells that were kept back and follow all the same, where others than the attacker's own are in them."""
    options = possible(shown, sum(row.values()), own)
    return [cell for cell, numbers in options.items() if len(numbers) < 2 and row[cell] > own[cell]]


#: What each school said (None: it was not asked), and for some people which schools they may open.
SCHOOLS = st.lists(st.sampled_from([*CELLS, None]), min_size=1, max_size=16)
PEOPLE = st.lists(st.sets(st.integers(0, 15), min_size=2, max_size=16), max_size=4)


@settings(max_examples=100, deadline=None)
@given(schools=SCHOOLS, people=PEOPLE, width=st.integers(2, 4))
def test_nothing_kept_back_can_be_subtracted(schools: list[str | None], people: list[set[int]], width: int) -> None:
    cells = CELLS[:width]

    def of(numbers: set[int]) -> Counter[str]:
        said = [schools[number] for number in numbers if number < len(schools)]
        return Counter(each for each in said if each in cells)

    whole = of(set(range(len(schools))))
    row = {cell: whole[cell] for cell in cells}
    opened = [*(of(each) for each in people), *with_one_school(row)]
    table = published(row, opened)
    # One table for everybody; who may open every school of a row sees all of it, and nobody else sees more.
    attackers = [*people, *({number} for number in range(len(schools))), *_pairs(len(schools)), set()]
    for numbers in attackers:
        own = of(numbers)
        seen = shown_to(row, opened, own)
        assert seen == (row if sum(own.values()) == sum(row.values()) else table)
        if enough_others(len(schools), len([number for number in numbers if number < len(schools)])):
            assert derived(seen, row, own) == [], (row, seen, own)
        # What is shown leaves nobody with 1 to 4 schools of others.
        for cell, number in seen.items():
            assert number is None or number == own[cell] or number - own[cell] >= 5


def _pairs(schools: int) -> Iterator[set[int]]:
    """Two people with one school each, who lay their pages side by side."""
    return (set(pair) for pair in combinations(range(schools), 2))


@given(total=st.integers(0, 40), opened=st.lists(st.integers(0, 40), max_size=6))
def test_a_number_is_small_when_anybody_is_left_with_one_to_four(total: int, opened: list[int]) -> None:
    expected = any(total - own in {1, 2, 3, 4} for own in [0, *opened])
    assert is_small(total, opened) == expected


def test_large_numbers_stay() -> None:
    row = {"yes": 120, "partly": 300, "not-yet": 0, "unclear": 41}
    assert published(row, with_one_school(row)) == row


def test_a_small_number_takes_a_second_one_along_and_leaves_the_rest() -> None:
    row = {"yes": 3, "partly": 120, "not-yet": 300, "unclear": 0}
    kept = published(row, with_one_school(row))
    assert kept == {"yes": None, "partly": None, "not-yet": 300, "unclear": 0}


def test_a_row_of_a_few_schools_shows_nothing_at_all() -> None:
    row = {"yes": 2, "partly": 1, "not-yet": 0, "unclear": 0}
    assert set(published(row, []).values()) == {None}


def test_somebody_who_may_open_all_but_one_gets_nothing() -> None:
    assert not enough_others(9, 8)
    assert not enough_others(9, 5)
    assert enough_others(9, 4)
    assert enough_others(9, 9)


def test_two_small_numbers_do_not_give_each_other_away() -> None:
    # 1 and 1 would follow from a sum of 2.
    row = {"yes": 1, "partly": 1, "not-yet": 40, "unclear": 60}
    kept = published(row, with_one_school(row))
    assert kept == {"yes": None, "partly": None, "not-yet": None, "unclear": 60}
