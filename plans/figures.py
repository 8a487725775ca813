"""What a plan says, read from rows and body: the plan object, the page per section, the years, what changed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.db.models import Exists, OuterRef
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from checklist.figures import answers_of, leading_interview
from checklist.models import Interview
from focusgroups.enums import Kind
from focusgroups.models import FocusGroup, Idea, Option
from pilots.models import Trajectory
from pilots.names import Found, find_names
from pilots.regions import regions
from pilots.roles import May
from pilots.vocabulary import Section, vocabulary
from plans.enums import ActionStatus, InterventionUse, PlanStatus
from plans.generator.texts import wording
from plans.library import library
from plans.models import Action, Comment, Plan, SetAside
from plans.situation import year_1_limit

YEARS = (1, 2, 3)
SHOWN = 12  # actions that stand open in a column of the board
NAME_LEFT_OUT = "[naam weggelaten]"
CHOSEN = (ActionStatus.CHOSEN, ActionStatus.STARTED, ActionStatus.DONE)
T = TypeVar("T")

# --- Steps


def plan_released() -> Exists:
    """Step 5 is done: a version of the plan holds."""
    return Exists(Plan.objects.released().filter(trajectory=OuterRef("pk")))


def first_chosen() -> Exists:
    """Step 6 is done: an action of the version that holds is past open."""
    chosen = Action.objects.filter(plan__trajectory=OuterRef("pk"), plan__status=PlanStatus.RELEASED)
    return Exists(chosen.exclude(status=ActionStatus.OPEN))


# --- Versions


def newest(trajectory: Trajectory) -> Plan | None:
    """The newest version, draft or not, with its actions and what is set aside."""
    return with_rows(trajectory, trajectory.plans.order_by("-version").prefetch_related("actions", "set_aside").first())


def version(trajectory: Trajectory, number: int) -> Plan | None:
    """Version `number`, with its actions and what is set aside."""
    found = trajectory.plans.filter(version=number).prefetch_related("actions", "set_aside").first()
    return with_rows(trajectory, found)


def with_rows(trajectory: Trajectory, plan: Plan | None) -> Plan | None:
    """The plan with its trajectory and school as they were read already."""
    if plan is not None:
        plan.trajectory = trajectory
    return plan


# --- Names that are left out


def masked(value: T, names: Sequence[str]) -> T:
    """`value` (text, or lists and dicts of it) without `names`; keys stay."""
    if not names:
        return value
    return _masked(value, _names_pattern(tuple(names)))


def _masked(value: T, pattern: re.Pattern[str]) -> T:
    return cast("T", _without(value, pattern))


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(NAME_LEFT_OUT, value)
    if isinstance(value, Mapping):
        return {key: _without(each, pattern) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_without(each, pattern) for each in value)
    return value


@lru_cache(maxsize=64)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in longest_first) + r")(?!\w)")


# --- The plan object


def action_json(action: Action) -> dict[str, Any]:
    """An action as the plan object has it."""
    return {
        "advice": action.advice or None,
        "text": action.text,
        "year": action.year,
        "period": action.period,
        "owner": action.owner,
        "first_step": action.first_step,
        "sign": action.sign,
        "status": action.status,
        "edited_by": action.edited_by or None,
        "support": list(action.support),
        "partners": list(action.partners),
        "interventions": list(action.interventions),
    }


def set_aside_of(plan: Plan) -> list[SetAside]:
    """What is set aside, in vocabulary order; a twin is the same need and goes with its topic."""
    rows = {each.topic: each for each in plan.set_aside.all()}
    for topic in vocabulary().topics.values():
        if topic.twin_of in rows and topic.id not in rows:
            origin = rows[topic.twin_of]
            rows[topic.id] = SetAside(plan=plan, topic=topic.id, reason=origin.reason, by=origin.by)
    return [rows[topic] for topic in vocabulary().topics if topic in rows]


def actions_by_entry(plan: Plan) -> dict[tuple[str | None, str | None], list[Action]]:
    """The actions by topic, or by label for what has no topic."""
    found: dict[tuple[str | None, str | None], list[Action]] = {}
    for action in plan.actions.all():
        found.setdefault((action.topic or None, None if action.topic else action.label), []).append(action)
    return found


def plan_object(plan: Plan) -> dict[str, Any]:
    """The plan object of the contract, from the rows and the body."""
    actions = actions_by_entry(plan)
    sections = []
    for section in plan.body["sections"]:
        attention = []
        for entry in section["attention"]:
            here = actions.get((entry["topic"], entry.get("label")), ())
            attention.append({**entry, "actions": [action_json(action) for action in here]})
        sections.append({**section, "attention": attention})
    made = {
        "version": plan.version,
        "status": plan.status,
        "released_on": plan.released_on.isoformat() if plan.released_on else None,
        "sections": sections,
        "set_aside": [{"topic": each.topic, "reason": each.reason, "by": each.by} for each in set_aside_of(plan)],
        "coverage": dict(plan.body["coverage"]),
    }
    return masked(made, plan.names_masked)


# --- Where evidence comes from


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


def _address(name: str, **kwargs: Any) -> str:
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def sources_of(trajectory: Trajectory) -> Sources:
    """Everything that evidence of this trajectory can point at, in six queries."""
    interview = leading_interview(trajectory)
    items = {}
    if interview is not None:
        page = _address("checklist_result", trajectory_id=trajectory.pk, interview_id=interview.pk)
        for line in answers_of(interview):
            items[line.item] = Source(line.text, f"{page}#item-{line.item}", line.score)
    numbers: dict[int, tuple[str, int]] = {}
    counted: dict[str, int] = {}
    for group in FocusGroup.objects.filter(trajectory=trajectory).held().order_by("held_on", "pk"):
        counted[group.kind] = counted.get(group.kind, 0) + 1
        numbers[group.pk] = (group.kind, counted[group.kind])

    def page_of(group: int, cards: str) -> str:
        return _address(f"focus_group_{cards}", trajectory_id=trajectory.pk, group_id=group)

    options = {
        (*numbers[group], ref): Source(label, page_of(group, "options"))
        for group, ref, label in Option.objects.filter(focus_group__in=numbers).values_list(
            "focus_group_id", "ref", "label"
        )
    }
    ideas = {
        (*numbers[group], ref): Source(text, page_of(group, "ideas"))
        for group, ref, text in Idea.objects.filter(focus_group__in=numbers).values_list(
            "focus_group_id", "ref", "text"
        )
    }
    return Sources(items, options, ideas, interview, {place: page_of(pk, "options") for pk, place in numbers.items()})


# --- The page


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
            _address(page, trajectory_id=trajectory.pk),
        )
    name, explanation = rule_words(evidence["rule"])
    return Reason("rule", _("Regel van het plan"), name, explanation=explanation)


def _entry_anchor(section: str, index: int) -> str:
    return f"punt-{section}-{index}"


def topic_words(topic: str, sector: str) -> str:
    """A topic's label as this sector says it (P16)."""
    found = vocabulary().topics.get(topic)
    return wording(found.label, sector) if found else topic


def person_words(person: str, sector: str) -> str:
    """A role, stakeholder or partner as this sector says it; an unknown id as it is."""
    try:
        return vocabulary().person(person, sector)
    except KeyError:
        return person


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


def voice_words(voice: str) -> str:
    """The checklist or a kind of group."""
    return _("Checklist") if voice == "checklist" else vocabulary().focus_group_kinds.get(voice, voice)


def _priority(evidence: Sequence[Mapping[str, Any]]) -> str:
    given = {each.get("priority") for each in evidence}
    return "now" if "now" in given else "later" if "later" in given else ""


def unknown_count(plan: Plan) -> int:
    """How much the plan says is not known yet."""
    return sum(len(section["unknown"]) for section in plan.body["sections"])


def all_unknown(plan: Plan) -> list[str]:
    """What is not known yet, once each, in the order of the plan."""
    found = [each["what"] for section in plan.body["sections"] for each in section["unknown"]]
    return list(dict.fromkeys(masked(found, plan.names_masked)))


# --- Years and progress


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the board. load: how many actions; limit: how many fit (None: no limit)."""

    number: int
    actions: tuple[ActionView, ...]
    limit: int | None

    @property
    def load(self) -> int:
        return len(self.actions)

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.load > self.limit

    @property
    def shown(self) -> tuple[ActionView, ...]:
        """What stands open in the column."""
        return self.actions[:SHOWN]

    @property
    def folded(self) -> tuple[ActionView, ...]:
        """What a fuller column folds away."""
        return self.actions[SHOWN:]

    @property
    def folded_ids(self) -> frozenset[int]:
        return frozenset(view.row.pk for view in self.folded)

    @property
    def scale(self) -> int:
        """The end of the load meter: what fits, or what is there when that is more."""
        return max(self.limit or 0, self.load, 1)


def years_of(plan: Plan) -> list[Year]:
    """The three years with their actions in the order of the plan."""
    limits: dict[int, int | None] = {1: year_1_limit(plan.trajectory), 2: None, 3: None}
    rows = list(plan.actions.all())
    return [
        Year(
            number,
            tuple(action_view(row, plan.trajectory, plan.names_masked) for row in rows if row.year == number),
            limits[number],
        )
        for number in YEARS
    ]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many actions of a plan stand where."""

    total: int
    open: int
    chosen: int
    started: int
    done: int
    stopped: int

    @property
    def picked(self) -> int:
        """Chosen and not stopped."""
        return self.chosen + self.started + self.done


def progress_of(plan: Plan) -> Progress:
    """How the actions of a plan are going."""
    counts = dict.fromkeys(ActionStatus.values, 0)
    for action in plan.actions.all():
        counts[action.status] += 1
    return Progress(sum(counts.values()), **counts)


def panel(trajectory: Trajectory) -> dict[str, object] | None:
    """What the trajectory page shows of the plan; nothing before there is one."""
    plan = newest(trajectory)
    if plan is None:
        return None
    holds = plan
    if plan.status == PlanStatus.DRAFT:
        holds = trajectory.plans.released().prefetch_related("actions", "set_aside").first() or plan
        holds.trajectory = trajectory
    first = [view for view in years_of(holds)[0].actions if view.row.status != ActionStatus.STOPPED][:5]
    return {
        "trajectory": trajectory,
        "plan": plan,
        "holds": holds,
        "progress": progress_of(holds),
        "first": first,
        "coverage": plan.body["coverage"],
    }


# --- What changed between two versions


@dataclass(frozen=True, slots=True)
class Changes:
    """What a version added, dropped and changed since the one before it."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    rewritten: tuple[str, ...]
    moved: tuple[tuple[str, int, int], ...]
    set_aside: tuple[str, ...]
    taken_back: tuple[str, ...]

    @property
    def any(self) -> bool:
        return any((self.added, self.gone, self.rewritten, self.moved, self.set_aside, self.taken_back))


WRITTEN = ("title", "text", "period", "owner", "first_step", "sign", "partners", "support", "interventions")


def changes(before: Plan, after: Plan) -> Changes:
    """What changed from one version to the next; an action is known by its lineage, an advice also by its place."""
    sector = after.trajectory.school.sector
    old = {action.lineage: action for action in before.actions.all()}
    by_place = {_place(action): action for action in before.actions.all() if not action.own}
    added, rewritten, moved = [], [], []
    seen = set()
    for action in after.actions.all():
        was = old.get(action.lineage) or (None if action.own else by_place.get(_place(action)))
        title = action_view(action, after.trajectory, after.names_masked).title
        if was is None:
            added.append(title)
            continue
        seen.add(was.pk)
        if any(getattr(was, name) != getattr(action, name) for name in WRITTEN):
            rewritten.append(title)
        if was.year != action.year:
            moved.append((title, was.year, action.year))
    gone = [
        action_view(action, after.trajectory, after.names_masked).title
        for action in before.actions.all()
        if action.pk not in seen
    ]
    aside_before = {each.topic for each in before.set_aside.all()}
    aside_after = {each.topic for each in after.set_aside.all()}
    return Changes(
        added=tuple(added),
        gone=tuple(gone),
        rewritten=tuple(rewritten),
        moved=tuple(moved),
        set_aside=tuple(
            topic_words(topic, sector) for topic in vocabulary().topics if topic in aside_after - aside_before
        ),
        taken_back=tuple(
            topic_words(topic, sector) for topic in vocabulary().topics if topic in aside_before - aside_after
        ),
    )


def _place(action: Action) -> tuple[str, str, str]:
    return action.topic, action.label, action.advice


# --- Names in the plan (P10)


@dataclass(frozen=True, slots=True)
class FreeText:
    """A text of the plan that a person may have written, where it stands and where it can be mended."""

    where: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class NameFound:
    """A name that the scanner found, why, and every place where it stands."""

    name: str
    reason: str
    places: tuple[FreeText, ...]
    excerpt: str


def free_texts(plan: Plan, sources: Sources) -> Iterator[FreeText]:
    """Every text that comes into the plan, its page and its PDF from people; names that are masked are out of it."""
    trajectory = plan.trajectory
    sector = trajectory.school.sector
    sections = vocabulary().sections
    for action in plan.actions.all():
        where = _("%(section)s, actie “%(title)s”") % {
            "section": sections[action.section].label,
            "title": action_view(action, trajectory).title[:80],
        }
        url = _address("plan_action_edit", trajectory_id=trajectory.pk, action_id=action.pk)
        for text in (action.title, action.label, action.text, action.period, action.first_step, action.sign):
            yield FreeText(where, text, url)
    for aside in plan.set_aside.all():
        yield FreeText(
            _("Bewust niet nu: %(topic)s") % {"topic": topic_words(aside.topic, sector)},
            aside.reason,
            _address("plan_set_aside", trajectory_id=trajectory.pk, topic=aside.topic),
        )
    yield FreeText(
        _("Startvraag van de school"),
        trajectory.question,
        _address("trajectory_profile", trajectory_id=trajectory.pk),
    )
    for part in plan.body["sections"]:
        label = sections[part["section"]].label
        yield FreeText(_("%(section)s, waar de school staat") % {"section": label}, part["summary"])
        for unknown in part["unknown"]:
            yield FreeText(_("%(section)s, nog niet bekend") % {"section": label}, unknown["what"])
        for contradiction in part["contradictions"]:
            yield FreeText(_("%(section)s, tegenspraak") % {"section": label}, contradiction["text"])
        for entry in (*part["attention"], *part["strengths"]):
            for each in entry["evidence"]:
                reason = reason_of(each, trajectory, sources)
                if reason.source == "focus-group":
                    yield FreeText(_("Kaart van %(group)s") % {"group": reason.who.lower()}, reason.text, reason.url)
            yield FreeText(_("%(section)s, eigen thema") % {"section": label}, entry.get("label") or "")


def names_in(plan: Plan, sources: Sources) -> list[NameFound]:
    """The names in the plan that are neither masked nor declared, each once with all its places."""
    trajectory = plan.trajectory
    team = [each.user.name for each in trajectory.team.select_related("user")]
    allowed = [
        trajectory.school.name,
        trajectory.school.place,
        *(each.name for each in library().interventions.values()),
        *region_names(),
        *plan.names_masked,
        NAME_LEFT_OUT,
    ]
    found: dict[str, list[FreeText]] = {}
    first: dict[str, tuple[Found, str]] = {}
    for free in dict.fromkeys(free_texts(plan, sources)):
        text = masked(free.text, plan.names_masked)
        for each in find_names(text, team, allowed=allowed):
            places = found.setdefault(each.text, [])
            if free.where not in {place.where for place in places}:
                places.append(free)
            first.setdefault(each.text, (each, text))
    declared = set(plan.names_declared)
    return [
        NameFound(name, first[name][0].reason, tuple(places), _excerpt(*first[name]))
        for name, places in found.items()
        if name not in declared
    ]


@lru_cache(maxsize=1)
def region_names() -> tuple[str, ...]:
    """Names of the GGD regions, of which some look like a person's."""
    return tuple(sorted({region for region in regions().values() if region}))


def _excerpt(found: Found, text: str) -> str:
    start, end = max(0, found.start - 60), min(len(text), found.end + 60)
    return ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")
