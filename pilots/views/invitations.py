"""Coming in with an invitation. Public: whoever has the link may read what it is; nobody else learns anything."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.actions import (
    accept_invitation,
    find_invitation,
    is_successor,
    open_invitation,
    refuse_invitation,
)
from pilots.decorators import public
from pilots.enums import RoleName
from pilots.forms.invitations import AcceptForm
from pilots.models import Invitation, TeamMember


@public
@require_safe
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked, by whom, and what is kept. Looking uses nothing up: a mail scanner may do it."""
    found = find_invitation(token)
    if found is None:
        return _void(request)
    if _is_somebody_else(request, found):
        return render(request, "pilots/invitation_other.html")
    members = _members(found)
    gsa = (
        TeamMember.objects.filter(trajectory=found.trajectory_id, role=RoleName.GSA, user__is_active=True)
        .exclude(user=found.user)
        .select_related("user")
        .first()
    )
    return render(
        request,
        "pilots/invitation.html",
        {"invitation": found, "token": token, "members": members, "contact": gsa.user if gsa else found.invited_by},
    )


@public
@require_POST
@never_cache
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """On to choosing a password."""
    found = find_invitation(token)
    if found is None:
        return _void(request)
    open_invitation(invitation=found)
    return redirect("invitation_account", token=token)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@never_cache
def invitation_account(request: HttpRequest, token: str) -> HttpResponse:
    """A name and a password, and in."""
    found = find_invitation(token)
    if found is None:
        return _void(request)
    if _is_somebody_else(request, found):
        return render(request, "pilots/invitation_other.html")
    form = AcceptForm(
        request.POST if request.method == "POST" else None, user=found.user, initial={"name": found.user.name}
    )
    if request.method == "POST" and form.is_valid():
        members = _members(found)
        user = accept_invitation(token=token, **form.cleaned_data)
        if user is None:
            return _void(request)
        where = _landing(found, members)
        messages.success(request, _("Welkom, %(name)s. Je account is klaar.") % {"name": user.name})
        # A password just chosen is as good as one asked again a minute later.
        record_authentication(request, user, method="password", reauthenticated=True)
        answer: HttpResponse = perform_login(request, user, redirect_url=where)
        return answer
    return render(request, "pilots/invitation_account.html", {"form": form, "invitation": found, "token": token})


@public
@require_POST
@never_cache
def invitation_refuse(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody says that it is not for them: the link stops working."""
    found = find_invitation(token)
    if found is None:
        return _void(request)
    refuse_invitation(invitation=found)
    return render(request, "pilots/invitation_refused.html")


def _members(found: Invitation) -> list[TeamMember]:
    """The roles that this person has in the trajectory of the invitation."""
    return list(
        TeamMember.objects.filter(trajectory=found.trajectory_id, user=found.user).select_related("trajectory__school")
    )


def _landing(found: Invitation, members: list[TeamMember]) -> str:
    """Where somebody begins: the trajectory, for a successor how it stands, and the start page for who left again."""
    if not members:
        return reverse("start")
    name = "trajectory_handover" if any(is_successor(member) for member in members) else "trajectory"
    return reverse(name, kwargs={"trajectory_id": found.trajectory_id})


def _is_somebody_else(request: HttpRequest, found: Invitation) -> bool:
    return request.user.is_authenticated and request.user.pk != found.user_id


def _void(request: HttpRequest) -> HttpResponse:
    """One page for used, expired, altered and foreign links alike. Who is in already (pressed twice) goes on."""
    if request.method == "POST" and request.user.is_authenticated:
        return redirect("start")
    return render(request, "pilots/invitation_void.html", status=404)
