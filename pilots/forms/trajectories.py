"""Profile, planning and journal of a trajectory, and the filters of the list."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilots.enums import JournalKind, Sector, WorksWith
from pilots.forms import DateInput
from pilots.languages import language_code, language_name
from pilots.models import JournalEntry, TeamMember, Trajectory
from pilots.models.trajectories import DONE_BY_DATE, LONG_TEXT
from pilots.registry import PlannedDate, registry
from pilots.steps import StepNow
from pilots.vocabulary import vocabulary

EMPTY = ("", gettext_lazy("Nog niet bekend"))
YES_NO = [EMPTY, ("true", gettext_lazy("Ja")), ("false", gettext_lazy("Nee"))]


def _yes_no(value: str) -> bool | None:
    return {"true": True, "false": False}.get(value)


class FilterForm(forms.Form):
    """Search and filters of the list of trajectories; what is not understood filters nothing."""

    q = forms.CharField(label=gettext_lazy("Zoek op school, plaats of kenmerk"), required=False, max_length=200)
    cohort = forms.ChoiceField(label=gettext_lazy("Cohort"), required=False)
    sector = forms.ChoiceField(
        label=gettext_lazy("Sector"),
        required=False,
        choices=[("", gettext_lazy("Alle sectoren")), *Sector.choices],
    )

    def __init__(self, *args: Any, cohorts: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
        self.fields["cohort"].choices = [("", _("Alle cohorten")), *((each, each) for each in cohorts)]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are filled in and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself knows no ModelForm[…]
    """What kind of school this is, as it is at the time of this trajectory."""

    low_dutch = forms.TypedChoiceField(
        label=gettext_lazy("Spreken veel leerlingen nog weinig Nederlands?"),
        choices=YES_NO,
        coerce=_yes_no,
        empty_value=None,
        required=False,
    )
    unaccompanied_minors = forms.TypedChoiceField(
        label=gettext_lazy("Zijn er leerlingen die zonder ouders in Nederland zijn?"),
        choices=YES_NO,
        coerce=_yes_no,
        empty_value=None,
        required=False,
    )
    home_languages = forms.CharField(
        label=gettext_lazy("Thuistalen"),
        help_text=gettext_lazy("Zet komma's tussen de talen, zoals: Arabisch, Tigrinya."),
        max_length=2000,
        required=False,
    )
    interventions_in_use = forms.MultipleChoiceField(
        label=gettext_lazy("Welke programma's gebruikt de school al?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Trajectory
        fields = (
            "setting",
            "recruited_through",
            "question",
            "pupils",
            "newcomers",
            "age_low",
            "age_high",
            "low_dutch",
            "home_languages",
            "unaccompanied_minors",
            "works_with",
            "interventions_in_use",
            "year_1_limit",
        )
        widgets = {"question": forms.Textarea(attrs={"rows": 3, "maxlength": LONG_TEXT})}
        help_texts = {
            "question": gettext_lazy("Wat wil de school met dit traject bereiken? Schrijf geen namen op."),
            "newcomers": gettext_lazy("Leerlingen die korter dan twee jaar in Nederland zijn."),
            "year_1_limit": gettext_lazy("Laat het leeg als je het niet weet: dan kiest het plan een haalbaar aantal."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trajectory = self.instance
        kinds = [(each.id, each.label) for each in vocabulary().settings_of(trajectory.school.sector)]
        self.fields["setting"] = forms.ChoiceField(
            label=_("Soort school"),
            choices=kinds,
            widget=forms.RadioSelect,
            error_messages={"required": _("Kies wat voor soort school dit is.")},
        )
        self.fields["recruited_through"] = forms.ChoiceField(
            label=_("Hoe is de school gevonden?"),
            choices=[EMPTY, *vocabulary().recruitment_routes.items()],
            required=False,
        )
        self.fields["works_with"] = forms.ChoiceField(
            label=_("Werkt de school al met een aanpak?"), choices=[EMPTY, *WorksWith.choices], required=False
        )
        # What stands there is kept, also when the library no longer names it.
        known = {each: each for each in trajectory.interventions_in_use} | registry.interventions
        self.fields["interventions_in_use"].choices = sorted(known.items(), key=lambda each: each[1].lower())  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("low_dutch", "unaccompanied_minors"):
            value = getattr(trajectory, name)
            self.initial[name] = "" if value is None else str(value).lower()
        self.initial["home_languages"] = ", ".join(language_name(each) for each in trajectory.home_languages)
        for name, few, many in (
            ("pupils", 0, 20_000),
            ("newcomers", 0, 20_000),
            ("age_low", 2, 25),
            ("age_high", 2, 25),
        ):
            self.fields[name].widget.attrs |= {"min": few, "max": many, "inputmode": "numeric"}

    def clean_home_languages(self) -> list[str]:
        words = [word.strip() for word in self.cleaned_data["home_languages"].replace(";", ",").split(",")]
        languages = list(dict.fromkeys(language_code(word) for word in words if word))
        if too_long := next((each for each in languages if len(each) > 40), None):
            raise ValidationError(_("Dit is te lang voor één taal: %(text)s"), params={"text": too_long[:60]})
        return languages

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        pupils, newcomers = data.get("pupils"), data.get("newcomers")
        if pupils is not None and newcomers is not None and newcomers > pupils:
            self.add_error("newcomers", _("Er kunnen niet meer nieuwkomers dan leerlingen zijn."))
        low, high = data.get("age_low"), data.get("age_high")
        if (low is None) != (high is None):
            self.add_error(
                "age_low" if low is None else "age_high", _("Vul beide leeftijden in, of laat ze allebei leeg.")
            )
        elif low is not None and high is not None and low > high:
            self.add_error("age_high", _("De oudste leeftijd is lager dan de jongste."))
        return data


class StepsForm(forms.Form):
    """Planned dates of all steps, when steps 2 and 7 were done, and who came to the start meeting.

    Every field remembers what it showed, so that only what this person changed is written.
    """

    def __init__(
        self, *args: Any, steps: tuple[StepNow, ...], team: list[TeamMember], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.steps, self.team, self.today = steps, team, today
        wrong = {"invalid": _("Vul een datum in, zoals 22-11-2026.")}
        for step in steps:
            self.fields[f"planned_{step.number}"] = forms.DateField(
                label=_("Gepland op"),
                required=False,
                initial=step.planned,
                widget=DateInput(),
                error_messages=wrong,
                show_hidden_initial=True,
            )
            if step.number in DONE_BY_DATE:
                self.fields[f"done_{step.number}"] = forms.DateField(
                    label=_("Gehouden op") if step.number == 2 else _("Afgerond op"),
                    required=False,
                    initial=step.done,
                    widget=DateInput(attrs={"max": today.isoformat()}),
                    error_messages=wrong,
                    show_hidden_initial=True,
                )
        for member in team:
            self.fields[f"came_{member.pk}"] = forms.BooleanField(
                label=str(member.user), required=False, initial=member.at_start_meeting, show_hidden_initial=True
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in DONE_BY_DATE:
            done = data.get(f"done_{number}")
            if done and done > self.today:
                self.add_error(f"done_{number}", _("Deze datum ligt in de toekomst. Vul hem bij 'Gepland op' in."))
        start, support = data.get("done_2"), data.get("done_7")
        if start and support and support < start:
            self.add_error("done_7", _("De ondersteuning kan niet eerder klaar zijn dan de startbijeenkomst."))
        return data

    def rows(self) -> Iterator[tuple[StepNow, forms.BoundField, forms.BoundField | None]]:
        """For each step its fields: when it is planned, and when it was done if a person fills that in."""
        for step in self.steps:
            done = self[f"done_{step.number}"] if step.number in DONE_BY_DATE else None
            yield step, self[f"planned_{step.number}"], done

    def shown(self) -> SafeString:
        """What every field showed when the page was made, hidden in the page."""
        return format_html_join("", "{}", ((field.as_hidden(only_initial=True),) for field in self))

    def attendance(self) -> Iterator[tuple[TeamMember, forms.BoundField]]:
        for member in self.team:
            yield member, self[f"came_{member.pk}"]

    def changed(self, start: str) -> dict[int, Any]:
        """What this person changed in the fields that begin with `start`, by the number behind it."""
        return {
            int(name.removeprefix(f"{start}_")): self.cleaned_data[name]
            for name in self.changed_data
            if name.startswith(f"{start}_")
        }


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself knows no ModelForm[…]
    """Something that happened and that matters later."""

    class Meta:
        model = JournalEntry
        fields = ("start", "text")
        labels = {"start": gettext_lazy("Datum"), "text": gettext_lazy("Wat is er gebeurd?")}
        widgets = {"start": DateInput(), "text": forms.Textarea(attrs={"rows": 3, "maxlength": LONG_TEXT})}
        help_texts = {"text": gettext_lazy("Schrijf geen namen van leerlingen of ouders op.")}
        error_messages = {
            "start": {
                "required": gettext_lazy("Vul de datum in."),
                "invalid": gettext_lazy("Vul een datum in, zoals 22-11-2026."),
            }
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = JournalKind.NOTE
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = _("Schrijf op wat er gebeurde.")


def _move_dates() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Schuif op wat gepland staat"),
        help_text=_(
            "Wat gepland staat vanaf de eerste dag van de pauze, schuift zo veel dagen op als de pauze duurt. "
            "Wat al gedaan is, blijft staan."
        ),
        required=False,
        initial=True,
    )


class PauseForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself knows no ModelForm[…]
    """A time in which the trajectory rests: no step is due. planned: what it may move; without any nothing is asked."""

    class Meta:
        model = JournalEntry
        fields = ("start", "end", "reason", "text")
        labels = {
            "start": gettext_lazy("Eerste dag"),
            "end": gettext_lazy("Laatste dag"),
            "reason": gettext_lazy("Reden"),
            "text": gettext_lazy("Toelichting"),
        }
        widgets = {
            "start": DateInput(),
            "end": DateInput(),
            "text": forms.Textarea(attrs={"rows": 2, "maxlength": LONG_TEXT}),
        }
        help_texts = {"end": gettext_lazy("Laat dit leeg als je nog niet weet hoe lang het duurt.")}
        error_messages = {
            "start": {
                "required": gettext_lazy("Vul de eerste dag van de pauze in."),
                "invalid": gettext_lazy("Vul een datum in, zoals 22-11-2026."),
            },
            "end": {"invalid": gettext_lazy("Vul een datum in, zoals 22-11-2026.")},
        }

    def __init__(self, *args: Any, planned: Sequence[PlannedDate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = JournalKind.PAUSE
        self.planned = planned
        if planned:
            self.fields["move_dates"] = _move_dates()
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = _("Vul in waarom het traject stil ligt.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("start"), data.get("end")
        if start and end and end < start:
            self.add_error("end", _("De laatste dag ligt voor de eerste dag."))
        return data


class EndPauseForm(forms.Form):
    """The last day of a pause. planned: what its end moves; without any nothing is asked."""

    last_day = forms.DateField(
        label=gettext_lazy("Laatste dag van de pauze"),
        widget=DateInput(),
        error_messages={
            "required": gettext_lazy("Vul de laatste dag van de pauze in."),
            "invalid": gettext_lazy("Vul een datum in, zoals 22-11-2026."),
        },
    )

    def __init__(self, *args: Any, start: date, planned: Sequence[PlannedDate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.start, self.planned = start, planned
        if planned:
            self.fields["move_dates"] = _move_dates()

    def clean_last_day(self) -> date:
        last_day: date = self.cleaned_data["last_day"]
        if last_day < self.start:
            raise ValidationError(_("De laatste dag ligt voor de eerste dag van de pauze."))
        return last_day
