"""What only gathers from all apps, so that the ground knows no app above it.

Each app fills this in its `AppConfig.ready`: the steps it can tell about, the next things a person can do, the panels
of the trajectory page, its part of the trajectory file, the dates that a pause moves, and the documents it can render.
There is no other plug-in mechanism.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Expression
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from pilots.roles import May

if TYPE_CHECKING:
    from pilots.models import Document, Trajectory, User


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing wrong in a trajectory file: the JSON path as keys and indexes, and a Dutch sentence."""

    path: tuple[str | int, ...]
    message: str

    @property
    def json_path(self) -> str:
        """The path as `$.focus_groups[0].rankings[1]`."""
        return "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.path)


@dataclass(frozen=True, slots=True)
class FilePart:
    """The part of the trajectory file that one app owns.

    key: the key at the top of the file. faults: what the schema cannot see, given (whole file, value of the key).
    load: writes the value for a trajectory that has none of it yet (trajectory, value, user or None).
    dump: gives the value for an export, empty list or dict when there is nothing.
    load_many: the same as load for many new trajectories ((trajectory, value) each), in a number of queries that does
    not grow with them; without it load is called for each.
    """

    key: str
    faults: Callable[[dict[str, Any], Any], list[FileFault]]
    load: Callable[["Trajectory", Any, "User | None"], None]
    dump: Callable[["Trajectory"], Any]
    load_many: "Callable[[Sequence[tuple[Trajectory, Any]], User | None], None] | None" = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the trajectory page: `template` rendered with `context(trajectory)`; None leaves it out."""

    order: int
    template: str
    context: Callable[["Trajectory"], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class StepGuide:
    """Where a step is worked on: the name of a route that takes `trajectory_id`, and the words for its button.

    see: what a person must be allowed to open that route when the step is not theirs to do.
    """

    url_name: str
    button: str | Promise
    done_button: str | Promise
    see: May = May.SEE


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document: `render` makes the bytes of object `object_id`, `filename` names the download."""

    render: Callable[["Document"], bytes]
    filename: Callable[["Document"], str]


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """Something that is planned: what it is, in words, and for which day."""

    label: str
    day: date


@dataclass(frozen=True, slots=True)
class PlannedDates:
    """Dates that a pause can move. Both take what is planned on or after a day and has not happened yet.

    find: (trajectory, day) gives it; move: (trajectory, day, number of days) moves it, inside a transaction.
    """

    find: Callable[["Trajectory", date], list[PlannedDate]]
    move: Callable[["Trajectory", date, int], None]


class Registry:
    """The contributions of all apps."""

    def __init__(self) -> None:
        self.steps: dict[int, Callable[[], Expression | Combinable]] = {}
        self.guides: dict[int, StepGuide] = {}
        self.panels: list[Panel] = []
        self.parts: dict[str, FilePart] = {}
        self.documents: dict[str, DocumentKind] = {}
        self.planned: list[PlannedDates] = []
        # What leads to a person: "app.model.field" of a relation to User → fields of that model that tell about it.
        self.traces: dict[str, tuple[str, ...]] = {}
        # What the page for a successor tells besides the steps and the journal.
        self.handover: list[Panel] = []
        # Programmes that a school can already use: id → name, from the library of the app that knows them.
        self.interventions: dict[str, str] = {}
        # Whom the plan of a trajectory asks for: ids of partners and stakeholder roles, from the app that knows plans.
        self.partners_asked: Callable[[Trajectory], Iterable[str]] = lambda trajectory: ()

    def step(self, number: int, done: Callable[[], Expression | Combinable], guide: StepGuide | None = None) -> None:
        """`done` gives a boolean expression on Trajectory: is this step done?"""
        self.steps[number] = done
        if guide is not None:
            self.guides[number] = guide

    def panel(self, panel: Panel) -> None:
        self.panels = sorted([*self.panels, panel], key=lambda each: each.order)

    def trace(self, relation: str, *fields: str) -> None:
        """`relation` ("app.model.field") leads to a person; the export of what is known about them gives `fields`.

        A field may be a lookup, such as "plan__trajectory__reference"; the number of the row is always given.
        """
        self.traces[relation] = fields

    def handover_panel(self, panel: Panel) -> None:
        self.handover = sorted([*self.handover, panel], key=lambda each: each.order)

    def part(self, part: FilePart) -> None:
        self.parts[part.key] = part

    def planned_dates(self, dates: PlannedDates) -> None:
        self.planned.append(dates)

    def document(self, kind: str, document: DocumentKind) -> None:
        self.documents[kind] = document


registry = Registry()
