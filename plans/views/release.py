"""Talking about a version, and releasing the draft."""

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from pilots.vocabulary import vocabulary
from plans import actions
from plans.enums import PlanStatus
from plans.figures import action_view, all_unknown, names_in, newest, sources_of
from plans.forms import CommentForm, ReleaseForm
from plans.situation import year_1_limit
from plans.views.frame import draft_of, to_plan
from welbevinden.http import AuthenticatedRequest


@in_trajectory(May.COMMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_comment(request: AuthenticatedRequest, trajectory: Trajectory, number: int) -> HttpResponse:
    """A remark on a version or on one of its sections."""
    found = get_object_or_404(trajectory.plans.exclude(status=PlanStatus.SUPERSEDED), version=number)
    found.trajectory = trajectory
    if request.method == "POST":
        form = CommentForm(request.POST)
        if form.is_valid():
            section = form.cleaned_data["section"]
            actions.add_comment(
                plan=found,
                uuid=form.cleaned_data["uuid"],
                section=section,
                text=form.cleaned_data["text"],
                by=request.user,
            )
            messages.success(request, _("Je opmerking staat erbij."))
            return to_plan(trajectory, f"opmerkingen-{section}" if section else "opmerkingen")
    else:
        section = request.GET.get("onderdeel", "")
        form = CommentForm(initial={"section": section, "uuid": uuids.uuid4()})
    section = str(form["section"].value() or "")
    context = {
        "trajectory": trajectory,
        "plan": found,
        "form": form,
        "section": vocabulary().sections.get(section),
    }
    return render(request, "plans/comment.html", context, status=422 if form.errors else 200)


@in_trajectory(May.COMMENT)
@require_POST
def plan_agree(request: AuthenticatedRequest, trajectory: Trajectory, number: int) -> HttpResponse:
    """The director agrees with a version."""
    found = get_object_or_404(trajectory.plans.exclude(status=PlanStatus.SUPERSEDED), version=number)
    if "director" not in trajectory.roles:
        raise Http404
    found.trajectory = trajectory
    actions.agree(plan=found, by=request.user)
    messages.success(request, _("Fijn, je bent akkoord. Dat staat nu bij het plan."))
    return to_plan(trajectory)


@in_trajectory(May.RELEASE_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_release(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Look everything over, and make the draft the version that holds."""
    found = newest(trajectory)
    if found is None:
        raise Http404
    if found.status != PlanStatus.DRAFT:  # sent twice, or somebody else was first
        return to_plan(trajectory)
    sources = sources_of(trajectory)
    names = names_in(found, sources)
    form = ReleaseForm(request.POST if request.method == "POST" else None, names=[each.name for each in names])
    if request.method == "POST" and form.is_valid():
        try:
            released = actions.release_plan(plan=found, by=request.user, names_declared=form.cleaned_data["declared"])
        except actions.NamesFoundError as error:
            names = error.names
            form.add_error(
                None,
                _(
                    "Er staan nog namen in het plan. Laat ze weg, of verklaar dat ze niet van een leerling "
                    "of ouder zijn."
                ),
            )
        else:
            messages.success(
                request,
                _("Versie %(version)s is vastgesteld. De pdf wordt nu gemaakt.") % {"version": released.version},
            )
            return to_plan(trajectory)
    year_1 = [each for each in found.actions.all() if each.year == 1]
    context = {
        "trajectory": trajectory,
        "plan": found,
        "form": form,
        "names": names,
        "declared": found.names_declared,
        "unknown": all_unknown(found),
        "interview": sources.interview,
        "coverage": found.body["coverage"],
        "year_1": len(year_1),
        "limit": year_1_limit(trajectory),
        "without_owner": [action_view(each, trajectory, found.names_masked) for each in year_1 if not each.owner],
        "without_step": [action_view(each, trajectory, found.names_masked) for each in year_1 if not each.first_step],
        "agreed": found.comments.filter(agrees=True).select_related("author"),
        "previous": trajectory.plans.released().only("version", "trajectory").first(),
    }
    return render(request, "plans/release.html", context, status=422 if form.errors else 200)


@in_trajectory(May.RELEASE_PLAN)
@require_POST
def plan_mask(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Leave a found name out of the draft."""
    draft = draft_of(trajectory)
    name = request.POST.get("name", "")
    if name not in {each.name for each in names_in(draft, sources_of(trajectory))}:
        raise Http404
    actions.mask_name(plan=draft, name=name, by=request.user)
    messages.success(request, _("De naam is weggelaten uit het plan."))
    return redirect("plan_release", trajectory_id=trajectory.pk)
