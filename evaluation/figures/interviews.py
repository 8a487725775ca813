"""An evaluation interview as its pages show it: the parts of the talk, and what was said in each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from uuid import uuid4

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from checklist.models import AnswerContent
from evaluation.enums import OTHER, FactorKind, Side, Subject
from evaluation.loading import Guide, guide, part_lines
from evaluation.models import JUDGED, RATINGS, Evaluation, EvaluationQuote, Experience, Factor, Line
from evaluation.reading import PROGRAMME, QUOTE, Place, lists, part_of, place_of
from pilots.enums import Consent
from pilots.models import TeamMember, Trajectory
from pilots.schema import subjects_of_quotes
from pilots.vocabulary import vocabulary
from plans.enums import ActionStatus
from plans.generator.texts import wording
from plans.library import library
from plans.models import Action

Row = Line | Factor | Experience | EvaluationQuote
TICKED = "yes"  # the value of a factor that was named
# Empty fields for own factors and for quotes that a page offers; they are shown one by one.
FREE_FACTORS, FREE_QUOTES = 4, 3
# Parts that go through a list of the vocabulary, one line for each id.
LISTED = {"improvements": Subject.IMPROVEMENT, "outcomes": Subject.OUTCOME, "components": Subject.COMPONENT}


def evaluated(side: str) -> Exists:
    """Step 8 (`gsa`) or 9 (`school`) is done: the evaluation with this side was held."""
    return Exists(Evaluation.objects.held().filter(trajectory=OuterRef("pk"), side=side))


def content_of(row: Row | None) -> AnswerContent:
    """What stands in a field, in the form of a checklist answer.

    `value` is the judgement, the rating, the tick of a factor or the role of a quote; `priority` the consent of a
    quote; `note` the text.
    """
    match row:
        case None:
            return AnswerContent()
        case EvaluationQuote():
            return AnswerContent(row.role or None, row.consent, row.text)
        case Factor():
            return AnswerContent(None if row.factor == OTHER else TICKED, "", row.text)
        case Line() if row.subject in JUDGED:
            return AnswerContent(row.judgement or None, "", row.text)
        case _:
            return AnswerContent(row.rating, "", row.text)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the talk with what was said in it.

    label: what it is about. ask: how to ask it, empty where the label asks enough. version: 0 when nothing stands
    there. released: of a quote that may be seen outside the trajectory. is_used: of a programme that the school uses or
    chose in its plan.
    """

    place: Place
    label: str
    ask: str
    content: AnswerContent
    version: int
    sections: tuple[str, ...] = ()
    released: bool = False
    is_used: bool = False

    @property
    def code(self) -> str:
        return self.place.code

    @property
    def is_said(self) -> bool:
        """It counts as answered: a judgement, a rating or a tick; for what is only text, the text."""
        if self.place.kind == QUOTE or self.place.is_own_factor:
            return bool(self.content.note)
        return self.content.value is not None

    @property
    def is_there(self) -> bool:
        """Something was said, if only in words."""
        return self.is_said or bool(self.content.note)

    @property
    def value_label(self) -> str:
        """The judgement, rating or role in words; empty when there is none."""
        value = self.content.value
        if isinstance(value, int):
            return _("%(rating)d van 5") % {"rating": value}
        return vocabulary().evaluation_judgements.get(value or "", "") if self.place.kind in JUDGED else ""

    @property
    def is_rating(self) -> bool:
        return isinstance(self.content.value, int)

    @property
    def blocks(self) -> list[dict[str, object]]:
        """A rating as five blocks of a picture, filled from the left."""
        rating = self.content.value if isinstance(self.content.value, int) else 0
        return [{"x": 14 * place, "filled": place < rating} for place in range(len(RATINGS))]

    @property
    def consent_label(self) -> str:
        """How far a quote may go."""
        return str(Consent(self.content.priority or Consent.TRAJECTORY).label)


@dataclass(frozen=True, slots=True)
class TalkPart:
    """A part of the talk: how to ask it, its fields, and what was quoted there."""

    id: str
    number: int
    label: str
    ask: str
    probes: tuple[str, ...]
    sections: tuple[str, ...]
    fields: tuple[Field, ...]
    quotes: tuple[Field, ...]
    leads: Mapping[str, str]

    @property
    def is_list(self) -> bool:
        """It has a fixed number of lines, so that something can be open."""
        return self.id not in {"interventions", "factors", "closing"}

    @property
    def answered(self) -> int:
        return sum(field.is_said for field in (self.quotes if self.id == "closing" else self.fields))

    @property
    def items(self) -> int:
        """How many fields there are to answer; where nothing has to be, what is there is all."""
        return len(self.fields) if self.is_list else max(self.answered, 1)

    @property
    def complete(self) -> bool:
        return self.answered >= self.items

    @property
    def open_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.is_said) if self.is_list else ()

    @property
    def said(self) -> tuple[Field, ...]:
        """Those in which something stands, if only words."""
        return tuple(field for field in self.fields if field.is_there)


@dataclass(frozen=True, slots=True)
class Talk:
    """A whole interview: its guide and its parts in order."""

    evaluation: Evaluation
    guide: Guide
    parts: Mapping[str, TalkPart]

    @property
    def answered(self) -> int:
        return sum(part.answered for part in self.parts.values() if part.is_list)

    @property
    def items(self) -> int:
        return sum(part.items for part in self.parts.values() if part.is_list)

    @property
    def open_count(self) -> int:
        return self.items - self.answered

    @property
    def quotes(self) -> tuple[Field, ...]:
        return tuple(quote for part in self.parts.values() for quote in part.quotes if quote.is_said)

    @property
    def fields(self) -> dict[str, Field]:
        """Every field by its code, quotes included."""
        return {field.code: field for part in self.parts.values() for field in (*part.fields, *part.quotes)}

    def following(self, part: str) -> str:
        """The part after this one; empty after the last."""
        names = list(self.parts)
        place = names.index(part) + 1
        return names[place] if place < len(names) else ""


@cache
def quote_subjects() -> tuple[str, ...]:
    """Everything that a quote of an interview can be about."""
    return tuple(subjects_of_quotes())


def find_place(code: str) -> Place | None:
    """The field with this code; None when there is no such field."""
    return place_of(code, library().interventions, quote_subjects())


def part_labels() -> dict[str, str]:
    """The parts of a talk in their order, with what the page calls them."""
    short = {
        "school-wide": _("Schoolbreed en in beleid"),
        "sel": _("Sociaal-emotioneel leren"),
        "care": _("De zorgstructuur"),
        "effect": _("Effect op leerlingen"),
        "added-value": _("Wat het traject bijdroeg"),
        "continuation": _("Verder met het plan"),
        "improvements": _("Waarop vooruitgegaan"),
        "outcomes": _("Wat er te zien is"),
        "components": _("Onderdelen van het traject"),
        "interventions": _("Programma's"),
        "factors": _("Wat hielp en wat zat tegen"),
        "closing": _("Slot"),
    }
    return {part: short[part] for part in part_lines()}


def subject_label(kind: str, about: str, sector: str) -> str:
    """What a line is about, as this sector says it."""
    if kind == PROGRAMME:
        known = library().interventions.get(about)
        return known.name if known else about
    names = lists()[kind]
    return wording(names[about], sector) if isinstance(names, Mapping) and about in names else about


def programmes_at(trajectory: Trajectory) -> tuple[list[str], list[str]]:
    """The programmes that this school uses or chose in its plan, and the others that its sector knows; one query."""
    chosen = (
        Action.objects.filter(plan__in=trajectory.plans.released())
        .exclude(status=ActionStatus.OPEN)
        .values_list("intervention_ids", flat=True)
    )
    mine = dict.fromkeys(trajectory.interventions_in_use)
    mine.update(dict.fromkeys(each for ids in chosen for each in ids))
    known = library().interventions
    here = [each for each in known if each in mine]
    others = [each.id for each in known.values() if each.id not in mine and trajectory.school.sector in each.sectors]
    return here, others


def talk_of(evaluation: Evaluation, *, blank: bool = False) -> Talk:
    """The interview with everything that was said in it, in four queries (six with the programmes).

    blank: offer empty fields for quotes and own factors too, as a page that is written in does.
    """
    trajectory = evaluation.trajectory
    rows: dict[tuple[str, str], Row] = {(each.subject, each.about): each for each in evaluation.lines.all()}
    rows.update({(PROGRAMME, each.intervention): each for each in evaluation.experiences.all()})
    factors = list(evaluation.factors.all())
    quotes = list(evaluation.quotes.all())
    return _talk(evaluation, trajectory, rows, factors, quotes, blank=blank)


def empty_talk(trajectory: Trajectory, side: str) -> Talk:
    """The talk as nobody has held it yet, led by the newest guide."""
    return _talk(Evaluation(trajectory=trajectory, side=side), trajectory, {}, [], [], blank=False)


def _talk(
    evaluation: Evaluation,
    trajectory: Trajectory,
    rows: Mapping[tuple[str, str], Row],
    factors: Iterable[Factor],
    quotes: Iterable[EvaluationQuote],
    *,
    blank: bool,
) -> Talk:
    sector = trajectory.school.sector
    led_by = guide(evaluation.side, evaluation.guide, sector)
    fields: dict[str, list[Field]] = {part: [] for part in led_by.parts}

    def put(
        part: str,
        place: Place,
        row: Row | None,
        ask: str = "",
        sections: tuple[str, ...] = (),
        *,
        used: bool = False,
    ) -> None:
        label = subject_label(place.kind, place.about, sector) if not place.is_own_factor else _("Eigen punt")
        version = row.version if row else 0
        fields[part].append(Field(place, label, ask, content_of(row), version, sections, is_used=used))

    for question in vocabulary().evaluation_questions:
        place = Place(Subject.QUESTION, question)
        put(question, place, rows.get((place.kind, place.about)), sections=led_by.parts[question].sections)
    for part, subject in LISTED.items():
        for line in led_by.parts[part].lines.values():
            put(part, Place(subject, line.about), rows.get((subject, line.about)), line.ask, line.sections)
    mine, others = programmes_at(trajectory)
    rated = [about for kind, about in rows if kind == PROGRAMME]
    for programme in dict.fromkeys([*mine, *rated, *others]):
        put("interventions", Place(PROGRAMME, programme), rows.get((PROGRAMME, programme)), used=programme in mine)
    for place, factor in _factors(factors, blank=blank):
        put("factors", place, factor)
    said = _quotes(quotes, list(led_by.parts), blank=blank)
    labels = part_labels()
    parts = {
        part.id: TalkPart(
            id=part.id,
            number=number,
            label=labels[part.id],
            ask=part.ask,
            probes=part.probes,
            sections=part.sections,
            fields=tuple(fields[part.id]),
            quotes=tuple(said[part.id]),
            leads={about: line.ask for about, line in part.lines.items()},
        )
        for number, part in enumerate(led_by.parts.values(), start=1)
    }
    return Talk(evaluation, led_by, parts)


def _factors(factors: Iterable[Factor], *, blank: bool) -> Iterator[tuple[Place, Factor | None]]:
    named = {(each.kind, each.factor): each for each in factors if each.factor != OTHER}
    own = [each for each in factors if each.factor == OTHER]
    known = lists()
    for kind in FactorKind.values:
        for factor in known[kind]:
            yield Place(kind, factor), named.get((kind, factor))
        yield from ((Place(kind, OTHER, each.uuid), each) for each in own if each.kind == kind)
        yield from ((Place(kind, OTHER, uuid4()), None) for _number in range(FREE_FACTORS if blank else 0))


def _quotes(quotes: Iterable[EvaluationQuote], parts: list[str], *, blank: bool) -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = {part: [] for part in parts}
    for each in quotes:
        place = Place(QUOTE, each.about if each.about in quote_subjects() else "", each.uuid)
        field = Field(place, "", "", content_of(each), each.version, released=each.released)
        found[part_of(each.about)].append(field)
    if blank:
        for part in parts:
            new = (Place(QUOTE, about, uuid4()) for about in subjects_in(part) for _number in range(FREE_QUOTES))
            found[part].extend(Field(place, "", "", AnswerContent(), 0) for place in new)
    return found


def subjects_in(part: str) -> tuple[str, ...]:
    """What new quotes in this part are about."""
    if part == "factors":
        return tuple(FactorKind.values)
    return ("",) if part == "closing" else (part,)


def people_of(evaluation: Evaluation, trajectory: Trajectory) -> list[str]:
    """Who were there, as the school calls them."""
    words = vocabulary()
    known = {**words.helpers, **words.owners}
    return [words.person(role, trajectory.school.sector) if role in known else role for role in evaluation.respondents]


def who_said(trajectory: Trajectory, row: Row | None) -> str:
    """Who saved this, within a sentence: "de onderzoeker van Pharos (Name)"."""
    user = None
    if row is not None:
        user = row.author if isinstance(row, EvaluationQuote) else row.changed_by
    if user is None:
        return _("iemand anders")
    roles = TeamMember.objects.filter(trajectory=trajectory, user=user).values_list("role", flat=True)
    names = [_in_sentence(vocabulary().person(role, trajectory.school.sector)) for role in roles]
    return f"{' en '.join(names)} ({user})" if names else str(user)


def _in_sentence(person: str) -> str:
    return f"de {person if person[:2].isupper() else person[:1].lower() + person[1:]}"


def sides_seen(*, gsa: bool) -> list[Side]:
    """The sides whose interviews somebody sees: the school's always, the GSA's only with the right to."""
    return [Side.GSA, Side.SCHOOL] if gsa else [Side.SCHOOL]
