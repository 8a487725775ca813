"""A round of ranking as it is counted: rows become the input of `counting`, its outcome becomes places."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from focusgroups.counting import (
    PointsBallot,
    Result,
    count_ranking,
    decided_order,
    parse_order_ballot,
    point_totals,
    times_named,
)
from focusgroups.enums import Method
from focusgroups.figures.sessions import numbered
from focusgroups.models import FocusGroup, Option, Ranking

# Below this many ballots a spread over options could tell who said what (domain rule for small groups).
FEW_BALLOTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionPlace:
    """An option in the outcome of a round.

    rank: the place that holds, the decision first. counted: the place by the count alone. share: score 0..1.
    amount: dots, or how many people named it. All are None where there is none.
    """

    option: Option
    number: int
    rank: int | None
    counted: int | None
    share: float | None
    amount: int | None

    @property
    def percent(self) -> int | None:
        """The share in whole percents."""
        return None if self.share is None else round(self.share * 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round of ranking as it stands now."""

    ranking: Ranking
    numbers: Mapping[int, Option]  # on the table, by card number
    result: Result
    decided: bool
    places: tuple[OptionPlace, ...]  # everything on the table, in the order that holds; without an order by number
    ranks: Mapping[str, int]
    rules_compared: tuple[str, ...]

    @property
    def has_order(self) -> bool:
        return bool(self.ranks)

    @property
    def begun(self) -> bool:
        """Something was written down in it."""
        ranking = self.ranking
        return bool(ranking.ballots.all() or ranking.tally or ranking.order or ranking.decision_order)

    @property
    def few(self) -> bool:
        """So few ballots that their spread would show who said what."""
        return 0 < self.result.ballots < FEW_BALLOTS

    @property
    def firsts(self) -> tuple[Option, ...]:
        """The options on the first place, more than one when they share it."""
        return tuple(place.option for place in self.places if place.rank == 1)


def on_the_table(ranking: Ranking, options: Sequence[Option]) -> dict[int, Option]:
    """The options of a round by card number: those it was opened with, or all where that was not written down."""
    chosen = set(ranking.option_refs)
    numbers = numbered(options)
    return {number: option for number, option in numbers.items() if option.ref in chosen} or numbers


def entry_of(ranking: Ranking) -> dict[str, Any]:
    """A round as one entry of `rankings` of a trajectory file, without its decision: what `counting` reads."""
    entry: dict[str, Any] = {"method": ranking.method, "points_each": ranking.points_each}
    if ranking.method == Method.ORDER:
        entry["ballots"] = [
            {"order": ballot.order or [], "unseen": ballot.unseen or []} for ballot in ranking.ballots.all()
        ]
    elif ranking.method == Method.POINTS:
        entry["ballots"] = [{"points": ballot.points or {}} for ballot in ranking.ballots.all()]
    elif ranking.method == Method.TALLY:
        entry["tally"] = ranking.tally or {}
    else:
        entry["order"] = ranking.order or []
    return entry


def round_of(ranking: Ranking, options: Sequence[Option]) -> Round:
    """Count a round; `options` are all of its session, in order."""
    numbers = on_the_table(ranking, options)
    refs = [option.ref for option in numbers.values()]
    entry = entry_of(ranking)
    result = _counted(tuple(refs), json.dumps(entry))
    holds = dict(decided_order(refs, result, ranking.decision_order))
    counted = {place.option: place for place in result.order}
    amounts = _amounts(ranking, refs, entry)
    places = [
        OptionPlace(
            option=option,
            number=number,
            rank=holds.get(option.ref),
            counted=counted[option.ref].rank if option.ref in counted else None,
            share=_float(counted[option.ref].score) if option.ref in counted else None,
            amount=amounts.get(option.ref),
        )
        for number, option in numbers.items()
    ]
    # What has no place comes last; in a round without an order that is everything.
    places.sort(key=lambda place: (place.rank or len(places) + 1, place.number))
    return Round(
        ranking=ranking,
        numbers=numbers,
        result=result,
        decided=bool(ranking.decision_order),
        places=tuple(places),
        ranks=holds,
        rules_compared=_rules_compared(ranking, refs, entry),
    )


@lru_cache(maxsize=512)
def _counted(refs: tuple[str, ...], entry: str) -> Result:
    """The count of a round. Pages, plan and figures ask for the same one several times, and it never changes."""
    return count_ranking(refs, json.loads(entry))


def _float(score: Fraction | None) -> float | None:
    return None if score is None else float(score)


def _amounts(ranking: Ranking, refs: Sequence[str], entry: Mapping[str, Any]) -> Mapping[str, int]:
    """What people saw on the wall: dots, or how often an option was named."""
    if ranking.method == Method.ORDER:
        return times_named(refs, map(parse_order_ballot, entry["ballots"]))
    if ranking.method == Method.POINTS:
        return point_totals(refs, (PointsBallot(ballot["points"]) for ballot in entry["ballots"]))
    if ranking.method == Method.TALLY:
        return {ref: entry["tally"].get(ref, 0) for ref in refs}
    return {}


def _rules_compared(ranking: Ranking, refs: Sequence[str], entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The rules that say something about this round; times named says nothing when everybody named everything."""
    if ranking.method == Method.ORDER:
        ballots = [ballot for ballot in map(parse_order_ballot, entry["ballots"]) if any(ballot.order)]
        all_named = all(count == len(ballots) for count in times_named(refs, ballots).values())
    elif ranking.method == Method.POINTS:
        given = [{ref for ref, dots in ballot["points"].items() if dots} for ballot in entry["ballots"]]
        all_named = all(named.issuperset(refs) for named in given if named)
    else:
        return ()
    return ("borda", "copeland") if all_named else ("borda", "points", "copeland")


def last_round(group: FocusGroup) -> Round | None:
    """The last round in which anything was written down: an opened round without a ballot has said nothing yet."""
    options = list(group.options.all())
    for ranking in sorted(group.rankings.all(), key=lambda each: -each.round):
        counted = round_of(ranking, options)
        if counted.begun:
            return counted
    return None
