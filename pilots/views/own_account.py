"""The person's own page: name, address, password, sessions, mail."""

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.account_actions import (
    ADDRESS_LINK_AGE,
    ask_address,
    asked_address,
    change_address,
    change_password,
    choose_digest,
    end_other_sessions,
    end_session,
    forget_asked_address,
    outdated_addresses,
    rename,
)
from pilots.browsers import browser_name
from pilots.decorators import before_second_factor, everyone, public, recently_authenticated
from pilots.forms.accounts import ChangePasswordForm, NameForm, NewAddressForm
from pilots.second_factor import factors
from welbevinden.http import AuthenticatedRequest


@everyone
@require_safe
def account(request: AuthenticatedRequest) -> HttpResponse:
    """Everything about the own account, each with the way to change it."""
    try:
        everything = reverse("personal_export")
    except NoReverseMatch:
        everything = ""
    return render(
        request,
        "pilots/account.html",
        {
            "waiting": EmailAddress.objects.filter(user=request.user)
            .exclude(pk__in=outdated_addresses(timezone.now()).values("pk"))
            .first(),
            "factors": factors(request.user).count(),
            "sessions": len(_sessions(request)),
            "everything": everything,
        },
    )


@everyone
@require_http_methods(["GET", "HEAD", "POST"])
def account_name(request: AuthenticatedRequest) -> HttpResponse:
    """Another name."""
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            rename(user=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("Je naam is bewaard."))
        return redirect("account")
    return render(request, "pilots/account_name.html", {"form": form})


@everyone
@require_POST
def account_digest(request: AuthenticatedRequest) -> HttpResponse:
    """Weekly mail on or off."""
    wanted = request.POST.get("wanted") == "yes"
    choose_digest(user=request.user, wanted=wanted)
    messages.success(
        request, _("Je krijgt de wekelijkse mail.") if wanted else _("Je krijgt geen wekelijkse mail meer.")
    )
    return redirect("account")


@everyone
@before_second_factor
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("current", "new_password")
@never_cache
def account_password(request: AuthenticatedRequest) -> HttpResponse:
    """Another password; it asks the one of now itself."""
    user = request.user
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        before = request.session.session_key
        change_password(user=user, password=form.cleaned_data["new_password"], by=user, keep=before)
        update_session_auth_hash(request, user)
        UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
        messages.success(request, _("Je nieuwe wachtwoord is bewaard. Andere apparaten zijn uitgelogd."))
        return redirect("account")
    return render(request, "pilots/account_password.html", {"form": form})


# Address


@everyone
@recently_authenticated
@require_http_methods(["GET", "HEAD", "POST"])
def account_address(request: AuthenticatedRequest) -> HttpResponse:
    """Ask for another address: it counts once its owner has used the link that is mailed there."""
    form = NewAddressForm(request.POST if request.method == "POST" else None, user=request.user)
    limited = False
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        limited = not ratelimit.consume(request, action="manage_email")
        if not limited:
            ask_address(user=request.user, address=address, link=partial(_address_link, request))
            return redirect("account")
        form.add_error(None, _("Dit is te vaak gevraagd. Wacht een uur en probeer het dan opnieuw."))
    return render(
        request,
        "pilots/account_address.html",
        {"form": form, "hours": ADDRESS_LINK_AGE // 3600},
        status=429 if limited else 200,
    )


def _address_link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("address_confirm", kwargs={"token": token}))


@everyone
@require_POST
def account_address_withdraw(request: AuthenticatedRequest) -> HttpResponse:
    """Take back a change of address that was not confirmed yet."""
    forget_asked_address(user=request.user)
    messages.success(request, _("Je houdt je e-mailadres."))
    return redirect("account")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def address_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail to a new address. Opening it changes nothing, so a mail scanner may."""
    waiting = asked_address(token)
    if waiting is None:
        return render(request, "pilots/address_void.html")
    if request.method == "POST":
        if change_address(waiting=waiting):
            messages.success(request, _("Log voortaan in met %(address)s.") % {"address": waiting.email})
            return redirect("account" if request.user.is_authenticated else "login")
        return render(request, "pilots/address_void.html")
    return render(request, "pilots/address_confirm.html", {"address": waiting.email})


# Sessions


@everyone
@require_safe
def sessions(request: AuthenticatedRequest) -> HttpResponse:
    """Where this person is logged in."""
    return render(request, "pilots/sessions.html", {"sessions": _sessions(request)})


@everyone
@require_POST
def session_end(request: AuthenticatedRequest, session_id: int) -> HttpResponse:
    """End one of the own sessions; the one this happens in is logging out."""
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    own = session.session_key == request.session.session_key
    end_session(session=session, by=request.user)
    if own:
        logout(request)
        return redirect("login")
    messages.success(request, _("Dat apparaat is uitgelogd."))
    return redirect("sessions")


@everyone
@require_POST
def sessions_end_others(request: AuthenticatedRequest) -> HttpResponse:
    """End all own sessions but this one."""
    end_other_sessions(user=request.user, keep=request.session.session_key)
    messages.success(request, _("Alle andere apparaten zijn uitgelogd."))
    return redirect("sessions")


def _sessions(request: AuthenticatedRequest) -> list[dict[str, Any]]:
    """The sessions that still hold, the own one first."""
    key = request.session.session_key
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = list(UserSession.objects.filter(user=request.user, session_key__in=alive).order_by("-last_seen_at"))
    found = [
        {
            "number": row.pk,
            "here": row.session_key == key,
            "browser": browser_name(row.user_agent),
            "ip": row.ip,
            "since": row.created_at,
            "seen": row.last_seen_at,
        }
        for row in rows
    ]
    return sorted(found, key=lambda each: not each["here"])
