"""What people fill in about a plan."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilots.models.trajectories import LONG_TEXT
from pilots.vocabulary import vocabulary
from plans.enums import ActionStatus
from plans.figures import YEARS, topic_words
from plans.models import Action, SupportSession

YEAR_CHOICES = [(year, gettext_lazy("Jaar") + f" {year}") for year in YEARS]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _day() -> forms.DateInput:
    """A date as browsers choose it: they want it written as 2026-11-22, whatever the language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself knows no ModelForm[…]
    """An action of a draft. `revision` names what the writer saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Action
        fields = ("title", "text", "year", "period", "owner", "first_step", "sign", "partners", "support")
        widgets = {
            "text": _area(6),
            "period": forms.TextInput,
            "first_step": _area(2),
            "sign": _area(2),
        }
        help_texts = {
            "text": gettext_lazy("Schrijf geen namen van leerlingen of ouders op."),
            "first_step": gettext_lazy("Iets kleins dat je volgende week kunt doen."),
            "sign": gettext_lazy("Iets wat je in de school kunt zien of horen."),
        }
        error_messages = {"text": {"required": gettext_lazy("Vul in wat jullie gaan doen.")}}

    def __init__(self, *args: Any, sector: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = vocabulary()

        def people(ids: Any) -> list[tuple[str, str]]:
            return sorted(((each, words.person(each, sector)) for each in ids), key=lambda pair: pair[1].lower())

        self.fields["title"] = forms.CharField(
            label=_("Titel"), max_length=500, error_messages={"required": _("Geef de actie een korte titel.")}
        )
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Jaar"),
            choices=YEAR_CHOICES,
            coerce=int,
            widget=forms.RadioSelect,
            error_messages={"required": _("Kies jaar 1, 2 of 3.")},
        )
        self.fields["owner"] = forms.ChoiceField(
            label=_("Wie trekt het"),
            choices=[("", _("Nog af te spreken")), *people(set(words.owners) - {"admin", "pupil"})],
            required=False,
        )
        self.fields["partners"] = forms.MultipleChoiceField(
            label=_("Met wie"), choices=people(words.helpers), required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["support"] = forms.MultipleChoiceField(
            label=_("Ondersteuning"),
            choices=[(each.id, each.label) for each in words.support_components.values()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        # A new first year action needs an owner and a first step (P8); the page says so, and nothing is refused: a
        # school that does not know yet says so too.
        for name in ("period", "first_step", "sign"):
            self.fields[name].required = False

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the action as they were filled in."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class OwnActionForm(ActionForm):
    """An action of the school's own. `uuid` makes it the same action when it is sent twice."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, section: str, set_aside: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"]
        self.section = section
        if section == "other":
            self.fields["label"] = forms.CharField(
                label=_("Thema"),
                help_text=_("Waar gaat het over? Dit wordt het kopje in het plan."),
                max_length=200,
                error_messages={"required": _("Vul in over welk thema het gaat.")},
            )
            self.order_fields(["label"])
            return
        sector = kwargs["sector"]
        self.fields["topic"] = forms.ChoiceField(
            label=_("Onderwerp"),
            choices=[
                ("", _("Kies een onderwerp")),
                *(
                    (topic.id, topic_words(topic.id, sector))
                    for topic in vocabulary().topics_of(section)
                    if topic.twin_of is None and topic.id not in set_aside
                ),
            ],
            error_messages={"required": _("Kies bij welk onderwerp de actie hoort.")},
        )
        self.order_fields(["topic"])

    @property
    def label(self) -> str:
        return str(self.cleaned_data.get("label", "")).strip()

    @property
    def topic(self) -> str:
        return str(self.cleaned_data.get("topic", ""))


class SetAsideForm(forms.Form):
    """Why a topic is left alone for now."""

    reason = forms.CharField(
        label=gettext_lazy("Waarom pakken jullie dit nu niet op?"),
        help_text=gettext_lazy("De reden komt in het plan te staan. Schrijf geen namen op."),
        widget=_area(3),
        max_length=LONG_TEXT,
        error_messages={"required": gettext_lazy("Vul in waarom jullie dit nu niet oppakken.")},
    )


class CommentForm(forms.Form):
    """A remark on a section. `uuid` makes it the same remark when it is sent twice."""

    text = forms.CharField(
        label=gettext_lazy("Je opmerking"),
        widget=_area(3),
        max_length=LONG_TEXT,
        error_messages={"required": gettext_lazy("Schrijf eerst je opmerking op.")},
    )
    section = forms.ChoiceField(choices=[("", "")], required=False, widget=forms.HiddenInput)
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [("", ""), *((each, each) for each in vocabulary().sections)]  # type: ignore[attr-defined]  # a ChoiceField


def _note() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Hoe gaat het?"),
        help_text=gettext_lazy(
            "Eén of twee zinnen is genoeg. Stoppen jullie ermee? Schrijf dan op waarom: die reden komt ook op het blad "
            "waarmee je het terugvertelt. Schrijf geen namen op."
        ),
        widget=_area(3),
        max_length=LONG_TEXT,
        required=False,
    )


def _ask_why_stopped(form: forms.Form) -> None:
    """Stopping is fine; those who counted on it want to know why."""
    data = form.cleaned_data
    if data.get("status") == ActionStatus.STOPPED and "note" in data and not data["note"].strip():
        form.add_error("note", _("Schrijf op waarom jullie hiermee stoppen."))
        form.fields["note"].required = True


class ChooseForm(forms.Form):
    """Whether and when an action is carried out. Without `may_choose` only how a chosen one is going."""

    status = forms.ChoiceField(
        label=gettext_lazy("Hoe staat het ervoor?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies hoe het ervoor staat.")},
    )
    year = forms.TypedChoiceField(
        label=gettext_lazy("In welk jaar?"),
        choices=YEAR_CHOICES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies jaar 1, 2 of 3.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Waarom toch meer in jaar 1?"),
        help_text=gettext_lazy("Je antwoord komt bij het plan te staan."),
        widget=_area(3),
        max_length=LONG_TEXT,
        required=False,
    )
    note = _note()
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, may_choose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [each for each in ActionStatus.choices if may_choose or each[0] != ActionStatus.OPEN]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if not may_choose:
            del self.fields["year"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _ask_why_stopped(self)
        return data


class PickForm(forms.Form):
    """A year for an action that goes first or later, or `open` for one that is not chosen after all."""

    pick = forms.ChoiceField(choices=[("open", ""), *((str(year), "") for year in YEARS)])
    reason = forms.CharField(
        label=gettext_lazy("Waarom past er toch meer in jaar 1?"),
        help_text=gettext_lazy("Je antwoord komt bij het plan te staan. Je hoeft het maar één keer te zeggen."),
        widget=_area(3),
        max_length=LONG_TEXT,
        required=False,
    )


class FollowForm(forms.Form):
    """How it goes with a chosen action: a status, and a short note. `uuid` makes it the same note when sent twice."""

    status = forms.ChoiceField(
        label=gettext_lazy("Hoe staat het ervoor?"),
        choices=[each for each in ActionStatus.choices if each[0] != ActionStatus.OPEN],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies hoe het ervoor staat.")},
    )
    note = _note()
    on = forms.DateField(
        label=gettext_lazy("Datum van de notitie"),
        widget=_day(),
        required=False,
        error_messages={"invalid": gettext_lazy("Vul een datum in, zoals 22-11-2026.")},
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, was_stopped: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.was_stopped = today, was_stopped
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.was_stopped:
            _ask_why_stopped(self)
        if (on := data.get("on")) and on > self.today:
            self.add_error("on", _("Deze datum ligt in de toekomst."))
        return data


class SupportSessionForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself knows no ModelForm[…]
    """A session of the support trajectory. `uuid` makes it the same session when it is sent twice."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = SupportSession
        fields = ("component", "topic", "planned_on", "held_on", "people", "note")
        widgets = {
            "planned_on": _day(),
            "held_on": _day(),
            "topic": forms.TextInput,
            "note": _area(4),
        }
        help_texts = {
            "topic": gettext_lazy("Waar gaat het die keer over?"),
            "planned_on": gettext_lazy("Vul deze datum in, of hieronder wanneer zij gehouden is."),
            "held_on": gettext_lazy("Laat dit leeg zolang de bijeenkomst nog moet komen."),
            "people": gettext_lazy("Hoeveel mensen waren erbij, of hoeveel verwacht je er?"),
            "note": gettext_lazy("Schrijf geen namen van leerlingen of ouders op."),
        }
        error_messages = {
            "planned_on": {"invalid": gettext_lazy("Vul een datum in, zoals 22-11-2026.")},
            "held_on": {"invalid": gettext_lazy("Vul een datum in, zoals 22-11-2026.")},
            "people": {
                "invalid": gettext_lazy("Vul een heel getal in."),
                "min_value": gettext_lazy("Vul minstens 1 in, of laat het leeg."),
                "max_value": gettext_lazy("Dit zijn er meer dan 2000. Klopt dat?"),
            },
        }

    def __init__(self, *args: Any, asked: Collection[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        words = vocabulary().support_components
        groups = (
            (_("Gevraagd door jullie plan"), [(each.id, each.label) for each in words.values() if each.id in asked]),
            (_("Andere ondersteuning"), [(each.id, each.label) for each in words.values() if each.id not in asked]),
        )
        self.fields["component"] = forms.ChoiceField(
            label=_("Welke ondersteuning?"),
            choices=[("", _("Kies de ondersteuning")), *((name, found) for name, found in groups if found)],
            error_messages={"required": _("Kies om welke ondersteuning het gaat.")},
        )
        self.fields["held_on"].widget.attrs["max"] = today.isoformat()
        self.fields["people"].widget.attrs |= {"min": 1, "max": 2000, "inputmode": "numeric"}
        self.order_fields(self.Meta.fields)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "planned_on" in data and "held_on" in data and not (data["planned_on"] or data["held_on"]):
            self.add_error("planned_on", _("Vul in wanneer de bijeenkomst gepland is of gehouden is."))
        if (held := data.get("held_on")) and held > self.today:
            self.add_error("held_on", _("Deze datum ligt in de toekomst. Vul hem bij “gepland op” in."))
        return data


class FinishForm(forms.Form):
    """The day on which the support trajectory was done."""

    on = forms.DateField(
        label=gettext_lazy("Afgerond op"),
        widget=_day(),
        error_messages={
            "required": gettext_lazy("Vul in wanneer de ondersteuning is afgerond."),
            "invalid": gettext_lazy("Vul een datum in, zoals 22-11-2026."),
        },
    )

    def __init__(self, *args: Any, today: date, start: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.start = today, start
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError(_("Deze datum ligt in de toekomst."))
        if self.start and on < self.start:
            raise ValidationError(_("De ondersteuning kan niet eerder klaar zijn dan de startbijeenkomst."))
        return on


class MoveForm(forms.Form):
    """Another year for an action."""

    year = forms.TypedChoiceField(choices=YEAR_CHOICES, coerce=int)


class ReleaseForm(forms.Form):
    """Names that someone declares to be no pupil's or parent's; they are the names that the page showed."""

    declared = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declared"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]  # a MultipleChoiceField
