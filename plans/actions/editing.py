"""Editing a draft: actions, own actions, and what is set aside."""

import uuid as uuids
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pilots.audit import record
from pilots.models import User
from pilots.vocabulary import vocabulary
from plans.actions.drafts import GENERATED, LISTED, generate_plan
from plans.actions.frame import EDITABLE, ClosedPlanError, ConflictError, change, draft_of, plain, role_of
from plans.enums import ActionStatus
from plans.models import Action, Plan, SetAside


@transaction.atomic
def edit_action(*, action: Action, values: Mapping[str, Any], revision: int, by: User | None) -> Action:
    """Write `values` (fields of EDITABLE) in an action of a draft.

    `revision` is the one that the writer saw. Raises ConflictError when somebody changed it since, with what it says
    now; ClosedPlanError after the release; ValidationError for what cannot be.
    """
    plan = draft_of(action.plan)
    now = Action.objects.select_related("plan__trajectory__school").get(pk=action.pk)
    changed = {
        name: plain(value)
        for name, value in values.items()
        if name in EDITABLE and plain(getattr(now, name)) != plain(value)
    }
    if not changed:
        return now
    if revision != now.revision:
        raise ConflictError(now)
    change(now, changed, role_of(by, plan.trajectory))
    record("action-edited", now, by=by, trajectory_id=plan.trajectory_id, fields=sorted(changed))
    return now


@transaction.atomic
def move_action(*, action: Action, year: int, by: User | None) -> Action:
    """Put an action of a draft in another year."""
    plan = draft_of(action.plan)
    now = Action.objects.get(pk=action.pk)
    if now.year != year:
        change(now, {"year": year}, role_of(by, plan.trajectory))
        record("action-moved", now, by=by, trajectory_id=plan.trajectory_id, year=year)
    return now


@transaction.atomic
def undo_edit(*, action: Action, by: User | None) -> Plan:
    """Back to the advice: what people wrote in the action goes. One that nothing asks for any more goes as a whole."""
    plan = draft_of(action.plan)
    now = Action.objects.get(pk=action.pk)
    if not now.own and (now.edited_fields or now.edited_by):
        now.edited_fields = []
        now.edited_by = ""
        now.save(update_fields=["edited_fields", "edited_by"])
        record("action-edit-undone", now, by=by, trajectory_id=plan.trajectory_id)
    return generate_plan(trajectory=plan.trajectory, by=by)


@transaction.atomic
def add_own_action(
    *, plan: Plan, uuid: uuids.UUID, topic: str, label: str, values: Mapping[str, Any], by: User | None
) -> Action:
    """Add an action of the school's own to a draft, at a topic or (topic empty) under an own label in `other`.

    The same `uuid` again is the same action. Raises ValidationError for what cannot be.
    """
    plan = draft_of(plan)
    there = Action.objects.filter(uuid=uuid, plan=plan).first()
    if there is not None:
        return there
    role = role_of(by, plan.trajectory)
    words = vocabulary()
    topic = (words.topics[topic].twin_of or topic) if topic else ""
    if any(each.topic == topic for each in plan.set_aside.all()):
        raise ValidationError({"topic": _("Dit onderwerp staat bij “bewust niet nu”. Haal het daar eerst terug.")})
    action = Action(
        uuid=uuid,
        plan=plan,
        section=words.topics[topic].section if topic else "other",
        topic=topic,
        label="" if topic else label,
        own=True,
        position=1 + max((each.position for each in plan.actions.all()), default=0),
        edited_by=role,
        **{name: plain(value) for name, value in values.items() if name in EDITABLE},
    )
    action.full_clean()
    action.save()
    record("action-added", action, by=by, trajectory_id=plan.trajectory_id)
    generate_plan(trajectory=plan.trajectory, by=by)
    return Action.objects.get(uuid=uuid)


@transaction.atomic
def remove_own_action(*, action: Action, by: User | None) -> Plan:
    """Take an own action out of a draft; what came from the advice can only be set aside with a reason."""
    plan = draft_of(action.plan)
    if not action.own:
        raise ClosedPlanError
    record("action-removed", action, by=by, trajectory_id=plan.trajectory_id, title=action.title)
    Action.objects.filter(pk=action.pk).delete()
    return generate_plan(trajectory=plan.trajectory, by=by)


@transaction.atomic
def set_aside(*, plan: Plan, topic: str, reason: str, by: User | None) -> Plan:
    """Leave a topic alone for now, with the reason; what people made of its actions is kept for when it comes back.

    Setting it aside again changes the reason. Raises ValidationError without a reason.
    """
    plan = draft_of(plan)
    row = next((each for each in plan.set_aside.all() if each.topic == topic), None)
    if row is not None and row.reason == plain(reason):
        return plan
    is_new = row is None
    row = row or SetAside(plan=plan, topic=topic)
    row.reason = plain(reason)
    row.by = role_of(by, plan.trajectory)
    if is_new:
        row.kept = [
            _as_kept(action)
            for action in plan.actions.all()
            if action.topic == topic and (action.own or action.edited_by or action.status != ActionStatus.OPEN)
        ]
    row.full_clean()
    row.save()
    Action.objects.filter(plan=plan, topic=topic).delete()
    record("topic-set-aside", row, by=by, trajectory_id=plan.trajectory_id, topic=topic)
    return generate_plan(trajectory=plan.trajectory, by=by)


KEPT_COLUMNS = (*GENERATED, *LISTED, "own", "edited_fields", "revision")


def _as_kept(action: Action) -> dict[str, Any]:
    values = {name: getattr(action, name) for name in KEPT_COLUMNS}
    return {**values, "uuid": str(action.uuid), "lineage": str(action.lineage)}


@transaction.atomic
def take_back(*, plan: Plan, topic: str, by: User | None) -> Plan:
    """Bring back a topic that was set aside, with what people had made of its actions."""
    plan = draft_of(plan)
    row = next((each for each in plan.set_aside.all() if each.topic == topic), None)
    if row is None:
        return plan
    Action.objects.bulk_create(Action(**{**kept, "plan": plan, "uuid": _free_uuid(kept["uuid"])}) for kept in row.kept)
    twins = [each.id for each in vocabulary().topics.values() if each.twin_of == topic]
    record("topic-taken-back", row, by=by, trajectory_id=plan.trajectory_id, topic=topic)
    plan.set_aside.filter(topic__in=[topic, *twins], reason=row.reason).delete()
    return generate_plan(trajectory=plan.trajectory, by=by)


def _free_uuid(text: str) -> uuids.UUID:
    """The uuid itself; a new one where an older version holds the row that had it."""
    found = uuids.UUID(text)
    return uuids.uuid4() if Action.objects.filter(uuid=found).exists() else found
