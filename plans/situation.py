"""Reads a trajectory from the database into what the generator takes, with a fixed number of queries."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from checklist.enums import Mode
from checklist.figures import answers_of, leading_interview
from focusgroups.figures import PlanGroup, groups_for_plan
from pilots.models import Trajectory
from plans.enums import ActionStatus
from plans.generator import Answer, Checklist, Group, Idea, Kept, Offer, Option, Session, SetAside, Situation
from plans.generator.situation import DEFAULT_YEAR_1_LIMIT
from plans.models import Action, Plan

# Fields of an action that people can change and that the generator takes over as they left them.
KEPT_FIELDS = ("text", "period", "owner", "first_step", "sign", "support", "partners", "interventions")


def read_situation(trajectory: Trajectory, base: Plan | None) -> Situation:
    """The situation of `trajectory`; edits, statuses and what is set aside come from the version `base`."""
    return Situation(
        sector=trajectory.school.sector,
        setting=trajectory.setting,
        ages=trajectory.ages,
        low_dutch=trajectory.low_dutch,
        unaccompanied_minors=trajectory.unaccompanied_minors,
        works_with=trajectory.works_with or None,
        interventions_in_use=tuple(trajectory.interventions_in_use),
        year_1_limit=year_1_limit(trajectory),
        checklist=_checklist(trajectory),
        groups={kind: _group(group) for kind, group in groups_for_plan(trajectory).items()},
        set_aside=tuple(_set_aside(base)),
        kept=tuple(kept(action) for action in base.actions.all()) if base else (),
    )


def year_1_limit(trajectory: Trajectory) -> int:
    """How many actions this school wants in its first year."""
    return DEFAULT_YEAR_1_LIMIT if trajectory.year_1_limit is None else trajectory.year_1_limit


def _checklist(trajectory: Trajectory) -> Checklist | None:
    interview = leading_interview(trajectory)
    if interview is None:
        return None
    return Checklist(
        answers=tuple(
            Answer(
                item=line.item,
                domain=line.domain,
                text=line.text,
                topics=line.topics,
                score=cast("Any", line.score),
                priority=cast("Any", line.priority or None),
            )
            for line in answers_of(interview)
        ),
        provisional=not interview.is_final,
        mode="self" if interview.mode == Mode.SELF else "interview",
    )


def _group(group: PlanGroup) -> Group:
    return Group(
        sessions=tuple(
            Session(
                number=session.number,
                participants=session.people,
                options=tuple(
                    Option(ref=each.ref, label=each.label, topics=each.topics, rank=each.rank, of=each.of)
                    for each in session.options
                ),
                ideas=tuple(
                    Idea(
                        ref=each.ref,
                        question=each.question,
                        text=each.text,
                        topics=each.topics,
                        in_option=each.in_option,
                    )
                    for each in session.ideas
                ),
            )
            for session in group.sessions
        ),
        not_held=group.not_held,
    )


def _set_aside(base: Plan | None) -> Iterator[SetAside]:
    for aside in base.set_aside.all() if base else ():
        yield SetAside(topic=aside.topic, reason=aside.reason, by=aside.by)


def kept(action: Action) -> Kept:
    """What people made of an action; what they left as it was generated is None."""
    changed = set(KEPT_FIELDS if action.own else action.edited_fields)
    values: dict[str, Any] = {name: getattr(action, name) for name in KEPT_FIELDS if name in changed}
    for name in ("support", "partners"):
        if name in values:
            values[name] = tuple(values[name])
    if "interventions" in values:
        values["interventions"] = tuple(offer(each) for each in values["interventions"])
    if action.own or "year" in action.edited_fields or action.status != ActionStatus.OPEN:
        values["year"] = action.year
    return Kept(
        section=action.section,
        topic=action.topic or None,
        label=None if action.topic else action.label,
        advice=action.advice or None,
        own=action.own,
        edited_by=action.edited_by or None,
        status=cast("Any", action.status),
        **values,
    )


def offer(entry: Mapping[str, Any]) -> Offer:
    """An intervention as an action stores it."""
    return Offer(
        intervention=entry["intervention"],
        use=entry["use"],
        reason=entry["reason"],
        recognition=entry["recognition"],
    )
