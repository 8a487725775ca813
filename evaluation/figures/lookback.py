"""What an evaluation looks back on: the checklist at the start, and the plan with how far its actions are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from checklist.figures import AnswerLine, answers_of
from checklist.models import Interview
from pilots.models import Trajectory
from pilots.vocabulary import Section, vocabulary
from plans.enums import ActionStatus, PlanStatus
from plans.figures import Progress, action_view, progress_of
from plans.models import Action, Plan

SHOWN = 5  # actions of a section that stand beside a question


@dataclass(frozen=True, slots=True)
class ActionBack:
    """An action of the plan: what it is and where it stands."""

    title: str
    status: str
    status_label: str


@dataclass(frozen=True, slots=True)
class SectionBack:
    """A section at the start and now.

    mean: mean score 0–3 of the checklist items with a topic in the section; None without a scored item. scored: how
    many those are. now: how many items the school gave priority. actions: those that were taken up first.
    """

    section: Section
    mean: float | None
    scored: int
    now: int
    actions: tuple[ActionBack, ...]
    taken_up: int
    action_count: int

    @property
    def level(self) -> int | None:
        """The step of the scale that the mean is nearest to."""
        return None if self.mean is None else int(self.mean + 0.5)

    @property
    def more(self) -> int:
        """Actions that are not shown."""
        return self.action_count - len(self.actions)


@dataclass(frozen=True, slots=True)
class LookBack:
    """What there is to look back on.

    checklist_on: when the checklist was held that counts as the start; None: there is none. provisional: it was never
    made final. plan: the version that holds, without one the draft; None: there is no plan.
    """

    checklist_on: date | None
    provisional: bool
    plan: Plan | None
    progress: Progress | None
    sections: Mapping[str, SectionBack]

    @property
    def is_draft(self) -> bool:
        return self.plan is not None and self.plan.status == PlanStatus.DRAFT

    def of(self, sections: tuple[str, ...]) -> list[SectionBack]:
        """The sections with these ids."""
        return [self.sections[section] for section in sections]


def look_back(trajectory: Trajectory) -> LookBack:
    """The start and the plan of a trajectory, in six queries, whatever their size."""
    interview = first_checklist(trajectory)
    lines = answers_of(interview) if interview else []
    plan = _plan(trajectory)
    actions = list(plan.actions.all()) if plan else []
    return LookBack(
        checklist_on=interview.held_on if interview else None,
        provisional=interview is not None and not interview.is_final,
        plan=plan,
        progress=progress_of(plan) if plan else None,
        sections={
            section.id: _section(section, lines, [each for each in actions if each.section == section.id], plan)
            for section in vocabulary().sections.values()
        },
    )


def first_checklist(trajectory: Trajectory) -> Interview | None:
    """The checklist at the start: the first that was made final, without one the first at all."""
    interviews = Interview.objects.filter(trajectory=trajectory)
    return interviews.order_by("-is_final", "held_on", "pk").first()


def _plan(trajectory: Trajectory) -> Plan | None:
    plans = trajectory.plans.order_by("-version").prefetch_related("actions")
    found = plans.released().first() or plans.first()
    if found is not None:
        found.trajectory = trajectory
    return found


def _section(section: Section, lines: list[AnswerLine], actions: list[Action], plan: Plan | None) -> SectionBack:
    topics = {topic.id for topic in vocabulary().topics_of(section.id)}
    mine = [line for line in lines if topics.intersection(line.topics)]
    scores = [line.score for line in mine if isinstance(line.score, int)]
    past_open = [each for each in actions if each.status != ActionStatus.OPEN]
    names = plan.names_masked if plan else ()
    return SectionBack(
        section=section,
        mean=sum(scores) / len(scores) if scores else None,
        scored=len(scores),
        now=sum(line.priority == "now" for line in mine),
        actions=tuple(
            ActionBack(
                action_view(each, plan.trajectory, names).title, each.status, str(ActionStatus(each.status).label)
            )
            for each in (past_open or actions)[:SHOWN]
            if plan is not None
        ),
        taken_up=len(past_open),
        action_count=len(actions),
    )
