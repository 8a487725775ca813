"""The seven sections of a plan as page and PDF show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pilots.models import Trajectory
from pilots.vocabulary import Section, vocabulary
from plans.enums import ActionStatus, InterventionUse
from plans.figures.evidence import Reason, Sources, reason_of
from plans.figures.versions import actions_by_entry
from plans.figures.words import masked, person_words, topic_words, voice_words
from plans.library import library
from plans.models import Action, Comment, Plan


@dataclass(frozen=True, slots=True)
class OfferView:
    """A programme beside an action, in words."""

    name: str
    use: str
    use_label: str
    reason: str
    recognition: str


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action in the words of the school's sector."""

    row: Action
    title: str
    text: str
    period: str
    first_step: str
    sign: str
    owner: str
    partners: tuple[str, ...]
    support: tuple[str, ...]
    offers: tuple[OfferView, ...]
    edited_by: str
    pitfall: str
    topic: str

    @property
    def is_past_open(self) -> bool:
        return self.row.status != ActionStatus.OPEN

    @property
    def is_over(self) -> bool:
        """Done or stopped: there is nothing to choose any more."""
        return self.row.status in {ActionStatus.DONE, ActionStatus.STOPPED}

    @property
    def changed_fields(self) -> bool:
        return bool(self.row.edited_fields)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that asks for attention. twin: section and label of the topic where its actions stand."""

    topic: str
    label: str
    need: float
    priority: str
    reasons: tuple[Reason, ...]
    actions: tuple[ActionView, ...]
    anchor: str
    twin: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class StrengthView:
    """One thing that goes well, and how to keep it."""

    label: str
    advice: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A contradiction: the topic and what each side says."""

    label: str
    between: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of the plan as the page shows it."""

    section: Section
    status: str
    summary: str
    strengths: tuple[StrengthView, ...]
    unknown: tuple[Mapping[str, str], ...]
    contradictions: tuple[Disagreement, ...]
    entries: tuple[Entry, ...]
    comments: tuple[Comment, ...] = ()

    @property
    def anchor(self) -> str:
        return f"onderdeel-{self.section.id}"

    @property
    def action_count(self) -> int:
        return sum(len(entry.actions) for entry in self.entries)


def action_view(action: Action, trajectory: Trajectory, names: Sequence[str] = ()) -> ActionView:
    """One action in words."""
    sector = trajectory.school.sector
    advice = library().advice.get(action.advice)
    interventions = library().interventions
    components = vocabulary().support_components
    text = masked(
        [action.title or action.label or action.text[:80], action.text, action.period, action.first_step, action.sign],
        names,
    )
    return ActionView(
        row=action,
        title=text[0],
        text=text[1],
        period=text[2],
        first_step=text[3],
        sign=text[4],
        owner=person_words(action.owner, sector) if action.owner else "",
        partners=tuple(person_words(each, sector) for each in action.partners),
        support=tuple(components[each].label for each in action.support if each in components),
        offers=tuple(
            OfferView(
                name=interventions[each["intervention"]].name
                if each["intervention"] in interventions
                else each["intervention"],
                use=each["use"],
                use_label=str(InterventionUse(each["use"]).label),
                reason=each["reason"],
                recognition=each["recognition"],
            )
            for each in action.interventions
        ),
        edited_by=person_words(action.edited_by, sector) if action.edited_by else "",
        pitfall=advice.pitfall.get(sector, "") if advice else "",
        topic=topic_words(action.topic, sector) if action.topic else masked(action.label, names),
    )


def sections_of(plan: Plan, sources: Sources, comments: Iterable[Comment] = ()) -> list[SectionView]:
    """The seven sections of a plan in words."""
    trajectory = plan.trajectory
    sector = trajectory.school.sector
    rows = actions_by_entry(plan)
    by_section: dict[str, list[Comment]] = {}
    for comment in comments:
        by_section.setdefault(comment.section, []).append(comment)
    places = {
        entry["topic"]: _entry_anchor(section["section"], index)
        for section in plan.body["sections"]
        for index, entry in enumerate(section["attention"], start=1)
        if entry["topic"]
    }

    def reasons(evidence: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
        made = (reason_of(each, trajectory, sources) for each in evidence)
        return tuple(replace(each, text=masked(each.text, plan.names_masked)) for each in made)

    def label(entry: Mapping[str, Any]) -> str:
        return topic_words(entry["topic"], sector) if entry["topic"] else masked(entry["label"], plan.names_masked)

    found = []
    for part in plan.body["sections"]:
        entries = []
        for index, entry in enumerate(part["attention"], start=1):
            topic = vocabulary().topics.get(entry["topic"] or "")
            actions = tuple(
                action_view(action, trajectory, plan.names_masked)
                for action in rows.get((entry["topic"], entry.get("label")), ())
            )
            twin = None
            if topic and topic.twin_of and not actions:
                other = vocabulary().topics[topic.twin_of]
                twin = (
                    places.get(other.id, f"onderdeel-{other.section}"),
                    topic_words(other.id, sector),
                    vocabulary().sections[other.section].label,
                )
            entries.append(
                Entry(
                    topic=entry["topic"] or "",
                    label=label(entry),
                    need=entry["need"],
                    priority=_priority(entry["evidence"]),
                    reasons=reasons(entry["evidence"]),
                    actions=actions,
                    anchor=_entry_anchor(part["section"], index),
                    twin=twin,
                )
            )
        found.append(
            SectionView(
                section=vocabulary().sections[part["section"]],
                status=part["status"],
                summary=masked(part["summary"], plan.names_masked),
                strengths=tuple(
                    StrengthView(label(each), masked(each["advice"], plan.names_masked), reasons(each["evidence"]))
                    for each in part["strengths"]
                ),
                unknown=tuple(masked(each, plan.names_masked) for each in part["unknown"]),
                contradictions=tuple(
                    Disagreement(
                        topic_words(each["topic"], sector),
                        tuple(voice_words(voice) for voice in each["between"]),
                        masked(each["text"], plan.names_masked),
                    )
                    for each in part["contradictions"]
                ),
                entries=tuple(entries),
                comments=tuple(by_section.get(part["section"], ())),
            )
        )
    return found


def _entry_anchor(section: str, index: int) -> str:
    return f"punt-{section}-{index}"


def _priority(evidence: Sequence[Mapping[str, Any]]) -> str:
    given = {each.get("priority") for each in evidence}
    return "now" if "now" in given else "later" if "later" in given else ""
