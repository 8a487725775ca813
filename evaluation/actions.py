"""Holding evaluation interviews: start, save what is typed, finish, open again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.models import AnswerContent
from evaluation.enums import OTHER
from evaluation.figures.interviews import Row, content_of
from evaluation.loading import versions
from evaluation.models import JUDGED, Evaluation, EvaluationQuote, Experience, Factor, Line
from evaluation.reading import PROGRAMME, QUOTE, Place
from pilots import audit
from pilots.enums import Consent
from pilots.models import Trajectory, User


class EvaluationIsFinalError(Exception):
    """Somebody wants to change an interview that is over."""


@transaction.atomic
def start_evaluation(
    *, trajectory: Trajectory, uuid: UUID, side: str, held_on: date, respondents: Sequence[str], by: User
) -> Evaluation:
    """Start an interview with one side, led by the newest guide. The same `uuid` again is the same interview.

    Raises ValidationError when a value cannot be.
    """
    # Presses on one button come at the same moment too: the second waits here and then finds what the first made.
    Trajectory.objects.select_for_update().get(pk=trajectory.pk)
    known = Evaluation.objects.filter(uuid=uuid).first()
    if known is not None:
        if (known.trajectory_id, known.side) != (trajectory.pk, side):
            raise ValidationError(_("Dit formulier is al gebruikt. Open de pagina opnieuw."))
        return known
    evaluation = Evaluation(
        trajectory=trajectory,
        uuid=uuid,
        side=side,
        held_on=held_on,
        respondents=list(respondents),
        guide=versions(side)[-1],
    )
    evaluation.full_clean()
    evaluation.save()
    audit.record("evaluation.start", evaluation, by=by, trajectory_id=trajectory.pk, side=side)
    return evaluation


def _locked(evaluation: Evaluation) -> Evaluation:
    """The interview as it is now, which nobody else changes until this transaction ends; raises when it is over."""
    found = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if found.is_final:
        raise EvaluationIsFinalError
    return found


@transaction.atomic
def change_evaluation(*, evaluation: Evaluation, held_on: date, respondents: Sequence[str], by: User) -> None:
    """Correct when and with whom an interview was held. Raises EvaluationIsFinalError, ValidationError."""
    found = _locked(evaluation)
    found.held_on, found.respondents = held_on, list(respondents)
    found.full_clean()
    found.save()
    audit.record("evaluation.change", found, by=by, trajectory_id=found.trajectory_id)


@dataclass(frozen=True, slots=True)
class Save:
    """One field to save: where, what, and the version that it was based on (0: none).

    The content is that of a checklist answer: `value` the judgement, rating, tick or role; `priority` the consent of
    a quote; `note` the text.
    """

    place: Place
    content: AnswerContent
    based_on: int


@dataclass(frozen=True, slots=True)
class Saved:
    """How a save ended. row: what stands there now (None: nothing). conflict: it is somebody else's and was kept."""

    row: Row | None
    conflict: bool = False

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0


@transaction.atomic
def save_fields(*, evaluation: Evaluation, saves: Sequence[Save], by: User) -> list[Saved]:
    """Save fields, each on its own: one that meets a version it does not know changes nothing and is a conflict.

    A save whose content already stands there is the same save again and succeeds, whatever its version. Empty content
    takes the row away. Raises EvaluationIsFinalError; ValidationError when a value cannot be.
    """
    found = _locked(evaluation)
    return [_save(found, save, by) for save in saves]


def _row(evaluation: Evaluation, place: Place) -> Row | None:
    if place.kind == QUOTE and place.uuid:
        return EvaluationQuote.objects.filter(evaluation=evaluation, uuid=place.uuid).select_related("author").first()
    if place.kind == PROGRAMME:
        experiences = Experience.objects.filter(evaluation=evaluation, intervention=place.about)
        return experiences.select_related("changed_by").first()
    if place.is_factor:
        factors = Factor.objects.filter(evaluation=evaluation, kind=place.kind).select_related("changed_by")
        mine = factors.filter(uuid=place.uuid, factor=OTHER) if place.uuid else factors.filter(factor=place.about)
        return mine.first()
    lines = Line.objects.filter(evaluation=evaluation, subject=place.kind, about=place.about)
    return lines.select_related("changed_by").first()


def _new(evaluation: Evaluation, place: Place) -> Row:
    if place.kind == QUOTE and place.uuid:
        _refuse_taken(EvaluationQuote.objects.filter(uuid=place.uuid).exists())
        last = evaluation.quotes.aggregate(last=Max("position"))["last"]
        return EvaluationQuote(evaluation=evaluation, uuid=place.uuid, about=place.about, position=(last or 0) + 1)
    if place.kind == PROGRAMME:
        last = evaluation.experiences.aggregate(last=Max("position"))["last"]
        return Experience(evaluation=evaluation, intervention=place.about, position=(last or 0) + 1)
    if place.is_factor:
        last = evaluation.factors.aggregate(last=Max("position"))["last"]
        factor = Factor(evaluation=evaluation, kind=place.kind, factor=place.about, position=(last or 0) + 1)
        if place.uuid:
            _refuse_taken(Factor.objects.filter(uuid=place.uuid).exists())
            factor.uuid = place.uuid
        return factor
    return Line(evaluation=evaluation, subject=place.kind, about=place.about)


def _refuse_taken(taken: bool) -> None:
    if taken:
        raise ValidationError(_("Dit veld hoort bij een ander gesprek. Ververs de pagina."))


def _write(row: Row, content: AnswerContent, by: User) -> None:
    value = content.value
    row.text, row.changed_at = content.note, timezone.now()
    match row:
        case EvaluationQuote():
            row.role = str(value or "")
            row.consent = content.priority or Consent.TRAJECTORY
            row.released = False  # what was looked at before the release was another text
            row.author = by
            return
        case Line() if row.subject in JUDGED:
            row.judgement = str(value or "")
        case Line() | Experience():
            row.rating = value if isinstance(value, int) else None
    row.changed_by = by


def _is_empty(place: Place, content: AnswerContent) -> bool:
    """Nothing is left of it. A quote and an own factor are their text."""
    if place.kind == QUOTE or place.is_own_factor:
        return not content.note.strip()
    return content.value is None and not content.note.strip()


def _save(evaluation: Evaluation, save: Save, by: User) -> Saved:
    row = _row(evaluation, save.place)
    content = AnswerContent() if _is_empty(save.place, save.content) else save.content
    if content_of(row).same_as(content):
        return Saved(row)
    if (row.version if row else 0) != save.based_on:
        return Saved(row, conflict=True)
    evaluation.revision += 1
    evaluation.save(update_fields=["revision"])
    verb = "evaluation.say"
    if content.is_empty and row is not None:
        verb = "evaluation.unsay"
        _record(verb, evaluation, row, save.place, by)
        row.delete()
        return Saved(None)
    row = row or _new(evaluation, save.place)
    _write(row, content, by)
    row.version = evaluation.revision
    # Looks at the values without asking the database, which a page with many fields would do a hundred times.
    row.clean_fields(exclude={"evaluation", "changed_by", "author"})
    row.save()
    _record(verb, evaluation, row, save.place, by)
    return Saved(row)


def _record(verb: str, evaluation: Evaluation, row: Row, place: Place, by: User) -> None:
    detail = {"place": place.kind, "about": place.about, "version": evaluation.revision}
    audit.record(verb, row, by=by, trajectory_id=evaluation.trajectory_id, **detail)


@transaction.atomic
def finish_evaluation(*, evaluation: Evaluation, by: User) -> bool:
    """The interview is over and counts from now on; False when it was already.

    Raises ValidationError when nothing at all was written down.
    """
    found = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if found.is_final:
        return False
    if is_untouched(found):
        raise ValidationError(_("Er is nog niets opgeschreven. Leg eerst iets vast van het gesprek."))
    found.is_final = True
    found.save(update_fields=["is_final"])
    audit.record("evaluation.finish", found, by=by, trajectory_id=found.trajectory_id, side=found.side)
    return True


@transaction.atomic
def reopen_evaluation(*, evaluation: Evaluation, by: User) -> bool:
    """Go on writing in an interview that was over; False when it was open. Until it is over again it does not count."""
    found = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if not found.is_final:
        return False
    found.is_final = False
    found.save(update_fields=["is_final"])
    audit.record("evaluation.reopen", found, by=by, trajectory_id=found.trajectory_id, side=found.side)
    return True


def is_untouched(evaluation: Evaluation) -> bool:
    """Nothing was written down in this interview."""
    related = (evaluation.lines, evaluation.factors, evaluation.experiences, evaluation.quotes)
    return not any(each.exists() for each in related)


@transaction.atomic
def remove_evaluation(*, evaluation: Evaluation, by: User) -> bool:
    """Remove an interview that was started by mistake; False when something stands in it, which is never thrown away.

    Raises EvaluationIsFinalError.
    """
    found = _locked(evaluation)
    if not is_untouched(found):
        return False
    audit.record("evaluation.remove", found, by=by, trajectory_id=found.trajectory_id, side=found.side)
    found.delete()
    return True
