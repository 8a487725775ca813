"""What every page of one session shares: which session it is, its tabs, and how a page answers."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from focusgroups.enums import Kind
from focusgroups.figures import people
from focusgroups.models import FocusGroup
from pilots.models import Trajectory
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest

UNPROCESSABLE = 422
CONFLICT = 409


def mark(*parts: object) -> str:
    """A short name for what something looks like now."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def session_of(trajectory: Trajectory, number: int, *, held: bool = False) -> FocusGroup:
    """Session `number` of this trajectory; with `held` only one that took place."""
    group = get_object_or_404(FocusGroup.objects.prefetch_related("participants"), pk=number, trajectory=trajectory)
    if held and group.held_on is None:
        raise Http404
    return group


def _title(group: FocusGroup) -> str:
    return str(Kind(group.kind).label)


def session_page(trajectory: Trajectory, group: FocusGroup, tab: str) -> dict[str, Any]:
    """What every page of a session shows."""
    at = {"trajectory_id": trajectory.pk, "group_id": group.pk}
    may_record = May.RECORD_GROUPS in trajectory.may
    tabs = [("who", _("Wie"), "people", reverse("focus_group", kwargs=at))]
    if group.held_on:
        tabs += [
            ("ideas", _("Ideeën"), "grid-3x3-gap", reverse("focus_group_ideas", kwargs=at)),
            ("options", _("Opties"), "list-ol", reverse("focus_group_options", kwargs=at)),
            ("ranking", _("Ranking"), "bar-chart-steps", reverse("focus_group_ranking", kwargs=at)),
        ]
        if May.SEE_QUOTES in trajectory.may:
            tabs.append(("quotes", _("Citaten"), "chat-quote", reverse("focus_group_quotes", kwargs=at)))
    return {
        "trajectory": trajectory,
        "sector": trajectory.school.sector,
        "group": group,
        "kind_name": _title(group),
        "people": people(group),
        "tabs": [
            {"id": key, "label": label, "sign": sign, "url": url, "here": key == tab} for key, label, sign, url in tabs
        ],
        "may_record": may_record,
    }


def address(name: str, group: FocusGroup, **more: Any) -> str:
    """The address of a page of this session."""
    return reverse(name, kwargs={"trajectory_id": group.trajectory_id, "group_id": group.pk, **more})


def faults_to(form: Form, error: ValidationError) -> None:
    """Show what an action refused at the form; what belongs to no field of it on top."""
    if hasattr(error, "error_dict"):
        for field, faults in error.error_dict.items():
            for fault in faults:
                form.add_error(field if field in form.fields else None, fault)
    else:
        form.add_error(None, error)


def refusal(form: Form) -> JsonResponse:
    """Why something was not kept, for a script that keeps it itself."""
    faults = [str(fault) for each in form.errors.values() for fault in each]
    return JsonResponse({"message": " ".join(faults)}, status=UNPROCESSABLE)


def done(request: AuthenticatedRequest, url: str) -> HttpResponse:
    """Done: a script hears that something changed, a person sees the page."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": '{"editor-done": "", "entries-changed": ""}'})
    return redirect(url)


def sent(request: AuthenticatedRequest, now: str) -> tuple[QueryDict | None, bool]:
    """What was sent, and whether somebody changed the card since its form was made; the next time it counts as seen."""
    if request.method != "POST":
        return None, False
    data = request.POST.copy()
    overtaken = data.get("seen") != now
    data["seen"] = now
    return data, overtaken
