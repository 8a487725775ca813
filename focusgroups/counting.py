"""Counting the direct ranking of a focus group: order, agreement, and how firm the first place is.

Pure: standard library only, no Django, no clock, no database, no chance. All arithmetic is exact (`Fraction`), so that
equal is equal; only `Result.as_json` rounds. Four ways to record a ranking are counted:

* `order`: every person lays an order, ties allowed. What a ballot leaves out was seen and not chosen (shared last
  place on that ballot), unless it stands in `unseen`. Default rule: averaged Borda.
* `points`: every person divides points (dots). Default rule: totals.
* `tally`: only the totals were written down.
* `consensus`: the group laid one order together; nothing is counted.

`faults` tells what may not be recorded. The counting functions raise `ValueError` on what cannot be counted, because
passing over a vote in silence is the one thing a count may never do.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, TypeAlias

Order: TypeAlias = tuple[tuple[str, ...], ...]
"""Groups of options from first to last; the options in one group share a place."""

OrderShape: TypeAlias = Sequence[str | Sequence[str]]
"""An order as a trajectory file writes it: a string is a place of its own, an inner list is a tie. An `Order` fits."""

RULES = ("borda", "points", "copeland")
METHODS = ("order", "points", "tally", "consensus")


@dataclass(frozen=True, slots=True)
class OrderBallot:
    """One person's order; an empty order is an abstention, also when `unseen` is filled."""

    order: Order
    unseen: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """The ballot as a trajectory file writes it (`unseen` sorted, so that equal ballots are written equally)."""
        return {"order": order_as_json(self.order), "unseen": sorted(self.unseen)}


@dataclass(frozen=True, slots=True)
class PointsBallot:
    """One person's points per option. Zero is the same as not named; without any point it is an abstention."""

    points: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """The ballot as a trajectory file writes it."""
        return {"points": dict(self.points)}


@dataclass(frozen=True, slots=True)
class Place:
    """One option in the counted order. `rank` is the competition place (1, 2, 2, 4), `score` 0..1 or None."""

    option: str
    rank: int
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Kendall's W and the mean agreement between two people; both None exactly when there is a `reason`.

    `reason` is the first that holds of: "no-ballots", "one-ballot", "one-option", "unseen-options" (somebody did not
    see everything, so that the ballots rank different things), "all-tied" (nobody has a preference).
    """

    w: Fraction | None
    mean_correlation: Fraction | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class FirstPlace:
    """How firm the first place is.

    `same_under`: the rules, in the order of `RULES`, whose set of first options is that of the count. "points" there is
    on how many ballots an option is named, whatever the method; it is left out when every ballot names every option,
    because it then tells nothing. `kept_without_one`: in how many of the m ways to leave out one ballot the set of
    first options stays the same, and m. Leaving out the only ballot leaves no first place: (0, 1).
    """

    same_under: tuple[str, ...]
    kept_without_one: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Result:
    """What a ranking says. `order` is empty when nobody gave a preference, else it holds every option once (of a
    consensus: every option that the group placed).

    `ballots` are those without the abstentions. `first_place` is None where there are no ballots to leave out.
    """

    order: tuple[Place, ...]
    ballots: int
    abstentions: int
    agreement: Agreement
    first_place: FirstPlace | None

    def as_json(self) -> dict[str, Any]:
        """The result as an export writes it: four decimals, the exact fraction rounded half to even."""
        first = self.first_place
        return {
            "order": [
                {"option": place.option, "rank": place.rank, "score": _four_decimals(place.score)}
                for place in self.order
            ],
            "ballots": self.ballots,
            "abstentions": self.abstentions,
            "agreement": {
                "w": _four_decimals(self.agreement.w),
                "mean_correlation": _four_decimals(self.agreement.mean_correlation),
                "reason": self.agreement.reason,
            },
            "first_place": None
            if first is None
            else {"same_under": list(first.same_under), "kept_without_one": list(first.kept_without_one)},
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a ranking that is refused: JSON path inside the ranking, code, and a Dutch sentence."""

    path: tuple[str | int, ...]
    code: str
    message: str


class BallotLineError(ValueError):
    """A typed line that is not a ballot; the message is a Dutch sentence, `number` the card number it is about."""

    def __init__(self, message: str, number: int | None = None) -> None:
        super().__init__(message)
        self.number = number


# --- Shapes of the trajectory file


def parse_order(order: OrderShape) -> Order:
    """Turn the order of a trajectory file into groups; an empty inner list says nothing and is dropped."""
    groups = ((entry,) if isinstance(entry, str) else tuple(entry) for entry in order)
    return tuple(group for group in groups if group)


def order_as_json(order: Order) -> list[str | list[str]]:
    """Turn groups into the order of a trajectory file: the reverse of `parse_order`."""
    return [group[0] if len(group) == 1 else list(group) for group in order]


def parse_order_ballot(ballot: Mapping[str, Any]) -> OrderBallot:
    """Turn `{"order": ["o1", ["o2", "o3"]], "unseen": []}` into a ballot; absent or null is empty."""
    return OrderBallot(parse_order(ballot.get("order") or ()), frozenset(ballot.get("unseen") or ()))


def parse_points_ballot(ballot: Mapping[str, Any]) -> PointsBallot:
    """Turn `{"points": {"o1": 2}}` into a ballot; absent or null is empty, 2.0 is 2.

    Raises ValueError for what is not a whole number.
    """
    return PointsBallot(_whole_points(ballot.get("points") or {}))


# --- Counting


def count_order(options: Sequence[str], ballots: Iterable[OrderBallot]) -> Result:
    """Count orders by averaged Borda.

    Score of an option: the mean, over the ballots that saw it, of (n_j - r) / (n_j - 1), with n_j the options seen on
    that ballot and r the mid rank of the option (tied and unranked options share the mean of the places they take
    together). Ballots that saw one option say nothing about preference and are skipped there. An option about which no
    ballot says anything has score None and shares the last place. Without unseen options the order is that of the mean
    ranks, which is also that of the sums of pairwise margins (symmetric Borda).

    `first_place` compares with "points", here the number of ballots that name an option (left out when every ballot
    names every option: it then tells nothing), and with "copeland".

    Args:
        options: every option of the round, in the order in which shared places are listed.
        ballots: all ballots, abstentions included.

    Raises:
        ValueError: an option stands twice in `options`; a ballot holds an unknown option, or one option twice.
    """
    ballots = tuple(ballots)
    _require_once(options)
    for ballot in ballots:
        _require_known(options, (*_flat(ballot.order), *sorted(ballot.unseen)))
    valid = [ballot for ballot in ballots if any(ballot.order)]
    ranks = [_double_ranks(_groups_of_order(options, ballot)) for ballot in valid]
    borda = _Borda(options, ranks)
    scores = borda.means()
    rules = {"borda": _firsts(scores), "copeland": _firsts(_copeland(options, ranks))}
    named = times_named(options, valid)
    if any(count < len(valid) for count in named.values()):
        rules["points"] = _firsts(named)
    firsts_without_one = (_firsts(borda.means(without=double)) for double in ranks)
    return _with_ballots(
        options,
        ranks,
        scores,
        handed_in=len(ballots),
        rules=rules,
        firsts=rules["borda"],
        firsts_without_one=firsts_without_one,
    )


def count_points(options: Sequence[str], ballots: Iterable[PointsBallot]) -> Result:
    """Count points by totals; score is the share of all points.

    A ballot without any point is an abstention. For agreement and for the rules that `first_place` compares with
    ("borda" and "copeland") a ballot is the order of its points, options without points sharing the last place.

    Args:
        options: every option of the round, in the order in which shared places are listed.
        ballots: all ballots, abstentions included.

    Raises:
        ValueError: an option stands twice in `options`; a ballot holds an unknown option or negative points.
    """
    ballots = tuple(ballots)
    _require_once(options)
    for ballot in ballots:
        _require_known(options, ballot.points)
        _require_no_negative(ballot.points)
    valid = [ballot for ballot in ballots if any(ballot.points.values())]
    totals = point_totals(options, valid)
    ranks = [_double_ranks(_groups_of_points(options, ballot.points)) for ballot in valid]
    rules = {"borda": _firsts(_Borda(options, ranks).means()), "copeland": _firsts(_copeland(options, ranks))}
    named = Counter(option for ballot in valid for option, points in ballot.points.items() if points)
    if any(named[option] < len(valid) for option in options):
        rules["points"] = _firsts({option: named[option] for option in options})
    firsts_without_one = (
        _firsts({option: total - ballot.points.get(option, 0) for option, total in totals.items()}) for ballot in valid
    )
    scores = _shares_of_total(totals)
    return _with_ballots(
        options,
        ranks,
        scores,
        handed_in=len(ballots),
        rules=rules,
        firsts=_firsts(totals),
        firsts_without_one=firsts_without_one,
    )


def count_tally(options: Sequence[str], tally: Mapping[str, int]) -> Result:
    """Order options by totals that were written down without the ballots; score is the share of all points.

    An option that is left out got no points. Without any point the order is empty, as when everybody abstains.

    Raises:
        ValueError: an option stands twice in `options`; the tally holds an unknown option or negative points.
    """
    _require_once(options)
    _require_known(options, tally)
    _require_no_negative(tally)
    scores = _shares_of_total({option: tally.get(option, 0) for option in options})
    return _without_ballots(_places(options, scores) if any(tally.values()) else ())


def take_consensus(options: Sequence[str], order: OrderShape) -> Result:
    """Take the one order that a group laid together, without scores.

    The order stands as it was given: what the group left out has no place in it. An empty order is no order.

    Raises:
        ValueError: an option stands twice in `options`; the order holds an unknown option, or one option twice.
    """
    given = set(_flat(parse_order(order)))
    places = tuple(Place(option, rank, None) for option, rank in _placed(options, order) if option in given)
    return _without_ballots(places)


def count_ranking(options: Sequence[str], ranking: Mapping[str, Any]) -> Result:
    """Count one entry of `rankings` of a trajectory file, whichever its method. A `decision` does not change the count.

    Points above `points_each` are counted as they stand: whether they are allowed is for `faults`.

    Raises:
        ValueError: the ranking has a fault that makes it impossible to count.
    """
    for fault in faults(options, ranking, None):
        if fault.code != "too-many-points":
            raise ValueError(f"{fault.path}: {fault.message}")
    ballots: Sequence[Mapping[str, Any]] = ranking.get("ballots") or ()
    match ranking["method"]:
        case "order":
            return count_order(options, map(parse_order_ballot, ballots))
        case "points":
            return count_points(options, map(parse_points_ballot, ballots))
        case "tally":
            return count_tally(options, _whole_points(ranking.get("tally") or {}))
        case _:
            return take_consensus(options, ranking.get("order") or ())


def decided_order(options: Sequence[str], result: Result, decision: OrderShape | None) -> list[tuple[str, int]]:
    """The order that holds: the group's own decision where there is one, else the count.

    Args:
        options: every option of the round.
        result: the count.
        decision: the `order` of the decision. What it leaves out shares the last place; None or empty is no decision.

    Returns:
        The options with their competition places; nothing when there is neither a decision nor a counted order.

    Raises:
        ValueError: the decision holds an unknown option, or one option twice.
    """
    return _placed(options, decision or ()) or [(place.option, place.rank) for place in result.order]


def times_named(options: Sequence[str], ballots: Iterable[OrderBallot]) -> dict[str, int]:
    """On how many ballots each option is named: what people saw on the wall, to stand beside the order."""
    named = Counter(option for ballot in ballots for option in _flat(ballot.order))
    return {option: named[option] for option in options}


def point_totals(options: Sequence[str], ballots: Iterable[PointsBallot]) -> dict[str, int]:
    """The points of each option together."""
    totals = dict.fromkeys(options, 0)
    for ballot in ballots:
        for option, points in ballot.points.items():
            totals[option] += points
    return totals


# --- What is refused


def faults(options: Sequence[str], ranking: Mapping[str, Any], people: int | None) -> list[Fault]:
    """Everything in one entry of `rankings` of a trajectory file that is refused, in reading order.

    Accepted on purpose: fewer points than allowed, a consensus or decision that leaves options out (they share the
    last place), abstentions, empty tie groups. Absent and null are empty; without `points_each` there is no limit.
    An option written twice as a key of one JSON object is lost before it gets here: the reader must refuse that.

    Args:
        options: refs of the options of this focus group.
        ranking: the entry as read from JSON; no shape inside it is taken for granted.
        people: how many took part, None when that is not known.

    Returns:
        Faults with a path inside the ranking and one of the codes "unknown-method", "wrong-shape", "unknown-option",
        "double-option", "named-and-unseen", "points-not-whole", "points-negative", "too-many-points",
        "too-many-ballots", "total-too-high".
    """
    return list(_ranking_faults(options, ranking, people))


_Path: TypeAlias = tuple[str | int, ...]


def _ranking_faults(options: Sequence[str], ranking: Mapping[str, Any], people: int | None) -> Iterator[Fault]:
    method = ranking.get("method")
    if method not in METHODS:
        yield Fault(
            ("method",), "unknown-method", f"De telwijze {_shown(method)} bestaat niet. Kies uit: {', '.join(METHODS)}."
        )
        return
    points_each = ranking.get("points_each")
    if points_each is not None:
        yield from _number_faults(("points_each",), points_each)
    limit = _whole(points_each)
    if limit is not None and limit < 0:
        limit = None
    if method == "tally":
        yield from _tally_faults(options, ranking.get("tally"), limit, people)
    elif method == "consensus":
        yield from _list_faults(options, ("order",), ranking.get("order"), ties=True)
    else:
        yield from _ballots_faults(options, method, ranking.get("ballots"), limit, people)
    decision = ranking.get("decision")
    if isinstance(decision, Mapping):
        yield from _list_faults(options, ("decision", "order"), decision.get("order"), ties=True)
    elif decision is not None:
        yield _wrong_shape(("decision",), "een object met een volgorde")


def _ballots_faults(
    options: Sequence[str], method: str, ballots: object, limit: int | None, people: int | None
) -> Iterator[Fault]:
    if ballots is None:
        return
    if not isinstance(ballots, list | tuple):
        yield _wrong_shape(("ballots",), "een lijst van stembiljetten")
        return
    if people is not None and len(ballots) > people:
        yield Fault(
            ("ballots",),
            "too-many-ballots",
            f"Het aantal stembiljetten is {len(ballots)}, het aantal deelnemers {people}. "
            "Er mag hoogstens één biljet per deelnemer zijn.",
        )
    for index, ballot in enumerate(ballots):
        path = ("ballots", index)
        if not isinstance(ballot, Mapping):
            yield _wrong_shape(path, "een object")
        elif method == "order":
            order = ballot.get("order")
            yield from _list_faults(options, (*path, "order"), order, ties=True)
            named = {option for _, option in _entries((), order, ties=True) if isinstance(option, str)}
            yield from _list_faults(options, (*path, "unseen"), ballot.get("unseen"), ties=False, named=named)
        else:
            points = ballot.get("points")
            yield from _points_faults(options, (*path, "points"), points)
            total = _total(points)
            if limit is not None and total > limit:
                yield Fault(
                    (*path, "points"),
                    "too-many-points",
                    f"Op dit stembiljet is het aantal punten {total}. Toegestaan: hoogstens {limit} per persoon.",
                )


def _tally_faults(options: Sequence[str], tally: object, limit: int | None, people: int | None) -> Iterator[Fault]:
    yield from _points_faults(options, ("tally",), tally)
    total = _total(tally)
    if people is not None and limit is not None and total > people * limit:
        yield Fault(
            ("tally",),
            "total-too-high",
            f"Samen is het aantal punten {total}. Toegestaan: hoogstens {people * limit} "
            f"(deelnemers: {people}, punten per persoon: {limit}).",
        )


def _list_faults(
    options: Sequence[str], path: _Path, listed: object, *, ties: bool, named: frozenset[str] | set[str] = frozenset()
) -> Iterator[Fault]:
    """Faults of a list of options; `named` are those that stand in the order, when `listed` is the unseen ones."""
    if listed is not None and not isinstance(listed, list | tuple):
        yield _wrong_shape(path, "een lijst van opties")
    before: set[str] = set()
    for place, option in _entries(path, listed, ties=ties):
        if not isinstance(option, str) or option not in options:
            yield _unknown_option(options, place, option)
            continue
        if option in before:
            message = f"De optie {_shown(option)} staat er twee keer. Elke optie mag er hoogstens één keer staan."
            yield Fault(place, "double-option", message)
        elif option in named:
            message = f"De optie {_shown(option)} staat in de volgorde én bij niet gezien. Kies één van de twee."
            yield Fault(place, "named-and-unseen", message)
        before.add(option)


def _entries(path: _Path, listed: object, *, ties: bool) -> Iterator[tuple[_Path, object]]:
    """What stands in a list, each with its path; inner lists are opened when they may be ties."""
    for index, entry in enumerate(listed if isinstance(listed, list | tuple) else ()):
        if ties and isinstance(entry, list | tuple):
            yield from (((*path, index, inner), option) for inner, option in enumerate(entry))
        else:
            yield (*path, index), entry


def _points_faults(options: Sequence[str], path: _Path, points: object) -> Iterator[Fault]:
    if points is None:
        return
    if not isinstance(points, Mapping):
        yield _wrong_shape(path, "een object met punten per optie")
        return
    for option, value in points.items():
        if option not in options:
            yield _unknown_option(options, (*path, option), option)
        yield from _number_faults((*path, option), value)


def _number_faults(path: _Path, value: object) -> Iterator[Fault]:
    whole = _whole(value)
    if whole is None:
        yield Fault(path, "points-not-whole", f"{_shown(value)} is geen aantal punten. Geef een heel getal, 0 of meer.")
    elif whole < 0:
        yield Fault(path, "points-negative", f"{whole} punten kan niet. Geef een heel getal, 0 of meer.")


def _unknown_option(options: Sequence[str], path: _Path, option: object) -> Fault:
    allowed = ", ".join(options) or "(deze groep heeft geen opties)"
    return Fault(path, "unknown-option", f"De optie {_shown(option)} bestaat niet. Kies uit: {allowed}.")


def _wrong_shape(path: _Path, wanted: str) -> Fault:
    return Fault(path, "wrong-shape", f"Hier hoort {wanted} te staan.")


_SHOWN = 80


def _shown(value: object) -> str:
    """A value as it stands in JSON, short enough for a sentence."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _whole(value: object) -> int | None:
    """A whole number as int (2.0 as well: JSON knows no difference), None for all else, True and False included."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def _whole_points(points: Mapping[str, object]) -> dict[str, int]:
    wholes = {option: _whole(value) for option, value in points.items()}
    if wrong := [option for option, value in wholes.items() if value is None]:
        raise ValueError(f"no whole number of points for {wrong}")
    return {option: value for option, value in wholes.items() if value is not None}


def _total(points: object) -> int:
    """The sum of the points that are points; what is not is a fault of its own."""
    return sum(max(_whole(value) or 0, 0) for value in points.values()) if isinstance(points, Mapping) else 0


# --- Fast entry at the keyboard


def parse_ballot_line(line: str, numbers: Mapping[int, str]) -> OrderBallot:
    """Read one person's order, typed as card numbers: `4 1=7 2` is card 4, then 1 and 7 on a shared place, then 2.

    Spaces, commas and semicolons part the places. An empty line is an abstention.

    Args:
        line: what was typed.
        numbers: option per card number.

    Raises:
        BallotLineError: something that is no card number, a card that is not in the round, a card twice.
    """
    seen: set[int] = set()
    return OrderBallot(
        tuple(
            tuple(numbers[_card(text, numbers, seen, "4 1=7 2")] for text in word.split("="))
            for word in _words(line, "=")
        )
    )


def parse_points_line(line: str, numbers: Mapping[int, str], points_each: int | None = None) -> PointsBallot:
    """Read one person's points, typed as card numbers: `4*2 1` is two points for card 4 and one for card 1.

    Spaces, commas and semicolons part the cards; `x` is as good as `*`. An empty line is an abstention. A card typed
    twice is refused and not guessed at: it may be a slip as well as a second point.

    Args:
        line: what was typed.
        numbers: option per card number.
        points_each: the points a person has, None when more must not be refused here.

    Raises:
        BallotLineError: something that is no card number, a card that is not in the round, a card twice, points that
            are no whole number, more points than a person has.
    """
    seen: set[int] = set()
    points: dict[str, int] = {}
    for word in _words(re.sub(r"[xX\u00d7]", "*", line), "*"):
        text, star, amount = word.partition("*")
        number = _card(text, numbers, seen, "4*2 1")
        if star and not _NUMBER.fullmatch(amount):
            raise BallotLineError(
                f"Het aantal punten voor kaart {number} is niet goed: “{amount}”. Typ het zo: {number}*2.",
                number,
            )
        if given := int(amount) if star else 1:
            points[numbers[number]] = given
    total = sum(points.values())
    if points_each is not None and total > points_each:
        raise BallotLineError(f"Dit zijn samen {total} punten. Iedereen heeft er {points_each}.")
    return PointsBallot(points)


# ASCII digits only (\d takes every script), and few enough that int() stays cheap.
_NUMBER = re.compile(r"[0-9]{1,6}")


def _words(line: str, joiner: str) -> list[str]:
    """The words of a typed line; spaces around the joiner do not part a word."""
    return re.sub(rf"\s*{re.escape(joiner)}\s*", joiner, line.replace(",", " ").replace(";", " ")).split()


def _card(text: str, numbers: Mapping[int, str], seen: set[int], example: str) -> int:
    if not _NUMBER.fullmatch(text):
        shown = f"“{text}” is geen kaartnummer" if text else "Er ontbreekt een kaartnummer"
        raise BallotLineError(f"{shown}. Typ nummers van kaarten, zoals {example}.")
    number = int(text)
    if number not in numbers:
        allowed = ", ".join(map(str, sorted(numbers))) or "geen"
        raise BallotLineError(f"Kaart {number} doet in deze ronde niet mee. Kies uit: {allowed}.", number)
    if number in seen:
        raise BallotLineError(f"Kaart {number} staat er twee keer. Typ elke kaart hoogstens één keer.", number)
    seen.add(number)
    return number


# --- Arithmetic. Mid ranks are kept doubled, so that they stay whole numbers.


def _groups_of_order(options: Sequence[str], ballot: OrderBallot) -> Order:
    named = {*_flat(ballot.order), *ballot.unseen}
    return (*ballot.order, tuple(option for option in options if option not in named))


def _groups_of_points(options: Sequence[str], points: Mapping[str, int]) -> Order:
    given = {option: points.get(option, 0) for option in options}
    heights = sorted(set(given.values()), reverse=True)
    return tuple(tuple(option for option in options if given[option] == height) for height in heights)


def _double_ranks(groups: Order) -> dict[str, int]:
    """Twice the mid rank of every option in the groups: places before it, then the middle of its own group."""
    ranks: dict[str, int] = {}
    for group in groups:
        ranks.update(dict.fromkeys(group, 2 * len(ranks) + len(group) + 1))
    return ranks


class _Borda:
    """Averaged Borda, kept as sums so that one ballot can be left out without counting all others again."""

    def __init__(self, options: Sequence[str], ranks: Iterable[dict[str, int]]) -> None:
        self.sums = dict.fromkeys(options, Fraction())
        self.counts = dict.fromkeys(options, 0)
        for double in ranks:
            for option, share in self.shares(double).items():
                self.sums[option] += share
                self.counts[option] += 1

    @staticmethod
    def shares(double: dict[str, int]) -> dict[str, Fraction]:
        """(n - r) / (n - 1) per option of one ballot; nothing from a ballot with one option."""
        n = len(double)
        return {option: Fraction(2 * n - rank, 2 * (n - 1)) for option, rank in double.items()} if n > 1 else {}

    def means(self, without: dict[str, int] | None = None) -> dict[str, Fraction | None]:
        """Mean share per option, None where no ballot says anything; optionally without one of the ballots."""
        left_out = self.shares(without or {})
        means: dict[str, Fraction | None] = {}
        for option, total in self.sums.items():
            count = self.counts[option] - (option in left_out)
            means[option] = (total - left_out.get(option, 0)) / count if count else None
        return means


def _copeland(options: Sequence[str], ranks: Sequence[dict[str, int]]) -> dict[str, int]:
    """Duels won minus duels lost; a duel counts the ballots that saw both, a tie on a ballot is for neither."""
    scores = dict.fromkeys(options, 0)
    for one, other in combinations(options, 2):
        margin = sum(
            (double[one] < double[other]) - (double[one] > double[other])
            for double in ranks
            if one in double and other in double
        )
        won = (margin > 0) - (margin < 0)
        scores[one] += won
        scores[other] -= won
    return scores


def _agreement(n: int, ranks: Sequence[dict[str, int]]) -> Agreement:
    """Kendall's W = sum_i (R_i - mean R)^2 / (m sum_j sum_i (r_ij - (n + 1) / 2)^2), and (m W - 1) / (m - 1).

    Written with the spread of the ballots themselves below the line, the correction for ties comes by itself: it equals
    12 S / (m^2 (n^3 - n) - m sum_j T_j) with T_j = sum over ties of (t^3 - t). The second is the mean correlation
    between two ballots (Spearman's; exactly so without ties), which does not depend on the size of the group as W does.
    """
    m = len(ranks)
    spread = sum((rank - n - 1) ** 2 for double in ranks for rank in double.values())
    for reason, holds in (
        ("no-ballots", m == 0),
        ("one-ballot", m == 1),
        ("one-option", n == 1),
        ("unseen-options", any(len(double) < n for double in ranks)),
        ("all-tied", spread == 0),
    ):
        if holds:
            return Agreement(None, None, reason)
    sums = (sum(double[option] - n - 1 for double in ranks) for option in ranks[0])
    w = Fraction(sum(total**2 for total in sums), m * spread)
    return Agreement(w, (m * w - 1) / (m - 1), None)


def _with_ballots(
    options: Sequence[str],
    ranks: Sequence[dict[str, int]],
    scores: Mapping[str, Fraction | None],
    *,
    handed_in: int,
    rules: Mapping[str, frozenset[str]],
    firsts: frozenset[str],
    firsts_without_one: Iterable[frozenset[str]],
) -> Result:
    agreement = _agreement(len(options), ranks)
    abstentions = handed_in - len(ranks)
    if not ranks:
        return Result((), 0, abstentions, agreement, None)
    same = tuple(rule for rule in RULES if rules.get(rule) == firsts)
    kept = sum(other == firsts for other in firsts_without_one) if len(ranks) > 1 else 0
    return Result(_places(options, scores), len(ranks), abstentions, agreement, FirstPlace(same, (kept, len(ranks))))


def _without_ballots(order: tuple[Place, ...]) -> Result:
    return Result(order, 0, 0, _agreement(0, ()), None)


def _firsts(scores: Mapping[str, Fraction | int | None]) -> frozenset[str]:
    """The options with the highest score; all of them when none has a score."""
    best = max((score for score in scores.values() if score is not None), default=None)
    return frozenset(option for option, score in scores.items() if score == best)


def _places(options: Sequence[str], scores: Mapping[str, Fraction | None]) -> tuple[Place, ...]:
    """Competition places by score, highest first, no score last; equal scores stay in the order of `options`."""
    places: list[Place] = []
    for option in sorted(options, key=lambda option: (scores[option] is None, -(scores[option] or 0))):
        score = scores[option]
        tied = places and places[-1].score == score
        places.append(Place(option, places[-1].rank if tied else len(places) + 1, score))
    return tuple(places)


def _placed(options: Sequence[str], order: OrderShape) -> list[tuple[str, int]]:
    """Competition places of an order that is given; what it leaves out shares the last place."""
    groups = parse_order(order)
    _require_once(options)
    _require_known(options, _flat(groups))
    if not groups:
        return []
    position = {option: index for index, group in enumerate(groups) for option in group}
    ordered = sorted(options, key=lambda option: position.get(option, len(groups)))
    firsts = [position.get(option, len(groups)) for option in ordered]
    return [(option, firsts.index(at) + 1) for option, at in zip(ordered, firsts, strict=True)]


def _shares_of_total(totals: Mapping[str, int]) -> dict[str, Fraction | None]:
    everything = sum(totals.values())
    return {option: Fraction(total, everything) if everything else None for option, total in totals.items()}


def _flat(order: Order) -> tuple[str, ...]:
    return tuple(option for group in order for option in group)


def _four_decimals(number: Fraction | None) -> float | None:
    """The nearest float to the exact fraction rounded to four decimals, half to even."""
    return None if number is None else float(round(number, 4))


def _require_once(options: Sequence[str]) -> None:
    if len(set(options)) < len(options):
        raise ValueError(f"an option stands twice among the options: {list(options)}")


def _require_known(options: Sequence[str], named: Iterable[str]) -> None:
    named = tuple(named)
    if unknown := sorted(set(named) - set(options)):
        raise ValueError(f"unknown options: {unknown}")
    if double := sorted(option for option, times in Counter(named).items() if times > 1):
        raise ValueError(f"options that stand twice: {double}")


def _require_no_negative(points: Mapping[str, int]) -> None:
    if negative := sorted(option for option, value in points.items() if value < 0):
        raise ValueError(f"negative points for {negative}")
