"""Input of the checklist to typed values."""

import uuid
from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from checklist.enums import Mode, NoScore, Priority, Score
from checklist.models import AnswerContent, Interview
from pilots.models import Trajectory
from pilots.models.trajectories import LONG_TEXT
from pilots.vocabulary import vocabulary

VALUES: dict[str, int | str | None] = {
    "": None,
    **{str(score.value): score.value for score in Score},
    **{no_score.value: no_score.value for no_score in NoScore},
}


class AnswerForm(forms.Form):
    """One answer, alone or with the code of its item as prefix among those of a whole page."""

    value = forms.ChoiceField(choices=[(value, value) for value in VALUES], required=False)
    priority = forms.ChoiceField(choices=[("", ""), *Priority.choices], required=False)
    note = forms.CharField(
        required=False,
        strip=False,
        max_length=LONG_TEXT,
        error_messages={
            "max_length": _("Deze notitie is te lang: er passen %(limit_value)d tekens in, je hebt er %(show_value)d.")
        },
    )
    version = forms.IntegerField(min_value=0, required=False)

    @property
    def content(self) -> AnswerContent:
        """What was said; only when the form is valid."""
        data = self.cleaned_data
        return AnswerContent(VALUES[data["value"]], data["priority"], data["note"])

    @property
    def based_on(self) -> int:
        """The version that the person saw, 0 for none; only when the form is valid."""
        return int(self.cleaned_data["version"] or 0)


def _continue(interview: Interview) -> str:
    return _("Verder met de antwoorden van %(date)s") % {"date": date_format(interview.held_on)}


class InterviewForm(forms.Form):
    """When and with whom an interview is held; for a new one also what it starts with."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    held_on = forms.DateField(
        label=_("Wanneer is het gesprek?"),
        help_text=_("Plan je nog? Start de checklist dan op de dag zelf."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Vul de datum van het gesprek in."),
            "invalid": _("Schrijf de datum van het gesprek als dag-maand-jaar, bijvoorbeeld 12-11-2026."),
        },
    )
    mode = forms.ChoiceField(
        label=_("Hoe vul je de checklist in?"),
        choices=Mode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies hoe je de checklist invult.")},
    )
    respondents = forms.MultipleChoiceField(
        label=_("Wie zitten er aan tafel?"),
        help_text=_("Kies rollen, geen namen."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies wie er aan tafel zitten.")},
    )

    def __init__(self, *args: Any, trajectory: Trajectory, interview: Interview | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words, sector = vocabulary(), trajectory.school.sector
        people = [(role, words.person(role, sector)) for role in words.owners if role != "admin"]
        # Those who are nearly always there first; an imported interview may hold roles that are not in the list.
        usual = ["director", "coordinator", "gsa", "nt2-teacher", "teacher", "researcher"]
        people.sort(key=lambda person: usual.index(person[0]) if person[0] in usual else len(usual))
        cast("forms.MultipleChoiceField", self.fields["respondents"]).choices = people
        if interview is None:
            self.fields["token"].initial = uuid.uuid4
            self.fields["held_on"].initial = timezone.localdate
            self.fields["mode"].initial = Mode.INTERVIEW
            self.earlier = {str(each.pk): each for each in Interview.objects.filter(trajectory=trajectory)}
            if self.earlier:
                self.fields["copy_from"] = forms.ChoiceField(
                    choices=[
                        ("", _("Met een lege checklist")),
                        *((pk, _continue(each)) for pk, each in self.earlier.items()),
                    ],
                    required=False,
                    label=_("Waarmee begin je?"),
                )
        else:
            self.initial = {
                "held_on": interview.held_on,
                "mode": interview.mode,
                "respondents": interview.respondents,
                **self.initial,
            }

    def clean_held_on(self) -> date:
        held_on: date = self.cleaned_data["held_on"]
        if held_on > timezone.localdate():
            raise forms.ValidationError(_("Deze datum ligt in de toekomst. Kies de dag waarop het gesprek is."))
        if held_on.year < 2000:
            raise forms.ValidationError(_("Kijk de datum van het gesprek na: dit jaartal kan niet."))
        return held_on

    def clean_copy_from(self) -> Interview | None:
        return self.earlier.get(self.cleaned_data["copy_from"])

    def clean_token(self) -> uuid.UUID:
        return self.cleaned_data["token"] or uuid.uuid4()
