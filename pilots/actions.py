"""What people do to schools, teams, trajectories and documents: one transaction each, with an audit row in it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from pilots.audit import record
from pilots.enums import DocumentState, JournalKind
from pilots.models import Document, JournalEntry, School, StepDate, TeamMember, Trajectory, User
from pilots.registry import registry
from pilots.tasks import nudge

# Schools


def same_school(school: School) -> School | None:
    """Another school with the same BRIN and location, or the same name and place."""
    same = Q(name__iexact=school.name, place__iexact=school.place, sector=school.sector)
    if school.brin:
        same |= Q(brin=school.brin, location=school.location)
    return School.objects.filter(same).exclude(pk=school.pk).first()


@transaction.atomic
def save_school(*, school: School, by: User | None) -> School:
    """Add or change a school. Raises ValidationError for what the database would refuse."""
    school.full_clean()
    added = school.pk is None
    school.save()
    record("school-added" if added else "school-changed", school, by=by, name=school.name)
    return school


# Trajectories


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:70].strip("-") or "school"


@transaction.atomic
def start_trajectory(*, trajectory: Trajectory, by: User | None) -> tuple[Trajectory, bool]:
    """Begin a trajectory for its school, with a reference made of the school's name and the cohort.

    A school walks once in a cohort: when that trajectory is there, it is given back and nothing changes. The second
    value says whether a new one was made. Raises ValidationError for what the database would refuse.
    """
    # Two at the same time wait for each other here.
    School.objects.select_for_update().get(pk=trajectory.school_id)
    there = Trajectory.objects.filter(school=trajectory.school_id, cohort=trajectory.cohort).first()
    if there is not None:
        return there, False
    base = _slug(f"{trajectory.school.name} {trajectory.cohort}")
    if base.startswith("demo-"):  # what begins so is fictional, and is marked as such everywhere
        base = f"school-{base}"
    taken = set(Trajectory.objects.filter(reference__startswith=base).values_list("reference", flat=True))
    number = 2
    trajectory.reference = base
    while trajectory.reference in taken:
        trajectory.reference = f"{base}-{number}"
        number += 1
    trajectory.full_clean()
    trajectory.save()
    record("trajectory-started", trajectory, by=by, trajectory_id=trajectory.pk, reference=trajectory.reference)
    return trajectory, True


@transaction.atomic
def save_profile(*, trajectory: Trajectory, changed: Iterable[str], by: User | None) -> None:
    """Change the profile; `changed` names the fields, and only those are written, so that two people who change
    different things both succeed. Raises ValidationError for what the database would refuse."""
    fields = sorted(changed)
    if not fields:
        return
    trajectory.full_clean()
    trajectory.save(update_fields=fields)
    record("profile-changed", trajectory, by=by, trajectory_id=trajectory.pk, fields=fields)


# The team


def account_for(*, email: str, name: str, by: User | None) -> User:
    """The account with this e-mail address, or a new one that waits for its invitation."""
    found = User.objects.filter(email__iexact=email.strip()).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            user = User.objects.create_user(email=email, name=name)
            record("account-added", user, by=by)
            return user
    except IntegrityError:  # somebody else was just before us
        return User.objects.get(email__iexact=email.strip())


@transaction.atomic
def add_member(
    *, trajectory: Trajectory, email: str, name: str, role: str, by: User | None, at_start_meeting: bool = False
) -> tuple[TeamMember, bool]:
    """Give the person with this e-mail address a role. The second value says whether that was new."""
    user = account_for(email=email, name=name, by=by)
    member, added = TeamMember.objects.get_or_create(
        trajectory=trajectory, user=user, role=role, defaults={"at_start_meeting": at_start_meeting}
    )
    if added:
        record("member-added", member, by=by, trajectory_id=trajectory.pk, user=user.email, role=role)
    return member, added


@transaction.atomic
def remove_member(*, member: TeamMember, by: User | None) -> None:
    """Take a role from a person; the account stays."""
    record(
        "member-removed", member, by=by, trajectory_id=member.trajectory_id, user=member.user.email, role=member.role
    )
    member.delete()


@transaction.atomic
def replace_member(*, member: TeamMember, email: str, name: str, by: User | None) -> TeamMember:
    """Somebody else takes over the role."""
    trajectory, role = member.trajectory, member.role
    if member.user.email.lower() == email.strip().lower():
        return member
    remove_member(member=member, by=by)
    return add_member(trajectory=trajectory, email=email, name=name, role=role, by=by)[0]


# Steps and journal


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
def write_entry(*, entry: JournalEntry, by: User | None) -> JournalEntry:
    """Add or change a note or a pause. The same new entry a second time is the same entry.

    Raises ValidationError for what the database would refuse.
    """
    added = entry.pk is None
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
    return entry


@transaction.atomic
def end_pause(*, entry: JournalEntry, last_day: date, by: User | None) -> None:
    """The pause ends with `last_day`. Raises ValidationError when it had not begun by then."""
    if entry.kind != JournalKind.PAUSE or entry.end == last_day:
        return
    entry.end = last_day
    entry.full_clean()
    entry.save()
    record("pause-ended", entry, by=by, trajectory_id=entry.trajectory_id, end=str(last_day))


@transaction.atomic
def delete_entry(*, entry: JournalEntry, by: User | None) -> None:
    """Take an entry out of the journal."""
    record(f"{entry.kind}-deleted", entry, by=by, trajectory_id=entry.trajectory_id)
    entry.delete()


# Documents


@transaction.atomic
def order_document(*, trajectory: Trajectory, kind: str, object_id: int, by: User | None) -> Document:
    """The document of one object: made by a worker as soon as this transaction is committed, once for each object.

    Never fails because the queue is away: the row waits, and beat finds it. Raises KeyError for an unknown kind.
    """
    registry.documents[kind]
    document, ordered = Document.objects.get_or_create(
        kind=kind, object_id=object_id, defaults={"trajectory": trajectory}
    )
    if ordered:
        record("document-ordered", document, by=by, trajectory_id=trajectory.pk, kind=kind, object_id=object_id)
        transaction.on_commit(partial(nudge, document.pk))
    return document


@transaction.atomic
def retry_document(*, document: Document, by: User | None) -> None:
    """Try a failed document again; another one is left alone."""
    again = Document.objects.filter(pk=document.pk, state=DocumentState.FAILED).update(
        state=DocumentState.QUEUED, attempts=0, error="", touched_at=timezone.now()
    )
    if again:
        record("document-retried", document, by=by, trajectory_id=document.trajectory_id)
        transaction.on_commit(partial(nudge, document.pk))
