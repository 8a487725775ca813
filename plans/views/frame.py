"""What the pages of the plan share."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from pilots.models import Trajectory
from pilots.roles import May
from plans.enums import PlanStatus
from plans.figures import action_view, newest, partners_in
from plans.models import Action, Plan
from welbevinden.http import AuthenticatedRequest


def rights(trajectory: Trajectory, plan: Plan | None) -> dict[str, bool]:
    """What this person may do with this version; the views check it again."""
    may = trajectory.may
    draft = plan is not None and plan.status == PlanStatus.DRAFT
    holds = plan is not None and plan.status == PlanStatus.RELEASED
    return {
        "may_generate": May.GENERATE_PLAN in may,
        "may_edit": draft and May.EDIT_PLAN in may,
        "may_release": draft and May.RELEASE_PLAN in may,
        "may_comment": May.COMMENT in may and plan is not None and plan.status != PlanStatus.SUPERSEDED,
        "may_agree": "director" in trajectory.roles and plan is not None and plan.status != PlanStatus.SUPERSEDED,
        "may_choose": holds and May.CHOOSE in may,
        "may_follow": holds and May.FOLLOW_UP in may,
        "is_draft": draft,
        "holds": holds,
        # Whether there is something to choose from and to follow: this version, or one before it.
        "is_followed": plan is not None and (holds or plan.version > 1 or plan.status == PlanStatus.SUPERSEDED),
    }


def draft_of(trajectory: Trajectory) -> Plan:
    """The draft with its rows; who comes too late finds nothing to edit."""
    plan = newest(trajectory)
    if plan is None or plan.status != PlanStatus.DRAFT:
        raise Http404
    return plan


def action_of(trajectory: Trajectory, number: int, *, status: str) -> Action:
    """An action of a version with this status."""
    action = get_object_or_404(
        Action.objects.select_related("plan"), pk=number, plan__trajectory=trajectory, plan__status=status
    )
    action.plan.trajectory = trajectory
    return action


def to_plan(trajectory: Trajectory, anchor: str = "") -> HttpResponse:
    return redirect(reverse("plan", kwargs={"trajectory_id": trajectory.pk}) + (f"#{anchor}" if anchor else ""))


def card(request: AuthenticatedRequest, trajectory: Trajectory, action: Action) -> HttpResponse:
    """The card of an action alone, as htmx puts it back in the page."""
    action.plan.trajectory = trajectory
    context = {
        "trajectory": trajectory,
        "plan": action.plan,
        "action": action_view(action, trajectory, action.plan.names_masked),
        "partners_in": partners_in(trajectory),
        "is_open": True,
        "focus": True,
        **rights(trajectory, action.plan),
    }
    return render(request, "plans/plan.html#action_card", context)
