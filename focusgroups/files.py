"""The focus groups in a trajectory file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch

from focusgroups import counting
from focusgroups.enums import Method
from focusgroups.models import Ballot, DraftBallot, FocusGroup, Idea, Option, Participants, Quote, Ranking
from focusgroups.snapshots import write_named_themes
from pilots.authors import Authors, authors_of, authors_of_all
from pilots.enums import Consent
from pilots.files import consent_of, entries, quote_faults
from pilots.models import Trajectory, User
from pilots.registry import FileFault, FilePart
from pilots.schema import shown
from pilots.trajectory_files import filled
from pilots.vocabulary import vocabulary
from welbevinden.bulk import insert

MOST_PEOPLE = 32_767  # of one role in one session: what the column holds, and the schema allows

# --- Faults


def _faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    own = whole.get("own_themes")
    themes = {*vocabulary().themes, *(own if isinstance(own, list) else ())}
    seen: dict[str, tuple[str | int, ...]] = {}
    faults: list[FileFault] = []
    for index, group in entries(value):
        path = ("focus_groups", index)
        faults += _group_faults(path, group, themes, seen)
    return faults


def _group_faults(
    path: tuple[str | int, ...], group: dict[str, Any], themes: set[Any], seen: dict[str, tuple[str | int, ...]]
) -> Iterator[FileFault]:
    held, reason = bool(group.get("held_on")), bool(group.get("not_held_reason"))
    if held == reason:
        what = "held_on en not_held_reason staan er allebei" if held else "held_on en not_held_reason ontbreken allebei"
        yield FileFault((*path, "held_on"), f"{what}; wel kan: precies één van de twee")
    for kind in ("ideas", "options"):
        for index, card in entries(group.get(kind)):
            place = (*path, kind, index)
            ref = card.get("ref")
            if isinstance(ref, str):
                if ref in seen:
                    first = FileFault(seen[ref], "").json_path
                    yield FileFault((*place, "ref"), f"{shown(ref)} staat ook bij {first}; wel kan: elke ref één keer")
                seen.setdefault(ref, place)
            for at, theme in enumerate(card.get("themes") or () if isinstance(card.get("themes"), list) else ()):
                if isinstance(theme, str) and theme not in themes:
                    known = ", ".join(sorted(map(str, themes)))
                    yield FileFault((*place, "themes", at), f"{shown(theme)} is onbekend; wel kan: {known}")
    yield from _participant_faults(path, group)
    ideas = _refs(group.get("ideas"))
    for index, option in entries(group.get("options")):
        yield from _ref_faults((*path, "options", index, "ideas"), option.get("ideas"), ideas)
    yield from _ranking_faults(path, group)
    yield from quote_faults(path, group)


def _refs(cards: Any) -> list[str]:
    return [card["ref"] for _, card in entries(cards) if isinstance(card.get("ref"), str)]


def _ref_faults(path: tuple[str | int, ...], listed: Any, known: list[str]) -> Iterator[FileFault]:
    before: set[str] = set()
    for index, ref in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(ref, str):
            continue
        if ref not in known:
            allowed = ", ".join(known) or "(deze groep heeft er geen)"
            yield FileFault((*path, index), f"{shown(ref)} bestaat niet in deze groep; wel kan: {allowed}")
        elif ref in before:
            yield FileFault((*path, index), f"{shown(ref)} staat er twee keer; wel kan: één keer")
        before.add(ref)


def _ranking_faults(path: tuple[str | int, ...], group: dict[str, Any]) -> Iterator[FileFault]:
    options = _refs(group.get("options"))
    people = _people(group.get("participants"))
    rounds: set[int] = set()
    for index, ranking in entries(group.get("rankings")):
        place = (*path, "rankings", index)
        number = _round(ranking, index)
        if number in rounds:
            yield FileFault((*place, "round"), f"ronde {number} staat er twee keer; wel kan: elke ronde één keer")
        rounds.add(number)
        yield from _ref_faults((*place, "options"), ranking.get("options"), options)
        listed = ranking.get("options")
        table = [ref for ref in listed if isinstance(ref, str)] if isinstance(listed, list) and listed else options
        for fault in counting.faults(table, ranking, people):
            yield FileFault((*place, *fault.path), fault.message)


def _round(ranking: dict[str, Any], index: int) -> int:
    """The number of a round: what the file says, or else its place in the list."""
    number = ranking.get("round")
    return number if isinstance(number, int) else index + 1


def _participant_faults(path: tuple[str | int, ...], group: dict[str, Any]) -> Iterator[FileFault]:
    counts: dict[str, int | None] = {}
    for index, entry in entries(group.get("participants")):
        role, given = entry.get("role"), entry.get("count")
        if not isinstance(role, str):
            continue
        count = given if isinstance(given, int) else None
        if role in counts:
            before = counts[role]
            # A number and an unknown number together are no number: one of the two would be lost.
            if before is None or count is None:
                message = f"{shown(role)} staat er twee keer, niet allebei met een aantal; wel kan: elke rol één keer"
                yield FileFault((*path, "participants", index), message)
            elif before + count > MOST_PEOPLE:
                message = f"{shown(role)} is samen {before + count}; wel kan: {MOST_PEOPLE} of minder"
                yield FileFault((*path, "participants", index, "count"), message)
            count = None if before is None or count is None else before + count
        counts[role] = count


def _people(participants: Any) -> int | None:
    """How many took part; None when the file does not say."""
    counts = [entry.get("count") for _, entry in entries(participants)]
    known = [count for count in counts if isinstance(count, int) and not isinstance(count, bool)]
    return sum(known) if counts and len(known) == len(counts) else None


# --- In


def _load(trajectory: Trajectory, value: list[dict[str, Any]], by: User | None) -> None:
    _load_many([(trajectory, value)], by)


def _load_many(values: Sequence[tuple[Trajectory, list[dict[str, Any]]]], by: User | None) -> None:
    authors = authors_of_all([trajectory for trajectory, _ in values])
    listed = [(trajectory, entry) for trajectory, value in values for entry in value]
    groups = insert(
        FocusGroup(
            trajectory=trajectory,
            kind=entry["kind"],
            held_on=entry.get("held_on") or None,
            minutes=entry.get("minutes"),
            not_held_reason=entry.get("not_held_reason") or "",
        )
        for trajectory, entry in listed
    )
    both = list(zip(groups, (entry for _, entry in listed), strict=True))
    insert(each for group, entry in both for each in _participants(group, entry))
    ideas = insert(
        Idea(
            focus_group=group,
            question=card.get("question") or "",
            text=card.get("text") or "",
            **_card(card, position),
        )
        for group, entry in both
        for position, card in enumerate(entry.get("ideas") or (), start=1)
    )
    options = insert(
        Option(focus_group=group, label=card.get("label") or "", **_card(card, card.get("number") or position))
        for group, entry in both
        for position, card in enumerate(entry.get("options") or (), start=1)
    )
    _load_ideas_of_options(both, ideas, options)
    _load_rankings(both)
    write_named_themes([trajectory.pk for trajectory, _ in values])
    insert(
        Quote(
            focus_group=group,
            role=quote.get("role") or "",
            text=quote.get("text") or "",
            consent=quote.get("consent") or Consent.TRAJECTORY,
            released=bool(quote.get("released")),
            position=position,
            author_id=authors[group.trajectory_id].user_of(quote.get("by")),
        )
        for group, entry in both
        for position, quote in enumerate(entry.get("quotes") or (), start=1)
    )


def _participants(group: FocusGroup, entry: dict[str, Any]) -> Iterator[Participants]:
    # A role that is listed twice is one number of people here.
    counts: dict[str, int | None] = {}
    for each in entry.get("participants") or ():
        before, count = counts.get(each["role"]), each.get("count")
        counts[each["role"]] = count if before is None or count is None else before + count
    for role, count in counts.items():
        yield Participants(focus_group=group, role=role, count=count)


def _card(card: dict[str, Any], position: int) -> dict[str, Any]:
    return {
        "ref": card["ref"],
        "themes": card.get("themes") or [],
        "topics": card.get("topics") or [],
        "position": position,
    }


def _load_ideas_of_options(
    both: list[tuple[FocusGroup, dict[str, Any]]], ideas: list[Idea], options: list[Option]
) -> None:
    by_ref = {(idea.focus_group_id, idea.ref): idea for idea in ideas}
    wanted = [card.get("ideas") or () for _, entry in both for card in entry.get("options") or ()]
    insert(
        Option.ideas.through(option_id=option.pk, idea_id=by_ref[option.focus_group_id, ref].pk)
        for option, refs in zip(options, wanted, strict=True)
        for ref in refs
    )


def _load_rankings(both: list[tuple[FocusGroup, dict[str, Any]]]) -> None:
    listed = [
        (group, entry, index, given) for group, entry in both for index, given in enumerate(entry.get("rankings") or ())
    ]
    rankings = insert(
        Ranking(
            focus_group=group,
            round=_round(given, index),
            method=given["method"],
            points_each=given.get("points_each"),
            tally=(given.get("tally") or {}) if given["method"] == Method.TALLY else None,
            order=(given.get("order") or []) if given["method"] == Method.CONSENSUS else None,
            decision_order=(given.get("decision") or {}).get("order") or None,
            decision_reason=(given.get("decision") or {}).get("reason") or "",
            option_refs=given.get("options") or _refs(entry.get("options")),
        )
        for group, entry, index, given in listed
    )
    insert(
        Ballot(
            ranking=ranking,
            position=position,
            order=(ballot.get("order") or []) if ranking.method == Method.ORDER else None,
            points=(ballot.get("points") or {}) if ranking.method == Method.POINTS else None,
            unseen=ballot.get("unseen") or [],
        )
        for ranking, (*_, given) in zip(rankings, listed, strict=True)
        for position, ballot in enumerate(given.get("ballots") or (), start=1)
    )
    insert(
        DraftBallot(ranking=ranking, position=len(given.get("ballots") or ()) + position, line=line)
        for ranking, (*_, given) in zip(rankings, listed, strict=True)
        for position, line in enumerate(given.get("unread_lines") or (), start=1)
    )


# --- Out


def _dump(trajectory: Trajectory) -> list[dict[str, Any]]:
    authors = authors_of(trajectory)
    groups = (
        FocusGroup.objects.filter(trajectory=trajectory)
        .order_by("pk")
        .prefetch_related(
            Prefetch("participants", Participants.objects.order_by("pk")),
            Prefetch("ideas", Idea.objects.order_by("position", "pk")),
            Prefetch("options", Option.objects.order_by("position", "pk")),
            Prefetch("rankings", Ranking.objects.order_by("pk")),
            Prefetch("rankings__ballots", Ballot.objects.order_by("position", "pk")),
            Prefetch("rankings__drafts", DraftBallot.objects.order_by("position", "pk")),
            Prefetch("quotes", Quote.objects.order_by("position", "pk")),
        )
    )
    belongs = Option.ideas.through.objects.filter(option__focus_group__trajectory=trajectory).order_by("pk")
    ideas: dict[int, list[str]] = {}
    for option_id, ref in belongs.values_list("option_id", "idea__ref"):
        ideas.setdefault(option_id, []).append(ref)
    return [_group(group, ideas, authors) for group in groups]


def _group(group: FocusGroup, ideas: dict[int, list[str]], authors: Authors) -> dict[str, Any]:
    options = list(group.options.all())
    refs = [option.ref for option in options]
    return filled(
        {
            "kind": group.kind,
            "held_on": group.held_on.isoformat() if group.held_on else None,
            "minutes": group.minutes,
            "not_held_reason": group.not_held_reason,
            "participants": [{"role": each.role} | filled({"count": each.count}) for each in group.participants.all()],
            "ideas": [
                {"ref": idea.ref}
                | filled({"question": idea.question, "text": idea.text, "themes": idea.themes, "topics": idea.topics})
                for idea in group.ideas.all()
            ],
            "options": [
                {"ref": option.ref}
                | filled(
                    {
                        # What people vote with; said only where it does not follow from the order.
                        "number": option.position if option.position not in (0, index) else None,
                        "label": option.label,
                        "themes": option.themes,
                        "topics": option.topics,
                        "ideas": ideas.get(option.pk),
                    }
                )
                for index, option in enumerate(options, start=1)
            ],
            "rankings": [_ranking(ranking, refs) for ranking in group.rankings.all()],
            "quotes": [
                filled(
                    {
                        "role": quote.role,
                        "text": quote.text,
                        **consent_of(quote),
                        "by": authors.role_of(quote.author_id),
                    }
                )
                for quote in group.quotes.all()
            ],
        }
    )


def _ranking(ranking: Ranking, refs: list[str]) -> dict[str, Any]:
    table = ranking.option_refs or refs
    entry: dict[str, Any] = {"round": ranking.round, "method": ranking.method}
    if table != refs:
        entry["options"] = table
    if ranking.points_each is not None:
        entry["points_each"] = ranking.points_each
    if ranking.method in {Method.ORDER, Method.POINTS}:
        entry["ballots"] = [_ballot(ballot, table) for ballot in ranking.ballots.all()]
    elif ranking.method == Method.TALLY:
        entry["tally"] = _by_option(ranking.tally or {}, table)
    else:
        entry["order"] = ranking.order
    entry["unread_lines"] = [draft.line for draft in ranking.drafts.all()]
    decision = filled({"order": ranking.decision_order, "reason": ranking.decision_reason})
    if decision:
        entry["decision"] = decision
    entry["result"] = counting.count_ranking(table, entry).as_json()
    return {key: value for key, value in entry.items() if value not in ([], {}, None)}


def _ballot(ballot: Ballot, table: list[str]) -> dict[str, Any]:
    if ballot.points is not None:
        return {"points": _by_option(ballot.points, table)}
    return {"order": ballot.order or []} | ({"unseen": ballot.unseen} if ballot.unseen else {})


def _by_option(numbers: dict[str, int], table: list[str]) -> dict[str, int]:
    # The database keeps no order of keys; the options have one.
    return {ref: numbers[ref] for ref in sorted(numbers, key=table.index)}


# --- Themes that a school added itself


def _no_faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    return []


def _load_nothing(trajectory: Trajectory, value: Any, by: User | None) -> None:
    """The cards themselves carry the themes."""


def _dump_own_themes(trajectory: Trajectory) -> list[str]:
    own: dict[str, None] = {}
    for model in (Idea, Option):
        cards = model.objects.filter(focus_group__trajectory=trajectory).order_by("pk")
        for themes in cards.values_list("themes", flat=True):
            own |= dict.fromkeys(theme for theme in themes if theme not in vocabulary().themes)
    return list(own)


PARTS = (
    FilePart("own_themes", _no_faults, _load_nothing, _dump_own_themes),
    FilePart("focus_groups", _faults, _load, _dump, _load_many),
)
