"""What the pages of the evaluation share: the one way to an interview, and its addresses."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.figures.sides import ROWS
from evaluation.models import Evaluation
from evaluation.rules import may_see, may_write
from pilots.models import Trajectory
from welbevinden.http import AuthenticatedRequest

UNPROCESSABLE, CONFLICT = 422, 409


def evaluation_of(trajectory: Trajectory, number: int, *, write: bool = False, rows: bool = False) -> Evaluation:
    """Interview `number` of this trajectory. Raises Http404 for what this person may not see, or with `write` hold.

    rows: bring along everything that was said.
    """
    evaluations = Evaluation.objects.prefetch_related(*ROWS) if rows else Evaluation.objects.all()
    evaluation = get_object_or_404(evaluations, pk=number, trajectory=trajectory)
    if not (may_write if write else may_see)(trajectory.may, evaluation.side):
        raise Http404
    evaluation.trajectory = trajectory
    return evaluation


def address(name: str, evaluation: Evaluation, **more: str) -> str:
    """The address of a page of `evaluation`."""
    numbers = {"trajectory_id": evaluation.trajectory_id, "evaluation_id": evaluation.pk}
    return reverse(name, kwargs={**numbers, **more})


def is_over(request: AuthenticatedRequest, evaluation: Evaluation) -> HttpResponse:
    """What anybody gets who wants to change an interview that is over."""
    messages.warning(request, _("Dit gesprek is afgerond. Wil je er nog iets aan veranderen? Open het dan eerst weer."))
    return redirect(address("evaluation_record", evaluation))
