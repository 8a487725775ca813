"""Where allauth asks us: its words, its mail, and who may come in with the account of an organisation."""

import base64
import hashlib
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilots.account_actions import note
from pilots.audit import record
from pilots.mail_actions import queue_mail
from pilots.models import User
from pilots.second_factor import can_remove

# allauth's names for what happened → our event, and what the person reads on the next page.
_EVENTS = {
    "mfa/email/totp_activated": "app-added",
    "mfa/email/totp_deactivated": "app-removed",
    "mfa/email/webauthn_added": "passkey-added",
    "mfa/email/webauthn_removed": "passkey-removed",
    "mfa/email/recovery_codes_generated": "recovery-codes-made",
    "socialaccount/email/account_connected": "organisation-connected",
}
_MESSAGES = {
    "mfa/messages/totp_activated.txt": gettext_lazy("Gelukt. Voortaan vragen we bij het inloggen ook een code."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("De app hoort niet meer bij je account."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("Gelukt. Je kunt nu inloggen met deze passkey."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("De passkey is weg."),
}
_AGAIN = {
    "reauthenticate": gettext_lazy("Bevestig met je wachtwoord"),
    "mfa_reauthenticate": gettext_lazy("Bevestig met een code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Bevestig met je passkey"),
}
_TOO_OFTEN = gettext_lazy("Dit is te vaak geprobeerd. Wacht vijf minuten en probeer het dan opnieuw.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No signing up, mail through the outbox, links to our own site alone."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": gettext_lazy("Dit wachtwoord klopt niet. Kijk of je geen typefout maakte."),
        "incorrect_code": gettext_lazy("Deze code klopt niet. Neem de code die nu in je app staat."),
        "too_many_login_attempts": _TOO_OFTEN,
        "rate_limited": _TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        return [
            {**method, "description": _AGAIN[method["id"]]} for method in super().get_reauthentication_methods(user)
        ]

    def is_safe_url(self, url: str) -> bool:
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        text = kwargs.get("message") or _MESSAGES.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        made = self.render_mail(template_prefix, email, context)
        kind = template_prefix.rpartition("/")[2]
        queue_mail(to=email, subject=made.subject, body=made.body, kind=kind, key=f"{kind}-{secrets.token_hex(16)}")

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        if template_prefix in _EVENTS:
            note(user=user, event=_EVENTS[template_prefix], by=user)

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        record("logged-in", user, by=user)
        response: HttpResponse = super().post_login(request, user, **details)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, _("Met dit account kun je niet meer inloggen. Vraag het je programmabeheerder."))
        return redirect("login")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets are encrypted in the database, and the last factor stays where one is asked."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("Deze code klopt niet. Neem de code die nu in je app staat."),
        "cannot_delete_authenticator": gettext_lazy(
            "Jouw rol vraagt om een tweede stap. Zet er eerst een andere bij; daarna kan deze weg."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Stel eerst een app of een passkey in."),
    }

    def encrypt(self, text: str) -> str:
        return _ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _ciphers().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Made under a SECRET_KEY that is no longer known: a secret that no code fits.
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return can_remove(authenticator)

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 allauth's own name
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}


def _ciphers() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factor " + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class OrganisationAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The account of an organisation opens an account that is there already, and never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account by the address that the organisation vouches for; send a stranger back to the login page.

        After the first time the account is found by its number at the organisation, whatever its address is there.
        """
        # Name, picture and what else the organisation tells is not ours to keep.
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        addresses = [each.email.strip() for each in sociallogin.email_addresses if each.verified is True]
        user = User.objects.filter(email__iexact=addresses[0], is_active=True).first() if addresses else None
        # Without a password nobody has shown yet that the address is theirs: the invitation does that.
        if user is None or user.is_waiting:
            raise _back_to_login(
                request,
                _(
                    "Bij dit account van %(organisation)s hoort hier geen account. Log in met je e-mailadres en"
                    " wachtwoord, of vraag je programmabeheerder om een uitnodiging."
                )
                % {"organisation": settings.OIDC_NAME},
            )
        sociallogin.connect(request, user)

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        AccountAdapter(context.request).send_notification_mail(template_prefix, user)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **details: Any) -> None:
        raise _back_to_login(
            request,
            _("Inloggen met %(organisation)s is niet gelukt. Probeer het opnieuw, of log in met je wachtwoord.")
            % {"organisation": settings.OIDC_NAME},
        )


def _back_to_login(request: HttpRequest, sentence: str) -> ImmediateHttpResponse:
    clear_login(request)
    messages.error(request, sentence)
    return ImmediateHttpResponse(redirect("login"))
