"""What a plan is made from: a school's profile, its checklist, its focus groups, and what people decided before.

Nothing else comes into a plan. Notes and quotes stay out on purpose (rule P10).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pilots.vocabulary import Vocabulary, vocabulary

Score: TypeAlias = Literal[0, 1, 2, 3, "unknown", "not-applicable"] | None
Priority: TypeAlias = Literal["later", "now"] | None
Mode: TypeAlias = Literal["interview", "self"]
Use: TypeAlias = Literal["main", "partly", "later"]
Status: TypeAlias = Literal["open", "chosen", "started", "done", "stopped"]

DEFAULT_YEAR_1_LIMIT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One checklist item with its answer: score 0 (not yet) to 3 (fully); None is not answered."""

    item: str
    domain: str
    text: str
    topics: tuple[str, ...]
    score: Score
    priority: Priority = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The newest final checklist, or the newest one while none is final (`provisional`)."""

    answers: tuple[Answer, ...]
    provisional: bool = False
    mode: Mode = "interview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of a session's last round. `rank` from 1 (the group's decision first), None when unranked."""

    ref: str
    label: str
    topics: tuple[str, ...] = ()
    rank: int | None = None
    of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """An idea under one of the four questions; `in_option`: it belongs to an option, which then speaks for it."""

    ref: str
    question: str
    text: str
    topics: tuple[str, ...] = ()
    in_option: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A held session; `number` counts the sessions of its kind by date, from 1."""

    number: int
    participants: int = 0
    options: tuple[Option, ...] = ()
    ideas: tuple[Idea, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All held sessions of one kind, or the reason why none was held; neither: nothing is known yet."""

    sessions: tuple[Session, ...] = ()
    not_held: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A topic that people left out on purpose, with their reason and the role that decided it."""

    topic: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A programme offered with an action: how to use it, why it fits, and apart from that its recognition (P6)."""

    intervention: str
    use: Use
    reason: str
    recognition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What people made of an action in an earlier draft: None in a field means that they left it as generated.

    Found again by section, topic (or label, for what has no topic) and advice. `own`: they added the action
    themselves. For an action whose status is not open, give its year, so that it stays where people carry it out.
    """

    section: str
    topic: str | None = None
    label: str | None = None
    advice: str | None = None
    own: bool = False
    edited_by: str | None = None
    status: Status = "open"
    text: str | None = None
    year: int | None = None
    period: str | None = None
    owner: str | None = None
    first_step: str | None = None
    sign: str | None = None
    support: tuple[str, ...] | None = None
    partners: tuple[str, ...] | None = None
    interventions: tuple[Offer, ...] | None = None

    @property
    def by_people(self) -> bool:
        """Whether there is anything to keep: an edit, an own action or a status past open."""
        fields = (self.text, self.year, self.period, self.owner, self.first_step, self.sign)
        lists = (self.support, self.partners, self.interventions)
        edited = any(value is not None for value in (*fields, *lists))
        return self.own or edited or self.edited_by is not None or self.status != "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that a plan depends on. Ages in years, both ends included; None is not known.

    Raises ValueError for ids that the vocabulary does not have and for numbers that cannot be.
    """

    sector: str
    setting: str
    ages: tuple[int, int]
    low_dutch: bool | None = None
    unaccompanied_minors: bool | None = None
    works_with: str | None = None
    interventions_in_use: tuple[str, ...] = ()
    year_1_limit: int = DEFAULT_YEAR_1_LIMIT
    checklist: Checklist | None = None
    groups: Mapping[str, Group] = field(default_factory=dict)
    set_aside: tuple[SetAside, ...] = ()
    kept: tuple[Kept, ...] = ()

    def __post_init__(self) -> None:
        faults = tuple(self._faults(vocabulary()))
        if faults:
            raise ValueError("; ".join(faults))

    def _faults(self, words: Vocabulary) -> Iterator[str]:
        if self.sector not in words.sectors:
            yield f"unknown sector {self.sector!r}"
        elif self.setting not in {setting.id for setting in words.settings_of(self.sector)}:
            yield f"setting {self.setting!r} does not exist in {self.sector}"
        if self.ages[0] > self.ages[1]:
            yield f"ages {self.ages} are the wrong way round"
        if self.year_1_limit < 0:
            yield "year_1_limit is negative"
        for kind in self.groups:
            if kind not in words.focus_group_kinds:
                yield f"unknown kind of focus group {kind!r}"
        for topic in self._topics():
            if topic not in words.topics:
                yield f"unknown topic {topic!r}"
        for kept in self.kept:
            if kept.section not in words.sections:
                yield f"unknown section {kept.section!r}"
            if kept.topic is None and kept.label is None:
                yield "a kept action needs a topic or a label"
            if kept.year not in (None, 1, 2, 3):
                yield f"year {kept.year} is not 1, 2 or 3"

    def _topics(self) -> Iterator[str]:
        for answer in self.checklist.answers if self.checklist else ():
            yield from answer.topics
        for group in self.groups.values():
            for session in group.sessions:
                for option in session.options:
                    yield from option.topics
                for idea in session.ideas:
                    yield from idea.topics
        yield from (aside.topic for aside in self.set_aside)
        yield from (kept.topic for kept in self.kept if kept.topic is not None)

    def group(self, kind: str) -> Group:
        """The group of this kind; an empty one where nothing is known."""
        return self.groups.get(kind, Group())

    @property
    def needs_low_language(self) -> bool:
        """Whether rule P5 holds: pupils here know too little Dutch for a programme full of language."""
        return self.low_dutch is True or self.setting in ("regular-language-class", "asylum-centre", "isk")
