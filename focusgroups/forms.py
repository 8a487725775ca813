"""What is typed about a focus group, turned into values."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from focusgroups.counting import BallotLineError, OrderBallot
from focusgroups.enums import Kind, Method, Question
from focusgroups.figures import Round, line_of_order, read_line
from focusgroups.models import FocusGroup, Idea, Option
from pilots.enums import Consent
from pilots.models.trajectories import LONG_TEXT
from pilots.vocabulary import vocabulary

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

THEME_LENGTH = 60
MAX_PEOPLE = 500
# Who is usually there stands on top; the others are one click away.
USUAL: Mapping[str, tuple[str, ...]] = {
    Kind.PARENTS: ("parent", "parent-consultant"),
    Kind.PUPILS: ("pupil",),
    Kind.STAKEHOLDERS: (
        "director",
        "coordinator",
        "nt2-teacher",
        "teacher",
        "gsa",
        "youth-nurse",
        "parent-consultant",
        "caretaker",
    ),
}
TOO_LONG = gettext_lazy("Dit is te lang: hoogstens %(limit_value)s tekens. Nu zijn het er %(show_value)s.")


def _text(required: "StrOrPromise | None", *, rows: int = 3, **kwargs: Any) -> forms.CharField:
    """A text of any length we keep; `required` is what is said when it is empty, None makes it optional."""
    return forms.CharField(
        required=required is not None,
        # No max_length: its attribute makes browsers cut off what is pasted, without a word.
        validators=[MaxLengthValidator(LONG_TEXT, TOO_LONG)],
        error_messages={"required": required or ""},
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


class _Once(forms.Form):
    """A form that gives one result however often it is sent."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uuid"].initial = uuid4


class SessionForm(_Once):
    """When a session was, and who was there: roles and numbers, never names. Or why there was none."""

    held = forms.ChoiceField(
        label=gettext_lazy("Is deze sessie gehouden?"),
        choices=(("yes", gettext_lazy("Ja, gehouden")), ("no", gettext_lazy("Nee, niet gehouden"))),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies of de sessie gehouden is.")},
    )
    held_on = forms.DateField(
        label=gettext_lazy("Gehouden op"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Vul de datum in waarop de sessie gehouden is."),
            "invalid": gettext_lazy("Vul een datum in, zoals 22-11-2026."),
        },
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Hoeveel minuten duurde het?"),
        required=False,
        min_value=1,
        max_value=600,
        error_messages={
            "invalid": gettext_lazy("Vul het aantal minuten in als getal, zoals 90."),
            "min_value": gettext_lazy("Een sessie duurt minstens 1 minuut."),
            "max_value": gettext_lazy("Een sessie duurt hoogstens 600 minuten. Typ minuten, geen uren."),
        },
    )
    not_held_reason = _text(
        gettext_lazy("Vul in waarom de sessie niet gehouden is."),
        label=gettext_lazy("Waarom niet gehouden?"),
        help_text=gettext_lazy("Vul dit alleen in als de sessie niet doorging. De reden komt in het plan."),
    )

    def __init__(
        self, data: Any = None, *, kind: str, sector: str, group: FocusGroup | None = None, **kwargs: Any
    ) -> None:
        if group is not None:
            kwargs["initial"] = {
                "held": "yes" if group.held_on else "no",
                "held_on": group.held_on,
                "minutes": group.minutes,
                "not_held_reason": group.not_held_reason,
                **{f"count-{each.role}": each.count for each in group.participants.all()},
            }
        else:
            kwargs.setdefault("initial", {"held": "yes"})
        super().__init__(data, **kwargs)
        if group is not None:
            del self.fields["uuid"]
        # Who was there, but nobody wrote down how many; it stays so until somebody types a number.
        self.uncounted = {each.role for each in group.participants.all() if each.count is None} if group else set()
        held = self["held"].value()
        self.fields["held_on"].required = held == "yes"
        self.fields["not_held_reason"].required = held == "no"
        words = vocabulary()
        for role in words.stakeholder_roles:
            self.fields[f"count-{role}"] = forms.IntegerField(
                label=words.person(role, sector),
                help_text=_("Het aantal is niet opgeschreven. Was deze rol er niet? Vul dan 0 in.")
                if role in self.uncounted
                else "",
                required=False,
                min_value=0,
                max_value=MAX_PEOPLE,
                error_messages={
                    "invalid": _("%(role)s: vul een aantal in als getal.") % {"role": words.person(role, sector)},
                    "min_value": _("%(role)s: een aantal is 0 of meer.") % {"role": words.person(role, sector)},
                    "max_value": _("%(role)s: dit aantal is te hoog voor één sessie.")
                    % {"role": words.person(role, sector)},
                },
            )
        present = set(self.initial) | {name for name in (data or {}) if data[name]}
        usual = [f"count-{role}" for role in USUAL[kind]]
        self.usual_fields = [name for name in self.fields if name in usual or (name in present and "count-" in name)]
        self.usual_fields.sort(key=lambda name: usual.index(name) if name in usual else len(usual))
        self.other_fields = [
            name for name in self.fields if name.startswith("count-") and name not in self.usual_fields
        ]

    @property
    def usual(self) -> list[forms.BoundField]:
        """Roles that are usually there, or are now."""
        return [self[name] for name in self.usual_fields]

    @property
    def others(self) -> list[forms.BoundField]:
        """All other roles."""
        return [self[name] for name in self.other_fields]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        held, held_on, reason = cleaned.get("held"), cleaned.get("held_on"), cleaned.get("not_held_reason", "")
        if held == "yes":
            if held_on is not None and held_on > timezone.localdate():
                self.add_error("held_on", _("Deze datum moet nog komen. Vul de sessie in als die geweest is."))
            if reason:
                self.add_error("not_held_reason", _("Je koos dat de sessie gehouden is. Maak dit leeg, of kies 'Nee'."))
        elif held == "no":
            if held_on is not None:
                self.add_error(
                    "held_on", _("Je koos dat de sessie niet gehouden is. Maak de datum leeg, of kies 'Ja'.")
                )
            if self.participants:
                self.add_error("held", _("Er staan deelnemers bij, maar je koos dat de sessie niet gehouden is."))
        return cleaned

    @property
    def there(self) -> list[tuple[str, int | None]]:
        """Who was there, as it is written down now: the role in words, and how many where that is known."""
        return [
            (str(self.fields[name].label), self.initial[name])
            for name in self.usual_fields
            if self.initial.get(name, 0) != 0
        ]

    @property
    def participants(self) -> dict[str, int | None]:
        """Role → how many; None where that is still not written down."""
        counts = {
            name.removeprefix("count-"): count for name, count in self.cleaned_data.items() if name.startswith("count-")
        }
        return {role: count for role, count in counts.items() if count or (count is None and role in self.uncounted)}

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return {
            "held_on": self.cleaned_data["held_on"],
            "minutes": self.cleaned_data["minutes"],
            "not_held_reason": self.cleaned_data["not_held_reason"],
            "participants": self.participants,
        }


class _Tagged(forms.Form):
    """What a card is about: themes, one of their own, and topics."""

    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Thema's"), required=False, widget=forms.CheckboxSelectMultiple
    )
    own_theme = forms.CharField(
        label=gettext_lazy("Eigen thema"),
        required=False,
        validators=[MaxLengthValidator(THEME_LENGTH, TOO_LONG)],
        help_text=gettext_lazy("Noemde de groep een thema dat hier niet bij staat? Typ het in hun woorden."),
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Onderwerpen"),
        required=False,
        choices=[(topic.id, topic.label) for topic in vocabulary().topics.values()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Dit onderwerp bestaat niet. Kies uit de lijst.")},
    )
    # What the card looked like when this form was made: somebody else may have changed it since.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, own_themes: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(vocabulary().themes)
        # A theme that a colleague made while this form was open is a theme too.
        sent = self.data.getlist("themes") if hasattr(self.data, "getlist") else []
        for theme in (*own_themes, *sent):
            if 0 < len(theme) <= THEME_LENGTH and "\x00" not in theme:
                known.setdefault(theme, theme)
        field = self.fields["themes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 for the type checker
        field.choices = list(known.items())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        own = cleaned.get("own_theme")
        if own and own not in cleaned.get("themes", []):
            by_label = {label.lower(): key for key, label in vocabulary().themes.items()}
            cleaned["themes"] = [*cleaned.get("themes", []), by_label.get(own.lower(), own)]
        return cleaned

    @property
    def chosen_themes(self) -> set[str]:
        return set(self["themes"].value() or [])

    @property
    def topic_groups(self) -> list[dict[str, Any]]:
        """Topics to choose from: first those that go with the chosen themes, then the rest by section."""
        chosen, themes = set(self["topics"].value() or []), self.chosen_themes
        words = vocabulary()
        rows = {
            topic.id: {
                "id": topic.id,
                "label": topic.label,
                "section": topic.section,
                "themes": " ".join(topic.themes),
                "checked": topic.id in chosen,
            }
            for topic in words.topics.values()
        }
        first = [topic for topic in words.topics.values() if topic.id in chosen or themes & set(topic.themes)]
        first.sort(key=lambda topic: topic.id not in chosen)
        named = {topic.id for topic in first}
        groups: list[dict[str, Any]] = [
            {
                "section": "",
                "topics": [rows[topic.id] for topic in sorted(first, key=lambda each: each.id not in chosen)],
            }
        ]
        for section in words.sections:
            rest = [rows[topic.id] for topic in words.topics_of(section) if topic.id not in named]
            if words.topics_of(section):
                groups.append({"section": section, "topics": rest})
        return groups


class NewIdeaForm(_Once):
    """A card, as fast as it can be typed."""

    question = forms.ChoiceField(choices=Question.choices, widget=forms.HiddenInput)
    text = _text(gettext_lazy("Typ eerst wat er op het kaartje staat."), rows=2, label=gettext_lazy("Nieuw kaartje"))


class IdeaForm(_Tagged):
    """A card in full."""

    text = _text(gettext_lazy("Typ wat er op het kaartje staat."), label=gettext_lazy("Wat staat er op het kaartje?"))
    question = forms.ChoiceField(
        label=gettext_lazy("Bij welke vraag hangt het?"),
        choices=[choice for choice in Question.choices if choice[0] != Question.PRIORITY],
        widget=forms.RadioSelect,
    )
    field_order = ("text", "themes", "own_theme", "topics", "question")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("question") == "":
            # It came from a file without a question, and may stay so.
            field = self.fields["question"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 for the type checker
            field.choices = [*IdeaForm.base_fields["question"].choices, ("", _("Zonder vraag"))]  # type: ignore[attr-defined]  # a ChoiceField
            field.required = False


class IdeaChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no generic when it runs
    """Cards to tick, each with its text."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.text)


class NewOptionForm(_Once):
    """An option made of cards, or typed."""

    label = _text(
        None,
        rows=2,
        label=gettext_lazy("Hoe noemen jullie deze optie?"),
        help_text=gettext_lazy("Laat dit leeg om de tekst van het eerste gekozen kaartje te nemen."),
    )
    ideas = IdeaChoices(label=gettext_lazy("Welke kaartjes horen erbij?"), queryset=Idea.objects.none(), required=False)

    def __init__(self, *args: Any, ideas: QuerySet[Idea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ideas"]
        assert isinstance(field, IdeaChoices)  # noqa: S101 for the type checker
        field.queryset = ideas

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("label") and not cleaned.get("ideas") and not self.errors:
            self.add_error("label", _("Kies één of meer kaartjes, of typ een naam voor de optie."))
        return cleaned


class OptionForm(_Tagged):
    """An option in full."""

    label = _text(gettext_lazy("Vul in hoe de optie heet."), rows=2, label=gettext_lazy("Hoe heet deze optie?"))
    ideas = IdeaChoices(
        label=gettext_lazy("Kaartjes die erbij horen"),
        queryset=Idea.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("label", "themes", "own_theme", "topics", "ideas")

    def __init__(self, *args: Any, ideas: QuerySet[Idea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ideas"]
        assert isinstance(field, IdeaChoices)  # noqa: S101 for the type checker
        field.queryset = ideas


class RoundForm(forms.Form):
    """How a round is voted, and about what."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1000)
    method = forms.ChoiceField(
        label=gettext_lazy("Hoe kiest de groep?"),
        choices=Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies hoe de groep kiest.")},
    )
    points_each = forms.IntegerField(
        label=gettext_lazy("Hoeveel stippen krijgt ieder?"),
        required=False,
        min_value=1,
        max_value=50,
        help_text=gettext_lazy("Vul dit alleen in bij stippen en totalen. Meestal krijgt ieder er drie."),
        error_messages={
            "invalid": gettext_lazy("Vul het aantal stippen per persoon in als getal."),
            "min_value": gettext_lazy("Ieder heeft minstens 1 stip."),
            "max_value": gettext_lazy("Geef ieder hoogstens 50 stippen."),
        },
    )
    options = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Welke opties liggen op tafel?"),
        queryset=Option.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Kies de opties die op tafel liggen.")},
    )

    def __init__(self, *args: Any, options: QuerySet[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["options"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 for the type checker
        field.queryset = options

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (
            cleaned.get("method") == Method.POINTS
            and not cleaned.get("points_each")
            and "points_each" not in self.errors
        ):
            self.add_error("points_each", _("Vul in hoeveel stippen ieder krijgt."))
        return cleaned


class LineForm(_Once):
    """One person's line, as typed. An empty one is an abstention."""

    line = forms.CharField(
        label=gettext_lazy("Regel van deze persoon"),
        required=False,
        validators=[MaxLengthValidator(LONG_TEXT, TOO_LONG)],
    )


class TallyForm(forms.Form):
    """A total per option. What is no number stays in its field and is not counted; the others are kept."""

    def __init__(self, data: Any = None, *, options: Mapping[int, Option], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.refs = {f"total-{number}": option.ref for number, option in options.items()}
        for number, option in options.items():
            self.fields[f"total-{number}"] = forms.IntegerField(
                label=option.label,
                required=False,
                min_value=0,
                max_value=100_000,
                error_messages={
                    "invalid": _("Optie %(number)s: vul het aantal stippen in als getal.") % {"number": number},
                    "min_value": _("Optie %(number)s: een aantal is 0 of meer.") % {"number": number},
                    "max_value": _("Optie %(number)s: dit zijn te veel stippen.") % {"number": number},
                },
            )

    @property
    def tally(self) -> dict[str, int]:
        """Ref → total, of the fields that could be read."""
        return {self.refs[name]: count for name, count in self.cleaned_data.items() if name in self.refs and count}


class DecisionForm(forms.Form):
    """What the group decided after seeing the count."""

    line = forms.CharField(
        label=gettext_lazy("De volgorde die de groep vaststelt"),
        validators=[MaxLengthValidator(LONG_TEXT, TOO_LONG)],
        help_text=gettext_lazy("Nummers van kaarten, van eerste naar laatste. Twee op dezelfde plaats: 1=7."),
        error_messages={
            "required": gettext_lazy("Typ de volgorde die de groep vaststelt, zoals 4 1=7 2."),
        },
    )
    reason = _text(
        None,
        rows=2,
        label=gettext_lazy("Waarom?"),
        help_text=gettext_lazy("Dit is nodig als de groep iets anders besluit dan de telling."),
    )

    def __init__(self, *args: Any, counted: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counted = counted
        self.order: list[str | list[str]] = []

    def clean_line(self) -> str:
        line: str = self.cleaned_data["line"]
        try:
            read = read_line(Method.ORDER, line, self.counted.numbers, None)
        except BallotLineError as fault:
            raise ValidationError(str(fault)) from fault
        assert isinstance(read, OrderBallot)  # noqa: S101 only a line of dots gives something else
        if read.unseen:
            raise ValidationError(_("In een besluit past geen vraagteken: de groep besluit over alle kaarten."))
        self.order = [list(group) for group in read.order]
        return line

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        counted = counted_line(self.counted)
        if "line" in cleaned and counted and not cleaned.get("reason"):
            decided = line_of_order(self.order, self.counted.numbers)
            if _sorted_ties(decided) != _sorted_ties(counted):
                self.add_error("reason", _("Vul in waarom de groep iets anders besluit dan de telling."))
        return cleaned


def _sorted_ties(line: str) -> list[list[str]]:
    return [sorted(word.split("=")) for word in line.split()]


def counted_line(counted: Round) -> str:
    """The order of the count as a line; empty without a count."""
    by_rank: dict[int, list[str]] = {}
    for place in counted.result.order:
        by_rank.setdefault(place.rank, []).append(place.option)
    return line_of_order([by_rank[rank] for rank in sorted(by_rank)], counted.numbers)


class QuoteForm(forms.Form):
    """Something that was said, with a role."""

    role = forms.ChoiceField(
        label=gettext_lazy("Wie zei dit?"),
        error_messages={"required": gettext_lazy("Kies wie dit zei.")},
    )
    text = _text(
        gettext_lazy("Vul in wat er werd gezegd."),
        label=gettext_lazy("Wat werd er gezegd?"),
        help_text=gettext_lazy("Schrijf geen namen op. Noem ook niets waaraan iemand te herkennen is."),
    )

    consent = forms.ChoiceField(
        label=gettext_lazy("Hoe ver mag dit citaat gaan?"),
        help_text=gettext_lazy("Vraag het aan wie het zei. Weet je het niet zeker? Kies dan het eerste."),
        choices=Consent.choices,
        initial=Consent.TRAJECTORY,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Kies hoe ver dit citaat mag gaan.")},
    )

    def __init__(self, *args: Any, kind: str, sector: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = vocabulary()
        roles = sorted(words.stakeholder_roles, key=lambda role: role not in USUAL[kind])
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 for the type checker
        field.choices = [(role, words.person(role, sector)) for role in roles]
        field.initial = roles[0]
        if self.initial.get("role") == "":
            # It came from a file without a role, and may stay so.
            field.choices = [("", _("Niet opgeschreven")), *field.choices]
            field.required = False


class NewQuoteForm(QuoteForm, _Once):
    """A quote that is not there yet."""
