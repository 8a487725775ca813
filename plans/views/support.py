"""The support trajectory (step 7): what the plan asks for, the sessions, and the day on which it is done."""

import uuid as uuids

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.decorators import in_trajectory
from pilots.figures import current_pause
from pilots.models import StepDate, Trajectory
from pilots.roles import May
from plans import actions
from plans.calendar import calendar_of
from plans.figures import holding, support_of
from plans.forms import FinishForm, SupportSessionForm
from plans.models import SupportSession
from plans.views.frame import rights
from welbevinden.http import AuthenticatedRequest


def _finish_form(trajectory: Trajectory, data: object = None) -> FinishForm:
    today = timezone.localdate()
    start = StepDate.objects.filter(trajectory=trajectory, step=2).values_list("done", flat=True).first()
    return FinishForm(data, today=today, start=start, initial={"on": today})


@in_trajectory(May.SEE)
@require_safe
def support(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """What support the plan asks for, and what is planned and held."""
    return _page(request, trajectory, _finish_form(trajectory))


def _page(request: AuthenticatedRequest, trajectory: Trajectory, form: FinishForm) -> HttpResponse:
    found = holding(trajectory)
    context = {
        "trajectory": trajectory,
        "plan": found,
        "support": support_of(trajectory, found),
        "form": form,
        "pause": current_pause(trajectory, timezone.localdate()),
        "may_plan": May.PLAN_STEPS in trajectory.may,
        **rights(trajectory, found),
    }
    return render(request, "plans/support.html", context, status=422 if form.errors else 200)


@in_trajectory(May.PLAN_STEPS)
@require_POST
def support_finish(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """The support trajectory is done: step 7."""
    form = _finish_form(trajectory, request.POST)
    if not form.is_valid():
        return _page(request, trajectory, form)
    actions.finish_support(trajectory=trajectory, on=form.cleaned_data["on"], by=request.user)
    messages.success(request, _("Stap 7 is afgerond. Daarna komen de evaluatiegesprekken."))
    return redirect("support", trajectory_id=trajectory.pk)


def _asked(trajectory: Trajectory) -> set[str]:
    """The support that the plan names."""
    found = holding(trajectory)
    return {name for action in found.actions.all() for name in action.support} if found else set()


@in_trajectory(May.PLAN_STEPS)
@require_http_methods(["GET", "HEAD", "POST"])
def support_add(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Plan a session, or write down one that was held."""
    form = SupportSessionForm(
        request.POST if request.method == "POST" else None,
        instance=SupportSession(trajectory=trajectory),
        initial={"uuid": uuids.uuid4(), "component": request.GET.get("steun", "")},
        asked=_asked(trajectory),
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        form.instance.uuid = form.cleaned_data["uuid"]
        actions.add_session(session=form.instance, by=request.user)
        messages.success(request, _("De bijeenkomst staat erin."))
        return redirect("support", trajectory_id=trajectory.pk)
    context = {"trajectory": trajectory, "form": form, "session": None}
    return render(request, "plans/support_session.html", context, status=422 if form.errors else 200)


@in_trajectory(May.PLAN_STEPS)
@require_http_methods(["GET", "HEAD", "POST"])
def support_edit(request: AuthenticatedRequest, trajectory: Trajectory, session_id: int) -> HttpResponse:
    """Change a session: another date, how many people came, what was agreed."""
    session = get_object_or_404(SupportSession, pk=session_id, trajectory=trajectory)
    form = SupportSessionForm(
        request.POST if request.method == "POST" else None,
        instance=session,
        initial={"uuid": session.uuid},
        asked=_asked(trajectory),
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        changed = set(form.changed_data) & set(form.Meta.fields)
        actions.change_session(session=form.instance, changed=changed, by=request.user)
        messages.success(request, _("De verandering is bewaard."))
        return redirect("support", trajectory_id=trajectory.pk)
    context = {"trajectory": trajectory, "form": form, "session": session}
    return render(request, "plans/support_session.html", context, status=422 if form.errors else 200)


@in_trajectory(May.PLAN_STEPS)
@require_http_methods(["GET", "HEAD", "POST"])
def support_remove(request: AuthenticatedRequest, trajectory: Trajectory, session_id: int) -> HttpResponse:
    """Ask, and then take a session out of the list."""
    session = get_object_or_404(SupportSession, pk=session_id, trajectory=trajectory)
    if request.method == "POST":
        actions.remove_session(session=session, by=request.user)
        messages.success(request, _("De bijeenkomst is weg uit de lijst."))
        return redirect("support", trajectory_id=trajectory.pk)
    return render(request, "plans/support_remove.html", {"trajectory": trajectory, "session": session})


@in_trajectory(May.SEE)
@require_safe
def calendar(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """What is planned in this trajectory, as a file for a calendar."""
    response = HttpResponse(calendar_of(trajectory), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="welbevinden-{trajectory.pk}.ics"'
    return response
