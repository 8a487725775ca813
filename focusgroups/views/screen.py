"""The screen for the room."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from focusgroups.figures import round_of
from focusgroups.views.frame import address, session_of
from focusgroups.views.rounds import outcome_of, round_numbered, rounds_of
from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest


@in_trajectory(May.SEE)
@require_safe
def screen(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, number: int) -> HttpResponse:
    """For the room: large, no names, the outcome hidden until somebody shows it."""
    group = session_of(trajectory, group_id, held=True)
    ranking = round_numbered(rounds_of(group), number)
    counted = round_of(ranking, list(group.options.all()))
    return render(
        request,
        "focusgroups/screen.html",
        {
            **outcome_of(trajectory, counted),
            "group": group,
            "ranking": ranking,
            "trajectory": trajectory,
            "shown": "toon" in request.GET and counted.has_order,
            "url": address("focus_group_screen", group, number=number),
            "back": address("focus_group_round", group, number=number),
        },
    )
