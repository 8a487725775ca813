"""The plan as frozen values, and its fixed outward form (`as_json`)."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from plans.generator.situation import Offer, Priority, Score, Status

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FromChecklist:
    """A checklist item as reason."""

    item: str
    score: Score
    priority: Priority

    def as_json(self) -> Json:
        """The evidence entry of the plan object."""
        return {"source": "checklist", "item": self.item, "score": self.score, "priority": self.priority}


@dataclass(frozen=True, slots=True)
class FromGroup:
    """An option (with its rank) or an idea of a focus group as reason; exactly one of the two is there."""

    kind: str
    session: int
    option: str | None = None
    idea: str | None = None
    rank: int | None = None
    of: int | None = None

    def as_json(self) -> Json:
        """The evidence entry of the plan object; `rank` is null for an option that nobody ranked."""
        entry: Json = {"source": "focus-group", "kind": self.kind, "session": self.session}
        if self.option is None:
            return {**entry, "idea": self.idea}
        return {**entry, "option": self.option, "rank": self.rank, "of": self.of}


@dataclass(frozen=True, slots=True)
class FromProfile:
    """A fact of the school's profile as reason: the name of the field."""

    fact: str

    def as_json(self) -> Json:
        """The evidence entry of the plan object."""
        return {"source": "profile", "fact": self.fact}


@dataclass(frozen=True, slots=True)
class FromRule:
    """A rule of the plan as reason, such as P12."""

    rule: str

    def as_json(self) -> Json:
        """The evidence entry of the plan object."""
        return {"source": "rule", "rule": self.rule}


Evidence: TypeAlias = FromChecklist | FromGroup | FromProfile | FromRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do. `advice` is None for own actions and for themes that carry no topic."""

    advice: str | None
    text: str
    year: int
    period: str
    owner: str
    first_step: str
    sign: str
    status: Status = "open"
    edited_by: str | None = None
    own: bool = False
    support: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    interventions: tuple[Offer, ...] = ()

    def as_json(self) -> Json:
        """The action of the plan object."""
        return {
            "advice": self.advice,
            "text": self.text,
            "year": self.year,
            "period": self.period,
            "owner": self.owner,
            "first_step": self.first_step,
            "sign": self.sign,
            "status": self.status,
            "edited_by": self.edited_by,
            "support": list(self.support),
            "partners": list(self.partners),
            "interventions": [
                {
                    "intervention": offer.intervention,
                    "use": offer.use,
                    "reason": offer.reason,
                    "recognition": offer.recognition,
                }
                for offer in self.interventions
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Something that asks for attention: a topic, or in `other` a label; `need` 0..1, four decimals."""

    topic: str | None
    label: str | None = None
    need: float
    evidence: tuple[Evidence, ...]
    actions: tuple[Action, ...] = ()

    def as_json(self) -> Json:
        """The entry of the plan object; only what has no topic carries a label."""
        entry: Json = {"topic": self.topic}
        if self.topic is None:
            entry["label"] = self.label
        entry["need"] = self.need
        entry["evidence"] = [evidence.as_json() for evidence in self.evidence]
        entry["actions"] = [action.as_json() for action in self.actions]
        return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """Something that goes well, and how to keep it."""

    topic: str | None
    label: str | None = None
    evidence: tuple[Evidence, ...]
    advice: str

    def as_json(self) -> Json:
        """The entry of the plan object; only what has no topic carries a label."""
        entry: Json = {"topic": self.topic}
        if self.topic is None:
            entry["label"] = self.label
        return {**entry, "evidence": [evidence.as_json() for evidence in self.evidence], "advice": self.advice}


@dataclass(frozen=True, slots=True)
class Unknown:
    """What was not held or not answered, and what to do about it."""

    what: str
    advice: str

    def as_json(self) -> Json:
        """The entry of the plan object."""
        return {"what": self.what, "advice": self.advice}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Who says what about one topic where they do not agree: `checklist` and kinds of focus group."""

    topic: str
    between: tuple[str, ...]
    text: str

    def as_json(self) -> Json:
        """The entry of the plan object."""
        return {"topic": self.topic, "between": list(self.between), "text": self.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPlan:
    """One of the seven sections."""

    section: str
    status: str
    summary: str
    unknown: tuple[Unknown, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    strengths: tuple[Strength, ...] = ()
    attention: tuple[Attention, ...] = ()

    def as_json(self) -> Json:
        """The section of the plan object."""
        return {
            "section": self.section,
            "status": self.status,
            "summary": self.summary,
            "unknown": [unknown.as_json() for unknown in self.unknown],
            "contradictions": [contradiction.as_json() for contradiction in self.contradictions],
            "strengths": [strength.as_json() for strength in self.strengths],
            "attention": [attention.as_json() for attention in self.attention],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of the signals; `missed` is 0 in every plan."""

    signals: int
    addressed: int
    set_aside: int
    missed: int

    def as_json(self) -> Json:
        """The entry of the plan object."""
        return {
            "signals": self.signals,
            "addressed": self.addressed,
            "set_aside": self.set_aside,
            "missed": self.missed,
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A topic that stands in the plan only with the reason why people left it out."""

    topic: str
    reason: str
    by: str

    def as_json(self) -> Json:
        """The entry of the plan object."""
        return {"topic": self.topic, "reason": self.reason, "by": self.by}


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan: always seven sections, in the order of the vocabulary."""

    sections: tuple[SectionPlan, ...]
    set_aside: tuple[LeftOut, ...]
    coverage: Coverage

    def as_json(self, *, version: int = 1, status: str = "draft", released_on: str | None = None) -> Json:
        """The plan object; version, status and date (ISO) of release are known to the caller alone."""
        return {
            "version": version,
            "status": status,
            "released_on": released_on,
            "sections": [section.as_json() for section in self.sections],
            "set_aside": [left_out.as_json() for left_out in self.set_aside],
            "coverage": self.coverage.as_json(),
        }
