"""Counting of the direct ranking, held against textbook formulas written in another way than the code."""

import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focusgroups.counting import (
    BallotLineError,
    OrderBallot,
    OrderShape,
    PointsBallot,
    Result,
    count_order,
    count_points,
    count_ranking,
    count_tally,
    decided_order,
    faults,
    order_as_json,
    parse_ballot_line,
    parse_order,
    parse_order_ballot,
    parse_points_ballot,
    parse_points_line,
    take_consensus,
    times_named,
)

many = settings(max_examples=200, deadline=None)


# --- Ballots that hypothesis makes


def names(count: int) -> list[str]:
    return [f"o{number}" for number in range(1, count + 1)]


@st.composite
def order_ballots(
    draw: st.DrawFn, options: Sequence[str], *, strict: bool = False, unseen: bool = False
) -> OrderBallot:
    if strict:
        return OrderBallot(tuple((option,) for option in draw(st.permutations(options))))
    # A height per option: 0 is left out, -1 is not seen.
    lowest = -1 if unseen else 0
    heights = {option: draw(st.integers(lowest, len(options))) for option in options}
    groups = (
        tuple(option for option in options if heights[option] == height)
        for height in sorted({height for height in heights.values() if height > 0})
    )
    return OrderBallot(tuple(groups), frozenset(option for option, height in heights.items() if height < 0))


@st.composite
def order_rounds(
    draw: st.DrawFn, *, strict: bool = False, unseen: bool = False, most: int = 6
) -> tuple[list[str], list[OrderBallot]]:
    options = names(draw(st.integers(1, most)))
    ballot = order_ballots(options, strict=strict, unseen=unseen)
    return options, draw(st.lists(ballot, max_size=9))


@st.composite
def points_rounds(draw: st.DrawFn) -> tuple[list[str], list[PointsBallot]]:
    options = names(draw(st.integers(1, 6)))
    ballot = st.dictionaries(st.sampled_from(options), st.integers(0, 4)).map(PointsBallot)
    return options, draw(st.lists(ballot, max_size=9))


# --- The same sums, done otherwise: every ballot becomes "who stands before whom"

Height = Mapping[str, int]
"""Option -> height, higher is better; only the options that were seen."""


def height_of_order(options: Sequence[str], ballot: OrderBallot) -> Height:
    height = {option: -index for index, group in enumerate(ballot.order) for option in group}
    return {option: height.get(option, -len(options)) for option in options if option not in ballot.unseen}


def height_of_points(options: Sequence[str], ballot: PointsBallot) -> Height:
    return {option: ballot.points.get(option, 0) for option in options}


def beats(height: Height, one: str, other: str) -> int:
    return (height[one] > height[other]) - (height[one] < height[other])


def oracle_borda(options: Sequence[str], heights: Sequence[Height]) -> dict[str, Fraction | None]:
    """Mean over ballots of the mean over the other options seen: before it 1, level 1/2, behind it 0."""
    scores: dict[str, Fraction | None] = {}
    for option in options:
        per_ballot = [
            sum((Fraction(1 + beats(height, option, other), 2) for other in height if other != option), Fraction())
            / (len(height) - 1)
            for height in heights
            if option in height and len(height) > 1
        ]
        scores[option] = sum(per_ballot, Fraction()) / len(per_ballot) if per_ballot else None
    return scores


def oracle_copeland(options: Sequence[str], heights: Sequence[Height]) -> dict[str, Fraction | None]:
    def duel(one: str, other: str) -> int:
        both = [height for height in heights if one in height and other in height]
        wins = sum(height[one] > height[other] for height in both)
        losses = sum(height[one] < height[other] for height in both)
        return 1 if wins > losses else -1 if wins < losses else 0

    return {one: Fraction(sum(duel(one, other) for other in options if other != one)) for one in options}


def oracle_firsts(scores: Mapping[str, Fraction | None]) -> set[str]:
    """The options that no other option is better than."""

    def better(one: Fraction | None, other: Fraction | None) -> bool:
        return one is not None and (other is None or one > other)

    return {option for option, score in scores.items() if not any(better(other, score) for other in scores.values())}


def oracle_ranks(scores: Mapping[str, Fraction | None]) -> dict[str, int]:
    filled = {option: Fraction(-1) if score is None else score for option, score in scores.items()}
    return {option: 1 + sum(other > score for other in filled.values()) for option, score in filled.items()}


def oracle_w(options: Sequence[str], heights: Sequence[Height]) -> Fraction | None:
    """The textbook form, with the correction for ties: 12 S / (m^2 (n^3 - n) - m sum T)."""
    m, n = len(heights), len(options)
    rank_sums = [
        sum(
            (
                1
                + sum(other > height[option] for other in height.values())
                + Fraction(sum(other == height[option] for other in height.values()) - 1, 2)
                for height in heights
            ),
            Fraction(),
        )
        for option in options
    ]
    s = sum((total - Fraction(m * (n + 1), 2)) ** 2 for total in rank_sums)
    ties = 0
    for height in heights:
        values = list(height.values())
        ties += sum(values.count(value) ** 3 - values.count(value) for value in set(values))
    below = m**2 * (n**3 - n) - m * ties
    return Fraction(12 * s, below) if below else None


def check_round(
    heights: Sequence[Height],
    result: Result,
    scores: Mapping[str, Fraction | None],
    rules: Mapping[str, Mapping[str, Fraction | None]],
    default: Callable[[Sequence[int]], Mapping[str, Fraction | None]],
) -> None:
    """Compare all of a result with the sums above; `default` counts the ballots with the given indexes."""
    m = len(heights)
    assert result.ballots == m
    if not m:
        assert result.order == ()
        assert result.first_place is None
        return
    assert {place.option: place.score for place in result.order} == dict(scores)
    assert {place.option: place.rank for place in result.order} == oracle_ranks(scores)
    assert result.first_place is not None
    firsts = oracle_firsts(scores)
    assert set(result.first_place.same_under) == {
        rule for rule, by_rule in rules.items() if oracle_firsts(by_rule) == firsts
    }
    kept = 0
    for left_out in range(m):
        others = [index for index in range(m) if index != left_out]
        kept += bool(others) and oracle_firsts(default(others)) == firsts
    assert result.first_place.kept_without_one == (kept, m)


def check_agreement(options: Sequence[str], heights: Sequence[Height], result: Result) -> None:
    m, agreement = len(heights), result.agreement
    if agreement.reason is None:
        w = oracle_w(options, heights)
        assert agreement.w == w
        assert w is not None
        assert 0 <= w <= 1
        assert agreement.mean_correlation == (m * w - 1) / (m - 1)
        return
    assert agreement.w is None
    assert agreement.mean_correlation is None
    holds = {
        "no-ballots": m == 0,
        "one-ballot": m == 1,
        "one-option": len(options) == 1,
        "unseen-options": any(set(height) != set(options) for height in heights),
        "all-tied": all(len(set(height.values())) == 1 for height in heights),
    }
    assert agreement.reason == next(reason for reason, true in holds.items() if true)


@many
@given(st.one_of(order_rounds(), order_rounds(unseen=True), order_rounds(strict=True)))
def test_orders_agree_with_sums_done_otherwise(given_round: tuple[list[str], list[OrderBallot]]) -> None:
    options, ballots = given_round
    valid = [ballot for ballot in ballots if ballot.order]
    heights = [height_of_order(options, ballot) for ballot in valid]
    result = count_order(options, ballots)

    rules = {"borda": oracle_borda(options, heights), "copeland": oracle_copeland(options, heights)}
    naming = [{option for group in ballot.order for option in group} for ballot in valid]
    if not all(named == set(options) for named in naming):
        rules["points"] = {option: Fraction(sum(option in named for named in naming)) for option in options}
    check_round(
        heights,
        result,
        rules["borda"],
        rules,
        lambda indexes: oracle_borda(options, [heights[index] for index in indexes]),
    )
    check_agreement(options, heights, result)
    assert result.ballots + result.abstentions == len(ballots)


@many
@given(points_rounds())
def test_points_agree_with_sums_done_otherwise(given_round: tuple[list[str], list[PointsBallot]]) -> None:
    options, ballots = given_round
    valid = [ballot for ballot in ballots if sum(ballot.points.values())]
    heights = [height_of_points(options, ballot) for ballot in valid]
    result = count_points(options, ballots)

    def shares(indexes: Sequence[int]) -> Mapping[str, Fraction | None]:
        """Every point a dot on the wall, then count dots."""
        dots = [option for index in indexes for option, points in valid[index].points.items() for _ in range(points)]
        return {option: Fraction(dots.count(option), len(dots)) for option in options}

    if valid:
        rules = {"borda": oracle_borda(options, heights), "copeland": oracle_copeland(options, heights)}
        naming = [{option for option, points in ballot.points.items() if points} for ballot in valid]
        if not all(named == set(options) for named in naming):
            rules["points"] = {option: Fraction(sum(option in named for named in naming)) for option in options}
        check_round(heights, result, shares(range(len(valid))), rules, shares)
    else:
        assert result.order == ()
        assert result.first_place is None
    check_agreement(options, heights, result)
    assert result.ballots + result.abstentions == len(ballots)


@many
@given(order_rounds(strict=True))
def test_mean_correlation_is_spearmans_between_every_two_people(
    given_round: tuple[list[str], list[OrderBallot]],
) -> None:
    options, ballots = given_round
    n = len(options)
    if len(ballots) < 2 or n < 2:
        return
    places = [{group[0]: place for place, group in enumerate(ballot.order)} for ballot in ballots]
    rhos = [
        1 - Fraction(6 * sum((one[option] - other[option]) ** 2 for option in options), n * (n * n - 1))
        for one, other in combinations(places, 2)
    ]
    assert count_order(options, ballots).agreement.mean_correlation == sum(rhos, Fraction()) / len(rhos)


@many
@given(order_rounds())
def test_borda_is_mean_rank_and_sum_of_duels(given_round: tuple[list[str], list[OrderBallot]]) -> None:
    options, ballots = given_round
    heights = [height_of_order(options, ballot) for ballot in ballots if ballot.order]
    if not heights or len(options) < 2:
        return
    m, n = len(heights), len(options)
    for place in count_order(options, ballots).order:
        margins = sum(beats(height, place.option, other) for height in heights for other in options)
        assert place.score == (Fraction(margins, m * (n - 1)) + 1) / 2


# --- What may not matter, and what may


@many
@given(order_rounds(unseen=True), st.randoms(use_true_random=False))
def test_order_of_ballots_does_not_matter(given_round: tuple[list[str], list[OrderBallot]], random: Any) -> None:
    options, ballots = given_round
    shuffled = list(ballots)
    random.shuffle(shuffled)
    assert count_order(options, shuffled) == count_order(options, ballots)


@many
@given(order_rounds(unseen=True), st.randoms(use_true_random=False))
def test_names_of_options_do_not_matter(given_round: tuple[list[str], list[OrderBallot]], random: Any) -> None:
    options, ballots = given_round
    renamed = list(options)
    random.shuffle(renamed)
    to = dict(zip(options, renamed, strict=True))
    other = [
        OrderBallot(
            tuple(tuple(to[option] for option in group) for group in ballot.order),
            frozenset(to[option] for option in ballot.unseen),
        )
        for ballot in ballots
    ]
    one, two = count_order(options, ballots), count_order([to[option] for option in options], other)
    assert [(to[place.option], place.rank, place.score) for place in one.order] == [
        (place.option, place.rank, place.score) for place in two.order
    ]
    assert (one.agreement, one.first_place) == (two.agreement, two.first_place)


@many
@given(order_rounds(unseen=True))
def test_everybody_voting_twice_changes_no_order_and_no_w(
    given_round: tuple[list[str], list[OrderBallot]],
) -> None:
    options, ballots = given_round
    once, twice = count_order(options, ballots), count_order(options, ballots * 2)
    assert once.order == twice.order
    assert twice.ballots == 2 * once.ballots
    if once.agreement.w is not None:
        assert once.agreement.w == twice.agreement.w


@many
@given(order_rounds(), st.integers(0, 3))
def test_abstentions_only_count_as_abstentions(given_round: tuple[list[str], list[OrderBallot]], silent: int) -> None:
    options, ballots = given_round
    abstaining = [OrderBallot((), frozenset(options[:1]))] * silent
    before, after = count_order(options, ballots), count_order(options, [*ballots, *abstaining])
    assert after.abstentions == before.abstentions + silent
    assert (after.order, after.ballots, after.agreement, after.first_place) == (
        before.order,
        before.ballots,
        before.agreement,
        before.first_place,
    )


@many
@given(st.one_of(order_rounds(), order_rounds(unseen=True)))
def test_leaving_out_equals_naming_in_the_last_tie(given_round: tuple[list[str], list[OrderBallot]]) -> None:
    options, ballots = given_round

    def completed(ballot: OrderBallot) -> OrderBallot:
        named = {option for group in ballot.order for option in group} | ballot.unseen
        rest = tuple(option for option in options if option not in named)
        return OrderBallot((*ballot.order, rest) if rest and ballot.order else ballot.order, ballot.unseen)

    one, two = count_order(options, ballots), count_order(options, [completed(ballot) for ballot in ballots])
    assert (one.order, one.agreement) == (two.order, two.agreement)


@many
@given(points_rounds())
def test_zero_points_equal_no_mention(given_round: tuple[list[str], list[PointsBallot]]) -> None:
    options, ballots = given_round
    bare = [PointsBallot({option: points for option, points in ballot.points.items() if points}) for ballot in ballots]
    full = [PointsBallot({option: ballot.points.get(option, 0) for option in options}) for ballot in ballots]
    assert count_points(options, bare) == count_points(options, full) == count_points(options, ballots)


@many
@given(points_rounds())
def test_a_tally_orders_as_its_ballots(given_round: tuple[list[str], list[PointsBallot]]) -> None:
    options, ballots = given_round
    tally: dict[str, int] = {}
    for ballot in ballots:
        for option, points in ballot.points.items():
            tally[option] = tally.get(option, 0) + points
    assert count_tally(options, tally).order == count_points(options, ballots).order


@many
@given(order_rounds(unseen=True))
def test_every_option_has_one_place_and_ties_keep_the_order_of_the_options(
    given_round: tuple[list[str], list[OrderBallot]],
) -> None:
    options, ballots = given_round
    places = count_order(options, ballots).order
    if not places:
        assert not any(ballot.order for ballot in ballots)
        return
    assert sorted(place.option for place in places) == sorted(options)
    for before, after in pairwise(places):
        assert (before.rank, options.index(before.option)) < (after.rank, options.index(after.option))
    for index, place in enumerate(places):
        assert place.rank == index + 1 or place.rank == places[index - 1].rank


# --- Worked by hand


def strict(*orders: str) -> list[OrderBallot]:
    return [OrderBallot(tuple((option,) for option in order)) for order in orders]


def ranks_of(result: Result) -> list[tuple[str, int]]:
    return [(place.option, place.rank) for place in result.order]


def test_three_judges_of_six() -> None:
    """Rank sums 8, 14, 11, 11, 11, 8: S = 25.5, W = 12 * 25.5 / (9 * 210) = 0.1619."""
    columns = {"a": (1, 5, 2), "b": (6, 2, 6), "c": (3, 4, 4), "d": (2, 6, 3), "e": (5, 1, 5), "f": (4, 3, 1)}
    ballots = strict(*("".join(sorted(columns, key=lambda option: columns[option][judge])) for judge in range(3)))
    result = count_order("abcdef", ballots)
    assert result.as_json()["agreement"] == {"w": 0.1619, "mean_correlation": -0.2571, "reason": None}
    assert ranks_of(result) == [("a", 1), ("f", 1), ("c", 3), ("d", 3), ("e", 3), ("b", 6)]


def test_the_capital_of_tennessee() -> None:
    """42 M N C K, 26 N C K M, 15 C K N M, 17 K C N M: Borda 126, 194, 173, 107 of 300; Nashville wins every duel."""
    ballots = strict(*["mnck"] * 42, *["nckm"] * 26, *["cknm"] * 15, *["kcnm"] * 17)
    result = count_order("mnck", ballots)
    assert [(place.option, place.score) for place in result.order] == [
        ("n", Fraction(194, 300)),
        ("c", Fraction(173, 300)),
        ("m", Fraction(126, 300)),
        ("k", Fraction(107, 300)),
    ]
    assert result.first_place is not None
    assert result.first_place.same_under == ("borda", "copeland")
    assert result.first_place.kept_without_one == (100, 100)


def test_top_three_of_eight_gives_five_to_four_to_three() -> None:
    """The gaps over an option that was not chosen, in sevenths: 7, 6, 5 against a mean of 2."""
    result = count_order("abcdefgh", strict("abc"))
    assert [place.score for place in result.order] == [Fraction(share, 7) for share in (7, 6, 5, 2, 2, 2, 2, 2)]
    assert [place.rank for place in result.order] == [1, 2, 3, 4, 4, 4, 4, 4]


def test_a_circle_shares_the_first_place() -> None:
    result = count_order("abc", strict("abc", "bca", "cab"))
    assert ranks_of(result) == [("a", 1), ("b", 1), ("c", 1)]
    assert result.agreement.w == 0
    assert result.agreement.mean_correlation == Fraction(-1, 2)
    assert result.first_place is not None
    assert result.first_place.same_under == ("borda", "copeland")
    assert result.first_place.kept_without_one == (0, 3)


def test_ties_at_three_judges_of_ten() -> None:
    """Rank sums 5.5, 6.5, 9, 13.5, 12, 20, 23, 23.5, 25.5, 26.5: S = 591, ties 12 + 18 + 84 = 114, W = 7092 / 8568."""
    ballots = [
        [["a"], ["c"], ["e"], ["b", "d"], ["g"], ["f", "i"], ["h"], ["j"]],
        [["b"], ["a", "c"], ["d", "e"], ["h", "j"], ["f"], ["g"], ["i"]],
        [["b"], ["a"], ["c", "d", "e", "f"], ["g", "h", "i"], ["j"]],
    ]
    result = count_order("abcdefghij", [OrderBallot(parse_order(order)) for order in ballots])
    assert result.agreement.w == Fraction(7092, 8568)
    assert result.as_json()["agreement"]["w"] == 0.8277
    assert [place.option for place in result.order] == list("abcedfghij")


def test_borda_and_the_duels_can_differ() -> None:
    """In thirds a has 9 and b 12, but a wins each duel 3 to 2."""
    result = count_order("abcd", strict("abcd", "abcd", "abcd", "bcda", "bcda"))
    assert [(place.option, place.score) for place in result.order][:2] == [
        ("b", Fraction(12, 15)),
        ("a", Fraction(9, 15)),
    ]
    assert result.first_place is not None
    assert result.first_place.same_under == ("borda",)
    # Without one of the three 6 to 10, without one of the two 9 to 9: then the first place is shared.
    assert result.first_place.kept_without_one == (3, 5)


def test_times_named_can_differ() -> None:
    """Halves: a 2 + 2 + 0, b 1 + 1 + 1, c 0 + 0 + 2. Named: a twice, b three times."""
    ballots = strict("ab", "ab", "cb")
    assert times_named("abc", ballots) == {"a": 2, "b": 3, "c": 1}
    result = count_order("abc", ballots)
    assert [place.score for place in result.order] == [Fraction(4, 6), Fraction(3, 6), Fraction(2, 6)]
    assert result.first_place is not None
    assert result.first_place.same_under == ("borda", "copeland")
    assert result.first_place.kept_without_one == (1, 3)
    named_first = count_order("abc", strict("a", "ab"))
    assert named_first.first_place is not None
    assert named_first.first_place.same_under == ("borda", "points", "copeland")


def test_unseen_is_not_last() -> None:
    """c came in late: it is judged on the two ballots that saw it, where it has 1 and 1/2."""
    ballots = [
        OrderBallot((("a",), ("b",)), frozenset("c")),
        OrderBallot((("c",), ("a",))),
        OrderBallot((("a",), ("c",))),
    ]
    result = count_order("abc", ballots)
    assert [(place.option, place.score) for place in result.order] == [
        ("a", Fraction(5, 6)),
        ("c", Fraction(3, 4)),
        ("b", Fraction(0)),
    ]
    assert result.as_json()["order"][0] == {"option": "a", "rank": 1, "score": 0.8333}
    assert result.as_json()["agreement"] == {"w": None, "mean_correlation": None, "reason": "unseen-options"}
    # The duel between a and c is one to one, so that they share the first place there; a is named on all three.
    assert result.first_place is not None
    assert result.first_place.same_under == ("borda", "points")


def test_options_that_nobody_could_compare() -> None:
    """Everybody saw one option: no scores at all, one shared place; with one more ballot d stays without a score."""
    alone = [OrderBallot((("a",),), frozenset("bcd")), OrderBallot((("b",),), frozenset("acd"))]
    result = count_order("abcd", alone)
    assert [(place.rank, place.score) for place in result.order] == [(1, None)] * 4
    assert result.ballots == 2
    result = count_order("abcd", [*alone, OrderBallot((("c",), ("a",)), frozenset("bd"))])
    assert [(place.option, place.rank, place.score) for place in result.order] == [
        ("c", 1, 1),
        ("a", 2, 0),
        ("b", 3, None),
        ("d", 3, None),
    ]


def test_points_by_totals() -> None:
    """Totals 5, 4, 0; as orders b stands before a on two of three ballots (Borda 2 to 2.25). Rank sums 5, 4.5, 8.5."""
    ballots = [PointsBallot({"a": 3}), PointsBallot({"b": 2, "a": 1}), PointsBallot({"b": 2, "a": 1}), PointsBallot({})]
    assert count_points("abc", ballots).as_json() == {
        "order": [
            {"option": "a", "rank": 1, "score": 0.5556},
            {"option": "b", "rank": 2, "score": 0.4444},
            {"option": "c", "rank": 3, "score": 0.0},
        ],
        "ballots": 3,
        "abstentions": 1,
        "agreement": {"w": 0.5758, "mean_correlation": 0.3636, "reason": None},
        "first_place": {"same_under": ["points"], "kept_without_one": [2, 3]},
    }


@pytest.mark.parametrize(
    ("options", "orders", "reason", "scores", "kept"),
    [
        ("ab", [], "no-ballots", [], None),
        ("ab", ["", ""], "no-ballots", [], None),
        ("", [], "no-ballots", [], None),
        ("ab", ["ab", ""], "one-ballot", [1, 0], (0, 1)),
        ("a", ["a"], "one-ballot", [None], (0, 1)),
        ("a", ["a", "a"], "one-option", [None], (2, 2)),
    ],
)
def test_agreement_without_a_figure(
    options: str, orders: list[str], reason: str, scores: list[int | None], kept: tuple[int, int] | None
) -> None:
    result = count_order(options, strict(*orders))
    assert (result.agreement.w, result.agreement.mean_correlation, result.agreement.reason) == (None, None, reason)
    assert [place.score for place in result.order] == scores
    assert (result.first_place.kept_without_one if result.first_place else None) == kept


def test_all_tied_has_one_shared_place_and_no_agreement() -> None:
    result = count_order("abc", [OrderBallot((("a", "b", "c"),))] * 3)
    assert [(place.rank, place.score) for place in result.order] == [(1, Fraction(1, 2))] * 3
    assert result.agreement.reason == "all-tied"
    assert result.first_place is not None
    assert result.first_place.same_under == ("borda", "copeland")


def test_tally_and_consensus_have_an_order_and_no_more() -> None:
    assert count_tally(["o1", "o2", "o3"], {"o2": 12, "o1": 7}).as_json() == {
        "order": [
            {"option": "o2", "rank": 1, "score": 0.6316},
            {"option": "o1", "rank": 2, "score": 0.3684},
            {"option": "o3", "rank": 3, "score": 0.0},
        ],
        "ballots": 0,
        "abstentions": 0,
        "agreement": {"w": None, "mean_correlation": None, "reason": "no-ballots"},
        "first_place": None,
    }
    laid = take_consensus(["o1", "o2", "o3", "o4", "o5"], ["o3", ["o5", "o2"]])
    assert ranks_of(laid) == [("o3", 1), ("o2", 2), ("o5", 2)]
    assert {place.score for place in laid.order} == {None}
    assert laid.as_json()["first_place"] is None
    assert laid.agreement.reason == "no-ballots"
    assert count_tally("ab", {"a": 0}).order == count_tally("ab", {}).order == take_consensus("ab", []).order == ()


def test_four_decimals_are_rounded_half_to_even_from_the_exact_fraction() -> None:
    def score(of: int, total: int) -> object:
        return count_tally("ab", {"a": of, "b": total - of}).as_json()["order"][0]["score"]

    assert score(2, 3) == 0.6667
    assert score(11_001, 20_000) == 0.55  # 0.55005
    assert score(11_003, 20_000) == 0.5502  # 0.55015
    assert json.dumps(score(5, 6)) == "0.8333"


def test_the_decision_holds_before_the_count() -> None:
    count = count_order("abcd", strict("abcd", "abcd"))
    assert decided_order("abcd", count, None) == [("a", 1), ("b", 2), ("c", 3), ("d", 4)]
    assert decided_order("abcd", count, []) == decided_order("abcd", count, None)
    assert decided_order("abcd", count, [["d", "b"], "a"]) == [("b", 1), ("d", 1), ("a", 3), ("c", 4)]
    assert decided_order("abcd", count, ["c"]) == [("c", 1), ("a", 2), ("b", 2), ("d", 2)]
    assert decided_order("abcd", count_order("abcd", []), None) == []
    assert decided_order("abcd", count_order("abcd", []), ["c"])[0] == ("c", 1)


# --- Shapes of the trajectory file

FOUR = ["o1", "o2", "o3", "o4"]


def test_ballots_are_read_as_the_file_writes_them() -> None:
    ballot = parse_order_ballot({"order": ["o1", ["o2", "o3"]], "unseen": ["o4"]})
    assert ballot == OrderBallot((("o1",), ("o2", "o3")), frozenset(["o4"]))
    assert parse_order_ballot({}) == parse_order_ballot({"order": None, "unseen": None}) == OrderBallot(())
    assert parse_order_ballot({"order": [[], "o1", []]}) == OrderBallot((("o1",),))
    assert parse_points_ballot({"points": {"o1": 2, "o2": 1.0}}) == PointsBallot({"o1": 2, "o2": 1})
    assert parse_points_ballot({}) == PointsBallot({})
    with pytest.raises(ValueError, match="o1"):
        parse_points_ballot({"points": {"o1": 1.5}})


@many
@given(st.integers(1, 6).flatmap(lambda count: order_ballots(names(count), unseen=True)))
def test_what_is_written_is_read_back(ballot: OrderBallot) -> None:
    assert parse_order_ballot(json.loads(json.dumps(ballot.as_json()))) == ballot
    assert parse_order(order_as_json(ballot.order)) == ballot.order
    points = PointsBallot({option: 2 for group in ballot.order for option in group})
    assert parse_points_ballot(json.loads(json.dumps(points.as_json()))) == points


def test_each_method_of_the_file_is_counted_by_its_own_rule() -> None:
    order = {"round": 1, "method": "order", "ballots": [{"order": ["o2", ["o3", "o1"]]}, {"order": [], "unseen": []}]}
    assert count_ranking(FOUR, order) == count_order(FOUR, [OrderBallot((("o2",), ("o1", "o3"))), OrderBallot(())])
    points = {"round": 1, "method": "points", "points_each": 3, "ballots": [{"points": {"o1": 2, "o2": 1}}]}
    assert count_ranking(FOUR, points) == count_points(FOUR, [PointsBallot({"o1": 2, "o2": 1})])
    tally = {"round": 1, "method": "tally", "points_each": 3, "tally": {"o1": 12, "o2": 7}}
    assert count_ranking(FOUR, tally) == count_tally(FOUR, {"o1": 12, "o2": 7})
    consensus = {"round": 1, "method": "consensus", "order": ["o1", ["o2", "o3"]]}
    assert count_ranking(FOUR, consensus) == take_consensus(FOUR, ["o1", ["o2", "o3"]])
    for method in ("order", "points", "tally", "consensus"):
        assert count_ranking(FOUR, {"round": 1, "method": method}).order == ()
    decided = {**order, "decision": {"order": ["o4"], "reason": "…"}}
    assert count_ranking(FOUR, decided) == count_ranking(FOUR, order)


def test_too_many_points_are_counted_as_they_stand() -> None:
    """A draft with too many points shows what was typed; refusing it is for whoever asks `faults`."""
    ranking = {"method": "points", "points_each": 1, "ballots": [{"points": {"o1": 2, "o2": 2}}]}
    assert [fault.code for fault in faults(FOUR, ranking, 1)] == ["too-many-points"]
    assert [place.score for place in count_ranking(FOUR, ranking).order] == [Fraction(1, 2), Fraction(1, 2), 0, 0]


# --- What is refused

DEEP = {"order": [["o1", ["o2"]]]}


@pytest.mark.parametrize(
    ("ranking", "people", "expected"),
    [
        (
            {"method": "order", "ballots": [{"order": ["o1", "o9"]}]},
            5,
            [(("ballots", 0, "order", 1), "unknown-option")],
        ),
        (
            {"method": "order", "ballots": [{"order": ["o1"]}, {"order": ["o2", ["o3", "o2"]]}]},
            5,
            [(("ballots", 1, "order", 1, 1), "double-option")],
        ),
        (
            {"method": "order", "ballots": [{"order": ["o1"], "unseen": ["o9", "o2", "o2", "o1"]}]},
            5,
            [
                (("ballots", 0, "unseen", 0), "unknown-option"),
                (("ballots", 0, "unseen", 2), "double-option"),
                (("ballots", 0, "unseen", 3), "named-and-unseen"),
            ],
        ),
        (
            {"method": "order", "ballots": [{"order": [4, DEEP, ["o1", ["o2"]]], "unseen": [["o3"]]}]},
            5,
            [
                (("ballots", 0, "order", 0), "unknown-option"),
                (("ballots", 0, "order", 1), "unknown-option"),
                (("ballots", 0, "order", 2, 1), "unknown-option"),
                (("ballots", 0, "unseen", 0), "unknown-option"),
            ],
        ),
        ({"method": "order", "ballots": [{"order": "o1"}]}, 5, [(("ballots", 0, "order"), "wrong-shape")]),
        ({"method": "order", "ballots": [{"unseen": "o1"}]}, 5, [(("ballots", 0, "unseen"), "wrong-shape")]),
        ({"method": "order", "ballots": ["o1"]}, 5, [(("ballots", 0), "wrong-shape")]),
        ({"method": "order", "ballots": {"order": []}}, 5, [(("ballots",), "wrong-shape")]),
        ({"method": "order", "ballots": [{"order": ["o1"]}, {}, {}]}, 2, [(("ballots",), "too-many-ballots")]),
        ({"method": "points", "ballots": [{}, {}, {}]}, 2, [(("ballots",), "too-many-ballots")]),
        (
            {"method": "points", "points_each": 3, "ballots": [{"points": {"o1": 3}}, {"points": {"o1": 2, "o2": 2}}]},
            5,
            [(("ballots", 1, "points"), "too-many-points")],
        ),
        (
            {"method": "points", "ballots": [{"points": {"o1": -1, "o2": 1.5, "o3": True, "o4": "2", "o9": 1}}]},
            5,
            [
                (("ballots", 0, "points", "o1"), "points-negative"),
                (("ballots", 0, "points", "o2"), "points-not-whole"),
                (("ballots", 0, "points", "o3"), "points-not-whole"),
                (("ballots", 0, "points", "o4"), "points-not-whole"),
                (("ballots", 0, "points", "o9"), "unknown-option"),
            ],
        ),
        (
            {"method": "points", "points_each": 2, "ballots": [{"points": {"o1": 3, "o2": -1}}]},
            5,
            [(("ballots", 0, "points", "o2"), "points-negative"), (("ballots", 0, "points"), "too-many-points")],
        ),
        ({"method": "points", "ballots": [{"points": ["o1"]}]}, 5, [(("ballots", 0, "points"), "wrong-shape")]),
        ({"method": "points", "points_each": 2.5}, 5, [(("points_each",), "points-not-whole")]),
        (
            {"method": "points", "points_each": -1, "ballots": [{"points": {"o1": 1}}]},
            5,
            [(("points_each",), "points-negative")],
        ),
        ({"method": "tally", "points_each": 3, "tally": {"o1": 12, "o2": 4}}, 5, [(("tally",), "total-too-high")]),
        ({"method": "tally", "tally": {"o1": float("nan")}}, 5, [(("tally", "o1"), "points-not-whole")]),
        (
            {"method": "tally", "tally": {"o9": -2}},
            5,
            [(("tally", "o9"), "unknown-option"), (("tally", "o9"), "points-negative")],
        ),
        ({"method": "tally", "tally": [3]}, 5, [(("tally",), "wrong-shape")]),
        (
            {"method": "consensus", "order": ["o1", ["o9", "o1"]]},
            5,
            [(("order", 1, 0), "unknown-option"), (("order", 1, 1), "double-option")],
        ),
        ({"method": "consensus", "order": {"o1": 1}}, 5, [(("order",), "wrong-shape")]),
        (
            {"method": "order", "ballots": [], "decision": {"order": ["o1", "o1", "o9"]}},
            5,
            [(("decision", "order", 1), "double-option"), (("decision", "order", 2), "unknown-option")],
        ),
        ({"method": "tally", "decision": ["o1"]}, 5, [(("decision",), "wrong-shape")]),
        ({"method": "borda"}, 5, [(("method",), "unknown-method")]),
        ({}, 5, [(("method",), "unknown-method")]),
        ({"method": ["order"]}, 5, [(("method",), "unknown-method")]),
    ],
)
def test_faults(ranking: dict[str, Any], people: int, expected: list[tuple[tuple[str | int, ...], str]]) -> None:
    assert [(fault.path, fault.code) for fault in faults(FOUR, ranking, people)] == expected


@pytest.mark.parametrize(
    ("ranking", "people"),
    [
        ({"method": "order", "ballots": [{"order": ["o1", ["o2", "o3"]], "unseen": ["o4"]}, {"order": []}]}, 2),
        ({"method": "order", "ballots": [{"order": [], "unseen": ["o4"]}, {}, {"order": None}]}, None),
        ({"method": "points", "points_each": 3, "ballots": [{"points": {"o1": 1}}, {"points": {}}]}, 2),
        ({"method": "points", "points_each": 3.0, "ballots": [{"points": {"o1": 3.0}}]}, 2),
        ({"method": "points", "ballots": [{"points": {"o1": 99, "o2": 0}}]}, 2),
        ({"method": "tally", "points_each": 3, "tally": {"o1": 9, "o2": 6}}, 5),
        ({"method": "tally", "points_each": 3, "tally": {"o1": 99}}, None),
        ({"method": "consensus", "order": ["o4"], "decision": {"order": ["o2", ["o1", "o3"]], "reason": ""}}, 0),
    ],
)
def test_what_is_accepted(ranking: dict[str, Any], people: int | None) -> None:
    assert faults(FOUR, ranking, people) == []
    count_ranking(FOUR, ranking)


def test_a_fault_says_what_is_wrong_and_what_is_allowed() -> None:
    ranking = {"method": "tally", "points_each": 3, "tally": {"o9": 20}}
    unknown, high = (fault.message for fault in faults(["o1", "o2"], ranking, 5))
    assert unknown == 'De optie "o9" bestaat niet. Kies uit: o1, o2.'
    assert high == "Samen is het aantal punten 20. Toegestaan: hoogstens 15 (deelnemers: 5, punten per persoon: 3)."


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.sampled_from(FOUR),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FOUR, "order", "unseen", "points"]), inner)
    ),
    max_leaves=8,
)
rankings = st.fixed_dictionaries(
    {"method": st.sampled_from(["order", "points", "tally", "consensus"])},
    optional=dict.fromkeys(("points_each", "ballots", "tally", "order", "decision"), json_values),
)
ballots_of_any_shape = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("order", "unseen", "points"), json_values)), max_size=3
)


@many
@given(
    st.one_of(rankings, rankings.flatmap(lambda ranking: ballots_of_any_shape.map(lambda b: {**ranking, "ballots": b})))
)
def test_whatever_is_read_is_refused_or_counted(ranking: dict[str, Any]) -> None:
    found = faults(FOUR, ranking, 3)
    if any(fault.code not in {"too-many-points", "too-many-ballots", "total-too-high"} for fault in found):
        with pytest.raises(ValueError, match=r"."):
            count_ranking(FOUR, ranking)
    else:
        assert len(count_ranking(FOUR, ranking).order) in (0, 4)


@pytest.mark.parametrize(
    "count",
    [
        lambda: count_order("ab", strict("ac")),
        lambda: count_order("ab", strict("aa")),
        lambda: count_order("ab", [OrderBallot((("a",),), frozenset("a"))]),
        lambda: count_order("ab", [OrderBallot((("a",),), frozenset("c"))]),
        lambda: count_order("aba", strict("ab")),
        lambda: count_points("ab", [PointsBallot({"c": 1})]),
        lambda: count_points("ab", [PointsBallot({"a": 2, "b": -1})]),
        lambda: count_tally("ab", {"c": 1}),
        lambda: count_tally("ab", {"a": -1}),
        lambda: take_consensus("ab", ["c"]),
        lambda: take_consensus("ab", ["a", ["b", "a"]]),
        lambda: decided_order("ab", count_order("ab", []), ["b", "b"]),
        lambda: count_ranking("ab", {"method": "approval"}),
    ],
)
def test_no_vote_is_passed_over_in_silence(count: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        count()


# --- Fast entry at the keyboard

CARDS = {1: "een", 2: "twee", 4: "vier", 7: "zeven"}


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("4 1=7 2", ["vier", ["een", "zeven"], "twee"]),
        ("4, 1 = 7 ;2", ["vier", ["een", "zeven"], "twee"]),
        ("  4;1= 7,, 2\t", ["vier", ["een", "zeven"], "twee"]),
        ("1=2=4=7", [["een", "twee", "vier", "zeven"]]),
        ("07", ["zeven"]),
        ("", []),
        (" ;, ", []),
    ],
)
def test_an_order_is_typed_as_card_numbers(line: str, order: OrderShape) -> None:
    assert parse_ballot_line(line, CARDS) == OrderBallot(parse_order(order))


@pytest.mark.parametrize(
    ("line", "number", "words"),
    [
        ("4 3", 3, "Kaart 3 doet in deze ronde niet mee. Kies uit: 1, 2, 4, 7."),
        ("4 0", 0, "Kaart 0 "),
        ("4 1=4", 4, "Kaart 4 staat er twee keer."),
        ("4 1 1", 1, "Kaart 1 staat er twee keer."),
        ("4 -1", None, "“-1” is geen kaartnummer."),
        ("4*2", None, "“4*2” is geen kaartnummer."),
        ("1.5", None, "“1.5” is geen kaartnummer."),
        ("vier", None, "“vier” is geen kaartnummer."),
        ("\uff14", None, "is geen kaartnummer."),
        ("4=", None, "Er ontbreekt een kaartnummer."),
        ("= 4", None, "Er ontbreekt een kaartnummer."),
        ("9" * 5000, None, "is geen kaartnummer."),
    ],
)
def test_what_is_no_order_is_told_with_the_card(line: str, number: int | None, words: str) -> None:
    with pytest.raises(BallotLineError) as caught:
        parse_ballot_line(line, CARDS)
    assert words in str(caught.value)
    assert caught.value.number == number


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("4*2 1", {"vier": 2, "een": 1}),
        ("4 * 2;1", {"vier": 2, "een": 1}),
        ("4x2, 1X1", {"vier": 2, "een": 1}),
        ("4\u00d72", {"vier": 2}),
        ("4*0 1", {"een": 1}),
        ("", {}),
    ],
)
def test_points_are_typed_as_card_numbers(line: str, points: dict[str, int]) -> None:
    assert parse_points_line(line, CARDS, points_each=3) == PointsBallot(points)


@pytest.mark.parametrize(
    ("line", "number", "words"),
    [
        ("4*2 3", 3, "Kaart 3 doet in deze ronde niet mee."),
        ("4*1 4", 4, "Kaart 4 staat er twee keer."),
        ("4*-1", 4, "punten voor kaart 4"),
        ("4*1.5", 4, "punten voor kaart 4"),
        ("4*", 4, "punten voor kaart 4"),
        ("4*2*2", 4, "punten voor kaart 4"),
        ("*2", None, "Er ontbreekt een kaartnummer."),
        ("4=1", None, "“4=1” is geen kaartnummer."),
        ("4*3 1", None, "Dit zijn samen 4 punten. Iedereen heeft er 3."),
    ],
)
def test_what_are_no_points_is_told_with_the_card(line: str, number: int | None, words: str) -> None:
    with pytest.raises(BallotLineError) as caught:
        parse_points_line(line, CARDS, points_each=3)
    assert words in str(caught.value)
    assert caught.value.number == number


def test_without_a_limit_points_are_not_limited() -> None:
    assert parse_points_line("4*30", CARDS) == PointsBallot({"vier": 30})


@many
@given(st.text(alphabet="0123456789=*x,; -.a", max_size=12))
def test_any_typed_line_is_a_ballot_or_an_error(line: str) -> None:
    for parse in (parse_ballot_line, parse_points_line):
        try:
            ballot = parse(line, CARDS)
        except BallotLineError:
            continue
        shape = {"method": "order" if isinstance(ballot, OrderBallot) else "points", "ballots": [ballot.as_json()]}
        assert faults(list(CARDS.values()), shape, 1) == []


def test_all_orders_of_three_cards_can_be_typed() -> None:
    for numbers in permutations(CARDS, 3):
        ballot = parse_ballot_line(" ".join(map(str, numbers)), CARDS)
        assert ballot.order == tuple((CARDS[number],) for number in numbers)
