"""Choosing what goes first, following how it goes, and telling it back to who asked for it."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.decorators import in_trajectory
from pilots.figures import current_pause
from pilots.models import Trajectory
from pilots.roles import May
from plans import actions
from plans.enums import ActionStatus, PlanStatus
from plans.figures import (
    Audience,
    action_view,
    choices_of,
    followed,
    holding,
    progress_of,
    sheet_for,
    status_groups,
    why_more,
)
from plans.forms import ChooseForm, FollowForm, PickForm
from plans.models import Action, Plan
from plans.situation import year_1_limit
from plans.views.frame import action_of, card, rights, to_plan
from welbevinden.http import AuthenticatedRequest

# --- Choosing


@in_trajectory(May.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def action_choose(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """Choose an action of the version that holds, or say how it is going."""
    action = action_of(trajectory, action_id, status=PlanStatus.RELEASED)
    may_choose = May.CHOOSE in trajectory.may
    if not may_choose and action.status == ActionStatus.OPEN:
        raise Http404
    full: actions.FullYearError | None = None
    if request.method == "POST":
        form = ChooseForm(request.POST, may_choose=may_choose)
        if form.is_valid():
            data = form.cleaned_data
            note = {"status": data["status"], "note": data["note"], "uuid": data["uuid"]}
            try:
                if may_choose:
                    action = actions.choose_action(
                        action=action, year=data["year"], reason=data["reason"], by=request.user, **note
                    )
                else:
                    action = actions.follow_action(action=action, by=request.user, **note)
            except actions.NotReleasedError as error:
                raise Http404 from error
            except actions.FullYearError as error:
                full = error
                form.add_error("reason", _full_year(error))
            else:
                if request.htmx:
                    return card(request, trajectory, action)
                messages.success(request, _("Bewaard: “%(title)s”.") % {"title": action.title or action.text[:80]})
                return to_plan(trajectory, f"actie-{action.pk}")
    else:
        status = ActionStatus.CHOSEN if action.status == ActionStatus.OPEN else action.status
        form = ChooseForm(initial={"status": status, "year": action.year, "uuid": uuids.uuid4()}, may_choose=may_choose)
    context = {
        "trajectory": trajectory,
        "plan": action.plan,
        "action": action_view(action, trajectory, action.plan.names_masked),
        "form": form,
        "full": full,
        "limit": year_1_limit(trajectory),
        "may_choose": may_choose,
    }
    template = "plans/action_choose.html#form" if request.htmx else "plans/action_choose.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _full_year(error: actions.FullYearError) -> str:
    return _("Vul in waarom jullie meer dan %(limit)s acties in jaar 1 willen.") % {"limit": error.limit}


@in_trajectory(May.SEE)
@require_safe
def choices(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """What goes first, over three years."""
    return _choices(request, trajectory)


@in_trajectory(May.CHOOSE)
@require_POST
def action_pick(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """Choose an action for a year, or not after all."""
    action = action_of(trajectory, action_id, status=PlanStatus.RELEASED)
    form = PickForm(request.POST)
    if not form.is_valid():
        if "pick" in form.errors:
            raise Http404
        return _choices(request, trajectory, asked=action, form=form)
    pick, status, year = form.cleaned_data["pick"], action.status, action.year
    if pick == "open":
        if status == ActionStatus.CHOSEN:  # what was begun is stopped instead, and says why
            status = ActionStatus.OPEN
    else:
        year = int(pick)
        status = ActionStatus.CHOSEN if status == ActionStatus.OPEN else status
    try:
        actions.choose_action(
            action=action, status=status, year=year, reason=form.cleaned_data["reason"], by=request.user
        )
    except actions.NotReleasedError as error:
        raise Http404 from error
    except actions.FullYearError as error:
        # An empty reason that was sent is a fault; the first time it is a question.
        if "reason" in request.POST:
            form.add_error("reason", _full_year(error))
        return _choices(request, trajectory, asked=action, form=form, full=error)
    if request.htmx:
        return _choices(request, trajectory, moved=action.pk)
    title = action.title or action.text[:80]
    if status == ActionStatus.OPEN:
        messages.success(request, _("Niet gekozen: “%(title)s”.") % {"title": title})
    else:
        messages.success(request, _("Gekozen voor jaar %(year)s: “%(title)s”.") % {"title": title, "year": year})
    return redirect(reverse("plan_choices", kwargs={"trajectory_id": trajectory.pk}) + f"#keuze-{action.pk}")


def _choices(
    request: AuthenticatedRequest,
    trajectory: Trajectory,
    *,
    moved: int | None = None,
    asked: Action | None = None,
    form: PickForm | None = None,
    full: actions.FullYearError | None = None,
) -> HttpResponse:
    """The board; `asked` is an action that waits for a reason, with the form in which it is typed."""
    found = holding(trajectory)
    if found is None:
        return _nothing_yet(request, trajectory, _("Kiezen wat eerst gaat"))
    if form is not None:
        form.fields["reason"].required = True  # here it is asked
    context = {
        "trajectory": trajectory,
        "plan": found,
        "years": choices_of(found),
        "limit": year_1_limit(trajectory),
        "why_more": why_more(found),
        "moved": moved,
        "asked": action_view(asked, trajectory, found.names_masked) if asked else None,
        "form": form,
        "full": full,
        **rights(trajectory, found),
    }
    template = "plans/choices.html#board" if request.htmx else "plans/choices.html"
    return render(request, template, context, status=422 if asked else 200)


def _nothing_yet(request: AuthenticatedRequest, trajectory: Trajectory, title: str) -> HttpResponse:
    """What depends on a released version, before there is one."""
    return render(request, "plans/nothing_yet.html", {"trajectory": trajectory, "title": title})


# --- Following


@in_trajectory(May.SEE)
@require_safe
def follow_up(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """What was chosen, by how it stands, with the first step and the notes."""
    found = holding(trajectory)
    if found is None:
        return _nothing_yet(request, trajectory, _("Hoe gaat het?"))
    progress = progress_of(found)
    context = {
        "trajectory": trajectory,
        "plan": found,
        "groups": status_groups(found),
        "progress": progress,
        "why_more": why_more(found),
        "pause": current_pause(trajectory, timezone.localdate()),
        "focus": False,
        **rights(trajectory, found),
    }
    return render(request, "plans/follow_up.html", context)


@in_trajectory(May.SEE)
@require_safe
def follow_up_card(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """One action: the card that comes back when writing is cancelled."""
    action = action_of(trajectory, action_id, status=PlanStatus.RELEASED)
    if not request.htmx:
        return _to_follow_up(trajectory, action)
    return _followed_card(request, trajectory, action)


@in_trajectory(May.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_action(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """Say how it goes with a chosen action: another status, a short note, or both."""
    action = action_of(trajectory, action_id, status=PlanStatus.RELEASED)
    if action.status == ActionStatus.OPEN:
        raise Http404
    today = timezone.localdate()
    was_stopped = action.status == ActionStatus.STOPPED
    if request.method == "POST":
        form = FollowForm(request.POST, today=today, was_stopped=was_stopped)
        if form.is_valid():
            data = form.cleaned_data
            try:
                actions.follow_action(
                    action=action,
                    status=data["status"],
                    note=data["note"],
                    uuid=data["uuid"],
                    on=data["on"] or today,
                    by=request.user,
                )
            except actions.NotReleasedError as error:
                raise Http404 from error
            if request.htmx:
                return _followed_card(request, trajectory, action_of(trajectory, action_id, status=PlanStatus.RELEASED))
            messages.success(request, _("Bewaard: “%(title)s”.") % {"title": action.title or action.text[:80]})
            return _to_follow_up(trajectory, action)
    else:
        form = FollowForm(
            initial={"status": action.status, "on": today, "uuid": uuids.uuid4()}, today=today, was_stopped=was_stopped
        )
    context = {
        "trajectory": trajectory,
        "plan": action.plan,
        "action": action_view(action, trajectory, action.plan.names_masked),
        "form": form,
    }
    template = "plans/follow_up_action.html#form" if request.htmx else "plans/follow_up_action.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _followed_card(request: AuthenticatedRequest, trajectory: Trajectory, action: Action) -> HttpResponse:
    """The card of one action, with the counts at the top of the page."""
    plan = Plan.objects.prefetch_related("actions").get(pk=action.plan_id)
    plan.trajectory = trajectory
    context = {
        "trajectory": trajectory,
        "plan": plan,
        "followed": followed(plan, action),
        "progress": progress_of(plan),
        "focus": True,
        **rights(trajectory, plan),
    }
    return render(request, "plans/follow_up.html#card", context)


def _to_follow_up(trajectory: Trajectory, action: Action) -> HttpResponse:
    return redirect(reverse("follow_up", kwargs={"trajectory_id": trajectory.pk}) + f"#actie-{action.pk}")


# --- Telling it back


@in_trajectory(May.SEE)
@require_safe
def feedback(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """One page to print for the team, parents or pupils: what they said, and what happens with it."""
    found = holding(trajectory)
    if found is None:
        return _nothing_yet(request, trajectory, _("Terugkoppeling"))
    asked = request.GET.get("voor", "")
    audience = Audience(asked) if asked in set(Audience) else Audience.TEAM
    names = {
        Audience.TEAM: _("Voor het team"),
        Audience.PARENTS: _("Voor ouders"),
        Audience.PUPILS: _("Voor leerlingen"),
    }
    context: dict[str, Any] = {
        "trajectory": trajectory,
        "plan": found,
        "sheet": sheet_for(found, audience),
        "audiences": list(names.items()),
        "today": timezone.localdate(),
        **rights(trajectory, found),
    }
    return render(request, "plans/feedback.html", context)
