"""One school beside the whole programme."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.figures.comparison import comparison
from evaluation.suppression import MINIMUM
from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest


@in_trajectory(May.COMPARE)
@require_safe
def compare(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """The own school beside the whole; of other schools nothing can be read from it."""
    found = comparison(trajectory, request.user)
    return render(request, "evaluation/comparison.html", {"trajectory": trajectory, "found": found, "minimum": MINIMUM})
