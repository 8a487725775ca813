"""Every component in every state on one page: to look at, to compare, and to test with axe."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pilots.decorators import in_programme
from pilots.enums import StepState
from pilots.roles import May
from pilots.steps import StepNow
from pilots.vocabulary import vocabulary
from welbevinden.http import AuthenticatedRequest


class ExampleForm(forms.Form):
    """A field of each kind, to see labels, help and faults. Nothing is kept of it."""

    school = forms.CharField(
        label=gettext_lazy("Naam van de school"),
        help_text=gettext_lazy("Zoals de school zichzelf noemt."),
        error_messages={"required": gettext_lazy("Vul de naam van de school in")},
    )
    held_on = forms.DateField(
        label=gettext_lazy("Datum van het gesprek"),
        help_text=gettext_lazy("Bijvoorbeeld 22-11-2026."),
        error_messages={
            "required": gettext_lazy("Vul de datum van het gesprek in"),
            "invalid": gettext_lazy("Schrijf de datum als dag, maand en jaar, zoals 22-11-2026"),
        },
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Sector"),
        choices=[("", gettext_lazy("Kies een sector")), *vocabulary().sectors.items()],
        error_messages={"required": gettext_lazy("Kies een sector")},
    )
    works_with = forms.ChoiceField(
        label=gettext_lazy("Werkt de school met Gezonde School?"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("Ja")), ("no", gettext_lazy("Nee"))],
        error_messages={"required": gettext_lazy("Kies of de school met Gezonde School werkt")},
    )
    respondents = forms.MultipleChoiceField(
        label=gettext_lazy("Wie zaten er bij?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=list(vocabulary().stakeholder_roles.items())[:3],
    )
    note = forms.CharField(
        label=gettext_lazy("Toelichting"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=gettext_lazy("Schrijf geen namen van leerlingen of ouders op."),
    )
    agrees = forms.BooleanField(
        label=gettext_lazy("We zijn het eens met dit plan"),
        error_messages={"required": gettext_lazy("Vink aan dat je het eens bent met het plan")},
    )


def _steps(states: str) -> tuple[StepNow, ...]:
    """Nine steps from one letter each: d(one) n(ow) w(aiting) o(verdue) p(aused)."""
    letters = {state.value[0]: state for state in StepState}
    return tuple(
        StepNow(step, letters[letter], date(2026, 9, 10), date(2026, 9, 12) if letter == "d" else None)
        for step, letter in zip(vocabulary().steps.values(), states, strict=True)
    )


@in_programme(May.SEE_DASHBOARD)
@require_safe
def gallery(request: AuthenticatedRequest) -> HttpResponse:
    """The page; colours follow the system, so look at it in light and in dark."""
    words = vocabulary()
    return render(
        request,
        "pilots/gallery.html",
        {
            "messages": [
                Message(messages.SUCCESS, _("Het plan is vastgesteld. De school krijgt vandaag bericht.")),
                Message(messages.INFO, _("De sessie met ouders staat op 22 november 2026.")),
                Message(messages.WARNING, _("Er staan nog drie vragen open.")),
                Message(messages.ERROR, _("Het bestand is niet ingelezen.")),
            ],
            "icons": sorted((settings.BASE_DIR / "static" / "icons.txt").read_text().split()),
            "strips": [_steps("wwwwwwwww"), _steps("ddnowwwww"), _steps("dddpppwww"), _steps("ddddddddd")],
            "step_states": list(StepState.values),
            "phases": [
                (label, [each for each in _steps("ddnopwwww") if each.step.phase == phase])
                for phase, label in words.phases.items()
            ],
            "sections": list(words.sections),
            "badges": [
                ("neutral", _("Nog niet gekozen")),
                ("now", _("Bezig")),
                ("done", _("Klaar")),
                ("late", _("Over de datum")),
                ("paused", _("Ligt stil")),
                ("draft", _("Concept")),
                ("danger", _("Niet gelukt")),
            ],
            "scores": [0, 1, 2, 3, "unknown", "not-applicable", None],
            "needs": [0.0, 0.25, 0.5, 0.82, 1.0],
            "heat": list(enumerate(["–", "1", "3", "6", "9"])),
            "moment": datetime(2026, 11, 22, 14, 3, tzinfo=ZoneInfo(settings.TIME_ZONE)),
            "groups": list(words.focus_group_kinds.values()),
            "lines": [
                (words.topics["env-play-sport"].label, "environment", (1, 1, 3)),
                (words.topics["par-communication"].label, "parents", (2, 4, 1)),
                (words.topics["care-trusted-adult"].label, "care", (3, 2, None)),
                (words.topics["edu-dutch-society"].label, "education", (3, None, None)),
                (words.topics["tr-culture-sensitive"].label, "training", (None, None, 2)),
                (words.topics["pol-anti-racism"].label, "policy", (None, 3, 4)),
                (_("Een eigen kast voor de muziekinstrumenten"), "", (None, 5, None)),
            ],
            "form": ExampleForm(),
            "form_with_faults": ExampleForm(
                {"fault-held_on": "morgen", "fault-note": _("Dit blijft gewoon staan.")}, prefix="fault"
            ),
        },
    )
