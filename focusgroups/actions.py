"""What people do with focus groups. Twice the same is once, and what cannot be read is kept as a draft.

A session is locked while something is added to it, so that two note takers never get the same number. What is counted
over schools (`snapshots`) is written in the same transaction.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from focusgroups.counting import BallotLineError, OrderBallot, OrderShape, PointsBallot, order_as_json, parse_order
from focusgroups.enums import Method
from focusgroups.figures import numbered, on_the_table, people, read_line
from focusgroups.models import Ballot, DraftBallot, FocusGroup, Idea, Option, Participants, Quote, Ranking
from focusgroups.snapshots import write_named_themes
from pilots.audit import record
from pilots.enums import Consent
from pilots.models import Trajectory, User


def _locked(group: FocusGroup) -> FocusGroup:
    return FocusGroup.objects.select_for_update().get(pk=group.pk)


def _note(verb: str, subject: Model, group: FocusGroup, by: User | None, **detail: Any) -> None:
    record(verb, subject, by=by, trajectory_id=group.trajectory_id, focus_group=group.pk, **detail)


# --- Sessions


@transaction.atomic
def add_session(
    *,
    trajectory: Trajectory,
    uuid: UUID,
    kind: str,
    held_on: date | None,
    minutes: int | None,
    not_held_reason: str,
    participants: Mapping[str, int | None],
    by: User | None,
) -> FocusGroup:
    """Write down a session, or why there was none. The same `uuid` again is the same session."""
    known = FocusGroup.objects.filter(uuid=uuid, trajectory=trajectory).first()
    if known is not None:
        return known
    group = FocusGroup(
        trajectory=trajectory,
        uuid=uuid,
        kind=kind,
        held_on=held_on,
        minutes=minutes,
        not_held_reason=not_held_reason,
    )
    group.full_clean()
    group.save()
    _write_participants(group, participants)
    _note("add", group, group, by, kind=kind, held=held_on is not None)
    return group


@transaction.atomic
def change_session(
    *,
    group: FocusGroup,
    held_on: date | None,
    minutes: int | None,
    not_held_reason: str,
    participants: Mapping[str, int | None],
    by: User | None,
) -> FocusGroup:
    """Change when a session was held and who was there; lines that were too many are read anew.

    Raises ValidationError when it then could not be: fewer people than votes, or not held with cards on the wall.
    """
    group = _locked(group)
    if held_on is None and not is_empty(group):
        raise ValidationError(
            {"held_on": _("Deze sessie heeft al kaartjes, stemmen of citaten. Dan is ze gehouden: vul de datum in.")}
        )
    group.held_on, group.minutes, group.not_held_reason = held_on, minutes, not_held_reason
    group.full_clean()
    group.save()
    _write_participants(group, participants)
    total = sum(count or 0 for count in participants.values())
    known = bool(participants) and None not in participants.values()
    for ranking in group.rankings.prefetch_related("ballots"):
        votes = ranking.ballots.count()
        if known and votes > total:
            raise ValidationError(
                _("In ronde %(round)s staan %(votes)s stemmen. Er waren dus minstens %(votes)s mensen.")
                % {"round": ranking.round, "votes": votes}
            )
        if known and ranking.points_each and sum((ranking.tally or {}).values()) > total * ranking.points_each:
            raise ValidationError(
                _("In ronde %(round)s staan meer stippen dan %(people)s mensen samen hebben.")
                % {"round": ranking.round, "people": total}
            )
        _read_drafts_again(ranking)
    write_named_themes([group.trajectory_id])
    _note("change", group, group, by, held=held_on is not None, people=total if known else None)
    return group


def _write_participants(group: FocusGroup, participants: Mapping[str, int | None]) -> None:
    group.participants.all().delete()
    Participants.objects.bulk_create(
        [Participants(focus_group=group, role=role, count=count) for role, count in participants.items() if count != 0]
    )


def is_empty(group: FocusGroup) -> bool:
    """Nothing was written down in this session."""
    return not any(
        related.exists()
        for related in (group.ideas.all(), group.options.all(), group.rankings.all(), group.quotes.all())
    )


@transaction.atomic
def remove_session(*, group: FocusGroup, by: User | None) -> None:
    """Take away a session that was added by mistake. Raises ValidationError when there is anything in it."""
    group = _locked(group)
    if not is_empty(group):
        raise ValidationError(_("In deze sessie staat al iets. Verwijder eerst de kaartjes, rondes en citaten."))
    _note("remove", group, group, by, kind=group.kind)
    group.delete()


# --- Cards


def _next_ref(letter: str, taken: Iterable[str]) -> str:
    numbers = [int(found[1]) for ref in taken if (found := re.fullmatch(rf"{letter}([0-9]{{1,9}})", ref))]
    return f"{letter}{max(numbers, default=0) + 1}"


def _next_position(cards: Any) -> int:
    return int(cards.aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def add_idea(
    *,
    group: FocusGroup,
    uuid: UUID,
    question: str,
    text: str,
    themes: Sequence[str] = (),
    topics: Sequence[str] = (),
    by: User | None,
) -> Idea:
    """Hang a card on the wall. The same `uuid` again is the same card, with the text that came first."""
    group = _locked(group)
    known = group.ideas.filter(uuid=uuid).first()
    if known is not None:
        return known
    idea = Idea(
        focus_group=group,
        uuid=uuid,
        ref=_next_ref("i", _refs_in_trajectory(group)),
        question=question,
        text=text,
        themes=list(themes),
        topics=list(topics),
        position=_next_position(group.ideas),
    )
    idea.full_clean()
    idea.save()
    _note("add", idea, group, by)
    return idea


@transaction.atomic
def change_idea(
    *, idea: Idea, question: str, text: str, themes: Sequence[str], topics: Sequence[str], by: User | None
) -> Idea:
    """Change what a card says and what it is about."""
    idea.question, idea.text, idea.themes, idea.topics = question, text, list(themes), list(topics)
    idea.full_clean()
    idea.save()
    _note("change", idea, idea.focus_group, by)
    return idea


@transaction.atomic
def move_idea(*, idea: Idea, question: str, by: User | None) -> Idea:
    """Hang a card under another question, last."""
    if idea.question != question:
        group = _locked(idea.focus_group)
        idea.question = question
        idea.position = _next_position(group.ideas)
        idea.full_clean()
        idea.save()
        _note("move", idea, group, by, question=question)
    return idea


@dataclass(frozen=True, slots=True)
class RemovedIdea:
    """A card that was taken off the wall, whole enough to hang it back."""

    uuid: str
    ref: str
    question: str
    text: str
    themes: list[str]
    topics: list[str]
    position: int
    options: list[str]


@transaction.atomic
def remove_idea(*, idea: Idea, by: User | None) -> RemovedIdea:
    """Take a card off the wall; what comes back is what `restore_idea` needs."""
    removed = RemovedIdea(
        uuid=str(idea.uuid),
        ref=idea.ref,
        question=idea.question,
        text=idea.text,
        themes=idea.themes,
        topics=idea.topics,
        position=idea.position,
        options=list(idea.options.values_list("ref", flat=True)),
    )
    _note("remove", idea, idea.focus_group, by)
    idea.delete()
    return removed


@transaction.atomic
def restore_idea(*, group: FocusGroup, removed: RemovedIdea, by: User | None) -> Idea:
    """Hang a card back where it was. Twice is once."""
    group = _locked(group)
    known = group.ideas.filter(uuid=removed.uuid).first()
    if known is not None:
        return known
    taken = _refs_in_trajectory(group)
    idea = Idea(
        focus_group=group,
        uuid=UUID(removed.uuid),
        ref=_next_ref("i", taken) if removed.ref in taken else removed.ref,
        question=removed.question,
        text=removed.text,
        themes=removed.themes,
        topics=removed.topics,
        position=removed.position,
    )
    idea.full_clean()
    idea.save()
    idea.options.set(group.options.filter(ref__in=removed.options))
    _note("restore", idea, group, by)
    return idea


# --- Options


@transaction.atomic
def add_option(
    *,
    group: FocusGroup,
    uuid: UUID,
    label: str,
    ideas: Sequence[Idea] = (),
    themes: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
    by: User | None,
) -> Option:
    """Put an option on the table. Without a label it takes that of its first idea; themes and topics of all its ideas.

    The same `uuid` again is the same option.
    """
    group = _locked(group)
    known = group.options.filter(uuid=uuid).first()
    if known is not None:
        return known
    refs = _refs_in_trajectory(group)
    # Cards that came from a file may have no numbers of their own: fix those people see now, before one is added.
    for number, option in numbered(group.options.all()).items():
        if option.position != number:
            option.position = number
            option.save(update_fields=["position"])
    option = Option(
        focus_group=group,
        uuid=uuid,
        ref=_next_ref("o", refs),
        label=label or (ideas[0].text if ideas else ""),
        themes=_united(ideas, "themes") if themes is None else list(themes),
        topics=_united(ideas, "topics") if topics is None else list(topics),
        position=_next_position(group.options),
    )
    option.full_clean()
    option.save()
    option.ideas.set(ideas)
    write_named_themes([group.trajectory_id])
    _note("add", option, group, by)
    return option


def _united(ideas: Iterable[Idea], field: str) -> list[str]:
    return list(dict.fromkeys(each for idea in ideas for each in getattr(idea, field)))


def _refs_in_trajectory(group: FocusGroup) -> set[str]:
    """Every ref that a card has or had: they are unique in the trajectory, so that its file can name them.

    Two sessions of one school at the same moment wait for each other here.
    """
    Trajectory.objects.select_for_update(no_key=True).get(pk=group.trajectory_id)
    trajectory = {"focus_group__trajectory": group.trajectory_id}
    cards = (model.objects.filter(**trajectory).values_list("ref", flat=True) for model in (Idea, Option))
    rounds = Ranking.objects.filter(**trajectory).values_list("option_refs", flat=True)
    return {*(ref for refs in cards for ref in refs), *(ref for refs in rounds for ref in refs)}


@transaction.atomic
def change_option(
    *,
    option: Option,
    label: str,
    ideas: Sequence[Idea],
    themes: Sequence[str],
    topics: Sequence[str],
    by: User | None,
) -> Option:
    """Change what an option says, what it was made of and what it is about; its number stays."""
    option.label, option.themes, option.topics = label, list(themes), list(topics)
    option.full_clean()
    option.save()
    option.ideas.set(ideas)
    write_named_themes([option.focus_group.trajectory_id])
    _note("change", option, option.focus_group, by)
    return option


@transaction.atomic
def remove_option(*, option: Option, by: User | None) -> None:
    """Take an option off the table. Raises ValidationError when people voted, or can vote, about it in a round."""
    group = _locked(option.focus_group)
    for ranking in group.rankings.all():
        if option.ref in ranking.option_refs or not ranking.option_refs:
            raise ValidationError(
                _("Deze optie doet mee in ronde %(round)s en blijft daarom staan. In een nieuwe ronde mag ze weg.")
                % {"round": ranking.round}
            )
    _note("remove", option, group, by)
    option.delete()
    write_named_themes([group.trajectory_id])


# --- Rounds


@transaction.atomic
def open_round(
    *,
    group: FocusGroup,
    number: int,
    method: str,
    points_each: int | None,
    options: Collection[Option],
    by: User | None,
) -> Ranking:
    """Open round `number` with these options on the table. Opened twice at the same moment is one round.

    Raises ValidationError when there is nothing to choose between.
    """
    group = _locked(group)
    known = group.rankings.filter(round=number).first()
    if known is not None:
        return known
    if not options:
        raise ValidationError({"options": _("Kies de opties die op tafel liggen.")})
    ranking = Ranking(
        focus_group=group,
        round=number,
        method=method,
        points_each=points_each if method in {Method.POINTS, Method.TALLY} else None,
        option_refs=[option.ref for option in sorted(options, key=lambda each: (each.position, each.pk))],
    )
    ranking.full_clean()
    ranking.save()
    _note("open", ranking, group, by, round=number, method=method)
    return ranking


@transaction.atomic
def remove_round(*, ranking: Ranking, by: User | None) -> None:
    """Take away the last round when nothing was written down in it. Raises ValidationError otherwise."""
    group = _locked(ranking.focus_group)
    written = ranking.tally or ranking.order or ranking.decision_order
    if written or ranking.ballots.exists() or ranking.drafts.exists():
        raise ValidationError(_("In deze ronde staan al stemmen. Rondes blijven bewaard: begin een nieuwe ronde."))
    if group.rankings.filter(round__gt=ranking.round).exists():
        raise ValidationError(_("Na deze ronde was er nog een. Rondes blijven bewaard."))
    _note("remove", ranking, group, by, round=ranking.round)
    ranking.delete()


def why_not_counted(ranking: Ranking, line: str, votes: int) -> str:
    """Why this line is not counted now, or "" when it can be. `votes`: ballots that already count."""
    group = ranking.focus_group
    try:
        read_line(ranking.method, line, on_the_table(ranking, list(group.options.all())), ranking.points_each)
    except BallotLineError as fault:
        return str(fault)
    present = people(group)
    if ranking.method != Method.CONSENSUS and present is not None and votes >= present:
        return _("Er zijn al %(votes)s stemmen van %(people)s mensen. Waren er meer? Pas het aantal aan bij Wie.") % {
            "votes": votes,
            "people": present,
        }
    return ""


@transaction.atomic
def record_line(*, ranking: Ranking, uuid: UUID, line: str, by: User | None) -> Ballot | DraftBallot:
    """Write down what one person wants, as typed: a ballot, or a draft when it cannot be counted.

    The same `uuid` again is the same person: the line takes the place of what was there.
    Raises ValidationError when the line is longer than any line could be.
    """
    group = _locked(ranking.focus_group)
    before = ranking.ballots.filter(uuid=uuid).first() or ranking.drafts.filter(uuid=uuid).first()
    position = (
        before.position if before else 1 + max(_next_position(each) for each in (ranking.ballots, ranking.drafts))
    )
    votes = ranking.ballots.exclude(uuid=uuid).count()
    if why_not_counted(ranking, line, votes):
        kept: Ballot | DraftBallot = DraftBallot(ranking=ranking, uuid=uuid, position=position, line=line)
        kept.clean_fields()
    else:
        kept = _ballot(ranking, uuid, position, line)
    ranking.ballots.filter(uuid=uuid).delete()
    ranking.drafts.filter(uuid=uuid).delete()
    kept.full_clean()
    kept.save()
    write_named_themes([group.trajectory_id])
    _note("change" if before else "add", kept, group, by, round=ranking.round)
    return kept


def _ballot(ranking: Ranking, uuid: UUID, position: int, line: str) -> Ballot:
    read = read_line(
        ranking.method, line, on_the_table(ranking, list(ranking.focus_group.options.all())), ranking.points_each
    )
    if isinstance(read, PointsBallot):
        return Ballot(ranking=ranking, uuid=uuid, position=position, points=dict(read.points))
    return Ballot(
        ranking=ranking,
        uuid=uuid,
        position=position,
        order=order_as_json(read.order),
        unseen=sorted(read.unseen) or None,
    )


def _read_drafts_again(ranking: Ranking) -> None:
    if ranking.method == Method.CONSENSUS:
        return
    votes = ranking.ballots.count()
    for draft in ranking.drafts.all():
        if not why_not_counted(ranking, draft.line, votes):
            _ballot(ranking, draft.uuid, draft.position, draft.line).save()
            draft.delete()
            votes += 1


@transaction.atomic
def remove_line(*, ranking: Ranking, uuid: UUID, by: User | None) -> None:
    """Take away one person's line."""
    for kept in (*ranking.ballots.filter(uuid=uuid), *ranking.drafts.filter(uuid=uuid)):
        _note("remove", kept, ranking.focus_group, by, round=ranking.round)
        kept.delete()
    write_named_themes([ranking.focus_group.trajectory_id])


@transaction.atomic
def record_tally(*, ranking: Ranking, tally: Mapping[str, int], by: User | None) -> Ranking:
    """Write down the totals. Raises ValidationError when they are more than all people have together."""
    group = _locked(ranking.focus_group)
    total, present = sum(tally.values()), people(group)
    if ranking.points_each and present is not None and total > present * ranking.points_each:
        raise ValidationError(
            _("Samen zijn dit %(total)s stippen. %(people)s mensen met elk %(each)s stippen hebben er samen %(all)s.")
            % {"total": total, "people": present, "each": ranking.points_each, "all": present * ranking.points_each}
        )
    ranking.tally = {ref: count for ref, count in tally.items() if count}
    ranking.full_clean()
    ranking.save()
    write_named_themes([group.trajectory_id])
    _note("count", ranking, group, by, round=ranking.round)
    return ranking


@transaction.atomic
def record_consensus(*, ranking: Ranking, line: str, by: User | None) -> Ranking:
    """Write down the one order that the group laid; a line that cannot be read is kept as a draft."""
    group = _locked(ranking.focus_group)
    ranking.drafts.all().delete()
    if why_not_counted(ranking, line, 0):
        draft = DraftBallot(ranking=ranking, position=1, line=line)
        draft.full_clean()
        draft.save()
    else:
        read = read_line(Method.ORDER, line, on_the_table(ranking, list(group.options.all())), None)
        assert isinstance(read, OrderBallot)  # noqa: S101 only a line of dots gives something else
        ranking.order = order_as_json(read.order)
        ranking.full_clean()
        ranking.save()
        write_named_themes([group.trajectory_id])
    _note("count", ranking, group, by, round=ranking.round)
    return ranking


@transaction.atomic
def decide(*, ranking: Ranking, order: OrderShape, reason: str, by: User | None) -> Ranking:
    """Write down what the group decided after seeing the count; it holds, and the count stays beside it."""
    ranking.decision_order = order_as_json(parse_order(order))
    ranking.decision_reason = reason
    ranking.full_clean()
    ranking.save()
    write_named_themes([ranking.focus_group.trajectory_id])
    _note("decide", ranking, ranking.focus_group, by, round=ranking.round)
    return ranking


@transaction.atomic
def withdraw_decision(*, ranking: Ranking, by: User | None) -> Ranking:
    """Take the decision back: the count holds again."""
    ranking.decision_order, ranking.decision_reason = None, ""
    ranking.save()
    write_named_themes([ranking.focus_group.trajectory_id])
    _note("withdraw", ranking, ranking.focus_group, by, round=ranking.round)
    return ranking


# --- Quotes


@transaction.atomic
def add_quote(
    *,
    group: FocusGroup,
    uuid: UUID,
    role: str,
    text: str,
    consent: str = Consent.TRAJECTORY,
    by: User | None,
) -> Quote:
    """Write down something that was said, with a role and how far it may go. The same `uuid` is the same quote."""
    group = _locked(group)
    known = group.quotes.filter(uuid=uuid).first()
    if known is not None:
        return known
    quote = Quote(
        focus_group=group,
        uuid=uuid,
        role=role,
        text=text,
        consent=consent,
        position=_next_position(group.quotes),
        author=by,
    )
    # An account that is gone leaves its quotes without author.
    quote.full_clean(exclude=["author"])
    quote.save()
    _note("add", quote, group, by)
    return quote


@transaction.atomic
def change_quote(*, quote: Quote, role: str, text: str, consent: str | None = None, by: User | None) -> Quote:
    """Change what was said, whose role it was, or how far it may go (None: as it was).

    A released quote is taken back with every change: what was looked at before the release was another one.
    """
    wanted = (role, text, consent or quote.consent)
    if wanted != (quote.role, quote.text, quote.consent):
        quote.released = False
    quote.role, quote.text, quote.consent = wanted
    # An account that is gone leaves its quotes without author.
    quote.full_clean(exclude=["author"])
    quote.save()
    _note("change", quote, quote.focus_group, by)
    return quote


@transaction.atomic
def remove_quote(*, quote: Quote, by: User | None) -> None:
    """Take a quote away."""
    _note("remove", quote, quote.focus_group, by)
    quote.delete()
