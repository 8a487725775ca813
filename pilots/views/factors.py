"""The second factor: app, passkeys and recovery codes, and asking once more before what matters."""

from collections.abc import Callable
from functools import wraps

from allauth.account import views as password_views
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.mfa.base import views as second_step
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes_views
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pilots.account_actions import remove_second_factor
from pilots.decorators import before_second_factor, everyone, in_programme, recently_authenticated
from pilots.models import User
from pilots.roles import May
from pilots.second_factor import can_remove, is_required, must_set_up
from welbevinden.http import AuthenticatedRequest


@everyone
@before_second_factor
@require_safe
def overview(request: AuthenticatedRequest) -> HttpResponse:
    """App, passkeys and recovery codes, and why one is asked."""
    found = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    codes = next((each for each in found if each.type == Authenticator.Type.RECOVERY_CODES), None)
    required = is_required(request.user)
    own = [each for each in found if each.type != Authenticator.Type.RECOVERY_CODES]
    return render(
        request,
        "mfa/index.html",
        {
            "app": next((each for each in own if each.type == Authenticator.Type.TOTP), None),
            "passkeys": [each for each in own if each.type == Authenticator.Type.WEBAUTHN],
            "codes_left": None if codes is None else len(codes.wrap().get_unused_codes()),
            "required": required,
            "missing": must_set_up(request.user),
            "can_remove": len(own) > 1 or not required,
        },
    )


app_add = everyone(before_second_factor(recently_authenticated(app.activate_totp)))
app_remove = everyone(recently_authenticated(app.DeactivateTOTPView.as_view()))
passkey_add = everyone(before_second_factor(recently_authenticated(passkeys.add_webauthn)))
recovery_codes = everyone(before_second_factor(recently_authenticated(recovery_codes_views.view_recovery_codes)))
recovery_codes_new = everyone(recently_authenticated(recovery_codes_views.generate_recovery_codes))


@everyone
@recently_authenticated
@require_http_methods(["GET", "HEAD", "POST"])
def passkey_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take a passkey away, unless it is the last factor of somebody who must have one."""
    found = get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    if not can_remove(found):
        messages.error(
            request, _("Jouw rol vraagt om een tweede stap. Zet er eerst een andere bij; daarna kan deze weg.")
        )
        return redirect("mfa_index")
    view = passkeys.RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))
    answer: HttpResponse = view(request, pk=pk)
    return answer


@in_programme(May.MANAGE)
@recently_authenticated
@require_http_methods(["GET", "HEAD", "POST"])
def person_second_factor(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    """For who lost phone and recovery codes: ask, and then take the second factor away."""
    someone = get_object_or_404(User, pk=user_id)
    if someone == request.user:
        return redirect("mfa_index")
    if request.method == "POST":
        remove_second_factor(user=someone, by=request.user)
        messages.success(request, _("De tweede stap van %(name)s is weg.") % {"name": someone})
        return redirect("person", user_id=user_id)
    return render(request, "pilots/person_second_factor.html", {"person": someone})


# Once more, before what matters


def _again(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who has nothing to show once more (no password and no factor) is not asked."""

    @everyone
    @before_second_factor
    @wraps(view)
    def again(request: AuthenticatedRequest) -> HttpResponse:
        if not get_reauthentication_flows(request.user):
            return redirect("account")
        return view(request)

    return again


password_again = _again(password_views.reauthenticate)
code_again = _again(second_step.reauthenticate)
passkey_again = _again(passkeys.reauthenticate_webauthn)
