"""Schools by sections as a heat map: per school, or per GGD region where there are too many schools to look at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, FloatField, OuterRef, Sum
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext as _

from checklist.models import SectionScore
from pilots.models import Trajectory
from pilots.models.trajectories import TrajectoryQuerySet
from pilots.regions import region_of
from pilots.vocabulary import vocabulary

PAGE = 40  # schools on a page of the map
STEPS = (0.75, 1.5, 2.0, 2.5)  # a mean from here on is one step stronger


@dataclass(frozen=True, slots=True)
class Cell:
    """The mean of a section; `heat` is 0 (lowest) to 4, None: nothing was scored there."""

    label: str
    mean: float | None

    @property
    def heat(self) -> int:
        return sum((self.mean or 0) >= step for step in STEPS)

    @property
    def words(self) -> str:
        return "" if self.mean is None else f"{self.mean:.1f}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Row:
    """A school (`trajectory`) or a region (`schools` of them)."""

    label: str
    cells: tuple[Cell, ...]
    trajectory: Trajectory | None = None
    region: str = ""
    schools: int = 1


def columns() -> list[str]:
    """The sections that items of the checklist speak of: all that have topics."""
    return [each for each in vocabulary().sections if vocabulary().topics_of(each)]


def per_school(trajectories: TrajectoryQuerySet, number: str | None) -> tuple[Page[Trajectory], list[Row]]:
    """One page of the schools that have scores. Three queries."""
    scored = trajectories.filter(Exists(SectionScore.objects.filter(trajectory=OuterRef("pk"))))
    ordered = scored.select_related("school").order_by(Lower("school__name"), "-cohort", "pk")
    page = Paginator(ordered, PAGE).get_page(number)
    return page, rows_of(page.object_list)


def rows_of(trajectories: Iterable[Trajectory]) -> list[Row]:
    """The rows of these trajectories (with their school). One query."""
    trajectories = list(trajectories)
    scores: dict[int, dict[str, float]] = defaultdict(dict)
    for score in SectionScore.objects.filter(trajectory__in=[each.pk for each in trajectories]):
        scores[score.trajectory_id][score.section] = score.total / score.count
    return [Row(each.school.name, _cells(scores[each.pk]), trajectory=each) for each in trajectories]


def per_region(trajectories: TrajectoryQuerySet) -> list[Row]:
    """The GGD regions with the mean of their schools' means. One query, at most a row per municipality and section."""
    totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    numbers: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    mean = Cast("total", FloatField()) / F("count")
    found: Iterable[dict[str, Any]] = (
        SectionScore.objects.filter(trajectory__in=trajectories.order_by().values("pk"))
        .values("section", place=F("trajectory__school__municipality"))
        .annotate(mean_sum=Sum(mean), schools=Count("pk"))
    )
    for row in found:
        region = region_of(row["place"]) or ""
        totals[region][row["section"]] += row["mean_sum"]
        numbers[region][row["section"]] += row["schools"]
    return [
        Row(
            label=region or _("Regio niet bekend"),
            cells=_cells({section: total / numbers[region][section] for section, total in totals[region].items()}),
            region=region,
            schools=max(numbers[region].values()),
        )
        for region in sorted(totals, key=lambda name: (not name, name))
    ]


def _cells(means: Mapping[str, float]) -> tuple[Cell, ...]:
    return tuple(Cell(vocabulary().sections[each].label, means.get(each)) for each in columns())
