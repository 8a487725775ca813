"""Talking about a version, and making a draft the version that holds."""

import uuid as uuids
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from pilots.actions import order_document
from pilots.audit import record
from pilots.models import User
from plans.actions.frame import NamesFoundError, change, draft_of, lock, plain, role_of
from plans.document import build
from plans.enums import PlanStatus
from plans.figures import NAME_LEFT_OUT, masked, names_in, sources_of
from plans.models import Comment, Plan


@transaction.atomic
def add_comment(*, plan: Plan, uuid: uuids.UUID, section: str, text: str, by: User) -> Comment:
    """A remark on a version or on one of its sections. The same `uuid` again is the same remark."""
    lock(plan.trajectory)
    there = Comment.objects.filter(uuid=uuid, plan=plan).first()
    if there is not None:
        return there
    comment = Comment(
        plan=plan, uuid=uuid, section=section, text=plain(text), role=role_of(by, plan.trajectory), author=by
    )
    comment.full_clean()
    comment.save()
    record("plan-commented", comment, by=by, trajectory_id=plan.trajectory_id, section=section)
    return comment


@transaction.atomic
def agree(*, plan: Plan, by: User) -> Comment:
    """The director agrees with this version; once is enough."""
    lock(plan.trajectory)
    there = plan.comments.filter(agrees=True, author=by).first()
    if there is not None:
        return there
    comment = Comment.objects.create(plan=plan, role="director", agrees=True, author=by)
    record("plan-agreed", plan, by=by, trajectory_id=plan.trajectory_id, version=plan.version)
    return comment


@transaction.atomic
def mask_name(*, plan: Plan, name: str, by: User | None) -> Plan:
    """Leave `name` out wherever this draft is shown, exported or printed, and out of what was written in it."""
    plan = draft_of(plan)
    if name not in plan.names_masked:
        plan.names_masked = [*plan.names_masked, name]
        plan.full_clean()
        plan.save(update_fields=["names_masked"])
        # The name itself must not stand in the audit trail.
        record("plan-name-masked", plan, by=by, trajectory_id=plan.trajectory_id)
    written = ("title", "text", "period", "first_step", "sign")
    for action in plan.actions.all():
        clean = {field: masked(getattr(action, field), [name]) for field in written}
        changed = {field: value for field, value in clean.items() if value != getattr(action, field)}
        if changed:
            change(action, changed, role_of(by, plan.trajectory))
    for aside in plan.set_aside.all():
        if NAME_LEFT_OUT in (reason := masked(aside.reason, [name])) and reason != aside.reason:
            aside.reason = reason
            aside.save(update_fields=["reason"])
    return plan


@transaction.atomic
def release_plan(*, plan: Plan, by: User | None, names_declared: Collection[str] = ()) -> Plan:
    """Make this draft the version that holds. From now on it never changes; the one before it is superseded.

    `names_declared`: names about which `by` says, on record, that they are no pupil's or parent's. Raises
    NamesFoundError when other names stand in the plan. Releasing a second time gives the released version.
    """
    trajectory = plan.trajectory
    lock(trajectory)
    plan = Plan.objects.prefetch_related("actions", "set_aside").get(pk=plan.pk)
    plan.trajectory = trajectory
    if plan.status != PlanStatus.DRAFT:
        return plan
    plan.names_declared = sorted({*plan.names_declared, *names_declared})
    if names := names_in(plan, sources_of(trajectory)):
        raise NamesFoundError(names)
    if names_declared:
        plan.names_declared_by = by.email if by else ""
    trajectory.plans.released().update(status=PlanStatus.SUPERSEDED)
    plan.status = PlanStatus.RELEASED
    plan.released_on = timezone.localdate()
    plan.released_by = role_of(by, trajectory)
    plan.document = masked(build(plan), plan.names_masked)
    plan.full_clean()
    plan.save()
    order_document(trajectory=trajectory, kind="plan", object_id=plan.pk, by=by)
    record(
        "plan-released",
        plan,
        by=by,
        trajectory_id=trajectory.pk,
        version=plan.version,
        names_declared=len(plan.names_declared),
    )
    return plan
