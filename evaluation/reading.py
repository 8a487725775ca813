"""What the code of a field in an interview points to, as addresses and pages write it: `question_care`, `quote_<uuid>`.

Pure: knows the words of the field, no rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from evaluation.enums import OTHER, FactorKind, Subject
from pilots.vocabulary import vocabulary

PROGRAMME = "intervention"
QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Place:
    """One field of an interview.

    kind: a Subject, PROGRAMME, a FactorKind or QUOTE. about: an id in the list of that kind; for a quote what it is
    about, empty when nothing special. uuid: of an own factor and of a quote, made by the page that offers the field.
    """

    kind: str
    about: str
    uuid: UUID | None = None

    @property
    def code(self) -> str:
        parts = [self.kind, *([str(self.uuid)] if self.uuid else []), *([self.about] if self.is_named else [])]
        return "_".join(parts)

    @property
    def is_named(self) -> bool:
        """Its id is part of the code; an own factor is known by its uuid alone."""
        return bool(self.about) and not (self.uuid and self.kind != QUOTE)

    @property
    def is_factor(self) -> bool:
        return self.kind in FactorKind.values

    @property
    def is_own_factor(self) -> bool:
        return self.is_factor and self.uuid is not None


def lists() -> dict[str, Collection[str]]:
    """The ids that each kind of field with a fixed list can be about."""
    words = vocabulary()
    return {
        Subject.QUESTION: words.evaluation_questions,
        Subject.IMPROVEMENT: words.improvement_areas,
        Subject.OUTCOME: words.observed_outcomes,
        Subject.COMPONENT: words.pilot_components,
        FactorKind.PROMOTING: words.promoting_factors,
        FactorKind.HINDERING: words.hindering_factors,
    }


def place_of(code: str, programmes: Collection[str], subjects: Collection[str]) -> Place | None:
    """The field with this code; None when there is no such field.

    programmes: ids of the interventions that exist. subjects: what a quote can be about.
    """
    kind, _, rest = code.partition("_")
    known = lists()
    if kind in known and rest in known[kind]:
        return Place(kind, rest)
    if kind == PROGRAMME and rest in programmes:
        return Place(kind, rest)
    made, _, about = rest.partition("_")
    try:
        uuid = UUID(made)
    except ValueError:
        return None
    if kind in FactorKind.values and not about:
        return Place(kind, OTHER, uuid)
    if kind == QUOTE and (not about or about in subjects):
        return Place(kind, about, uuid)
    return None


def part_of(about: str) -> str:
    """The part of the talk where a quote about this has its place; what is about nothing there stands at the end."""
    words = vocabulary()
    if about in words.evaluation_questions:
        return about
    places = {
        "improvements": ("improvements", *words.improvement_areas),
        "outcomes": ("outcomes", *words.observed_outcomes),
        "components": ("components", *words.pilot_components),
        "interventions": ("interventions",),
        "factors": (*words.promoting_factors, *words.hindering_factors, *FactorKind.values),
    }
    return next((part for part, ids in places.items() if about in ids), "closing")
