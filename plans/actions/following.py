"""Choosing from the version that holds, and following how it goes."""

import uuid as uuids
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from pilots.audit import record
from pilots.models import User
from plans.actions.frame import lock, plain, role_of
from plans.enums import ActionStatus, PlanStatus
from plans.figures import CHOSEN
from plans.models import Action, ActionNote, Plan
from plans.situation import year_1_limit


class NotReleasedError(Exception):
    """The version does not hold (yet, or any more): nothing can be chosen in it."""


@dataclass
class FullYearError(Exception):
    """More actions would be chosen in year 1 than the school said that fit, and nobody said why."""

    limit: int
    chosen: int


class NoReasonError(Exception):
    """An action is stopped, and nobody said why."""


def _holding(action: Action) -> tuple[Plan, Action]:
    """The version that holds and the action in it as it is now, locked."""
    lock(action.plan.trajectory)
    plan = Plan.objects.get(pk=action.plan_id)
    if plan.status != PlanStatus.RELEASED:
        raise NotReleasedError
    plan.trajectory = action.plan.trajectory
    found = Action.objects.get(pk=action.pk)
    found.plan = plan
    return plan, found


@transaction.atomic
def choose_action(
    *,
    action: Action,
    status: str,
    year: int,
    reason: str = "",
    note: str = "",
    uuid: uuids.UUID | None = None,
    by: User,
) -> Action:
    """Choose what to do and when, in the version that holds.

    Choosing more in year 1 than the school said that fit asks why, once: FullYearError without a `reason`, which the
    plan keeps. Stopping asks why too: NoReasonError without a `note` (`uuid` makes it the same note when sent twice).
    """
    plan, now = _holding(action)
    before = (now.status, now.year)
    if before != (status, year):
        if year == 1 and status in CHOSEN and not (now.year == 1 and now.status in CHOSEN):
            limit = year_1_limit(plan.trajectory)
            chosen = plan.actions.filter(year=1, status__in=CHOSEN).exclude(pk=now.pk).count() + 1
            if chosen > limit and not (reason.strip() or plan.year_1_reason.strip()):
                raise FullYearError(limit, chosen)
        now.status = status
        if now.year != year:
            now.year = year
            now.edited_fields = sorted({*now.edited_fields, "year"})
        _follow(now, plan, by, before, why=note)
    if reason.strip():
        say_why_more(plan=plan, reason=reason, by=by)
    add_note(action=now, text=note, uuid=uuid, by=by)
    return now


@transaction.atomic
def say_why_more(*, plan: Plan, reason: str, by: User) -> None:
    """Keep why more is chosen for the first year than fits, also in a draft of the next version."""
    reason = plain(reason)
    if reason == plan.year_1_reason:
        return
    plan.year_1_reason = reason
    plan.clean_fields(exclude=["body", "document"])
    Plan.objects.filter(pk=plan.pk).update(year_1_reason=reason)
    Plan.objects.drafts().filter(trajectory=plan.trajectory_id).update(year_1_reason=reason)
    record("year-1-reason-given", plan, by=by, trajectory_id=plan.trajectory_id)


@transaction.atomic
def follow_action(
    *, action: Action, status: str, note: str = "", uuid: uuids.UUID | None = None, on: date | None = None, by: User
) -> Action:
    """Say how a chosen action is going, in a status and a short note of day `on` (default today).

    What is not chosen yet is for who chooses: NotReleasedError. Stopping asks why: NoReasonError without a `note`.
    The same `uuid` again is the same note.
    """
    plan, now = _holding(action)
    if ActionStatus.OPEN in (now.status, status):
        raise NotReleasedError
    if now.status != status:
        before = (now.status, now.year)
        now.status = status
        _follow(now, plan, by, before, why=note)
    add_note(action=now, text=note, uuid=uuid, on=on, by=by)
    return now


@transaction.atomic
def add_note(
    *, action: Action, text: str, uuid: uuids.UUID | None = None, on: date | None = None, by: User
) -> ActionNote | None:
    """A short note on how it goes with an action; without a text there is none. The same `uuid` is the same note."""
    if not text.strip():
        return None
    trajectory = action.plan.trajectory
    there = ActionNote.objects.filter(uuid=uuid, trajectory=trajectory).first() if uuid else None
    if there is not None:
        return there
    note = ActionNote(
        trajectory=trajectory,
        lineage=action.lineage,
        uuid=uuid or uuids.uuid4(),
        on=on or timezone.localdate(),
        role=role_of(by, trajectory),
        text=plain(text),
        author=by,
    )
    note.full_clean()
    note.save()
    record("action-noted", note, by=by, trajectory_id=trajectory.pk, action=action.pk)
    return note


def _follow(action: Action, plan: Plan, by: User, before: tuple[str, int], *, why: str) -> None:
    """Save how it stands, also in a draft of the next version: that is about the same school at the same moment."""
    if action.status == ActionStatus.STOPPED and before[0] != ActionStatus.STOPPED and not why.strip():
        raise NoReasonError
    action.full_clean()
    action.save()
    for draft in Action.objects.filter(
        plan__trajectory=plan.trajectory_id, plan__status=PlanStatus.DRAFT, lineage=action.lineage
    ):
        draft.status = action.status
        draft.year = action.year
        draft.edited_fields = sorted({*draft.edited_fields, *({"year"} & set(action.edited_fields))})
        draft.save(update_fields=["status", "year", "edited_fields"])
    record(
        "action-chosen" if before[0] == ActionStatus.OPEN else "action-followed",
        action,
        by=by,
        trajectory_id=plan.trajectory_id,
        status=action.status,
        year=action.year,
        before=list(before),
    )
