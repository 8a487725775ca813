"""Logging in."""

import contextlib
import hashlib
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_FAILURES = 10
WINDOW = 5 * 60  # seconds


class LoginForm(AuthenticationForm):
    """E-mail address and password. One message for whatever is wrong, and a limit on guessing.

    The limit counts per account and address of the sender, so that nobody can lock out somebody else.
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
        key = self._failures_key()
        if cache.get(key, 0) >= MAX_FAILURES:
            self.limited = True
            raise ValidationError(self.error_messages["limited"], code="limited")
        try:
            data = super().clean()
        except ValidationError:
            cache.add(key, 0, WINDOW)
            with contextlib.suppress(ValueError):  # its time was over between the two
                cache.incr(key)
            raise
        cache.delete(key)
        return data or {}

    def _failures_key(self) -> str:
        email = str(self.cleaned_data.get("username", "")).strip().lower()
        sender = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        return "login-failures-" + hashlib.sha256(f"{email} {sender}".encode()).hexdigest()
