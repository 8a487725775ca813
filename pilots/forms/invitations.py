"""What somebody fills in who was invited, and a director who invites."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pilots.forms.programme import PersonForm
from pilots.models import User

LONGEST_PASSWORD = 200  # characters


class AcceptForm(forms.Form):
    """A name and a password, typed once: it can be made readable."""

    name = forms.CharField(
        label=_("Je naam"),
        max_length=200,
        help_text=_("Zo zien je collega's je."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Vul je naam in."), "max_length": _("Vul een naam in van hooguit 200 tekens.")},
    )
    password = forms.CharField(
        label=_("Kies een wachtwoord"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=_("Minstens 12 tekens. Een zin van een paar woorden is makkelijk te onthouden."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "maxlength": None}),
        error_messages={
            "required": _("Kies een wachtwoord."),
            "max_length": _("Kies een wachtwoord van hooguit %(limit_value)d tekens."),
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if password := data.get("password"):
            as_chosen = User(email=self.user.email, name=data.get("name") or self.user.name)
            try:
                validate_password(password, as_chosen)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class ColleagueForm(PersonForm):
    """The coordinator of the own school, by who directs it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What stands in an account is not for an outsider to know.
        self.fields["name"].help_text = ""
