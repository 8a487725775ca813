"""The support trajectory (step 7): its sessions, planned and held, and the day on which it is done."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from pilots.actions import plan_steps
from pilots.audit import record
from pilots.models import Trajectory, User
from plans.actions.frame import lock, plain
from plans.models import SupportSession

STEP = 7


@transaction.atomic
def add_session(*, session: SupportSession, by: User | None) -> SupportSession:
    """Add a session, planned or held. The same `uuid` again is the same session.

    Raises ValidationError for what the database would refuse.
    """
    lock(session.trajectory)
    there = SupportSession.objects.filter(uuid=session.uuid, trajectory=session.trajectory_id).first()
    if there is not None:
        return there
    session.note = plain(session.note)
    session.full_clean()
    session.save()
    record("support-added", session, by=by, trajectory_id=session.trajectory_id, component=session.component)
    return session


@transaction.atomic
def change_session(*, session: SupportSession, changed: Iterable[str], by: User | None) -> None:
    """Change a session; `changed` names the fields, and only those are written, so that two people who change
    different things both succeed. Raises ValidationError for what the database would refuse."""
    fields = sorted(changed)
    if not fields:
        return
    session.note = plain(session.note)
    session.full_clean()
    session.save(update_fields=fields)
    record("support-changed", session, by=by, trajectory_id=session.trajectory_id, fields=fields)


@transaction.atomic
def remove_session(*, session: SupportSession, by: User | None) -> None:
    """Take a session out of the list."""
    record("support-removed", session, by=by, trajectory_id=session.trajectory_id, component=session.component)
    session.delete()


def finish_support(*, trajectory: Trajectory, on: date, by: User | None) -> None:
    """The support trajectory is done since day `on`: step 7 of the trajectory."""
    plan_steps(trajectory=trajectory, planned={}, done={STEP: on}, attended={}, by=by)


def move_sessions(trajectory: Trajectory, start: date, days: int) -> None:
    """Move what is planned from `start` on and not held yet by `days`; called inside a transaction."""
    SupportSession.objects.filter(trajectory=trajectory, held_on__isnull=True, planned_on__gte=start).update(
        planned_on=F("planned_on") + timedelta(days=days)
    )
