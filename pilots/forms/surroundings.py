"""What a school writes about itself: its question, its vision, what care takes, partners and the role card."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from pilots.enums import PartnerState
from pilots.models import CareRole, Partner, Trajectory
from pilots.models.trajectories import LONG_TEXT
from pilots.surroundings import person_name
from pilots.vocabulary import vocabulary

# Pupils and parents are not on the school's own list of who helps; what a file put there stays.
NO_PARTNER = frozenset({"director", "nt2-teacher", "teacher", "coordinator", "gsa", "parent", "pupil"})
NO_CARE_ROLE = frozenset({"parent", "pupil", "researcher", "admin"})


class WordsForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself knows no ModelForm[…]
    """The school's own starting question and its vision."""

    class Meta:
        model = Trajectory
        fields = ("question", "vision")
        labels = {
            "question": gettext_lazy("Met welke vraag begint de school?"),
            "vision": gettext_lazy("Wat is de visie van de school op welbevinden?"),
        }
        help_texts = {
            "question": gettext_lazy(
                "In eigen woorden, zoals jullie het in de teamkamer zeggen. Bijvoorbeeld: hoe zorgen we dat een nieuw "
                "kind zich snel thuis voelt? Of: wat moet elke collega weten?"
            ),
            "vision": gettext_lazy(
                "Een paar zinnen waar het hele team achter staat. Nog geen visie? Laat het leeg. De visie komt in het "
                "plan van aanpak te staan. Schrijf geen namen op."
            ),
        }
        widgets = {
            "question": forms.Textarea(attrs={"rows": 3, "maxlength": LONG_TEXT}),
            "vision": forms.Textarea(attrs={"rows": 9, "maxlength": LONG_TEXT}),
        }


class CareTimeForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """What the care coordination of the school takes."""

    class Meta:
        model = Trajectory
        fields = ("care_people", "care_days", "care_note")
        labels = {
            "care_people": gettext_lazy("Met hoeveel mensen?"),
            "care_note": gettext_lazy("Wat levert het op, en wat vraagt het?"),
        }
        help_texts = {
            "care_note": gettext_lazy("Bijvoorbeeld waar de uren van betaald worden, en wat daardoor niet kan."),
        }
        widgets = {
            "care_people": forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "class": "input-short"}),
            "care_note": forms.Textarea(attrs={"rows": 4, "maxlength": LONG_TEXT}),
        }
        error_messages = {
            "care_people": {
                "invalid": gettext_lazy("Vul een heel getal in, zoals 3."),
                "min_value": gettext_lazy("Vul 0 of meer in."),
                "max_value": gettext_lazy("Dat zijn te veel mensen voor één school."),
            },
        }

    care_days = forms.DecimalField(
        label=gettext_lazy("Hoeveel dagen per week samen?"),
        help_text=gettext_lazy("Alle dagen bij elkaar opgeteld. Een halve dag is 0,5."),
        required=False,
        localize=True,
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-short"}),
        error_messages={
            "invalid": gettext_lazy("Vul een getal in, zoals 4 of 4,5."),
            "min_value": gettext_lazy("Vul 0 of meer in."),
            "max_value": gettext_lazy("Vul hoogstens 100 in."),
            "max_digits": gettext_lazy("Vul hoogstens 100 in."),
            "max_whole_digits": gettext_lazy("Vul hoogstens 100 in."),
            "max_decimal_places": gettext_lazy("Schrijf hoogstens één cijfer achter de komma, zoals 4,5."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = self.instance.care_days
        if days is not None and days == days.to_integral_value():
            self.initial["care_days"] = int(days)  # "5", as people write it, and not "5,0"


class PartnerForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """One partner on the map."""

    state = forms.ChoiceField(
        label=gettext_lazy("Doet deze partner mee?"),
        choices=PartnerState.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies of deze partner al meedoet of nog ontbreekt.")},
    )

    class Meta:
        model = Partner
        fields = ("partner", "state", "contact", "note")
        labels = {
            "contact": gettext_lazy("Bij wie kun je terecht?"),
            "note": gettext_lazy("Wat is de afspraak, of wat is de volgende stap?"),
        }
        help_texts = {
            "contact": gettext_lazy("Een functie, geen naam. Zoals: ouder-kindadviseur, of de wijkverpleegkundige."),
            "note": gettext_lazy("Zoals: elke dinsdagochtend op school, spreekuur in lokaal 4."),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "maxlength": LONG_TEXT})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sector = self.instance.trajectory.school.sector
        known = [each for each in vocabulary().helpers if each not in NO_PARTNER or each == self.instance.partner]
        choices = sorted(((each, person_name(each, sector)) for each in known), key=lambda each: each[1].lower())
        self.fields["partner"] = forms.ChoiceField(
            label=gettext_lazy("Welke partner?"),
            choices=[("", gettext_lazy("Kies een partner")), *choices],
            error_messages={
                "required": gettext_lazy("Kies een partner."),
                "invalid_choice": gettext_lazy("Kies een partner uit de lijst."),
            },
        )


class CareRoleForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """One line of the role card."""

    class Meta:
        model = CareRole
        fields = ("role", "task", "reach")
        labels = {
            "task": gettext_lazy("Wat doet deze persoon bij een signaal?"),
            "reach": gettext_lazy("Hoe is deze persoon te bereiken?"),
        }
        help_texts = {
            "task": gettext_lazy("Concreet en kort. Zoals: zegt het dezelfde dag tegen de mentor of de leerkracht."),
            "reach": gettext_lazy("Een plek of een moment, geen naam. Zoals: bij de deur, van 8.15 tot 8.30 uur."),
        }
        widgets = {"task": forms.Textarea(attrs={"rows": 3, "maxlength": LONG_TEXT})}
        error_messages = {"task": {"required": gettext_lazy("Schrijf op wat deze persoon doet bij een signaal.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sector = self.instance.trajectory.school.sector
        known = [each for each in vocabulary().owners if each not in NO_CARE_ROLE or each == self.instance.role]
        self.fields["role"] = forms.ChoiceField(
            label=gettext_lazy("Wie?"),
            choices=[("", gettext_lazy("Kies een rol")), *((each, person_name(each, sector)) for each in known)],
            error_messages={
                "required": gettext_lazy("Kies om wie het gaat."),
                "invalid_choice": gettext_lazy("Kies een rol uit de lijst."),
            },
        )
