"""The support trajectory: what the plan asks for, and the sessions that are planned and held."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from pilots.models import StepDate, Trajectory
from pilots.registry import PlannedDate
from pilots.vocabulary import SupportComponent, vocabulary
from plans.figures.following import holding
from plans.figures.sections import ActionView, action_view
from plans.figures.years import CHOSEN
from plans.models import Plan, SupportSession

STEP = 7


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session in words."""

    row: SupportSession
    label: str

    @property
    def day(self) -> date:
        """When it was held, or else when it is planned."""
        day = self.row.held_on or self.row.planned_on
        if day is None:
            raise ValueError("the database keeps no session without a date")
        return day


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the support that the plan names. actions: those that ask for it, what was chosen first."""

    component: SupportComponent
    actions: tuple[ActionView, ...]
    planned: int
    held: int

    @property
    def shown(self) -> tuple[ActionView, ...]:
        """What stands beside it on the page: what was chosen, or else what could be."""
        return self.chosen or self.actions

    @property
    def chosen(self) -> tuple[ActionView, ...]:
        return tuple(view for view in self.actions if view.row.status in CHOSEN)


@dataclass(frozen=True, slots=True)
class Support:
    """The support trajectory of a school. asked: parts for what was chosen; later: other parts in the plan."""

    planned: tuple[SessionView, ...]
    held: tuple[SessionView, ...]
    asked: tuple[Component, ...]
    later: tuple[Component, ...]
    done_on: date | None

    @property
    def people(self) -> int:
        """How often somebody came, over all sessions; a person who came twice counts twice."""
        return sum(each.row.people or 0 for each in self.held)

    @property
    def may_finish(self) -> bool:
        """Everything that was planned is held, so that the step can be done."""
        return bool(self.held) and not self.planned and self.done_on is None


def support_of(trajectory: Trajectory, plan: Plan | None) -> Support:
    """The support trajectory as it stands; `plan` is the version that holds, if there is one. Two queries."""
    words = vocabulary().support_components
    sessions = [
        SessionView(row, words[row.component].label) for row in SupportSession.objects.filter(trajectory=trajectory)
    ]
    planned = tuple(
        sorted((each for each in sessions if each.row.held_on is None), key=lambda each: (each.day, each.row.pk))
    )
    held = tuple(
        sorted((each for each in sessions if each.row.held_on is not None), key=lambda each: (each.day, each.row.pk))
    )
    asking: dict[str, list[ActionView]] = {}
    for row in plan.actions.all() if plan else ():
        for name in row.support:
            if name in words:
                asking.setdefault(name, []).append(action_view(row, trajectory, plan.names_masked if plan else ()))
    components = [
        Component(
            component,
            tuple(sorted(asking[name], key=lambda view: view.row.status not in CHOSEN)),
            sum(1 for each in planned if each.row.component == name),
            sum(1 for each in held if each.row.component == name),
        )
        for name, component in words.items()
        if name in asking
    ]
    done = StepDate.objects.filter(trajectory=trajectory, step=STEP).values_list("done", flat=True).first()
    return Support(
        planned,
        held,
        tuple(each for each in components if each.chosen),
        tuple(each for each in components if not each.chosen),
        done,
    )


def support_panel(trajectory: Trajectory) -> dict[str, object] | None:
    """What the trajectory page shows of the support; nothing while no plan holds and nothing is planned."""
    plan = holding(trajectory)
    support = support_of(trajectory, plan)
    if plan is None and not support.planned and not support.held:
        return None
    return {"trajectory": trajectory, "support": support}


def planned_sessions(trajectory: Trajectory, start: date) -> list[PlannedDate]:
    """What is planned from `start` on and not held yet, for a pause that moves it."""
    words = vocabulary().support_components
    rows = SupportSession.objects.filter(trajectory=trajectory, held_on__isnull=True, planned_on__gte=start)
    return [
        PlannedDate(_("Ondersteuning: %(label)s") % {"label": words[component].label}, day)
        for component, day in rows.values_list("component", "planned_on")
        if day
    ]
