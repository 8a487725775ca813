"""Schools, trajectories and teams, as the admin fills them in."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilots.enums import RoleName, Sector
from pilots.models import School, Trajectory
from pilots.regions import regions
from pilots.vocabulary import vocabulary

TYPED = {"name": 500, "place": 200}  # characters that somebody can type


class SchoolForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself knows no ModelForm[…]
    """A school location as the registers know it."""

    class Meta:
        model = School
        fields = ("name", "sector", "place", "brin", "location", "municipality")
        widgets = {
            "sector": forms.RadioSelect,
            "brin": forms.TextInput(attrs={"autocomplete": "off", "maxlength": None}),
            "municipality": forms.TextInput(
                attrs={"list": "municipalities", "inputmode": "numeric", "autocomplete": "off"}
            ),
        }
        help_texts = {
            "brin": gettext_lazy("Twee cijfers en twee letters, zoals 12AB."),
            "location": gettext_lazy("Twee cijfers, zoals 00."),
            "municipality": gettext_lazy("Vier cijfers, zoals 0503. Daaruit volgt de GGD-regio."),
        }
        error_messages = {"name": {"required": gettext_lazy("Vul de naam van de school in.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"] = forms.ChoiceField(
            label=_("Sector"),
            choices=Sector.choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Kies primair of voortgezet onderwijs.")},
        )
        for name, most in TYPED.items():
            # What a file brought may be longer, and stays as long as nobody shortens it.
            field = self.fields[name]
            assert isinstance(field, forms.CharField)  # noqa: S101 for the type checker
            longest = max(most, len(getattr(self.instance, name)) if self.instance.pk else 0)
            field.max_length = longest
            others = [each for each in field.validators if not isinstance(each, MaxLengthValidator)]
            field.validators = [*others, MaxLengthValidator(longest)]
            field.widget.attrs["maxlength"] = longest
        self.fields["place"].required = True
        self.fields["place"].error_messages["required"] = _("Vul de plaats in.")
        for name in ("brin", "location", "municipality"):
            # Spaces and small letters are mended below, so they may be typed.
            self.fields[name] = forms.CharField(
                label=self.fields[name].label,
                help_text=self.fields[name].help_text,
                required=False,
                max_length=12,
                widget=self.fields[name].widget,
            )

    def clean_brin(self) -> str:
        return "".join(self.cleaned_data["brin"].split()).upper()

    def clean_location(self) -> str:
        location = "".join(self.cleaned_data["location"].split()).upper()
        return location.zfill(2) if location else ""

    def clean_municipality(self) -> str:
        number: str = self.cleaned_data["municipality"].strip()
        number = number.zfill(4) if number else ""
        if number and number not in regions():
            raise forms.ValidationError(_("Dit gemeentenummer kennen we niet. Kies er een uit de lijst."))
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("location") and not data.get("brin") and "brin" not in self.errors:
            self.add_error("brin", _("Bij een vestiging hoort een BRIN."))
        if self.instance.pk and "sector" in self.changed_data and self.instance.trajectories.exists():
            self.add_error("sector", _("De sector kan niet meer veranderen: er is al een traject voor deze school."))
        return data


class StartForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself knows no ModelForm[…]
    """A new trajectory for a school; the rest of the profile follows on its own page."""

    class Meta:
        model = Trajectory
        fields = ("cohort", "setting", "recruited_through")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"] = forms.RegexField(
            r"^\d{4}-\d{4}$",
            label=_("Cohort"),
            help_text=_("Het schooljaar waarin het traject begint, zoals 2026-2027."),
            error_messages={
                "required": _("Vul het cohort in."),
                "invalid": _("Vul het cohort in als twee jaren, zoals 2026-2027."),
            },
        )
        self.fields["setting"] = forms.ChoiceField(
            label=_("Soort school"),
            choices=[(each.id, each.label) for each in vocabulary().settings_of(self.instance.school.sector)],
            widget=forms.RadioSelect,
            error_messages={"required": _("Kies wat voor soort school dit is.")},
        )
        self.fields["recruited_through"] = forms.ChoiceField(
            label=_("Hoe is de school gevonden?"),
            choices=[("", _("Nog niet bekend")), *vocabulary().recruitment_routes.items()],
            required=False,
        )

    def clean_cohort(self) -> str:
        cohort: str = self.cleaned_data["cohort"]
        first, last = cohort.split("-")
        if int(last) != int(first) + 1:
            raise forms.ValidationError(_("Vul twee jaren in die op elkaar volgen, zoals 2026-2027."))
        return cohort


class PersonForm(forms.Form):
    """Somebody for the team, by e-mail address."""

    email = forms.EmailField(
        label=gettext_lazy("E-mailadres"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Vul het e-mailadres in."),
            "invalid": gettext_lazy("Vul een e-mailadres in, zoals naam@school.nl."),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("Naam"),
        max_length=200,
        help_text=gettext_lazy("Staat dit e-mailadres al in het systeem, dan blijft de naam van dat account staan."),
        error_messages={"required": gettext_lazy("Vul de naam in.")},
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class MemberForm(PersonForm):
    """A new member of the team."""

    role = forms.ChoiceField(label=gettext_lazy("Rol"), error_messages={"required": gettext_lazy("Kies een rol.")})

    def __init__(self, *args: Any, sector: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coordinator = _("Intern begeleider") if sector == Sector.PO else _("Zorgcoördinator")
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("Kies een rol")),
            *((value, coordinator if value == RoleName.COORDINATOR else label) for value, label in RoleName.choices),
        ]
