"""What goes back to those who were asked: what they said, what happens with it now, later, and not (R251).

No quotes and no names: only what a group laid on the table together, and what the plan says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from focusgroups.figures import PlanGroup, groups_for_plan
from pilots.vocabulary import vocabulary
from plans.enums import ActionStatus
from plans.figures.following import notes_of
from plans.figures.sections import ActionView, action_view
from plans.figures.words import masked, topic_words
from plans.models import Plan

WISHES = 6  # so that it stays one page
LINES = 4


class Audience(StrEnum):
    """For whom the sheet is; the words stand in its address."""

    TEAM = "team"
    PARENTS = "ouders"
    PUPILS = "leerlingen"

    @property
    def kind(self) -> str:
        """The kind of focus group that speaks for them."""
        return {"team": "stakeholders", "ouders": "parents", "leerlingen": "pupils"}[self]


# What parents and pupils notice themselves; how the team learns and what it puts on paper is told in one sentence.
TEAM_SECTIONS = frozenset({"policy", "training"})


class Answer(StrEnum):
    """What happens with a wish."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    OPEN = "open"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Wish:
    """Something a group said, and what happens with it. told: titles of actions; why: the reason why not."""

    label: str
    answer: Answer
    told: tuple[str, ...] = ()
    why: str = ""

    @property
    def how(self) -> str:
        return self.why or " · ".join(self.told)


@dataclass(frozen=True, slots=True)
class Line:
    """An action on the sheet: its title and its first small step, or for what is not done the reason."""

    title: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """As many lines as fit, and how many more there are."""

    shown: tuple[Line, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet for one audience.

    heard: whether they were asked at all. checklist: what it showed, for the team. beside: how much the team does or
    did for itself, which parents and pupils are told as a number. undecided: what may still be chosen.
    """

    audience: Audience
    heard: bool
    wishes: tuple[Wish, ...]
    checklist: tuple[str, ...]
    now: Lines
    done: Lines
    later: Lines
    not_now: Lines
    beside: int
    undecided: int

    @property
    def is_acting(self) -> bool:
        """Something that was asked for is being done."""
        return any(wish.answer == Answer.NOW for wish in self.wishes)


def sheet_for(plan: Plan, audience: Audience) -> Sheet:
    """The sheet about `plan`, the version that holds, for one audience."""
    trajectory = plan.trajectory
    sector, names = trajectory.school.sector, plan.names_masked
    views = [action_view(row, trajectory, names) for row in plan.actions.all()]
    group = groups_for_plan(trajectory).get(audience.kind)
    by_answer: dict[Answer, list[ActionView]] = {answer: [] for answer in Answer}
    beside = 0
    for view in views:
        answer = _answer(view)
        if audience == Audience.TEAM or answer == Answer.OPEN or view.row.section not in TEAM_SECTIONS:
            by_answer[answer].append(view)
        else:
            beside += 1
    wishes = tuple(_wishes(plan, views, group))
    # What stands beside a wish is not said again below.
    said = {title for wish in wishes for title in wish.told}
    reasons = _reasons(plan, by_answer[Answer.NOT])
    aside = [Line(topic_words(each.topic, sector), masked(each.reason, names)) for each in plan.set_aside.all()]
    stopped = [Line(view.title, reasons.get(view.row.lineage, "")) for view in by_answer[Answer.NOT]]
    # A first step is written for who takes it.
    now = [
        Line(view.title, view.first_step if audience == Audience.TEAM else "")
        for view in by_answer[Answer.NOW]
        if view.title not in said
    ]
    return Sheet(
        audience=audience,
        heard=bool(group and group.sessions),
        wishes=wishes,
        checklist=tuple(_checklist(plan)) if audience == Audience.TEAM else (),
        now=_lines(now),
        done=_lines([Line(view.title) for view in by_answer[Answer.DONE] if view.title not in said]),
        later=_lines([Line(view.title) for view in by_answer[Answer.LATER] if view.title not in said]),
        not_now=_lines([*aside, *stopped]),
        beside=beside,
        undecided=len(by_answer[Answer.OPEN]),
    )


def _answer(view: ActionView) -> Answer:
    match view.row.status:
        case ActionStatus.DONE:
            return Answer.DONE
        case ActionStatus.STARTED:
            return Answer.NOW
        case ActionStatus.CHOSEN:
            return Answer.NOW if view.row.year == 1 else Answer.LATER
        case ActionStatus.STOPPED:
            return Answer.NOT
    return Answer.OPEN


def _reasons(plan: Plan, stopped: list[ActionView]) -> dict[object, str]:
    """Why actions were stopped: the newest note on each."""
    notes = notes_of(plan, [view.row for view in stopped]) if stopped else {}
    return {lineage: found[0].text for lineage, found in notes.items()}


def _lines(lines: list[Line]) -> Lines:
    return Lines(tuple(lines[:LINES]), max(0, len(lines) - LINES))


# Of several actions on one wish, the one that is furthest tells what happens.
FURTHEST = (Answer.NOW, Answer.DONE, Answer.LATER, Answer.OPEN, Answer.NOT)


def _wishes(plan: Plan, views: list[ActionView], group: PlanGroup | None) -> Iterator[Wish]:
    """What the group named, the highest in its ranking first, with what happens with it."""
    options = [option for session in group.sessions for option in session.options] if group else []
    options.sort(key=lambda option: option.rank or option.of + 1)
    aside = {each.topic: masked(each.reason, plan.names_masked) for each in plan.set_aside.all()}
    topics = vocabulary().topics
    seen: set[str] = set()
    for option in options:
        label = masked(" ".join(option.label.split()), plan.names_masked)
        if label.lower() in seen:
            continue
        seen.add(label.lower())
        homes = {(topics[topic].twin_of or topic) for topic in option.topics if topic in topics}
        if homes and homes <= set(aside):
            yield Wish(label, Answer.NOT, why=aside[min(homes)])
        else:
            found = [view for view in views if _speaks_to(view, homes, option.label)]
            answer = next((each for each in FURTHEST if any(_answer(view) == each for view in found)), Answer.OPEN)
            told = [view.title for view in found if _answer(view) == answer] if answer != Answer.OPEN else []
            yield Wish(label, answer, tuple(told[:2]))
        if len(seen) == WISHES:
            return


def _speaks_to(view: ActionView, topics: set[str], label: str) -> bool:
    """Whether an action answers a wish on these topics, or one without a topic by its label."""
    return view.row.topic in topics if topics else not view.row.topic and view.row.label == label


def _checklist(plan: Plan) -> list[str]:
    """The topics that ask most according to the checklist."""
    asking = [
        (entry["need"], entry["topic"])
        for section in plan.body["sections"]
        for entry in section["attention"]
        if entry["topic"] and any(each["source"] == "checklist" for each in entry["evidence"])
    ]
    asking.sort(key=lambda each: -each[0])
    return [topic_words(topic, plan.trajectory.school.sector) for _need, topic in asking[:5]]
