"""The trajectories behind one figure of the dashboard, found by its key in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from checklist.models import SectionScore
from evaluation.enums import FactorKind, Side, Subject
from evaluation.figures.standing import in_state
from evaluation.models import Evaluation, Experience, Factor, Line
from focusgroups.enums import Kind
from focusgroups.models import NamedTheme
from pilots.enums import StepState
from pilots.models.trajectories import TrajectoryQuerySet
from pilots.vocabulary import vocabulary
from plans.enums import ActionStatus, PlanStatus
from plans.library import library
from plans.models import Action


@dataclass(frozen=True, slots=True)
class Behind:
    """What a figure is about, the trajectories that it counts, and the route where its source stands in each."""

    title: str
    trajectories: TrajectoryQuerySet
    route: str


def behind(trajectories: TrajectoryQuerySet, key: str, today: date) -> Behind | None:
    """What lies behind the figure `key` over `trajectories`; None when there is no such figure."""
    kind, *parts = key.split(".")
    finder = _FINDERS.get((kind, len(parts)))
    return finder(trajectories, parts, today) if finder else None


def _steps(trajectories: TrajectoryQuerySet, parts: Sequence[str], today: date) -> Behind | None:
    number, state = parts
    steps = vocabulary().steps
    if not (number.isascii() and number.isdigit() and int(number) in steps and state in StepState.values):
        return None
    title = _("Stap %(number)s, “%(label)s”: %(state)s") % {
        "number": number,
        "label": steps[int(number)].label,
        "state": StepState(state).label.lower(),
    }
    return Behind(title, in_state(trajectories, int(number), state, today), "trajectory")


def _paused(trajectories: TrajectoryQuerySet, parts: Sequence[str], today: date) -> Behind:
    return Behind(_("Trajecten die stilliggen"), trajectories.paused_on(today).filter(Q(is_paused=True)), "trajectory")


def _sections(trajectories: TrajectoryQuerySet, parts: Sequence[str], today: date) -> Behind | None:
    section = vocabulary().sections.get(parts[0])
    if section is None:
        return None
    title = _("Checklist: “%(label)s” is ingevuld") % {"label": section.label}
    return Behind(title, _of(trajectories, SectionScore.objects.filter(section=section.id)), "checklist")


def _themes(trajectories: TrajectoryQuerySet, parts: Sequence[str], today: date) -> Behind | None:
    kind, theme = parts[:2]
    if kind not in Kind.values or theme not in vocabulary().themes or parts[2:] not in ([], ["first"]):
        return None
    named = NamedTheme.objects.filter(kind=kind, theme=theme)
    words = {"who": Kind(kind).label, "theme": vocabulary().themes[theme]}
    if parts[2:]:
        named = named.filter(first=True)
        title = _("%(who)s: “%(theme)s” op de eerste plaats") % words
    else:
        title = _("%(who)s: “%(theme)s” genoemd") % words
    return Behind(title, _of(trajectories, named), "voices")


def _judged(subject: str, labels: dict[str, str]) -> Any:
    def find(trajectories: TrajectoryQuerySet, parts: Sequence[str], today: date) -> Behind | None:
        about, side, judgement = parts
        judgements = vocabulary().evaluation_judgements
        if about not in labels or side not in Side.values or judgement not in judgements:
            return None
        title = _("%(label)s %(side)s: %(judgement)s") % {
            "label": labels[about],
            "side": Side(side).label,
            "judgement": judgements[judgement].lower(),
        }
        lines = Line.objects.filter(subject=subject, about=about, judgement=judgement)
        return Behind(title, _evaluated(trajectories, lines, (side,)), "evaluation")

    return find


def _components(trajectories: TrajectoryQuerySet, parts: Sequence[str], today: date) -> Behind | None:
    component, side = parts
    label = vocabulary().pilot_components.get(component)
    if label is None or side not in Side.values:
        return None
    title = _("%(label)s: cijfer van %(side)s") % {"label": label, "side": Side(side).label}
    lines = Line.objects.filter(subject=Subject.COMPONENT, about=component, rating__isnull=False)
    return Behind(title, _evaluated(trajectories, lines, (side,)), "evaluation")


def _factors(trajectories: TrajectoryQuerySet, parts: Sequence[str], today: date) -> Behind | None:
    kind, factor = parts
    words = vocabulary()
    labels = {
        FactorKind.PROMOTING.value: words.promoting_factors,
        FactorKind.HINDERING.value: words.hindering_factors,
    }.get(kind, {})
    label = _("Een eigen factor") if factor == "other" and labels else labels.get(factor)
    if label is None:
        return None
    title = f"{FactorKind(kind).label}: {label}"
    rows = Factor.objects.filter(kind=kind, factor=factor)
    return Behind(title, _evaluated(trajectories, rows, Side.values), "evaluation")


def _interventions(trajectories: TrajectoryQuerySet, parts: Sequence[str], today: date) -> Behind | None:
    programme, what = parts
    found = library().interventions.get(programme)
    if found is None:
        return None
    if what == "chosen":
        chosen = _pursued().filter(intervention_ids__contains=[programme])
        return Behind(_("Gekozen: %(name)s") % {"name": found.name}, _planned(trajectories, chosen), "plan")
    if what == "experience":
        rated = Experience.objects.filter(intervention=programme, rating__isnull=False)
        title = _("Ervaring met %(name)s") % {"name": found.name}
        return Behind(title, _evaluated(trajectories, rated, Side.values), "evaluation")
    return None


def _actions(trajectories: TrajectoryQuerySet, parts: Sequence[str], today: date) -> Behind | None:
    section, status = parts
    label = vocabulary().sections.get(section)
    if label is None or status not in ActionStatus.values or status == ActionStatus.OPEN:
        return None
    title = _("Acties bij “%(label)s”: %(status)s") % {
        "label": label.label,
        "status": ActionStatus(status).label.lower(),
    }
    return Behind(title, _planned(trajectories, _pursued().filter(section=section, status=status)), "plan")


def _pursued() -> QuerySet[Action]:
    return Action.objects.filter(plan__status=PlanStatus.RELEASED).exclude(status=ActionStatus.OPEN)


def _planned(trajectories: TrajectoryQuerySet, actions: QuerySet[Action]) -> TrajectoryQuerySet:
    return trajectories.filter(pk__in=actions.order_by().values("plan__trajectory"))


def _of(trajectories: TrajectoryQuerySet, rows: QuerySet[Any]) -> TrajectoryQuerySet:
    return trajectories.filter(pk__in=rows.order_by().values("trajectory"))


def _evaluated(trajectories: TrajectoryQuerySet, rows: QuerySet[Any], sides: Sequence[str]) -> TrajectoryQuerySet:
    newest = Evaluation.objects.filter(side__in=sides).newest_per_side().values("pk")
    return trajectories.filter(pk__in=rows.filter(evaluation__in=newest).order_by().values("evaluation__trajectory"))


_FINDERS: dict[tuple[str, int], Any] = {
    ("steps", 2): _steps,
    ("paused", 0): _paused,
    ("sections", 1): _sections,
    ("themes", 2): _themes,
    ("themes", 3): _themes,
    ("components", 2): _components,
    ("factors", 2): _factors,
    ("interventions", 2): _interventions,
    ("actions", 2): _actions,
    ("outcomes", 3): _judged(Subject.QUESTION, dict(vocabulary().evaluation_questions)),
    ("improvements", 3): _judged(Subject.IMPROVEMENT, dict(vocabulary().improvement_areas)),
    ("observed", 3): _judged(Subject.OUTCOME, dict(vocabulary().observed_outcomes)),
}
