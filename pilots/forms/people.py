"""What an admin fills in about a person."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """Sure, and of the right person: the address typed again."""

    email = forms.CharField(
        label=_("Typ het e-mailadres van deze persoon"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Typ het e-mailadres van deze persoon.")},
    )
    sure = forms.BooleanField(
        label=_("Ik begrijp dat dit niet terug te draaien is"),
        error_messages={"required": _("Zet een vinkje als je dit begrijpt.")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._expected = email

    def clean_email(self) -> str:
        typed = str(self.cleaned_data["email"]).strip().lower()
        if typed != self._expected.lower():
            raise ValidationError(_("Dit is niet het e-mailadres van deze persoon."))
        return typed
