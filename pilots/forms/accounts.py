"""Logging in, and what people change of their own account."""

import contextlib
import hashlib
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pilots.models import User

MAX_FAILURES = 10  # of one account from one sender
MAX_FAILURES_OF_SENDER = 50  # a whole school can share an address
WINDOW = 5 * 60  # seconds
LONGEST_PASSWORD = 200  # characters
# A code of the app is good for the half minute it is shown, the one before and the one after.
CODE_LIFE = 90  # seconds


class LoginForm(AuthenticationForm):
    """E-mail address and password. One message for whatever is wrong, and a limit on guessing.

    The limit counts per account and address of the sender, so that nobody can lock out somebody else, and per sender
    alone, so that nobody tries one password on everybody.
    """

    error_messages = {
        "invalid_login": _("Dit e-mailadres en wachtwoord horen niet bij elkaar. Kijk of je geen typefout maakte."),
        "inactive": _("Dit e-mailadres en wachtwoord horen niet bij elkaar. Kijk of je geen typefout maakte."),
        "limited": _("Er is te vaak een verkeerd wachtwoord ingevuld. Wacht vijf minuten en probeer het dan opnieuw."),
    }
    limited = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = forms.EmailField(
            label=_("E-mailadres"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
            error_messages={
                "required": _("Vul je e-mailadres in."),
                "invalid": _("Vul een e-mailadres in, zoals naam@school.nl."),
            },
        )
        self.fields["password"].label = _("Wachtwoord")
        self.fields["password"].error_messages["required"] = _("Vul je wachtwoord in.")

    def clean(self) -> dict[str, Any]:
        assert self.request is not None  # noqa: S101 for the type checker
        key = failures_key(self.request, str(self.cleaned_data.get("username", "")))
        of_sender = failures_key(self.request, "")
        counts = cache.get_many([key, of_sender])
        if counts.get(key, 0) >= MAX_FAILURES or counts.get(of_sender, 0) >= MAX_FAILURES_OF_SENDER:
            self.limited = True
            raise ValidationError(self.error_messages["limited"], code="limited")
        try:
            data = super().clean()
        except ValidationError:
            for each in (key, of_sender):
                cache.add(each, 0, WINDOW)
                with contextlib.suppress(ValueError):  # its time was over between the two
                    cache.incr(each)
            raise
        cache.delete(key)
        return data or {}


def failures_key(request: HttpRequest, address: str) -> str:
    """Where the failed logins of this account from this sender are counted, in the cache; "" for all accounts."""
    sender = get_adapter().get_client_ip(request)
    return "login-failures-" + hashlib.sha256(f"{address.strip().lower()} {sender}".encode()).hexdigest()


class AddressForm(forms.Form):
    """An e-mail address."""

    email = forms.EmailField(
        label=_("E-mailadres"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Vul je e-mailadres in."),
            "invalid": _("Vul een e-mailadres in, zoals naam@school.nl."),
        },
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class NewAddressForm(AddressForm):
    """Another address for the account of `user`."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].label = _("Nieuw e-mailadres")
        self.fields["email"].error_messages["required"] = _("Vul het nieuwe e-mailadres in.")

    def clean_email(self) -> str:
        address = super().clean_email()
        if address == self.user.email.lower():
            raise ValidationError(_("Dit is al het e-mailadres van je account."))
        return address


class NameForm(forms.Form):
    """How somebody is called here."""

    name = forms.CharField(
        label=_("Naam"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Vul je naam in."), "max_length": _("Vul een naam in van hooguit 200 tekens.")},
    )


def _password(label: Any, required: Any, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "maxlength": None}),
        error_messages={
            "required": required,
            "max_length": _("Kies een wachtwoord van hooguit %(limit_value)d tekens."),
        },
    )


class NewPasswordForm(forms.Form):
    """A password for the account of `user`, typed once: it can be made readable."""

    new_password = _password(_("Nieuw wachtwoord"), _("Vul een nieuw wachtwoord in."), "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new_password"].help_text = _(
            "Minstens 12 tekens. Een zin van een paar woorden is makkelijk te onthouden."
        )

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        validate_password(password, self.user)
        return password


class ChangePasswordForm(NewPasswordForm):
    """Another password, by who knows the one of now."""

    current = _password(_("Wachtwoord van nu"), _("Vul het wachtwoord van nu in."), "current-password")
    field_order = ("current", "new_password")

    def clean_current(self) -> str:
        current = str(self.cleaned_data["current"])
        if not get_adapter().reauthenticate(self.user, current):
            raise get_adapter().validation_error("incorrect_password")
        return current


# Forms of allauth in our words


class ReauthenticateForm(PasswordAgainForm):  # type: ignore[misc]  # allauth has no types
    """The password once more."""

    password = _password(_("Wachtwoord"), _("Vul je wachtwoord in."), "current-password")


class _Code(forms.Form):
    """A code of the app, or a recovery code; each works once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field(_("Code"), _("Zes cijfers uit je app, of een van je herstelcodes."))

    def clean_code(self) -> str:
        typed: str = super().clean_code()  # type: ignore[misc]  # of allauth's form beside us
        code = "".join(sign for sign in typed.lower() if sign.isalnum())
        user = self.user  # type: ignore[attr-defined]  # as above
        # allauth forgets a used code before its time is over.
        if not cache.add(f"code-used-{user.pk}-{code}", 1, CODE_LIFE):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_Code, codes.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second step of logging in."""


class CodeAgainForm(_Code, codes.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code once more, before something that matters."""


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of an app, which shows that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field(_("Code uit je app"), _("Zes cijfers. Er komt elke halve minuut een nieuwe."))


class PasskeyForm(passkeys.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A name for a passkey; what the device answers is filled in by the page (static/js/passkey.js)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Naam van deze passkey"),
            help_text=_("Bijvoorbeeld: mijn laptop."),
            max_length=100,
            required=False,
        )
        self.fields["credential"].error_messages["required"] = _(
            "Je apparaat heeft nog geen passkey gemaakt. Probeer het opnieuw."
        )
        # Every passkey here can log in by itself.
        self.fields["passwordless"] = forms.BooleanField(widget=forms.HiddenInput, initial=True)

    def clean(self) -> dict[str, Any]:
        try:
            data: dict[str, Any] = super().clean()
        except (ValidationError, *_ODD_ANSWER):
            raise ValidationError(_NO_PASSKEY) from None
        return data


class _PasskeyAnswer(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages.update(required=_NO_PASSKEY, invalid=_NO_PASSKEY)

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # of allauth's form beside us
        except ValidationError as fault:
            # allauth speaks of a code here.
            raise ValidationError(_NO_PASSKEY) if fault.code == "incorrect_code" else fault from None
        except _ODD_ANSWER:
            raise ValidationError(_NO_PASSKEY) from None


class PasskeyLoginForm(_PasskeyAnswer, passkeys.LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Logging in with a passkey alone."""


class PasskeyStepForm(_PasskeyAnswer, passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey as the second step."""


class PasskeyAgainForm(_PasskeyAnswer, passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey once more, before something that matters."""


# What the parsers of a device's answer raise about one that no device gave.
_ODD_ANSWER = (AttributeError, KeyError, TypeError, ValueError)
_NO_PASSKEY = _("Deze passkey herkennen we niet. Probeer het opnieuw, of log in met je wachtwoord.")


def _code_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "input-short", "autofocus": True}),
        error_messages={"required": _("Vul de code in."), "max_length": _("Zo lang is een code niet.")},
    )
