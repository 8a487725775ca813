"""The fixed words of the field: ids and Dutch labels that every app shares.

Pure: reads `content/vocabulary.yaml` once, gives frozen values. The labels are content (data), so they are
not wrapped for gettext. A topic is the join of the whole system: items, ideas and options point at topics,
advice and interventions answer them, plans are ordered by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from welbevinden import datafile

CONTENT = Path(__file__).parent / "content" / "vocabulary.yaml"


@dataclass(frozen=True, slots=True)
class Setting:
    """What kind of school this is for newcomers, and in which sectors that kind exists."""

    id: str
    sectors: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Step:
    """One of the nine steps: its phase, its label (as done), its task (what there is to do), who leads it."""

    number: int
    phase: str
    label: str
    task: str
    leads: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the plan; `pillar` says whether it is one of the four Gezonde School pillars."""

    id: str
    label: str
    pillar: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: the section where the plan treats it and the themes under which groups speak of it.

    `twin_of` names the topic that is the same need seen from another section; advice is given there, once.
    """

    id: str
    section: str
    themes: tuple[str, ...]
    label: str
    twin_of: str | None


@dataclass(frozen=True, slots=True)
class SupportComponent:
    """A part of the support trajectory (step 7) and the topics it serves."""

    id: str
    label: str
    topics: tuple[str, ...]


Labels: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words, each mapping in the order of the file."""

    sectors: Labels
    settings: Mapping[str, Setting]
    recruitment_routes: Labels
    roles: Labels
    observed_outcomes: Labels
    steps: Mapping[int, Step]
    phases: Labels
    focus_group_kinds: Labels
    focus_group_questions: Labels
    stakeholder_roles: Labels
    sector_words: Mapping[str, Labels]
    checklist_domains: Labels
    sections: Mapping[str, Section]
    themes: Labels
    topics: Mapping[str, Topic]
    support_components: Mapping[str, SupportComponent]
    promoting_factors: Labels
    hindering_factors: Labels
    evaluation_questions: Labels
    evaluation_judgements: Labels
    pilot_components: Labels
    improvement_areas: Labels
    partners: Labels

    @property
    def owners(self) -> Labels:
        """Who can own an action: the roles of the application and the stakeholder roles."""
        return {**self.stakeholder_roles, **self.roles}

    @property
    def helpers(self) -> Labels:
        """Whom an action can name as partner: partners and stakeholder roles."""
        return {**self.stakeholder_roles, **self.partners}

    def person(self, who: str, sector: str) -> str:
        """What a school of `sector` calls a role, stakeholder or partner; raises KeyError for an unknown id."""
        return self.sector_words[sector].get(who) or self.helpers.get(who) or self.owners[who]

    def topics_of(self, section: str) -> tuple[Topic, ...]:
        """The topics that the plan treats in `section`, in vocabulary order."""
        return tuple(topic for topic in self.topics.values() if topic.section == section)

    def settings_of(self, sector: str) -> tuple[Setting, ...]:
        """The settings that exist in `sector`."""
        return tuple(setting for setting in self.settings.values() if sector in setting.sectors)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read once per process.

    Raises datafile.ContentError when the file points to an unknown section, theme, topic, role or sector.
    """
    file = datafile.read(CONTENT)
    data: dict[str, Any] = file.data
    faults = []

    def known(path: tuple[str | int, ...], value: str, where: str) -> None:
        if value not in data[where]:
            faults.append(file.fault(path, f"{value!r} staat niet in {where}"))

    for key, value in data["topics"].items():
        known(("topics", key, "section"), value["section"], "sections")
        for theme in value["themes"]:
            known(("topics", key, "themes"), theme, "themes")
        if "twin_of" in value:
            known(("topics", key, "twin_of"), value["twin_of"], "topics")
    for key, value in data["support_components"].items():
        for topic in value["topics"]:
            known(("support_components", key, "topics"), topic, "topics")
    for number, value in data["steps"].items():
        known(("steps", number, "leads"), value["leads"], "roles")
        known(("steps", number, "phase"), value["phase"], "phases")
    for key, value in data["settings"].items():
        for sector in value["sectors"]:
            known(("settings", key, "sectors"), sector, "sectors")
    if faults:
        raise datafile.ContentError(faults)

    def labels(key: str) -> Labels:
        return MappingProxyType(dict(data[key]))

    return Vocabulary(
        sectors=labels("sectors"),
        settings=MappingProxyType(
            {k: Setting(k, tuple(v["sectors"]), v["label"]) for k, v in data["settings"].items()}
        ),
        recruitment_routes=labels("recruitment_routes"),
        roles=labels("roles"),
        observed_outcomes=labels("observed_outcomes"),
        steps=MappingProxyType(
            {n: Step(n, v["phase"], v["label"], v["task"], v["leads"]) for n, v in data["steps"].items()}
        ),
        phases=labels("phases"),
        focus_group_kinds=labels("focus_group_kinds"),
        focus_group_questions=labels("focus_group_questions"),
        stakeholder_roles=labels("stakeholder_roles"),
        sector_words=MappingProxyType({k: MappingProxyType(dict(v)) for k, v in data["sector_words"].items()}),
        checklist_domains=labels("checklist_domains"),
        sections=MappingProxyType({k: Section(k, v["label"], v["pillar"]) for k, v in data["sections"].items()}),
        themes=labels("themes"),
        topics=MappingProxyType(
            {
                k: Topic(k, v["section"], tuple(v["themes"]), v["label"], v.get("twin_of"))
                for k, v in data["topics"].items()
            }
        ),
        support_components=MappingProxyType(
            {k: SupportComponent(k, v["label"], tuple(v["topics"])) for k, v in data["support_components"].items()}
        ),
        promoting_factors=labels("promoting_factors"),
        hindering_factors=labels("hindering_factors"),
        evaluation_questions=labels("evaluation_questions"),
        evaluation_judgements=labels("evaluation_judgements"),
        pilot_components=labels("pilot_components"),
        improvement_areas=labels("improvement_areas"),
        partners=labels("partners"),
    )
