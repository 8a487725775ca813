"""Reading the plan: the newest version, older ones, the three years."""

import uuid as uuids
from itertools import zip_longest
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checklist.figures import leading_interview
from focusgroups.models import FocusGroup
from pilots.decorators import in_trajectory
from pilots.models import Document, Trajectory
from pilots.roles import May
from pilots.vocabulary import vocabulary
from plans.enums import PlanStatus
from plans.figures import (
    changes,
    masked,
    methods_of,
    newest,
    partners_in,
    person_words,
    progress_of,
    sections_of,
    set_aside_of,
    sources_of,
    topic_words,
    version,
    why_more,
    with_rows,
    years_of,
)
from plans.models import Plan
from plans.situation import year_1_limit
from plans.views.frame import rights
from welbevinden.http import AuthenticatedRequest

GLANCE = 8  # actions of year 1 that stand at the top of the plan


@in_trajectory(May.SEE)
@require_safe
def plan(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """The newest version, or what is needed to make the first."""
    found = newest(trajectory)
    if found is None:
        return render(request, "plans/empty.html", _before(trajectory))
    return _show(request, trajectory, found, is_newest=True)


@in_trajectory(May.SEE)
@require_safe
def plan_version(request: AuthenticatedRequest, trajectory: Trajectory, number: int) -> HttpResponse:
    """An older version, as it was."""
    found = version(trajectory, number)
    if found is None:
        raise Http404
    last = trajectory.plans.order_by("-version").values_list("version", flat=True).first()
    return _show(request, trajectory, found, is_newest=found.version == last)


def _show(request: AuthenticatedRequest, trajectory: Trajectory, found: Plan, *, is_newest: bool) -> HttpResponse:
    comments = list(found.comments.select_related("author"))
    agreed = [each for each in comments if each.agrees]
    released = (
        found
        if found.status == PlanStatus.RELEASED
        else with_rows(trajectory, trajectory.plans.released().defer("body", "document").first())
    )
    sections = sections_of(found, sources_of(trajectory), [each for each in comments if not each.agrees])
    year_1 = [view for section in sections for entry in section.entries for view in entry.actions if view.row.year == 1]
    context = {
        "trajectory": trajectory,
        "plan": found,
        "is_newest": is_newest,
        "released": released,
        "document": Document.objects.filter(kind="plan", object_id=released.pk).first() if released else None,
        "may_retry": May.RELEASE_PLAN in trajectory.may,
        "question": masked(trajectory.question, found.names_masked),
        "vision": masked(trajectory.vision, found.names_masked),
        "methods": methods_of(trajectory, found.names_masked),
        "partners_in": partners_in(trajectory),
        "sections": sections,
        "general_comments": [each for each in comments if not each.agrees and not each.section],
        "agreed": agreed,
        "i_agree": any(each.author_id == request.user.pk for each in agreed),
        "set_aside": [
            {"topic": each.topic, "label": topic_words(each.topic, trajectory.school.sector), "reason": each.reason,
             "by": person_words(each.by, trajectory.school.sector), "is_row": each.pk is not None}
            for each in set_aside_of(found)
        ],
        "coverage": found.body["coverage"],
        "progress": progress_of(found),
        "year_1": len(year_1),
        "first": year_1[:GLANCE],
        "more_first": max(0, len(year_1) - GLANCE),
        "limit": year_1_limit(trajectory),
        "why_more": why_more(found),
        "comment_id": uuids.uuid4(),
        "is_open": False,
        "focus": False,
        **rights(trajectory, found),
    }  # fmt: skip
    return render(request, "plans/plan.html", context)


def _before(trajectory: Trajectory) -> dict[str, Any]:
    """What is there to make a plan of, and what is missing."""
    interview = leading_interview(trajectory)
    groups = list(FocusGroup.objects.filter(trajectory=trajectory).values_list("kind", "held_on", "not_held_reason"))
    kinds = [
        {
            "label": label,
            "held": sum(1 for each in groups if each[0] == kind and each[1]),
            "not_held": next((reason for each, held, reason in groups if each == kind and not held), ""),
        }
        for kind, label in vocabulary().focus_group_kinds.items()
    ]
    return {
        "trajectory": trajectory,
        "interview": interview,
        "kinds": kinds,
        "complete": bool(interview and interview.is_final) and all(each["held"] or each["not_held"] for each in kinds),
        "may_generate": May.GENERATE_PLAN in trajectory.may,
    }


@in_trajectory(May.SEE)
@require_safe
def plan_years(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """The three years side by side."""
    found = newest(trajectory)
    if found is None:
        raise Http404
    return render(
        request,
        "plans/years.html",
        {
            "trajectory": trajectory,
            "plan": found,
            "years": years_of(found),
            "limit": year_1_limit(trajectory),
            "moved": None,
            **rights(trajectory, found),
        },
    )


@in_trajectory(May.SEE)
@require_safe
def plan_versions(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """All versions, newest first, with what changed in each."""
    found = list(trajectory.plans.order_by("-version").prefetch_related("actions", "set_aside"))
    for each in found:
        each.trajectory = trajectory
    rows = [
        {"plan": each, "changes": changes(before, each) if before else None, "actions": len(each.actions.all()),
         "by": person_words(each.released_by, trajectory.school.sector) if each.released_by else ""}
        for each, before in zip_longest(found, found[1:])
    ]  # fmt: skip
    shown = rights(trajectory, found[0] if found else None)
    return render(request, "plans/versions.html", {"trajectory": trajectory, "rows": rows, **shown})
