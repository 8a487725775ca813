"""What the plan treats (points) and what it proposes there (steps): signals, rules P11–P14 and P17, advice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pilots.vocabulary import vocabulary
from plans.generator.need import KEPT_NEED, NEXT_STEP, NEXT_STEP_FITTED, RULE_NEED, need
from plans.generator.plan import Evidence, FromRule
from plans.generator.signals import Signal
from plans.generator.situation import Kept, SetAside, Situation
from plans.library import Advice, Library

OTHER = "other"
# What an entry is found by: its topic, or in `other` its label.
Key: TypeAlias = tuple[str | None, str | None]

# P11: care outside the school, and what has to come before or beside it.
EXTERNAL_CARE = frozenset({"care-referral", "care-external-partners", "care-sensitive-partners"})
INNER = frozenset(
    {"env-climate", "edu-sel-line", "edu-nonverbal", "edu-resilience", "edu-stress", "edu-relax", "edu-loss"}
)
INNER_BY_RULE = ("env-climate", "edu-sel-line", "par-care-talks", "par-communication")
# P12: where talks with parents about care, or reaching parents, are an issue.
TALKS_WITH_PARENTS = (
    "par-care-talks",
    "care-time-for-parents",
    "par-communication",
    "par-digital",
    "par-expectations",
    "care-referral",
)
INTERPRETER = "par-interpreter"
# P13: training is for the whole team; caring for each other is no training.
WHOLE_TEAM = "tr-whole-team"
NO_TRAINING = frozenset({WHOLE_TEAM, "tr-team-wellbeing"})
MOST_NEXT_STEPS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Something the plan treats: a topic, or a label in `other`. `trigger`: the topic whose signals set a rule off."""

    section: str
    topic: str | None = None
    label: str | None = None
    signals: tuple[Signal, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    need: float
    rule: str | None = None
    trigger: str | None = None

    @property
    def key(self) -> Key:
        """What it is found by."""
        return (self.topic, self.label)

    @property
    def is_twin(self) -> bool:
        """Whether its action stands with another topic."""
        return self.topic is not None and vocabulary().topics[self.topic].twin_of is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An action to be: its point, its advice (None: an own action or a theme without topic), what people made of it."""

    point: Point
    advice: Advice | None = None
    kept: Kept | None = None

    @property
    def is_next(self) -> bool:
        """Whether it comes after the first thing to do on its topic."""
        return self.advice is not None and self.advice.order > 1

    @property
    def is_external(self) -> bool:
        """Whether it is care outside the school (P11)."""
        return self.point.topic in EXTERNAL_CARE

    @property
    def is_inner(self) -> bool:
        """Whether it is climate, social-emotional learning or parents (P11); an interpreter alone is not enough."""
        return self.point.topic in INNER or (self.point.section == "parents" and self.point.topic != INTERPRETER)


def left_out(situation: Situation) -> tuple[SetAside, ...]:
    """What is set aside, in vocabulary order. A twin is the same need: without its topic it goes too."""
    given = {aside.topic: aside for aside in situation.set_aside}
    for topic in vocabulary().topics.values():
        if topic.twin_of in given and topic.id not in given:
            given[topic.id] = replace(given[topic.twin_of], topic=topic.id)
    return tuple(given[topic] for topic in vocabulary().topics if topic in given)


def home(topic: str) -> str:
    """The topic where the actions of this topic stand: itself, or what it is a twin of."""
    return vocabulary().topics[topic].twin_of or topic


def kept_of(situation: Situation, library: Library) -> tuple[Kept, ...]:
    """What people made, each at the topic where its advice stands today; what they left as it was is not kept."""
    aside = {each.topic for each in left_out(situation)}
    found: dict[object, Kept] = {}
    for index, kept in enumerate(situation.kept):
        advice = library.advice.get(kept.advice or "")
        topic = home(advice.topic) if advice else home(kept.topic) if kept.topic else None
        if not kept.by_people or topic in aside:
            continue
        placed = replace(kept, topic=topic, label=None if topic else kept.label)
        found.setdefault((index if kept.advice is None and kept.own else (topic, placed.label, kept.advice)), placed)
    return tuple(found.values())


def points_of(situation: Situation, signals: Sequence[Signal], kept: Sequence[Kept]) -> tuple[Point, ...]:
    """Everything that gets an entry under attention, in no order of need yet."""
    aside = {each.topic for each in left_out(situation)}
    points = {point.key: point for point in _signalled(signals, aside)}
    for each in kept:
        point = _kept_point(each)
        points.setdefault(point.key, point)
    for rule_point in _by_rule(tuple(points.values()), aside):
        points[rule_point.key] = rule_point
    return tuple(points.values())


def _signalled(signals: Sequence[Signal], aside: set[str]) -> Iterable[Point]:
    by_topic: dict[str, list[Signal]] = {}
    by_label: dict[str, list[Signal]] = {}
    for signal in signals:
        asked = [topic for topic in signal.topics if topic not in aside]
        # dict.fromkeys: a signal with a topic and its twin counts once for the topic.
        for topic in dict.fromkeys([*asked, *(home(topic) for topic in asked)]):
            by_topic.setdefault(topic, []).append(signal)
        if not signal.topics:
            by_label.setdefault(signal.label, []).append(signal)
    for topic, found in by_topic.items():
        yield Point(
            section=vocabulary().topics[topic].section,
            topic=topic,
            signals=tuple(found),
            evidence=tuple(signal.evidence for signal in found),
            need=need(found),
        )
    for label, found in by_label.items():
        yield Point(
            section=OTHER,
            label=label,
            signals=tuple(found),
            evidence=tuple(signal.evidence for signal in found),
            need=need(found),
        )


def _kept_point(kept: Kept) -> Point:
    """The point of an action that people keep, for when nothing asks for it any more (P17)."""
    return Point(
        section=vocabulary().topics[kept.topic].section if kept.topic else OTHER,
        topic=kept.topic,
        label=kept.label,
        evidence=(FromRule("P17"),),
        need=KEPT_NEED,
        rule="P17",
    )


def _by_rule(points: Sequence[Point], aside: set[str]) -> Iterable[Point]:
    """The points that P11, P12 and P13 add where no signal asks for them."""
    present = {point.topic for point in points if point.signals}
    talks = [point for point in points if point.topic in TALKS_WITH_PARENTS and point.signals and not point.is_twin]
    if talks and INTERPRETER not in present | aside:
        yield _added(INTERPRETER, "P12", talks)
    training = [
        point for point in points if point.section == "training" and point.signals and point.topic not in NO_TRAINING
    ]
    if training and WHOLE_TEAM not in present | aside:
        yield _added(WHOLE_TEAM, "P13", training)
    external = [point for point in points if point.topic in EXTERNAL_CARE]
    if external and not any(Step(point=point).is_inner and not point.is_twin for point in points):
        for topic in INNER_BY_RULE:
            if topic not in aside:
                yield _added(topic, "P11", external)
                break


def _added(topic: str, rule: str, triggers: Sequence[Point]) -> Point:
    strongest = in_order(triggers)[0]
    return Point(
        section=vocabulary().topics[topic].section,
        topic=topic,
        evidence=(*strongest.evidence, FromRule(rule)),
        need=RULE_NEED,
        rule=rule,
        trigger=strongest.topic,
    )


def in_order(points: Iterable[Point]) -> list[Point]:
    """By need, equal need in vocabulary order; labels of equal need as they came."""
    order = {topic: index for index, topic in enumerate(vocabulary().topics)}
    return sorted(points, key=lambda point: (-point.need, order.get(point.topic or "", len(order))))


def steps_of(situation: Situation, library: Library, points: Sequence[Point], kept: Sequence[Kept]) -> tuple[Step, ...]:
    """The actions to be for all points, each advice once (P14), with what people made of them (P17)."""
    by_point: dict[Key, list[Kept]] = {}
    for each in kept:
        by_point.setdefault((each.topic, each.label), []).append(each)
    steps: list[Step] = []
    for point in points:
        if not point.is_twin:
            steps += _steps_at(point, situation, library, by_point.get(point.key, []))
    return tuple(steps)


def _steps_at(point: Point, situation: Situation, library: Library, kept: Sequence[Kept]) -> Iterable[Step]:
    edits = {each.advice: each for each in kept if each.advice is not None or not each.own}
    proposed: list[Advice | None] = []
    if point.signals or point.rule != "P17":
        proposed += [None] if point.topic is None else list(_advice_for(point.topic, point.need, situation, library))
    for advice in proposed:
        yield Step(point=point, advice=advice, kept=edits.pop(advice.id if advice else None, None))
    for each in kept:
        if (each.advice is None and each.own) or each.advice in edits:
            yield Step(point=point, advice=library.advice.get(each.advice or ""), kept=each)


def _advice_for(topic: str, needed: float, situation: Situation, library: Library) -> list[Advice]:
    """The first thing to do, what fits this school in particular before the general, and where needed what follows."""
    fitting = [advice for advice in library.advice_by_topic.get(topic, ()) if fits(advice, situation)]
    first = sorted((advice for advice in fitting if advice.order == 1), key=_fitted_first)[:1]
    following = [
        advice
        for advice in fitting
        if advice.order > 1 and needed >= (NEXT_STEP if advice.general else NEXT_STEP_FITTED)
    ]
    return first + sorted(following, key=lambda advice: (advice.general, advice.order))[:MOST_NEXT_STEPS]


def _fitted_first(advice: Advice) -> int:
    return -(bool(advice.settings) + advice.when.conditions)


def fits(advice: Advice, situation: Situation) -> bool:
    """Whether the advice is for this sector, setting and profile; what is not known of a school does not fit."""
    when = advice.when
    return (
        situation.sector in advice.sectors
        and (not advice.settings or situation.setting in advice.settings)
        and when.low_dutch in (None, situation.low_dutch)
        and when.unaccompanied_minors in (None, situation.unaccompanied_minors)
        and (not when.works_with or situation.works_with in when.works_with)
    )
