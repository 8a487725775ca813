"""Choosing from the plan that holds, and how it goes with what was chosen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pilots.models import Trajectory
from plans.enums import ActionStatus
from plans.figures.sections import ActionView, action_view
from plans.figures.versions import with_rows
from plans.figures.words import masked, person_words
from plans.figures.years import CHOSEN, YEARS
from plans.models import Action, ActionNote, Plan
from plans.situation import year_1_limit

# The order in which people look: what is going on first.
SHOWN = (ActionStatus.STARTED, ActionStatus.CHOSEN, ActionStatus.DONE, ActionStatus.STOPPED)
# The step that usually comes next.
NEXT = {
    ActionStatus.CHOSEN: ActionStatus.STARTED,
    ActionStatus.STARTED: ActionStatus.DONE,
    ActionStatus.STOPPED: ActionStatus.STARTED,
}


def holding(trajectory: Trajectory) -> Plan | None:
    """The version that holds, with its actions and what is set aside."""
    found = trajectory.plans.released().prefetch_related("actions", "set_aside").first()
    return with_rows(trajectory, found)


# --- Choosing


@dataclass(frozen=True, slots=True)
class ChoiceYear:
    """A year to choose for. chosen: past open; proposed: what the plan puts here; limit: how many fit, or None."""

    number: int
    chosen: tuple[ActionView, ...]
    proposed: tuple[ActionView, ...]
    limit: int | None

    @property
    def load(self) -> int:
        """How much there is to do in this year; what is stopped asks nothing any more."""
        return sum(1 for view in self.chosen if view.row.status in CHOSEN)

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.load > self.limit

    @property
    def scale(self) -> int:
        """The end of the load meter: what fits, or what is there when that is more."""
        return max(self.limit or 0, self.load, 1)

    @property
    def numbers(self) -> frozenset[int]:
        """Of what is proposed, to open the fold where something just moved to."""
        return frozenset(view.row.pk for view in self.proposed)


def choices_of(plan: Plan) -> list[ChoiceYear]:
    """The three years of a plan to choose from, each in the order of the plan."""
    views = [action_view(row, plan.trajectory, plan.names_masked) for row in plan.actions.all()]
    return [
        ChoiceYear(
            number,
            tuple(view for view in views if view.row.year == number and view.is_past_open),
            tuple(view for view in views if view.row.year == number and not view.is_past_open),
            year_1_limit(plan.trajectory) if number == 1 else None,
        )
        for number in YEARS
    ]


def why_more(plan: Plan) -> str:
    """Why more is chosen for year 1 than fits; empty when it fits, or when nobody said so."""
    load = sum(1 for row in plan.actions.all() if row.year == 1 and row.status in CHOSEN)
    return masked(plan.year_1_reason, plan.names_masked) if load > year_1_limit(plan.trajectory) else ""


# --- Following


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note in words: who wrote it (a role), and what."""

    row: ActionNote
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Followed:
    """A chosen action with its notes, newest first."""

    view: ActionView
    notes: tuple[NoteView, ...]

    @property
    def next(self) -> ActionStatus | None:
        """The status that usually comes next."""
        return NEXT.get(ActionStatus(self.view.row.status))


@dataclass(slots=True)
class StatusGroup:
    """What stands at one status, in the order of years."""

    status: ActionStatus
    actions: list[Followed] = field(default_factory=list)


def notes_of(plan: Plan, rows: Iterable[Action]) -> dict[object, list[NoteView]]:
    """The notes on these actions by lineage, newest first, in one query."""
    sector = plan.trajectory.school.sector
    found: dict[object, list[NoteView]] = {}
    notes = ActionNote.objects.filter(trajectory=plan.trajectory_id, lineage__in=[row.lineage for row in rows])
    for note in notes.order_by("-on", "-id"):
        view = NoteView(
            note, masked(note.text, plan.names_masked), person_words(note.role, sector) if note.role else ""
        )
        found.setdefault(note.lineage, []).append(view)
    return found


def followed(plan: Plan, row: Action) -> Followed:
    """One action with its notes."""
    return _followed(plan, row, notes_of(plan, [row]).get(row.lineage, []))


def _followed(plan: Plan, row: Action, notes: Sequence[NoteView]) -> Followed:
    return Followed(action_view(row, plan.trajectory, plan.names_masked), tuple(notes))


def status_groups(plan: Plan) -> list[StatusGroup]:
    """Everything that was chosen, by how it stands; statuses without actions are left out."""
    rows = sorted((row for row in plan.actions.all() if row.status != ActionStatus.OPEN), key=lambda row: row.year)
    notes = notes_of(plan, rows)
    groups = {status: StatusGroup(status) for status in SHOWN}
    for row in rows:
        groups[ActionStatus(row.status)].actions.append(_followed(plan, row, notes.get(row.lineage, [])))
    return [group for group in groups.values() if group.actions]
