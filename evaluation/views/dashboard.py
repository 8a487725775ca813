"""Across schools: what was found, chosen, done and learned, for who looks over them; and the same as files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation import exports
from evaluation.enums import Subject
from evaluation.figures import behind as behind_figures
from evaluation.figures import heat, page
from evaluation.figures.programme import Figures, figures
from evaluation.figures.quotes import released_quotes
from evaluation.figures.selection import Filters, overseen_by, read_filters, region_names
from pilots.audit import record
from pilots.decorators import in_programme
from pilots.enums import WorksWith
from pilots.figures import rows, with_steps
from pilots.models import Trajectory
from pilots.models.trajectories import TrajectoryQuerySet
from pilots.roles import May
from pilots.vocabulary import vocabulary
from welbevinden.http import AuthenticatedRequest

PAGE = 25
QUOTES = 12  # that stand on the page; there can be hundreds
SCHOOLS_UP_TO = 60  # more schools than this are shown per region first


@in_programme(May.SEE_DASHBOARD)
@require_safe
def dashboard(request: AuthenticatedRequest) -> HttpResponse:
    """The overview over schools."""
    overseen = overseen_by(request.user)
    filters, faults = read_filters(request.GET)
    fields = _fields(request, overseen, filters, faults)
    context: dict[str, Any] = {"filters": filters, "fields": fields, "faults": bool(faults), "total": 0}
    if faults:
        # Figures about something else than was asked would be taken for the answer.
        return render(request, "evaluation/dashboard.html", context)
    mine = filters.apply(overseen)
    today = timezone.localdate()
    found = figures(mine, filters, today)
    if found.trajectories:
        query = filters.query
        context |= {"found": found, "total": found.trajectories, "today": today, "query": query}
        context["behind"] = f"{reverse('dashboard_behind')}?{query}{'&' if query else ''}figuur="
        context |= _blocks(found) | _longest(found) | _heat(request, mine, found)
        quotes = released_quotes(mine)
        context |= {"quotes": quotes[:QUOTES], "more_quotes": quotes[QUOTES:]}
    return render(request, "evaluation/dashboard.html", context)


@dataclass(frozen=True, slots=True)
class Field:
    """A filter: its name in the address, its words, its choices, what is chosen, and what is wrong with it."""

    name: str
    label: str
    all: str
    choices: list[tuple[str, str]]
    value: str
    fault: str
    typed: str


def _fields(
    request: AuthenticatedRequest, overseen: TrajectoryQuerySet, filters: Filters, faults: dict[str, str]
) -> list[Field]:
    cohorts = list(overseen.order_by("-cohort").values_list("cohort", flat=True).distinct())
    if filters.cohort and filters.cohort not in cohorts:
        cohorts.append(filters.cohort)
    words = vocabulary()
    choices = (
        ("cohort", _("Cohort"), _("Alle cohorten"), [(each, each) for each in cohorts]),
        ("sector", _("Sector"), _("Alle sectoren"), list(words.sectors.items())),
        ("setting", _("Soort school"), _("Alle soorten"), [(each.id, each.label) for each in words.settings.values()]),
        ("works_with", _("Aanpak vooraf"), _("Alle aanpakken"), [(each.value, str(each.label)) for each in WorksWith]),
        ("region", _("GGD-regio"), _("Alle regio's"), [(each, each) for each in region_names()]),
    )
    return [
        Field(*each, getattr(filters, each[0]), faults.get(each[0], ""), request.GET.get(each[0], "").replace("\0", ""))
        for each in choices
    ]


def _blocks(found: Figures) -> dict[str, Any]:
    counts = found.counts
    return {
        "steps": page.steps(found),
        "steps_sentence": page.steps_sentence(found),
        "sections": page.sections(counts),
        "sections_sentence": page.sections_sentence(counts),
        "themes": page.themes(counts),
        "theme_lines": page.theme_lines(counts),
        "themes_sentence": page.themes_sentence(counts),
        "own_themes": page.own_themes(counts),
        "groups": page.groups(counts),
        "group_names": [label for label, _number in page.groups(counts)],
        "evaluated": any(counts.evaluated.values()),
        "actions": page.actions(counts),
        "actions_sentence": page.actions_sentence(counts),
        "programmes": page.programmes(counts),
        "programmes_sentence": page.programmes_sentence(counts),
        "judged": [
            {
                "id": subject.value,
                "title": title,
                "questions": page.questions(counts, subject.value),
                "sentence": page.questions_sentence(counts, subject.value),
            }
            for subject, title in (
                (Subject.QUESTION, _("Wat het opleverde")),
                (Subject.IMPROVEMENT, _("Wat er beter werd")),
                (Subject.OUTCOME, _("Wat mensen op school zien veranderen")),
            )
        ],
        "factors": page.factors(counts),
        "factors_sentence": page.factors_sentence(counts),
        "components": page.components(counts),
        "components_sentence": page.components_sentence(counts),
    }


def _longest(found: Figures) -> dict[str, Any]:
    """The trajectories that wait longest, with their school."""
    numbers = [each.trajectory_id for each in found.standing.longest]
    trajectories = Trajectory.objects.select_related("school").in_bulk(numbers) if numbers else {}
    steps = vocabulary().steps
    return {
        "longest": [
            {
                "trajectory": trajectories[each.trajectory_id],
                "steps": [steps[number] for number in each.steps],
                "planned": each.planned,
            }
            for each in found.standing.longest
        ]
    }


def _heat(request: AuthenticatedRequest, mine: TrajectoryQuerySet, found: Figures) -> dict[str, Any]:
    """The map per school, or per region when there are many; the reader may choose."""
    scored = max((number for _total, number in found.counts.sections.values()), default=0)
    way = request.GET.get("per", "")
    way = way if way in {"school", "regio"} else "school" if scored <= SCHOOLS_UP_TO else "regio"
    context: dict[str, Any] = {"per": way, "scored": scored, "columns": heat.columns(), "heat_page": None}
    if not scored:
        return {**context, "heat": []}
    if way == "regio":
        return {**context, "heat": heat.per_region(mine)}
    context["heat_page"], context["heat"] = heat.per_school(mine, request.GET.get("pagina"))
    kept = request.GET.copy()
    kept.pop("pagina", None)
    kept["per"] = "school"
    return {**context, "heat_address": kept.urlencode()}


@in_programme(May.SEE_DASHBOARD)
@require_safe
def behind(request: AuthenticatedRequest) -> HttpResponse:
    """The trajectories that one figure of the overview counts."""
    key = request.GET.get("figuur", "")
    if not key:
        return redirect("dashboard")
    filters, faults = read_filters(request.GET)
    today = timezone.localdate()
    found = None if faults else behind_figures.behind(filters.apply(overseen_by(request.user)), key, today)
    if found is None:
        raise Http404
    # First which ones, then where they stand: asked at once, the database works out the steps of all of them.
    paged = Paginator(found.trajectories.values_list("pk", flat=True), PAGE).get_page(request.GET.get("pagina"))
    shown = with_steps(Trajectory.objects.filter(pk__in=list(paged.object_list)), today)
    kept = request.GET.copy()
    kept.pop("pagina", None)
    return render(
        request,
        "evaluation/dashboard_behind.html",
        {
            "title": found.title,
            "route": found.route,
            "page": paged,
            "rows": rows(shown, request.user, today),
            "filters": filters,
            "address": kept.urlencode(),
        },
    )


def _export(
    request: AuthenticatedRequest, kind: str, make: Callable[[Figures, TrajectoryQuerySet], HttpResponse]
) -> HttpResponse:
    """An export of what the filters ask for, on record; a filter that does not exist is a 400 with a sentence."""
    filters, faults = read_filters(request.GET)
    if faults:
        return JsonResponse(
            {"error": " ".join(faults.values()), "filters": faults},
            status=400,
            json_dumps_params={"ensure_ascii": False},
        )
    mine = filters.apply(overseen_by(request.user))
    found = figures(mine, filters, timezone.localdate())
    record(
        "dashboard-exported",
        request.user,
        by=request.user,
        kind=kind,
        filters=filters.given,
        trajectories=found.trajectories,
    )
    return make(found, mine)


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


@in_programme(May.SEE_DASHBOARD)
@require_safe
def dashboard_json(request: AuthenticatedRequest) -> HttpResponse:
    """The figures of the contract."""
    return _export(
        request,
        "json",
        lambda found, mine: JsonResponse(found.as_json(), json_dumps_params={"ensure_ascii": False, "indent": 1}),
    )


@in_programme(May.SEE_DASHBOARD)
@require_safe
def dashboard_xlsx(request: AuthenticatedRequest) -> HttpResponse:
    """The figures as a workbook."""
    today = timezone.localdate()
    return _export(
        request,
        "xlsx",
        lambda found, mine: _download(
            exports.workbook(found, mine, today),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            f"welbevinden-{today}.xlsx",
        ),
    )


@in_programme(May.SEE_DASHBOARD)
@require_safe
def dashboard_csv(request: AuthenticatedRequest) -> HttpResponse:
    """The figures as one table."""
    today = timezone.localdate()
    return _export(
        request,
        "csv",
        lambda found, mine: _download(
            exports.csv_file(found, today), "text/csv; charset=utf-8", f"welbevinden-{today}.csv"
        ),
    )


@in_programme(May.SEE_DASHBOARD)
@require_safe
def dashboard_codes(request: AuthenticatedRequest) -> HttpResponse:
    """What the codes in the exports mean."""
    return _download(exports.code_book_csv(), "text/csv; charset=utf-8", "welbevinden-codeboek.csv")
