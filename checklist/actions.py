"""Publishing instruments, holding interviews, saving answers."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.loading import InstrumentSource
from checklist.models import Answer, AnswerContent, Instrument, Interview, Item
from checklist.snapshots import write_section_scores
from pilots import audit
from pilots.models import Trajectory, User


class FrozenInstrumentError(Exception):
    """The file of a published version says something else than what was published."""


@transaction.atomic
def publish_instruments(sources: Iterable[InstrumentSource], *, replace_unused: bool = False) -> list[Instrument]:
    """Publish the versions that are new; gives what was published, nothing when all stood there as they are.

    replace_unused: publish again what differs, as long as no interview uses it.
    Raises FrozenInstrumentError naming every version that differs, and publishes nothing then.
    """
    published: list[Instrument] = []
    frozen: list[str] = []
    for source in sources:
        known = Instrument.objects.select_for_update().filter(sector=source.sector, version=source.version).first()
        if known is not None and known.sha256 == source.sha256:
            continue
        if known is not None:
            used = known.interviews.exists()
            if used or not replace_unused:
                frozen.append(_frozen(source, used=used))
                continue
            known.delete()
        published.append(_publish(source))
    if frozen:
        raise FrozenInstrumentError("\n".join(frozen))
    return published


def _frozen(source: InstrumentSource, *, used: bool) -> str:
    why = "er zijn gesprekken mee gevoerd" if used else "gepubliceerd staat vast"
    return (
        f"{source.file}: versie {source.version} van {source.sector} staat er al met een andere inhoud, en {why}. "
        "Zet het bestand terug zoals het was en maak voor de wijziging een nieuwe versie, in een eigen bestand."
    )


def _publish(source: InstrumentSource) -> Instrument:
    instrument = Instrument.objects.create(
        sector=source.sector,
        version=source.version,
        title=source.title,
        intros=source.intros,
        sha256=source.sha256,
    )
    Item.objects.bulk_create(
        Item(
            instrument=instrument,
            code=item.code,
            domain=item.domain,
            position=position,
            text=item.text,
            help=item.help,
            topics=list(item.topics),
        )
        for position, item in enumerate(source.items, start=1)
    )
    audit.record("checklist.publish", instrument, by=None, sector=source.sector, version=source.version)
    return instrument


class InterviewIsFinalError(Exception):
    """Somebody wants to change an interview that is final."""


@transaction.atomic
def start_interview(
    *,
    trajectory: Trajectory,
    by: User,
    token: uuid.UUID,
    held_on: date,
    respondents: Sequence[str],
    mode: str,
    copy_from: Interview | None = None,
) -> Interview:
    """Start an interview with the newest instrument of the sector, empty or with the answers of `copy_from`.

    The same `token` again gives the interview that it started before. What the newer instrument no longer asks is
    not copied. Raises Instrument.DoesNotExist when there is no instrument, ValidationError when a value cannot be.
    """
    # Presses on one button come at the same moment too: the second waits here and then finds what the first made.
    Trajectory.objects.select_for_update().get(pk=trajectory.pk)
    started = Interview.objects.filter(started_with=token).first()
    if started is not None:
        if started.trajectory_id != trajectory.pk:
            raise ValidationError(_("Dit formulier is al gebruikt. Open de pagina opnieuw."))
        return started
    interview = Interview(
        trajectory=trajectory,
        instrument=Instrument.objects.newest_for(trajectory.school.sector),
        started_with=token,
        held_on=held_on,
        respondents=list(respondents),
        mode=mode,
    )
    interview.full_clean()
    interview.save()
    copied = _copy_answers(copy_from, interview, by) if copy_from is not None else 0
    write_section_scores([trajectory.pk])
    audit.record("checklist.start", interview, by=by, trajectory_id=trajectory.pk, mode=mode, copied=copied)
    return interview


def _copy_answers(source: Interview, target: Interview, by: User) -> int:
    items = {item.code: item for item in target.instrument.items.all()}
    answers = [
        Answer(
            interview=target,
            item=items[answer.item.code],
            score=answer.score,
            no_score=answer.no_score,
            priority=answer.priority,
            note=answer.note,
            changed_by=by,
        )
        for answer in source.answers.select_related("item")
        if answer.item.code in items
    ]
    return len(Answer.objects.bulk_create(answers))


def _locked(interview: Interview) -> Interview:
    """The interview as it is now, which nobody else changes until this transaction ends; raises when it is final.

    Its trajectory is locked with it: what is counted of a trajectory follows from all its interviews.
    """
    found = _either_locked(interview)
    if found.is_final:
        raise InterviewIsFinalError
    return found


def _either_locked(interview: Interview) -> Interview:
    rows = Interview.objects.select_related("trajectory").select_for_update(of=("self", "trajectory"), no_key=True)
    return rows.get(pk=interview.pk)


@transaction.atomic
def change_interview(*, interview: Interview, by: User, held_on: date, respondents: Sequence[str], mode: str) -> None:
    """Correct when and with whom an interview was held. Raises InterviewIsFinalError, ValidationError."""
    found = _locked(interview)
    found.held_on, found.respondents, found.mode = held_on, list(respondents), mode
    found.full_clean()
    found.save()
    write_section_scores([found.trajectory_id])
    audit.record("checklist.change", found, by=by, trajectory_id=found.trajectory_id, mode=mode)


@dataclass(frozen=True, slots=True)
class Save:
    """One answer to save: on which item, what, and the version of the answer that it was based on (0: none)."""

    item: Item
    content: AnswerContent
    based_on: int


@dataclass(frozen=True, slots=True)
class Saved:
    """How a save ended. answer: what stands there now (None: nothing). conflict: it is somebody else's and was kept."""

    answer: Answer | None
    conflict: bool = False

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0


@transaction.atomic
def save_answers(*, interview: Interview, saves: Sequence[Save], by: User) -> list[Saved]:
    """Save answers, each on its own: one that meets a version it does not know changes nothing and is a conflict.

    A save whose content already stands there is the same save again and succeeds, whatever its version. Saves in one
    interview go one after another. Raises InterviewIsFinalError; ValidationError when a value cannot be.
    """
    _locked(interview)
    items = [save.item.pk for save in saves]
    known = Answer.objects.select_related("changed_by").filter(interview=interview, item__in=items)
    there = {answer.item_id: answer for answer in known}
    saved = [_save(interview, save, there.get(save.item.pk), by) for save in saves]
    write_section_scores([interview.trajectory_id])
    return saved


def _save(interview: Interview, save: Save, answer: Answer | None, by: User) -> Saved:
    before = answer.content if answer else AnswerContent()
    if before.same_as(save.content):
        return Saved(answer)
    if answer is None:
        answer = Answer(interview=interview, item=save.item)
    elif answer.version != save.based_on:
        return Saved(answer, conflict=True)
    else:
        answer.version += 1
    answer.write(save.content)
    answer.changed_at, answer.changed_by = timezone.now(), by
    # Looks at the values without asking the database, which a page of fifteen answers would do a hundred times.
    answer.clean_fields(exclude={"interview", "item", "changed_by"})
    answer.save()
    audit.record(
        "checklist.answer",
        answer,
        by=by,
        trajectory_id=interview.trajectory_id,
        item=save.item.code,
        version=answer.version,
    )
    return Saved(answer)


@transaction.atomic
def make_final(*, interview: Interview, by: User) -> bool:
    """Make the interview final, for good; False when it was already.

    Raises ValidationError when nothing at all was answered.
    """
    found = _either_locked(interview)
    if found.is_final:
        return False
    if not Answer.objects.given().filter(interview=found).exists():
        raise ValidationError(_("Er is nog niets ingevuld. Beantwoord eerst een paar stellingen."))
    found.is_final, found.final_at = True, timezone.now()
    found.full_clean()
    found.save()
    write_section_scores([found.trajectory_id])
    audit.record("checklist.final", found, by=by, trajectory_id=found.trajectory_id)
    return True


@transaction.atomic
def remove_interview(*, interview: Interview, by: User) -> bool:
    """Remove an interview that was started by mistake; False when something was answered, which is never thrown away.

    Raises InterviewIsFinalError.
    """
    found = _locked(interview)
    if found.answers.exists():
        return False
    audit.record("checklist.remove", found, by=by, trajectory_id=found.trajectory_id)
    found.delete()
    write_section_scores([found.trajectory_id])
    return True
