"""What the checklist of a trajectory says, counted by the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q

from checklist.enums import NoScore, Priority, Score
from checklist.models import Answer, AnswerContent, Instrument, Interview, Item
from pilots.models import TeamMember, Trajectory
from pilots.vocabulary import vocabulary


def checklist_final() -> Exists:
    """Step 4 is done: there is a final checklist."""
    return Exists(Interview.objects.filter(trajectory=OuterRef("pk"), is_final=True))


def leading_interview(trajectory: Trajectory) -> Interview | None:
    """The interview that counts: the newest final one, without one the newest at all; None when there is none."""
    return Interview.objects.filter(trajectory=trajectory).leading().select_related("instrument").first()


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One item of an interview with what was answered on it.

    item: its code. position counts from 1 through the whole instrument. score: 0–3, "unknown", "not-applicable", or
    None when it is open. priority: "now", "later" or "". version: 0 when nothing was ever saved.
    """

    item_id: int
    item: str
    position: int
    domain: str
    text: str
    help: str
    topics: tuple[str, ...]
    score: int | str | None = None
    priority: str = ""
    note: str = ""
    version: int = 0

    @property
    def content(self) -> AnswerContent:
        return AnswerContent(self.score, self.priority, self.note)

    @property
    def is_open(self) -> bool:
        return self.score is None

    @property
    def is_strength(self) -> bool:
        return self.score in {Score.LARGELY, Score.FULLY}

    @property
    def is_attention(self) -> bool:
        return self.score in {Score.NOT_YET, Score.PARTLY}


def answers_of(interview: Interview, domain: str = "") -> list[AnswerLine]:
    """Every item of the interview's instrument in its order, answered or not; with `domain` only the items in there.

    Two queries, whatever the number of items.
    """
    items = Item.objects.filter(instrument=interview.instrument_id)
    answers = Answer.objects.filter(interview=interview)
    if domain:
        items = items.filter(domain=domain)
        answers = answers.filter(item__domain=domain)
    given = {answer.item_id: answer for answer in answers}
    return [_line(item, given.get(item.pk)) for item in items]


def questions_of(instrument: Instrument) -> list[AnswerLine]:
    """Every item of an instrument in its order, as nobody has answered it yet."""
    return [_line(item, None) for item in instrument.items.all()]


def _line(item: Item, answer: Answer | None) -> AnswerLine:
    asked = (item.pk, item.code, item.position, item.domain, item.text, item.help, tuple(item.topics))
    if answer is None:
        return AnswerLine(*asked)
    return AnswerLine(*asked, answer.value, answer.priority, answer.note, answer.version)


@dataclass(frozen=True, slots=True)
class DomainFigures:
    """How often each answer was given in one domain of an interview."""

    domain: str
    items: int
    scores: Mapping[int, int]
    unknown: int
    not_applicable: int
    now: int
    later: int

    @property
    def label(self) -> str:
        return vocabulary().checklist_domains[self.domain]

    @property
    def scored(self) -> int:
        return sum(self.scores.values())

    @property
    def answered(self) -> int:
        return self.scored + self.unknown + self.not_applicable

    @property
    def open(self) -> int:
        return self.items - self.answered

    @property
    def complete(self) -> bool:
        return self.answered == self.items

    @property
    def strengths(self) -> int:
        return self.scores[Score.LARGELY] + self.scores[Score.FULLY]

    @property
    def attention(self) -> int:
        return self.scores[Score.NOT_YET] + self.scores[Score.PARTLY]

    @property
    def not_known(self) -> int:
        """Asked without an answer that says something: "weet niet", or still open."""
        return self.unknown + self.open

    @property
    def parts(self) -> tuple["Part", ...]:
        """The items laid side by side as a bar of width 100, best score first; what is empty is left out."""
        kinds = [
            *((f"score-{score.value}", str(score.label), self.scores[score]) for score in reversed(Score)),
            (NoScore.UNKNOWN.value, str(NoScore.UNKNOWN.label), self.unknown),
            (NoScore.NOT_APPLICABLE.value, str(NoScore.NOT_APPLICABLE.label), self.not_applicable),
            ("open", "Nog open", self.open),
        ]
        parts: list[Part] = []
        start = 0.0
        for kind, label, count in kinds:
            if count:
                width = 100 * count / self.items
                parts.append(Part(kind, label, count, f"{start:.3f}", f"{width:.3f}"))
                start += width
        return tuple(parts)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the bar of a domain: `start` and `width` in percent of the bar, as SVG writes numbers."""

    kind: str
    label: str
    count: int
    start: str
    width: str


def domain_figures(interview: Interview) -> list[DomainFigures]:
    """The six domains in vocabulary order, counted in one query."""
    mine = FilteredRelation("answers", condition=Q(answers__interview=interview))
    counts: dict[str, Count] = {
        f"score_{score.value}": Count("pk", filter=Q(mine__score=score.value)) for score in Score
    }
    rows = (
        Item.objects.filter(instrument=interview.instrument_id)
        .order_by()
        .annotate(mine=mine)
        .values("domain")
        .annotate(
            all_items=Count("pk"),
            unknown=Count("pk", filter=Q(mine__no_score=NoScore.UNKNOWN)),
            not_applicable=Count("pk", filter=Q(mine__no_score=NoScore.NOT_APPLICABLE)),
            now=Count("pk", filter=Q(mine__priority=Priority.NOW)),
            later=Count("pk", filter=Q(mine__priority=Priority.LATER)),
            **counts,
        )
    )
    found = {row["domain"]: row for row in rows}
    return [
        DomainFigures(
            domain=domain,
            items=found[domain]["all_items"],
            scores={score.value: found[domain][f"score_{score.value}"] for score in Score},
            unknown=found[domain]["unknown"],
            not_applicable=found[domain]["not_applicable"],
            now=found[domain]["now"],
            later=found[domain]["later"],
        )
        for domain in vocabulary().checklist_domains
        if domain in found
    ]


@dataclass(frozen=True, slots=True)
class DomainResult:
    """A domain of the result page: its figures and its items, each in one list only."""

    figures: DomainFigures
    strengths: tuple[AnswerLine, ...]
    attention: tuple[AnswerLine, ...]
    not_known: tuple[AnswerLine, ...]
    not_applicable: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What an interview gave: per domain, and what the school gives priority."""

    domains: tuple[DomainResult, ...] = ()
    now: tuple[AnswerLine, ...] = field(default=())
    later: tuple[AnswerLine, ...] = field(default=())

    @property
    def items(self) -> int:
        return sum(each.figures.items for each in self.domains)

    @property
    def answered(self) -> int:
        return sum(each.figures.answered for each in self.domains)


def result_of(interview: Interview) -> Result:
    """The result of an interview, final or not, in three queries."""
    lines = answers_of(interview)
    return Result(
        domains=tuple(_domain_result(figures, lines) for figures in domain_figures(interview)),
        now=tuple(line for line in lines if line.priority == Priority.NOW),
        later=tuple(line for line in lines if line.priority == Priority.LATER),
    )


def _domain_result(figures: DomainFigures, lines: Iterable[AnswerLine]) -> DomainResult:
    mine = [line for line in lines if line.domain == figures.domain]
    # The clearest first: the strongest of what goes well, the weakest of what asks attention.
    return DomainResult(
        figures=figures,
        strengths=tuple(sorted((line for line in mine if line.is_strength), key=lambda line: -int(line.score or 0))),
        attention=tuple(sorted((line for line in mine if line.is_attention), key=lambda line: int(line.score or 0))),
        not_known=tuple(line for line in mine if line.is_open or line.score == NoScore.UNKNOWN),
        not_applicable=tuple(line for line in mine if line.score == NoScore.NOT_APPLICABLE),
    )


def who_answered(trajectory: Trajectory, answer: Answer) -> str:
    """Who saved `answer`, as the school says it: "de intern begeleider (Name)"."""
    if answer.changed_by is None:
        return "iemand anders"
    user = answer.changed_by
    roles = TeamMember.objects.filter(trajectory=trajectory, user=user).values_list("role", flat=True)
    names = [_in_sentence(vocabulary().person(role, trajectory.school.sector)) for role in roles]
    return f"{' en '.join(names)} ({user})" if names else str(user)


def _in_sentence(person: str) -> str:
    """The name of a role within a sentence, with its article; what is an abbreviation keeps its capitals."""
    return f"de {person if person[:2].isupper() else person[:1].lower() + person[1:]}"


def panel(trajectory: Trajectory) -> dict[str, object]:
    """What the trajectory page shows of the checklist."""
    interview = leading_interview(trajectory)
    if interview is None:
        return {"trajectory": trajectory, "interview": None, "domains": [], "answered": 0, "items": 0}
    domains = domain_figures(interview)
    return {
        "trajectory": trajectory,
        "interview": interview,
        "domains": domains,
        "answered": sum(each.answered for each in domains),
        "items": sum(each.items for each in domains),
    }
