"""What waits for somebody, and the list of trajectories."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pilots.decorators import everyone
from pilots.figures import cohorts, rows, with_steps, work_for
from pilots.forms.trajectories import FilterForm
from pilots.models import Trajectory
from welbevinden.http import AuthenticatedRequest

TASKS = 10  # how many next steps stand on the start page; more is no longer a list of what to do now
PAGE = 25
FILTERS_FROM = 10


@everyone
@require_safe
def start(request: AuthenticatedRequest) -> HttpResponse:
    """What this person can do now, and their trajectories."""
    today = timezone.localdate()
    urgent, waiting = work_for(request.user, today, TASKS)
    tasks = rows(urgent, request.user, today)
    return render(request, "pilots/start.html", {"tasks": tasks, "more_tasks": waiting - len(tasks), **_list(request)})


@everyone
@require_safe
def trajectories(request: AuthenticatedRequest) -> HttpResponse:
    """All trajectories this person may see."""
    return render(request, "pilots/trajectories.html", _list(request))


def _list(request: AuthenticatedRequest) -> dict[str, Any]:
    """The list with search, filters and pages, all of them in the address."""
    today = timezone.localdate()
    mine = Trajectory.objects.visible_to(request.user)
    total = mine.count()
    form = FilterForm(request.GET, cohorts=cohorts(request.user))
    chosen = form.chosen
    found = mine.matching(chosen.get("q", ""))
    if "cohort" in chosen:
        found = found.filter(cohort=chosen["cohort"])
    if "sector" in chosen:
        found = found.filter(school__sector=chosen["sector"])
    # First which ones, then where they stand: asked at once, the database works out the steps of all of them.
    page = Paginator(found.values_list("pk", flat=True), PAGE).get_page(request.GET.get("pagina"))
    shown = with_steps(Trajectory.objects.filter(pk__in=list(page.object_list)), today)
    kept = request.GET.copy()
    kept.pop("pagina", None)
    return {
        "page": page,
        "rows": rows(shown, request.user, today),
        "total": total,
        "filters": form if total >= FILTERS_FROM or chosen else None,
        "filtered": bool(chosen),
        "address": kept.urlencode(),
    }
