"""Logging in and out, and choosing another password when it is forgotten."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from allauth.mfa.base import views as second_step
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.providers.openid_connect import views as organisation
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from requests import RequestException

from pilots.account_actions import change_password, send_password_reset
from pilots.decorators import public
from pilots.forms.accounts import AddressForm, LoginForm, NewPasswordForm, failures_key
from pilots.models import User

PROVIDER = "organisatie"


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """E-mail address and password, a passkey, or the account of an organisation."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = ""
    if request.user.is_authenticated:
        return redirect(wanted or "start")
    form = LoginForm(request, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        # A password just given is as good as one asked again a minute later.
        record_authentication(request, user, method="password", reauthenticated=True)
        answer: HttpResponse = perform_login(request, user, redirect_url=wanted or reverse("start"))
        return answer
    accounts: list[tuple[str, str]] = []
    password = ""
    if settings.DEMO:
        accounts = list(import_string("welbevinden.management.commands.up.DEMO_ACCOUNTS").items())
        password = import_string("welbevinden.management.commands.up.DEMO_PASSWORD")
    return render(
        request,
        "pilots/login.html",
        {
            "form": form,
            "next": wanted,
            "organisation": settings.OIDC_NAME if settings.OIDC_URL else "",
            "demo_accounts": accounts,
            "demo_password": password,
        },
        status=429 if form.limited else 200,
    )


@public
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session, and have the browser forget what it kept for this site."""
    logout(request)
    response = redirect("login")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


log_in_second_step = public(second_step.authenticate)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def log_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """What a device must sign (GET, for a script), and its answer (POST)."""
    # Who begins again with a passkey leaves the half-finished login with a password.
    clear_login(request)
    answer: HttpResponse = passkeys.login_webauthn(request)
    return answer


@public
@require_POST
def log_in_with_organisation(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the login page of the organisation."""
    if not settings.OIDC_URL:
        return redirect("login")
    return _organisation(request, organisation.login)


@public
@require_http_methods(["GET", "HEAD"])
def back_from_organisation(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the login page of the organisation."""
    if not settings.OIDC_URL:
        return redirect("login")
    return _organisation(request, organisation.callback)


def _organisation(request: HttpRequest, view: Any) -> HttpResponse:
    try:
        answer: HttpResponse = view(request, PROVIDER)
    except RequestException:
        messages.error(
            request,
            _("%(organisation)s geeft nu geen antwoord. Probeer het later, of log in met je wachtwoord.")
            % {"organisation": settings.OIDC_NAME},
        )
        return redirect("login")
    return answer


@public
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose another password. The answer is the same whoever asks."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    limited = False
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        limited = not ratelimit.consume(request, action="reset_password", key=address)
        if not limited:
            send_password_reset(
                address=address,
                link=lambda uid, token: request.build_absolute_uri(
                    reverse("password_reset", kwargs={"uid": uid, "token": token})
                ),
            )
            return redirect("password_forgotten_sent")
        form.add_error(None, _("Dit is te vaak gevraagd. Kijk in je mail, of wacht een uur en probeer het opnieuw."))
    return render(request, "pilots/password_forgotten.html", {"form": form}, status=429 if limited else 200)


@public
@require_http_methods(["GET", "HEAD"])
def password_forgotten_sent(request: HttpRequest) -> HttpResponse:
    """What happens now."""
    return render(request, "pilots/password_forgotten_sent.html", {"hours": settings.PASSWORD_RESET_TIMEOUT // 3600})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("new_password")
@never_cache
def password_reset(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Choose another password with the link of the mail; opening it does not use it up."""
    user = _user_of(uid)
    if user is None or not default_token_generator.check_token(user, token):
        return render(request, "pilots/password_reset_void.html")
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        change_password(user=user, password=form.cleaned_data["new_password"], by=user)
        cache.delete(failures_key(request, user.email))
        messages.success(request, _("Je nieuwe wachtwoord is bewaard. Log er nu mee in."))
        return redirect("login")
    return render(request, "pilots/password_reset.html", {"form": form, "email": user.email})


def _user_of(uid: str) -> User | None:
    try:
        number = int(urlsafe_base64_decode(uid))
    except (ValueError, OverflowError):
        return None
    user = User.objects.filter(pk=number, is_active=True).first() if number < 2**63 else None
    return None if user is None or user.is_waiting else user
