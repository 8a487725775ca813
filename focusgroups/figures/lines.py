"""A line that was typed for one person: read, written, and said in words."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from focusgroups.counting import (
    BallotLineError,
    OrderBallot,
    OrderShape,
    PointsBallot,
    parse_ballot_line,
    parse_order,
    parse_points_line,
)
from focusgroups.enums import Method
from focusgroups.figures.words import joined, short
from focusgroups.models import Ballot, Option


def read_line(
    method: str, line: str, numbers: Mapping[int, Option], points_each: int | None
) -> OrderBallot | PointsBallot:
    """Read what was typed for one person. In an order, what follows a question mark was not seen: `4 1 7 ? 3 5`.

    Raises counting.BallotLineError with a Dutch sentence.
    """
    refs = {number: option.ref for number, option in numbers.items()}
    if method == Method.POINTS:
        return parse_points_line(line, refs, points_each)
    seen, _mark, rest = line.partition("?")
    named = parse_ballot_line(seen, refs)
    unseen = frozenset(ref for group in parse_ballot_line(rest, refs).order for ref in group)
    for number, ref in refs.items():
        if ref in unseen and any(ref in group for group in named.order):
            raise BallotLineError(
                _("Kaart %(number)s staat in de volgorde en ook bij niet gezien. Kies één van de twee.")
                % {"number": number},
                number,
            )
    return OrderBallot(named.order, unseen)


def line_of_order(order: OrderShape | None, numbers: Mapping[int, Option], unseen: Iterable[str] = ()) -> str:
    """An order as it is typed: the reverse of `read_line`."""
    number_of = {option.ref: number for number, option in numbers.items()}
    places = ["=".join(str(number_of.get(ref, ref)) for ref in group) for group in parse_order(order or ())]
    missed = [str(number_of.get(ref, ref)) for ref in unseen]
    return " ".join([*places, *(["?", *missed] if missed else [])])


def line_of_ballot(ballot: Ballot, numbers: Mapping[int, Option]) -> str:
    """A ballot as it is typed."""
    if ballot.points is None:
        return line_of_order(ballot.order, numbers, ballot.unseen or ())
    number_of = {option.ref: number for number, option in numbers.items()}
    parts = ((number_of.get(ref, ref), dots) for ref, dots in ballot.points.items() if dots)
    return " ".join(f"{number}*{dots}" if dots > 1 else str(number) for number, dots in parts)


def order_in_words(ballot: OrderBallot, numbers: Mapping[int, Option]) -> str:
    """What was understood of an order: "1. Rust; 2. Sport en Samen eten (gelijk); niet gekozen: 3 andere"."""
    label = {option.ref: f"“{short(option.label)}”" for option in numbers.values()}
    if not any(ballot.order):
        return _("Onthouding: deze persoon kiest niet.")
    parts = []
    place = 1
    for group in ballot.order:
        words = joined([label[ref] for ref in group])
        parts.append(f"{place}. {words}" + (" " + _("(gelijk)") if len(group) > 1 else ""))
        place += len(group)
    left = len(numbers) - (place - 1) - len(ballot.unseen)
    if left:
        parts.append(_("niet gekozen: %(count)s andere") % {"count": left})
    if ballot.unseen:
        parts.append(_("niet gezien: %(labels)s") % {"labels": joined([label[ref] for ref in sorted(ballot.unseen)])})
    return "; ".join(parts)


def points_in_words(ballot: PointsBallot, numbers: Mapping[int, Option], points_each: int | None) -> str:
    """What was understood of somebody's dots, and how many were not used."""
    label = {option.ref: f"“{short(option.label)}”" for option in numbers.values()}
    given = [(label[ref], dots) for ref, dots in ballot.points.items() if dots]
    if not given:
        return _("Onthouding: deze persoon plakt geen stippen.")
    words = joined(
        [
            ngettext("%(n)s stip voor %(option)s", "%(n)s stippen voor %(option)s", dots) % {"n": dots, "option": name}
            for name, dots in given
        ]
    )
    unused = (points_each or 0) - sum(dots for _name, dots in given)
    if unused > 0:
        words += "; " + ngettext("%(n)s stip niet gebruikt", "%(n)s stippen niet gebruikt", unused) % {"n": unused}
    return words


def in_words(ballot: OrderBallot | PointsBallot, numbers: Mapping[int, Option], points_each: int | None) -> str:
    """What was understood of a ballot."""
    if isinstance(ballot, OrderBallot):
        return order_in_words(ballot, numbers)
    return points_in_words(ballot, numbers, points_each)
