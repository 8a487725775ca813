"""The versions of a plan, the steps they show, and the plan object of the contract."""

from typing import Any

from django.db.models import Exists, OuterRef

from pilots.models import Trajectory
from pilots.vocabulary import vocabulary
from plans.enums import ActionStatus, PlanStatus
from plans.figures.words import masked
from plans.models import Action, Plan, SetAside


def plan_released() -> Exists:
    """Step 5 is done: a version of the plan holds."""
    return Exists(Plan.objects.released().filter(trajectory=OuterRef("pk")))


def first_chosen() -> Exists:
    """Step 6 is done: an action of the version that holds is past open."""
    chosen = Action.objects.filter(plan__trajectory=OuterRef("pk"), plan__status=PlanStatus.RELEASED)
    return Exists(chosen.exclude(status=ActionStatus.OPEN))


def newest(trajectory: Trajectory) -> Plan | None:
    """The newest version, draft or not, with its actions and what is set aside."""
    return with_rows(trajectory, trajectory.plans.order_by("-version").prefetch_related("actions", "set_aside").first())


def version(trajectory: Trajectory, number: int) -> Plan | None:
    """Version `number`, with its actions and what is set aside."""
    found = trajectory.plans.filter(version=number).prefetch_related("actions", "set_aside").first()
    return with_rows(trajectory, found)


def with_rows(trajectory: Trajectory, plan: Plan | None) -> Plan | None:
    """The plan with its trajectory and school as they were read already."""
    if plan is not None:
        plan.trajectory = trajectory
    return plan


def action_json(action: Action) -> dict[str, Any]:
    """An action as the plan object has it."""
    return {
        "advice": action.advice or None,
        "text": action.text,
        "year": action.year,
        "period": action.period,
        "owner": action.owner,
        "first_step": action.first_step,
        "sign": action.sign,
        "status": action.status,
        "edited_by": action.edited_by or None,
        "support": list(action.support),
        "partners": list(action.partners),
        "interventions": list(action.interventions),
    }


def set_aside_of(plan: Plan) -> list[SetAside]:
    """What is set aside, in vocabulary order; a twin is the same need and goes with its topic."""
    rows = {each.topic: each for each in plan.set_aside.all()}
    for topic in vocabulary().topics.values():
        if topic.twin_of in rows and topic.id not in rows:
            origin = rows[topic.twin_of]
            rows[topic.id] = SetAside(plan=plan, topic=topic.id, reason=origin.reason, by=origin.by)
    return [rows[topic] for topic in vocabulary().topics if topic in rows]


def actions_by_entry(plan: Plan) -> dict[tuple[str | None, str | None], list[Action]]:
    """The actions by topic, or by label for what has no topic."""
    found: dict[tuple[str | None, str | None], list[Action]] = {}
    for action in plan.actions.all():
        found.setdefault((action.topic or None, None if action.topic else action.label), []).append(action)
    return found


def plan_object(plan: Plan) -> dict[str, Any]:
    """The plan object of the contract, from the rows and the body."""
    actions = actions_by_entry(plan)
    sections = []
    for section in plan.body["sections"]:
        attention = []
        for entry in section["attention"]:
            here = actions.get((entry["topic"], entry.get("label")), ())
            attention.append({**entry, "actions": [action_json(action) for action in here]})
        sections.append({**section, "attention": attention})
    made = {
        "version": plan.version,
        "status": plan.status,
        "released_on": plan.released_on.isoformat() if plan.released_on else None,
        "sections": sections,
        "set_aside": [{"topic": each.topic, "reason": each.reason, "by": each.by} for each in set_aside_of(plan)],
        "coverage": dict(plan.body["coverage"]),
    }
    return masked(made, plan.names_masked)


def unknown_count(plan: Plan) -> int:
    """How much the plan says is not known yet."""
    return sum(len(section["unknown"]) for section in plan.body["sections"])


def all_unknown(plan: Plan) -> list[str]:
    """What is not known yet, once each, in the order of the plan."""
    found = [each["what"] for section in plan.body["sections"] for each in section["unknown"]]
    return list(dict.fromkeys(masked(found, plan.names_masked)))
