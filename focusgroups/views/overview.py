"""All sessions of a school: what is held with whom, and the three voices side by side."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from focusgroups.figures import compare, groups_of, last_round, people, voices
from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest


@in_trajectory(May.SEE)
@require_safe
def focus_groups(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Three cards: what is held with whom, and what it gave."""
    groups = groups_of(trajectory)
    compared = compare(groups)
    cards = []
    for voice in compared.groups:
        sessions = []
        for group in groups:
            if group.kind == voice.kind:
                counted = last_round(group) if group.held_on else None
                sessions.append(
                    {
                        "group": group,
                        "people": people(group),
                        "ideas": len(group.ideas.all()),
                        "options": len(group.options.all()),
                        "round": counted if counted and counted.has_order else None,
                        "open_round": bool(group.rankings.all()) and not (counted and counted.has_order),
                        "firsts": counted.firsts if counted else (),
                    }
                )
        cards.append({"voice": voice, "sessions": sessions})
    return render(
        request,
        "focusgroups/focus_groups.html",
        {
            "trajectory": trajectory,
            "cards": cards,
            "voices": compared,
            "may_record": May.RECORD_GROUPS in trajectory.may,
        },
    )


@in_trajectory(May.SEE)
@require_safe
def three_voices(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Themes and topics by group, side by side."""
    return render(
        request, "focusgroups/voices.html", {"trajectory": trajectory, "voices": voices(trajectory), "top": 3}
    )
