"""Dates of steps, and the journal of a trajectory."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from pilots.audit import record
from pilots.enums import JournalKind
from pilots.figures import undone_dates
from pilots.models import JournalEntry, StepDate, TeamMember, Trajectory, User
from pilots.registry import registry


@transaction.atomic
def plan_steps(
    *,
    trajectory: Trajectory,
    planned: Mapping[int, date | None],
    done: Mapping[int, date | None],
    attended: Mapping[int, bool],
    by: User | None,
) -> None:
    """Set dates of steps, and who of the team (by the number of the membership) came to the start meeting.

    What is not named stays as it is. `done` takes steps 2 and 7 only: ValidationError for another.
    """
    Trajectory.objects.select_for_update().get(pk=trajectory.pk)
    there = {each.step: each for each in StepDate.objects.filter(trajectory=trajectory)}
    changes: dict[str, Any] = {}
    for number in sorted({*planned, *done}):
        step = there.get(number) or StepDate(trajectory=trajectory, step=number)
        before = (step.planned, step.done)
        step.planned = planned.get(number, step.planned)
        step.done = done.get(number, step.done)
        if (step.planned, step.done) == before:
            continue
        step.full_clean()
        step.save()
        changes[str(number)] = {"planned": str(step.planned or ""), "done": str(step.done or "")}
    for number, came in attended.items():
        TeamMember.objects.filter(pk=number, trajectory=trajectory).update(at_start_meeting=came)
    if changes or attended:
        record("steps-planned", trajectory, by=by, trajectory_id=trajectory.pk, steps=changes, attended=len(attended))


@transaction.atomic
def write_entry(*, entry: JournalEntry, by: User | None, move_dates: bool = False) -> JournalEntry:
    """Add or change a note or a pause. The same new entry a second time is the same entry.

    move_dates: what is planned from the first day of the pause on moves by as many days as the pause got longer;
    one without an end moves it when it ends. Raises ValidationError for what the database would refuse.
    """
    added = entry.pk is None
    before = None if added else JournalEntry.objects.select_for_update().get(pk=entry.pk)
    if added:
        entry.author = by
        Trajectory.objects.select_for_update().get(pk=entry.trajectory_id)
        same = JournalEntry.objects.filter(
            trajectory=entry.trajectory_id, kind=entry.kind, start=entry.start, end=entry.end,
            reason=entry.reason, text=entry.text, author=by,
        ).first()  # fmt: skip
        if same is not None:
            return same
    entry.full_clean()
    entry.save()
    record(f"{entry.kind}-{'added' if added else 'changed'}", entry, by=by, trajectory_id=entry.trajectory_id)
    if move_dates:
        _move_dates(entry, pause_days(entry) - (pause_days(before) if before else 0), by)
    return entry


@transaction.atomic
def end_pause(*, entry: JournalEntry, last_day: date, by: User | None, move_dates: bool = False) -> None:
    """The pause ends with `last_day`. Raises ValidationError when it had not begun by then.

    move_dates: as in `write_entry`; a pause that ends earlier than was written brings dates back.
    """
    entry = JournalEntry.objects.select_for_update(of=("self",)).select_related("trajectory").get(pk=entry.pk)
    if entry.kind != JournalKind.PAUSE or entry.end == last_day:
        return
    before = pause_days(entry)
    entry.end = last_day
    entry.full_clean()
    entry.save()
    record("pause-ended", entry, by=by, trajectory_id=entry.trajectory_id, end=str(last_day))
    if move_dates:
        _move_dates(entry, pause_days(entry) - before, by)


def pause_days(entry: JournalEntry) -> int:
    """How many days a pause lasts, both ends included; 0 for a note and for a pause without an end."""
    if entry.kind != JournalKind.PAUSE or entry.end is None:
        return 0
    return (entry.end - entry.start).days + 1


def _move_dates(entry: JournalEntry, days: int, by: User | None) -> None:
    """Move what is planned from the start of a pause on, whichever app planned it."""
    trajectory = entry.trajectory
    moved = [each for dates in registry.planned for each in dates.find(trajectory, entry.start)]
    if not days or not moved:
        return
    for dates in registry.planned:
        dates.move(trajectory, entry.start, days)
    record("dates-moved", entry, by=by, trajectory_id=trajectory.pk, days=days, dates=len(moved))


def move_steps(trajectory: Trajectory, start: date, days: int) -> None:
    """Move the planned dates of steps that are not done, from `start` on; called inside a transaction."""
    for number, day in undone_dates(trajectory, start).items():
        StepDate.objects.filter(trajectory=trajectory, step=number).update(planned=day + timedelta(days=days))


@transaction.atomic
def delete_entry(*, entry: JournalEntry, by: User | None) -> None:
    """Take an entry out of the journal."""
    record(f"{entry.kind}-deleted", entry, by=by, trajectory_id=entry.trajectory_id)
    entry.delete()
