"""Input of the evaluation to typed values."""

from datetime import date
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.models import AnswerContent
from evaluation.enums import Side
from evaluation.figures.interviews import TICKED
from evaluation.models import JUDGED, RATINGS, Evaluation
from evaluation.reading import QUOTE, Place
from pilots.enums import Consent
from pilots.models import Trajectory
from pilots.models.trajectories import LONG_TEXT
from pilots.vocabulary import vocabulary


def _values(place: Place) -> list[str]:
    """What can be chosen in a field, apart from nothing."""
    if place.kind == QUOTE:
        return list(vocabulary().owners)
    if place.is_factor:
        return [] if place.is_own_factor else [TICKED]
    if place.kind in JUDGED:
        return list(vocabulary().evaluation_judgements)
    return [str(rating) for rating in RATINGS]


class SaidForm(forms.Form):
    """One field of the talk, alone or with its code as prefix among those of a whole page."""

    value = forms.ChoiceField(required=False)
    priority = forms.ChoiceField(choices=[("", ""), *Consent.choices], required=False)
    note = forms.CharField(
        required=False,
        strip=False,
        max_length=LONG_TEXT,
        error_messages={
            "max_length": _("Deze tekst is te lang: er passen %(limit_value)d tekens in, je hebt er %(show_value)d.")
        },
    )
    version = forms.IntegerField(min_value=0, required=False)

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        values = _values(place)
        cast("forms.ChoiceField", self.fields["value"]).choices = [("", ""), *((value, value) for value in values)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        is_listed = self.place.is_factor and not self.place.is_own_factor
        if is_listed and not data.get("value") and data.get("note", "").strip():
            message = _("Er staat een toelichting, maar geen vinkje. Zet het vinkje aan, of haal de toelichting weg.")
            raise forms.ValidationError(message)
        return data

    @property
    def content(self) -> AnswerContent:
        """What was said; only when the form is valid."""
        data = self.cleaned_data
        value: str = data["value"]
        is_rating = value.isdigit()
        if self.place.kind == QUOTE:
            return AnswerContent(value or None, data["priority"] or Consent.TRAJECTORY.value, data["note"])
        return AnswerContent(int(value) if is_rating else value or None, "", data["note"])

    @property
    def based_on(self) -> int:
        """The version that the person saw, 0 for none; only when the form is valid."""
        return int(self.cleaned_data["version"] or 0)


class EvaluationForm(forms.Form):
    """When and with whom an interview is held."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    held_on = forms.DateField(
        label=_("Wanneer is het gesprek?"),
        help_text=_("Plan je nog? Start dan op de dag zelf."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Vul de datum van het gesprek in."),
            "invalid": _("Schrijf de datum van het gesprek als dag-maand-jaar, bijvoorbeeld 20-1-2027."),
        },
    )
    respondents = forms.MultipleChoiceField(
        label=_("Met wie praat je?"),
        help_text=_("Kies rollen, geen namen."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies met wie je praat.")},
    )

    def __init__(
        self, *args: Any, trajectory: Trajectory, side: str, evaluation: Evaluation | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        words, sector = vocabulary(), trajectory.school.sector
        usual = ["gsa"] if side == Side.GSA else ["director", "coordinator", "nt2-teacher", "teacher"]
        people = [(role, words.person(role, sector)) for role in words.owners if role not in {"admin", "researcher"}]
        people.sort(key=lambda person: usual.index(person[0]) if person[0] in usual else len(usual))
        if evaluation is None:
            self.fields["uuid"].initial = uuid4
            self.fields["held_on"].initial = timezone.localdate
            self.fields["respondents"].initial = usual[:2]
        else:
            known = {role for role, _label in people}
            people += [(role, words.owners.get(role, role)) for role in evaluation.respondents if role not in known]
            self.initial = {"held_on": evaluation.held_on, "respondents": evaluation.respondents, **self.initial}
        cast("forms.MultipleChoiceField", self.fields["respondents"]).choices = people

    def clean_held_on(self) -> date:
        held_on: date = self.cleaned_data["held_on"]
        if held_on > timezone.localdate():
            raise forms.ValidationError(_("Deze datum ligt in de toekomst. Kies de dag waarop het gesprek is."))
        if held_on.year < 2000:
            raise forms.ValidationError(_("Kijk de datum van het gesprek na: dit jaartal kan niet."))
        return held_on

    def clean_uuid(self) -> UUID:
        return self.cleaned_data["uuid"] or uuid4()
