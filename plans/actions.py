"""What people do with a plan: one transaction each, with an audit row in it."""

import uuid as uuids
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pilots.actions import order_document
from pilots.audit import record
from pilots.models import TeamMember, Trajectory, User
from pilots.vocabulary import vocabulary
from plans.document import build
from plans.enums import ActionStatus, PlanStatus
from plans.figures import CHOSEN, NAME_LEFT_OUT, NameFound, masked, names_in, newest, sources_of
from plans.generator import Action as MadeAction
from plans.generator import Plan as MadePlan
from plans.generator import generate
from plans.library import library
from plans.models import Action, Comment, Plan, SetAside
from plans.situation import read_situation, year_1_limit

EDITABLE = ("title", "text", "year", "period", "owner", "first_step", "sign", "support", "partners")
# What a new draft may change in an action that is there already.
GENERATED = ("section", "topic", "label", "advice", "title", "text", "year", "period", "owner", "first_step", "sign")
LISTED = ("status", "support", "partners", "interventions", "intervention_ids", "edited_by", "position")


class ClosedPlanError(Exception):
    """The version is not a draft any more: what it says stands."""


class NotReleasedError(Exception):
    """The version does not hold (yet, or any more): nothing can be chosen in it."""


@dataclass
class ConflictError(Exception):
    """Somebody else changed the action in the meantime; `current` is what it says now."""

    current: Action


@dataclass
class NamesFoundError(Exception):
    """Names stand in the plan that nobody masked or declared (P10)."""

    names: list[NameFound] = field(default_factory=list)


@dataclass
class FullYearError(Exception):
    """More actions would be chosen in year 1 than the school said that fit, and nobody said why."""

    limit: int
    chosen: int


ROLE_ORDER = ("researcher", "gsa", "director", "coordinator", "admin")


def role_of(by: User | None, trajectory: Trajectory) -> str:
    """The role in which `by` acts here; the program itself acts as admin."""
    if by is None:
        return "admin"
    roles = set(trajectory.roles)
    if not roles:
        roles = set(TeamMember.objects.filter(trajectory=trajectory, user=by).values_list("role", flat=True))
    return next((role for role in ROLE_ORDER if role in roles), "admin")


def _lock(trajectory: Trajectory) -> None:
    """Whoever changes plans of this trajectory waits for who does so now."""
    Trajectory.objects.select_for_update(of=("self",)).get(pk=trajectory.pk)


def _draft(plan: Plan) -> Plan:
    """The plan as it is now, locked; ClosedPlanError when it is no draft."""
    _lock(plan.trajectory)
    found = Plan.objects.prefetch_related("actions", "set_aside").get(pk=plan.pk)
    if found.status != PlanStatus.DRAFT:
        raise ClosedPlanError
    found.trajectory = plan.trajectory
    return found


# --- The draft


@transaction.atomic
def generate_plan(*, trajectory: Trajectory, by: User | None) -> Plan:
    """The draft plan of today: a new one, or the one that was there, renewed.

    What people edited, chose, added and set aside stays. After a release it is the next version. When nothing changed
    since the last time, nothing is written.
    """
    _lock(trajectory)
    base = newest(trajectory)
    made = generate(read_situation(trajectory, base), library())
    body = _body(made)
    if base is not None and base.status == PlanStatus.DRAFT:
        changed = _write_actions(base, made, base.actions.all())
        if base.body != body:
            base.body = body
            changed = True
        if changed:
            base.generated_at = timezone.now()
            base.save(update_fields=["body", "generated_at"])
            record("plan-renewed", base, by=by, trajectory_id=trajectory.pk, version=base.version)
        return newest(trajectory) or base
    plan = Plan(
        trajectory=trajectory,
        version=base.version + 1 if base else 1,
        body=body,
        names_masked=base.names_masked if base else [],
    )
    plan.full_clean()
    plan.save()
    if base is not None:
        SetAside.objects.bulk_create(
            SetAside(plan=plan, topic=each.topic, reason=each.reason, by=each.by, kept=each.kept)
            for each in base.set_aside.all()
        )
    _write_actions(plan, made, base.actions.all() if base else ())
    record("plan-generated", plan, by=by, trajectory_id=trajectory.pk, version=plan.version)
    return newest(trajectory) or plan


def _body(made: MadePlan) -> dict[str, Any]:
    """What the generator found, without the actions and what is set aside: those are rows."""
    found = made.as_json()
    for section in found["sections"]:
        for entry in section["attention"]:
            del entry["actions"]
    return {"sections": found["sections"], "coverage": found["coverage"], "library": library().fingerprint}


def _write_actions(plan: Plan, made: MadePlan, there: Iterable[Action]) -> bool:
    """Make the rows of `plan` say what was made; `there` are the rows of the version it was made from."""
    known: dict[tuple[str, str, str], list[Action]] = {}
    for action in there:
        known.setdefault((action.topic, action.label, "own" if action.own else action.advice), []).append(action)
    renew: list[Action] = []
    add: list[Action] = []
    position = 0
    for section in made.sections:
        for entry in section.attention:
            for each in entry.actions:
                position += 1
                key = (
                    entry.topic or "",
                    "" if entry.topic else entry.label or "",
                    "own" if each.own else each.advice or "",
                )
                was = _same(known.get(key, []), each)
                action = _action(plan, was)
                values = _values(each, section.section, key, plan.trajectory.school.sector, was)
                written = any(getattr(action, name) != value for name, value in values.items())
                moved = action.position != position
                for name, value in values.items():
                    setattr(action, name, value)
                action.position = position
                if was is None or was.plan_id != plan.pk:
                    add.append(action)
                elif written or moved:
                    action.revision += written
                    renew.append(action)
    gone = [action.pk for actions in known.values() for action in actions if action.plan_id == plan.pk]
    if gone:
        Action.objects.filter(pk__in=gone).delete()
    Action.objects.bulk_update(renew, [*GENERATED, *LISTED, "revision"])
    Action.objects.bulk_create(add)
    return bool(gone or renew or add)


def _same(candidates: list[Action], made: MadeAction) -> Action | None:
    """The row that this action was made from, taken out of the candidates."""
    if not candidates:
        return None
    if made.own:  # several at one topic: the one that says the same
        for index, each in enumerate(candidates):
            if (each.text, each.first_step, each.sign, each.status, each.year) == (
                made.text, made.first_step, made.sign, made.status, made.year,
            ):  # fmt: skip
                return candidates.pop(index)
    return candidates.pop(0)


def _action(plan: Plan, was: Action | None) -> Action:
    """The row to write: the one of this plan, a copy from the version before, or a new one."""
    if was is None:
        return Action(plan=plan, position=0)
    if was.plan_id == plan.pk:
        return was
    return Action(
        plan=plan, lineage=was.lineage, own=was.own, title=was.title, edited_fields=list(was.edited_fields), position=0
    )


def _values(
    made: MadeAction, section: str, key: tuple[str, str, str], sector: str, was: Action | None
) -> dict[str, Any]:
    """The fields of a row as generated, with what people wrote in it."""
    interventions = [
        {
            "intervention": offer.intervention,
            "use": offer.use,
            "reason": offer.reason,
            "recognition": offer.recognition,
        }
        for offer in made.interventions
    ]
    advice = library().advice.get(made.advice or "")
    title = advice.title.get(sector, "") if advice else ""
    if was is not None and (was.own or "title" in was.edited_fields):
        title = was.title
    elif not title and key[1]:
        title = _("Samen uitwerken: %(label)s") % {"label": " ".join(key[1].split())[:200]}
    return {
        "section": section,
        "topic": key[0],
        "label": key[1],
        "advice": made.advice or "",
        "title": title,
        "text": made.text,
        "year": made.year,
        "period": made.period,
        "owner": made.owner,
        "first_step": made.first_step,
        "sign": made.sign,
        "status": made.status,
        "support": list(made.support),
        "partners": list(made.partners),
        "interventions": interventions,
        "intervention_ids": [each["intervention"] for each in interventions],
        "edited_by": made.edited_by or "",
    }


# --- Editing


def _text(value: Any) -> Any:
    """A browser writes line ends its own way, which is no change."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


@transaction.atomic
def edit_action(*, action: Action, values: Mapping[str, Any], revision: int, by: User | None) -> Action:
    """Write `values` (fields of EDITABLE) in an action of a draft.

    `revision` is the one that the writer saw. Raises ConflictError when somebody changed it since, with what it says
    now; ClosedPlanError after the release; ValidationError for what cannot be.
    """
    plan = _draft(action.plan)
    now = Action.objects.select_related("plan__trajectory__school").get(pk=action.pk)
    changed = {
        name: _text(value)
        for name, value in values.items()
        if name in EDITABLE and _text(getattr(now, name)) != _text(value)
    }
    if not changed:
        return now
    if revision != now.revision:
        raise ConflictError(now)
    _change(now, changed, role_of(by, plan.trajectory))
    record("action-edited", now, by=by, trajectory_id=plan.trajectory_id, fields=sorted(changed))
    return now


def _change(action: Action, changed: Mapping[str, Any], role: str) -> None:
    for name, value in changed.items():
        setattr(action, name, value)
    action.edited_fields = sorted({*action.edited_fields, *changed})
    action.edited_by = role
    action.revision += 1
    action.full_clean()
    action.save()


@transaction.atomic
def move_action(*, action: Action, year: int, by: User | None) -> Action:
    """Put an action of a draft in another year."""
    plan = _draft(action.plan)
    now = Action.objects.get(pk=action.pk)
    if now.year != year:
        _change(now, {"year": year}, role_of(by, plan.trajectory))
        record("action-moved", now, by=by, trajectory_id=plan.trajectory_id, year=year)
    return now


@transaction.atomic
def undo_edit(*, action: Action, by: User | None) -> Plan:
    """Back to the advice: what people wrote in the action goes. One that nothing asks for any more goes as a whole."""
    plan = _draft(action.plan)
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
    plan = _draft(plan)
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
        **{name: _text(value) for name, value in values.items() if name in EDITABLE},
    )
    action.full_clean()
    action.save()
    record("action-added", action, by=by, trajectory_id=plan.trajectory_id)
    generate_plan(trajectory=plan.trajectory, by=by)
    return Action.objects.get(uuid=uuid)


@transaction.atomic
def remove_own_action(*, action: Action, by: User | None) -> Plan:
    """Take an own action out of a draft; what came from the advice can only be set aside with a reason."""
    plan = _draft(action.plan)
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
    plan = _draft(plan)
    row = next((each for each in plan.set_aside.all() if each.topic == topic), None)
    if row is not None and row.reason == _text(reason):
        return plan
    is_new = row is None
    row = row or SetAside(plan=plan, topic=topic)
    row.reason = _text(reason)
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
    plan = _draft(plan)
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


# --- Comments


@transaction.atomic
def add_comment(*, plan: Plan, uuid: uuids.UUID, section: str, text: str, by: User) -> Comment:
    """A remark on a version or on one of its sections. The same `uuid` again is the same remark."""
    _lock(plan.trajectory)
    there = Comment.objects.filter(uuid=uuid, plan=plan).first()
    if there is not None:
        return there
    comment = Comment(
        plan=plan, uuid=uuid, section=section, text=_text(text), role=role_of(by, plan.trajectory), author=by
    )
    comment.full_clean()
    comment.save()
    record("plan-commented", comment, by=by, trajectory_id=plan.trajectory_id, section=section)
    return comment


@transaction.atomic
def agree(*, plan: Plan, by: User) -> Comment:
    """The director agrees with this version; once is enough."""
    _lock(plan.trajectory)
    there = plan.comments.filter(agrees=True, author=by).first()
    if there is not None:
        return there
    comment = Comment.objects.create(plan=plan, role="director", agrees=True, author=by)
    record("plan-agreed", plan, by=by, trajectory_id=plan.trajectory_id, version=plan.version)
    return comment


# --- Release


@transaction.atomic
def mask_name(*, plan: Plan, name: str, by: User | None) -> Plan:
    """Leave `name` out wherever this draft is shown, exported or printed, and out of what was written in it."""
    plan = _draft(plan)
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
            _change(action, changed, role_of(by, plan.trajectory))
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
    _lock(trajectory)
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


# --- Choosing and following


def _holding(action: Action) -> tuple[Plan, Action]:
    """The version that holds and the action in it as it is now, locked."""
    _lock(action.plan.trajectory)
    plan = Plan.objects.get(pk=action.plan_id)
    if plan.status != PlanStatus.RELEASED:
        raise NotReleasedError
    plan.trajectory = action.plan.trajectory
    return plan, Action.objects.get(pk=action.pk)


@transaction.atomic
def choose_action(
    *, action: Action, status: str, year: int, reason: str = "", uuid: uuids.UUID | None = None, by: User
) -> Action:
    """Choose what to do and when, in the version that holds.

    Choosing more in year 1 than the school said that fit asks why: FullYearError without a `reason`, which is kept as
    a comment (`uuid` makes it the same comment when it is sent twice).
    """
    plan, now = _holding(action)
    before = (now.status, now.year)
    if before == (status, year):
        return now
    if year == 1 and status in CHOSEN and not (now.year == 1 and now.status in CHOSEN):
        limit = year_1_limit(plan.trajectory)
        chosen = plan.actions.filter(year=1, status__in=CHOSEN).exclude(pk=now.pk).count() + 1
        if chosen > limit:
            if not reason.strip():
                raise FullYearError(limit, chosen)
            why = _("Meer dan %(limit)s acties in jaar 1, met “%(title)s” erbij: %(reason)s") % {
                "limit": limit,
                "title": now.title or now.text[:80],
                "reason": reason,
            }
            add_comment(plan=plan, uuid=uuid or uuids.uuid4(), section=now.section, text=why, by=by)
    now.status = status
    if now.year != year:
        now.year = year
        now.edited_fields = sorted({*now.edited_fields, "year"})
    _follow(now, plan, by, before)
    return now


@transaction.atomic
def follow_action(*, action: Action, status: str, by: User) -> Action:
    """Say how a chosen action is going. What is not chosen yet is for who chooses: NotReleasedError."""
    plan, now = _holding(action)
    if now.status == status:
        return now
    if ActionStatus.OPEN in (now.status, status):
        raise NotReleasedError
    before = (now.status, now.year)
    now.status = status
    _follow(now, plan, by, before)
    return now


def _follow(action: Action, plan: Plan, by: User, before: tuple[str, int]) -> None:
    """Save how it stands, also in a draft of the next version: that is about the same school at the same moment."""
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
