"""When a session was, and who was there."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from focusgroups import actions
from focusgroups.enums import Kind
from focusgroups.forms import SessionForm
from focusgroups.views.frame import UNPROCESSABLE, faults_to, session_of, session_page
from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest


@in_trajectory(May.RECORD_GROUPS)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_group_add(request: AuthenticatedRequest, trajectory: Trajectory, kind: str) -> HttpResponse:
    """Write down a new session."""
    if kind not in Kind.values:
        raise Http404
    sector = trajectory.school.sector
    form = SessionForm(request.POST or None, kind=kind, sector=sector)
    if form.is_valid():
        try:
            group = actions.add_session(
                trajectory=trajectory, uuid=form.cleaned_data["uuid"], kind=kind, by=request.user, **form.values()
            )
        except ValidationError as error:
            faults_to(form, error)
        else:
            if group.held_on is None:
                messages.success(request, _("Opgeslagen: niet gehouden."))
                return redirect("focus_groups", trajectory_id=trajectory.pk)
            messages.success(request, _("De sessie staat klaar. Je kunt kaartjes typen."))
            return redirect("focus_group_ideas", trajectory_id=trajectory.pk, group_id=group.pk)
    return render(
        request,
        "focusgroups/session_add.html",
        {"trajectory": trajectory, "kind_name": str(Kind(kind).label), "kind": kind, "form": form, "sector": sector},
        status=UNPROCESSABLE if form.errors else 200,
    )


@in_trajectory(May.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_group(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int) -> HttpResponse:
    """Who was there."""
    group = session_of(trajectory, group_id)
    page = session_page(trajectory, group, "who")
    if request.method == "POST" and not page["may_record"]:
        raise Http404
    form = SessionForm(
        request.POST if request.method == "POST" else None,
        kind=group.kind,
        sector=trajectory.school.sector,
        group=group,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_session(group=group, by=request.user, **form.values())
        except ValidationError as error:
            faults_to(form, error)
        else:
            messages.success(request, _("Opgeslagen."))
            return redirect("focus_group", trajectory_id=trajectory.pk, group_id=group.pk)
    return render(
        request,
        "focusgroups/who.html",
        {**page, "form": form, "can_remove": page["may_record"] and actions.is_empty(group)},
        status=UNPROCESSABLE if form.errors else 200,
    )


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def focus_group_remove(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int) -> HttpResponse:
    """Take away a session that was added by mistake."""
    group = session_of(trajectory, group_id)
    try:
        actions.remove_session(group=group, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("focus_group", trajectory_id=trajectory.pk, group_id=group_id)
    messages.success(request, _("De sessie is verwijderd."))
    return redirect("focus_groups", trajectory_id=trajectory.pk)
