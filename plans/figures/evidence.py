"""Why something stands in a plan: evidence in words, with the address of its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from checklist.figures import answers_of, leading_interview
from checklist.models import Interview
from focusgroups.enums import Kind
from pilots.models import Trajectory
from pilots.roles import May
from pilots.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Source:
    """What a reason points at, in its own words, and its address on a page."""

    text: str
    url: str
    score: int | str | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """The items of the leading checklist by code, and cards by kind of group, number of session and ref."""

    items: Mapping[str, Source]
    options: Mapping[tuple[str, int, str], Source]
    ideas: Mapping[tuple[str, int, str], Source]
    interview: Interview | None
    sessions: Mapping[tuple[str, int], str]


def address_of(name: str, **kwargs: Any) -> str:
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def sources_of(trajectory: Trajectory) -> Sources:
    """Everything that evidence of this trajectory can point at, in six queries."""
    interview = leading_interview(trajectory)
    items = {}
    if interview is not None:
        page = address_of("checklist_result", trajectory_id=trajectory.pk, interview_id=interview.pk)
        for line in answers_of(interview):
            items[line.item] = Source(line.text, f"{page}#item-{line.item}", line.score)
    counted: dict[str, int] = {}
    options: dict[tuple[str, int, str], Source] = {}
    ideas: dict[tuple[str, int, str], Source] = {}
    sessions: dict[tuple[str, int], str] = {}
    groups = [group for group in trajectory.focus_groups.all() if group.held_on]
    prefetch_related_objects(groups, "options", "ideas")
    for group in groups:
        counted[group.kind] = counted.get(group.kind, 0) + 1
        place = (group.kind, counted[group.kind])
        where = {"trajectory_id": trajectory.pk, "group_id": group.pk}
        on_table, on_wall = address_of("focus_group_options", **where), address_of("focus_group_ideas", **where)
        sessions[place] = on_table
        options |= {(*place, option.ref): Source(option.label, on_table) for option in group.options.all()}
        ideas |= {(*place, idea.ref): Source(idea.text, on_wall) for idea in group.ideas.all()}
    return Sources(items, options, ideas, interview, sessions)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an entry is there. source: checklist, focus-group, profile or rule. explanation: of a rule, else empty."""

    source: str
    who: str
    text: str
    url: str = ""
    score: int | str | None = None
    priority: str = ""
    rank: int | None = None
    of: int | None = None
    explanation: str = ""


def rule_words(rule: str) -> tuple[str, str]:
    """What a rule of the plan is called and why it adds something."""
    words = {
        "P11": (
            _("Niet alleen doorverwijzen"),
            _(
                "Vraagt iets om hulp van buiten, dan komt er altijd iets bij of voor: een rustig klimaat, "
                "sociaal-emotioneel leren of samenwerken met ouders."
            ),
        ),
        "P12": (
            _("Tolk en tijd bij gesprekken met ouders"),
            _(
                "Gaat het om gesprekken over zorg of om ouders bereiken, dan hoort daar een tolk of sleutelpersoon "
                "bij, en genoeg tijd."
            ),
        ),
        "P13": (
            _("Scholing met het hele team"),
            _(
                "Scholing werkt beter als iedereen meedoet. "
                "Daarom hoort bij een training ook een plan voor het hele team."
            ),
        ),
        "P17": (
            _("Door mensen in het plan gehouden"),
            _(
                "Niets in de checklist of de focusgroepen vraagt hier nu om. "
                "Iemand heeft de actie zelf toegevoegd of aangepast, en dat blijft staan."
            ),
        ),
    }  # fmt: skip
    return words.get(rule, (_("Regel %(rule)s van het plan") % {"rule": rule}, ""))


def profile_words(fact: str, trajectory: Trajectory) -> str:
    """A fact of the school's profile as a sentence."""
    setting = vocabulary().settings.get(trajectory.setting)
    return {
        "setting": setting.label if setting else trajectory.setting,
        "low_dutch": _("Veel leerlingen spreken nog weinig Nederlands")
        if trajectory.low_dutch
        else _("De meeste leerlingen spreken genoeg Nederlands"),
        "unaccompanied_minors": _("Er zijn leerlingen zonder ouders in Nederland"),
        "works_with": trajectory.get_works_with_display() if trajectory.works_with else _("Aanpak nog niet bekend"),
        "interventions_in_use": _("Programma’s die de school al gebruikt"),
    }.get(fact, fact)


def reason_of(evidence: Mapping[str, Any], trajectory: Trajectory, sources: Sources) -> Reason:
    """One piece of evidence in words, with the address of its source."""
    if evidence["source"] == "checklist":
        item = sources.items.get(evidence["item"])
        return Reason(
            "checklist",
            _("Checklist"),
            item.text if item else evidence["item"],
            item.url if item else "",
            score=evidence["score"],
            priority=evidence["priority"] or "",
        )
    if evidence["source"] == "focus-group":
        place = (evidence["kind"], evidence["session"])
        ref = evidence.get("option") or evidence.get("idea") or ""
        card = (sources.options if evidence.get("option") else sources.ideas).get((*place, ref))
        who = str(Kind(evidence["kind"]).label)
        several = sum(kind == evidence["kind"] for kind, _number in sources.sessions) > 1
        if several:
            who = _("%(group)s, sessie %(number)s") % {"group": who, "number": evidence["session"]}
        return Reason(
            "focus-group",
            who,
            card.text if card else ref,
            card.url if card else sources.sessions.get(place, ""),
            rank=evidence.get("rank"),
            of=evidence.get("of"),
        )
    if evidence["source"] == "profile":
        page = "trajectory_profile" if May.PLAN_STEPS in trajectory.may else "trajectory"
        return Reason(
            "profile",
            _("Profiel van de school"),
            profile_words(evidence["fact"], trajectory),
            address_of(page, trajectory_id=trajectory.pk),
        )
    name, explanation = rule_words(evidence["rule"])
    return Reason("rule", _("Regel van het plan"), name, explanation=explanation)
