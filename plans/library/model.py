"""The advice library as frozen values: what a school can do (advice) and with which programme (intervention)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

BySector: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class When:
    """Conditions on a school's profile; None or empty asks nothing. All of them must hold."""

    low_dutch: bool | None = None
    unaccompanied_minors: bool | None = None
    works_with: tuple[str, ...] = ()

    @property
    def conditions(self) -> int:
        """How many facts of the profile are asked for."""
        return (self.low_dutch is not None) + (self.unaccompanied_minors is not None) + bool(self.works_with)

    def as_json(self) -> dict[str, Any]:
        """Only the conditions that are there, as the file has them."""
        data: dict[str, Any] = {}
        if self.low_dutch is not None:
            data["low_dutch"] = self.low_dutch
        if self.unaccompanied_minors is not None:
            data["unaccompanied_minors"] = self.unaccompanied_minors
        if self.works_with:
            data["works_with"] = list(self.works_with)
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing a school can do. The first of `topics` is the one it is written for; texts are per sector.

    `order` is 1 for what to do first on its topic. `load` says how heavy it is for the whole team: 0 a few
    people, 1 some time of the team, 2 training or a change for the whole team.
    """

    id: str
    topics: tuple[str, ...]
    sectors: tuple[str, ...]
    settings: tuple[str, ...] = ()
    when: When = When()
    order: int = 1
    title: BySector
    text: BySector
    first_step: BySector
    sign: BySector
    period: BySector
    owner: str
    partners: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    load: int = 0
    pitfall: BySector = field(default_factory=dict)
    keep: BySector = field(default_factory=dict)

    @property
    def topic(self) -> str:
        """The topic that it is written for."""
        return self.topics[0]

    @property
    def general(self) -> bool:
        """Whether it fits every school of its sectors."""
        return not self.settings and not self.when.conditions

    def as_json(self) -> dict[str, Any]:
        """The entry of `show_library --json`."""
        return {
            "advice": self.id,
            "topics": list(self.topics),
            "sectors": list(self.sectors),
            "settings": list(self.settings),
            "when": self.when.as_json(),
            "order": self.order,
            "title": dict(self.title),
            "text": dict(self.text),
            "first_step": dict(self.first_step),
            "sign": dict(self.sign),
            "period": dict(self.period),
            "owner": self.owner,
            "partners": list(self.partners),
            "support": list(self.support),
            "interventions": list(self.interventions),
            "load": self.load,
            "pitfall": dict(self.pitfall),
            "keep": dict(self.keep),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What the Dutch databases of recognised interventions say; status `unknown` means not found, not refused."""

    status: str
    since: int | None = None
    recognised_for: str = ""
    note: str = ""
    checked_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """A programme that pilot schools named.

    `language_load` says how much Dutch a pupil needs (low, medium, high); None: for staff or parents, or a way
    of working. `ages` in years, both ends included. `partly`: schools use parts of it. `not_in`: settings where
    it may not be offered.
    """

    id: str
    name: str
    sectors: tuple[str, ...]
    ages: tuple[int, int]
    language_load: str | None
    levels: tuple[str, ...]
    newcomers: str
    newcomers_note: str = ""
    delivered_by: str
    recognition: Recognition
    partly: bool
    not_in: tuple[str, ...] = ()
    topics: tuple[str, ...]
    experience: str = ""

    def as_json(self) -> dict[str, Any]:
        """All fields, with the keys of the file."""
        recognition = self.recognition
        return {
            "intervention": self.id,
            "name": self.name,
            "sectors": list(self.sectors),
            "ages": list(self.ages),
            "language_load": self.language_load,
            "levels": list(self.levels),
            "newcomers": self.newcomers,
            "newcomers_note": self.newcomers_note,
            "delivered_by": self.delivered_by,
            "recognition": {
                "status": recognition.status,
                "since": recognition.since,
                "recognised_for": recognition.recognised_for,
                "note": recognition.note,
                "checked_on": recognition.checked_on,
            },
            "partly": self.partly,
            "not_in": list(self.not_in),
            "topics": list(self.topics),
            "experience": self.experience,
        }


@dataclass(frozen=True)
class Library:
    """All advice and interventions, each mapping by id in the order of the files."""

    advice: Mapping[str, Advice]
    interventions: Mapping[str, Intervention]

    def as_json(self) -> list[dict[str, Any]]:
        """What `show_library --json` prints."""
        return [advice.as_json() for advice in self.advice.values()]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over the whole content, so that a stored plan can say which library it was made with."""
        content = [self.as_json(), [intervention.as_json() for intervention in self.interventions.values()]]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @cached_property
    def advice_by_topic(self) -> Mapping[str, tuple[Advice, ...]]:
        """Advice by the topic that it is written for, first things first."""
        found: dict[str, list[Advice]] = {}
        for advice in self.advice.values():
            found.setdefault(advice.topic, []).append(advice)
        return {topic: tuple(sorted(each, key=lambda advice: advice.order)) for topic, each in found.items()}
