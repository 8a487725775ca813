"""The draft: generated, and renewed without losing what people made of it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pilots.audit import record
from pilots.models import Trajectory, User
from plans.actions.frame import lock
from plans.enums import PlanStatus
from plans.figures import newest
from plans.generator import Action as MadeAction
from plans.generator import Plan as MadePlan
from plans.generator import generate
from plans.library import library
from plans.models import Action, Plan, SetAside
from plans.situation import read_situation

# What a new draft may change in an action that is there already.
GENERATED = ("section", "topic", "label", "advice", "title", "text", "year", "period", "owner", "first_step", "sign")
LISTED = ("status", "support", "partners", "interventions", "intervention_ids", "edited_by", "position")


@transaction.atomic
def generate_plan(*, trajectory: Trajectory, by: User | None) -> Plan:
    """The draft plan of today: a new one, or the one that was there, renewed.

    What people edited, chose, added and set aside stays. After a release it is the next version. When nothing changed
    since the last time, nothing is written.
    """
    lock(trajectory)
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
        year_1_reason=base.year_1_reason if base else "",
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
