"""The PDF of a plan: the download, how far it is, and trying again."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pilots.actions import retry_document
from pilots.decorators import in_trajectory
from pilots.documents import document_response
from pilots.enums import DocumentState
from pilots.models import Document, Trajectory
from pilots.roles import May
from plans.models import Plan
from welbevinden.http import AuthenticatedRequest

# htmx stops asking when it gets this status; the last fragment has been swapped in by then.
STOP_POLLING = 286


def document_of(plan: Plan) -> Document | None:
    """The order for the PDF of a released plan; None for a draft."""
    return Document.objects.filter(kind="plan", object_id=plan.pk).first()


def _released(trajectory: Trajectory) -> Document:
    plan = Plan.objects.released().filter(trajectory=trajectory).first()
    document = document_of(plan) if plan else None
    if document is None:
        raise Http404
    return document


@in_trajectory(May.SEE)
@require_safe
def plan_pdf(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponseBase:
    """The newest released plan as a file."""
    return document_response(_released(trajectory))


@in_trajectory(May.SEE)
@require_safe
def plan_pdf_state(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """How far the PDF is, as a fragment that asks again by itself until there is something to get."""
    if not request.htmx:
        return redirect("plan", trajectory_id=trajectory.pk)
    document = _released(trajectory)
    waiting = document.state in {DocumentState.QUEUED, DocumentState.RUNNING}
    context = {"trajectory": trajectory, "document": document, "may_release": May.RELEASE_PLAN in trajectory.may}
    return render(request, "plans/_pdf.html", context, status=200 if waiting else STOP_POLLING)


@in_trajectory(May.RELEASE_PLAN)
@require_POST
def plan_pdf_retry(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Try to make the PDF again after it failed."""
    retry_document(document=_released(trajectory), by=request.user)
    return redirect("plan", trajectory_id=trajectory.pk)
