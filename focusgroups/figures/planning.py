"""What the plan reads of the focus groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from focusgroups.enums import Kind
from focusgroups.figures.rounds import last_round
from focusgroups.figures.sessions import groups_of, people
from focusgroups.models import FocusGroup, Idea, Option
from pilots.models import Trajectory


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOption:
    """An option as the plan needs it: `rank` in the last round (the decision first; None: unranked) among `of`."""

    ref: str
    label: str
    topics: tuple[str, ...]
    themes: tuple[str, ...]
    rank: int | None
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanIdea:
    """An idea; `in_option`: at least one option was made of it, which then speaks for it."""

    ref: str
    question: str
    text: str
    topics: tuple[str, ...]
    themes: tuple[str, ...]
    in_option: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSession:
    """A held session. number: counts the held sessions of its kind by date, from 1. participants: role → count.

    people is 0 where nobody wrote down how many there were; the count of a role is then None.
    """

    number: int
    held_on: date
    minutes: int | None
    people: int
    participants: Mapping[str, int | None]
    options: tuple[PlanOption, ...]
    ideas: tuple[PlanIdea, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanGroup:
    """All held sessions of a kind; without any, `not_held` is the reason, or None while nothing is known yet."""

    kind: str
    sessions: tuple[PlanSession, ...]
    not_held: str | None


def groups_for_plan(trajectory: Trajectory) -> dict[str, PlanGroup]:
    """What the plan reads of the focus groups, per kind in the order of `Kind`, in a fixed number of queries.

    Quotes stay out.
    """
    groups = groups_of(trajectory)
    found = {}
    for kind in Kind.values:
        of_kind = [group for group in groups if group.kind == kind]
        held = sorted(
            ((group.held_on, group.pk, group) for group in of_kind if group.held_on), key=lambda each: each[:2]
        )
        reasons = [group.not_held_reason for group in of_kind if not group.held_on]
        found[kind] = PlanGroup(
            kind=kind,
            sessions=tuple(
                _plan_session(number, group, held_on) for number, (held_on, _pk, group) in enumerate(held, start=1)
            ),
            not_held=reasons[0] if reasons and not held else None,
        )
    return found


def _plan_session(number: int, group: FocusGroup, held_on: date) -> PlanSession:
    counted = last_round(group)
    ranks = counted.ranks if counted else {}
    options: list[Option] = list(group.options.all())
    ideas: list[Idea] = list(group.ideas.all())
    used = {idea.pk for option in options for idea in option.ideas.all()}
    return PlanSession(
        number=number,
        held_on=held_on,
        minutes=group.minutes,
        people=people(group) or 0,
        participants={each.role: each.count for each in group.participants.all()},
        options=tuple(
            PlanOption(
                ref=option.ref,
                label=option.label,
                topics=tuple(option.topics),
                themes=tuple(option.themes),
                rank=ranks.get(option.ref),
                of=len(counted.numbers) if counted else len(options),
            )
            for option in options
        ),
        ideas=tuple(
            PlanIdea(
                ref=idea.ref,
                question=idea.question,
                text=idea.text,
                topics=tuple(idea.topics),
                themes=tuple(idea.themes),
                in_option=idea.pk in used,
            )
            for idea in ideas
        ),
    )
