"""What asks for attention (signals) and what goes well (strengths), read from a situation.

A signal is a checklist item with score 0 or 1 or with a priority, an option of a ranking, or an idea under
"improve" that belongs to no option. A strength is an item with score 2 or 3 or an idea under "going well".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pilots.vocabulary import vocabulary
from plans.generator.plan import Evidence, FromChecklist, FromGroup
from plans.generator.situation import Situation

CHECKLIST = "checklist"


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal: the voice that gives it (checklist or a kind of group), its topics, its label and its evidence."""

    voice: str
    topics: tuple[str, ...]
    label: str
    evidence: FromChecklist | FromGroup

    @property
    def is_lack(self) -> bool:
        """Whether it says that something is missing; a priority alone does not say that."""
        return isinstance(self.evidence, FromGroup) or self.evidence.score in (0, 1)


@dataclass(frozen=True, slots=True)
class Good:
    """One thing that goes well."""

    voice: str
    topics: tuple[str, ...]
    label: str
    evidence: Evidence


def signals_of(situation: Situation) -> tuple[Signal, ...]:
    """All signals: the checklist in its own order, then the groups in the order of the vocabulary."""
    return (*_asked_by_checklist(situation), *_asked_by_groups(situation))


def _asked_by_checklist(situation: Situation) -> Iterator[Signal]:
    for answer in situation.checklist.answers if situation.checklist else ():
        if answer.score in (0, 1) or answer.priority is not None:
            evidence = FromChecklist(answer.item, answer.score, answer.priority)
            yield Signal(CHECKLIST, answer.topics, answer.text, evidence)


def _asked_by_groups(situation: Situation) -> Iterator[Signal]:
    for kind in vocabulary().focus_group_kinds:
        for session in situation.group(kind).sessions:
            for option in session.options:
                place = FromGroup(kind, session.number, option=option.ref, rank=option.rank, of=option.of)
                yield Signal(kind, option.topics, option.label, place)
            for idea in session.ideas:
                if idea.question == "improve" and not idea.in_option:
                    yield Signal(kind, idea.topics, idea.text, FromGroup(kind, session.number, idea=idea.ref))


def strengths_of(situation: Situation) -> tuple[Good, ...]:
    """All that goes well, in the same order as the signals."""
    found = [
        Good(CHECKLIST, answer.topics, answer.text, FromChecklist(answer.item, answer.score, answer.priority))
        for answer in (situation.checklist.answers if situation.checklist else ())
        if answer.score in (2, 3)
    ]
    for kind in vocabulary().focus_group_kinds:
        for session in situation.group(kind).sessions:
            found += [
                Good(kind, idea.topics, idea.text, FromGroup(kind, session.number, idea=idea.ref))
                for idea in session.ideas
                if idea.question == "going-well"
            ]
    return tuple(found)
