"""From a situation and the library to a plan: the steps one after another, nothing else."""

from collections.abc import Container, Sequence
from typing import Any

from pilots.vocabulary import vocabulary
from plans.generator import texts
from plans.generator.choice import (
    OTHER,
    Key,
    Point,
    Step,
    home,
    in_order,
    kept_of,
    left_out,
    points_of,
    steps_of,
)
from plans.generator.contradictions import contradictions
from plans.generator.interventions import Programmes
from plans.generator.plan import (
    Action,
    Attention,
    Contradiction,
    Coverage,
    Evidence,
    FromGroup,
    FromProfile,
    LeftOut,
    Plan,
    SectionPlan,
    Strength,
)
from plans.generator.schedule import in_sequence, years_of
from plans.generator.signals import Good, Signal, signals_of, strengths_of
from plans.generator.situation import Situation
from plans.generator.summary import profile_partners, standing, unknowns
from plans.library import Library

# P18: on which actions a partner of the profile has something to do, and who contacts them.
CARE_TOPICS = frozenset(
    {
        "care-structure",
        "care-referral",
        "care-low-threshold",
        "care-sensitive-partners",
        "care-external-partners",
        "care-signalling",
    }
)
PARTNER_TOPICS = {
    "nidos": CARE_TOPICS | {"care-trusted-adult", "par-communication", "par-care-talks"},
    "coa": CARE_TOPICS | {"env-welcome", "env-after-school", "env-safety", "pol-continuity", "par-communication"},
    "gza": CARE_TOPICS | {"par-dutch-systems"},
    "attendance-officer": frozenset({"pol-attendance"}),
    "youth-doctor": CARE_TOPICS | {"pol-attendance"},
}
CONTACT_BY = "coordinator"
# What language classes and the other pupils of a school had best do together.
TOGETHER = frozenset({"edu-sel-line", "edu-nonverbal"})


def generate(situation: Situation, library: Library) -> Plan:
    """The draft plan for this situation. The same situation and library give the same plan."""
    signals, goods = signals_of(situation), strengths_of(situation)
    aside = left_out(situation)
    kept = kept_of(situation, library)
    points = in_order(points_of(situation, signals, kept))
    steps = in_sequence(steps_of(situation, library, points, kept))
    programmes = Programmes(situation, library)
    actions: dict[Key, list[Action]] = {}
    profile: dict[Key, list[FromProfile]] = {}
    for step, year in zip(steps, years_of(steps, situation.year_1_limit), strict=True):
        action = _action(step, year, situation, programmes)
        actions.setdefault(step.point.key, []).append(action)
        profile.setdefault(step.point.key, []).extend(_facts(step, action, situation, library))
    contradicting = contradictions(situation, signals, goods)
    sections = []
    for section in vocabulary().sections:
        here = [point for point in points if point.section == section]
        sections.append(
            _section(
                section,
                situation,
                library,
                attention=[_attention(point, actions.get(point.key, ()), profile.get(point.key, ())) for point in here],
                here=here,
                points=points,
                goods=goods,
                contradicting=contradicting.get(section, ()),
            )
        )
    return Plan(
        sections=tuple(sections),
        set_aside=tuple(LeftOut(each.topic, each.reason, each.by) for each in aside),
        coverage=_coverage(signals, {each.topic for each in aside}, actions),
    )


def _section(
    section: str,
    situation: Situation,
    library: Library,
    *,
    attention: Sequence[Attention],
    here: Sequence[Point],
    points: Sequence[Point],
    goods: Sequence[Good],
    contradicting: tuple[Contradiction, ...],
) -> SectionPlan:
    aside = [each for each in left_out(situation) if vocabulary().topics[each.topic].section == section]
    strengths = tuple(_strengths(section, situation, library, goods))
    status = "known" if attention else "strengths-only" if strengths else "unknown"
    return SectionPlan(
        section=section,
        status=status,
        summary=standing(section, situation, strengths=strengths, points=here, all_points=points, aside=aside),
        unknown=unknowns(section, situation, empty=status == "unknown", aside=bool(aside)),
        contradictions=contradicting,
        strengths=strengths,
        attention=tuple(attention),
    )


def _attention(point: Point, actions: Sequence[Action], profile: Sequence[FromProfile]) -> Attention:
    evidence: tuple[Evidence, ...] = (*point.evidence, *dict.fromkeys(profile))
    return Attention(topic=point.topic, label=point.label, need=point.need, evidence=evidence, actions=tuple(actions))


def _strengths(section: str, situation: Situation, library: Library, goods: Sequence[Good]) -> list[Strength]:
    found = []
    for topic in vocabulary().topics_of(section):
        evidence = tuple(good.evidence for good in goods if topic.id in good.topics)
        if evidence:
            found.append(Strength(topic=topic.id, evidence=evidence, advice=_keep(topic.id, situation, library)))
    if section == OTHER:
        labels: dict[str, list[Evidence]] = {}
        for good in goods:
            if not good.topics:
                labels.setdefault(good.label, []).append(good.evidence)
        found += [
            Strength(topic=None, label=label, evidence=tuple(evidence), advice=texts.KEEP_OWN)
            for label, evidence in labels.items()
        ]
    return found


def _keep(topic: str, situation: Situation, library: Library) -> str:
    """How to keep a strength: the advice of the topic itself, else of what it is a twin of."""
    for each in (topic, home(topic)):
        for advice in library.advice_by_topic.get(each, ()):
            if advice.general and advice.order == 1 and situation.sector in advice.keep:
                return advice.keep[situation.sector]
    return texts.KEEP


def _action(step: Step, year: int, situation: Situation, programmes: Programmes) -> Action:
    """The action as generated, with what people changed put over it (P17)."""
    values = _generated(step, situation, programmes)
    kept = step.kept
    if kept is not None:
        for key in values:
            changed = getattr(kept, key)
            if changed is not None:
                values[key] = changed
        values |= {"status": kept.status, "edited_by": kept.edited_by, "own": kept.own}
    advice = step.advice.id if step.advice else kept.advice if kept else None
    return Action(advice=advice, year=year, **values)


def _generated(step: Step, situation: Situation, programmes: Programmes) -> dict[str, Any]:
    sector = situation.sector
    offers = programmes.offers_for(step)
    advice = step.advice
    if advice is None or sector not in advice.sectors:
        own = step.kept is not None and (step.kept.own or step.point.topic is not None)
        written = texts.OWN_ACTION if own else _own_theme(step.point)
        return {**written, "owner": "coordinator", "support": (), "partners": (), "interventions": offers}
    added = _partners(step, situation)
    partners = tuple(dict.fromkeys((*advice.partners, *added)))
    text = [advice.text[sector]]
    if added:
        text.append(texts.contact(added, CONTACT_BY, sector))
    if programmes.lacks_low_language(step):
        text.append(texts.no_low_language())
    elif situation.setting == "regular-language-class" and step.point.topic in TOGETHER and not step.is_next:
        text.append(texts.connect_language_class(sector))
    return {
        "text": " ".join(text),
        "period": advice.period[sector],
        "owner": advice.owner,
        "first_step": advice.first_step[sector],
        "sign": advice.sign[sector],
        "support": advice.support,
        "partners": partners,
        "interventions": offers,
    }


def _own_theme(point: Point) -> dict[str, str]:
    ranks = [
        (signal.evidence.rank, signal.evidence.of or 1)
        for signal in point.signals
        if isinstance(signal.evidence, FromGroup) and signal.evidence.rank is not None
    ]
    if not point.signals:
        return texts.OWN_ACTION
    return texts.own_theme((signal.voice for signal in point.signals), min(ranks, default=None))


def _partners(step: Step, situation: Situation) -> tuple[str, ...]:
    """P18: the partners of the profile that have something to do with this action."""
    topic = step.point.topic
    if step.is_next:
        return ()
    return tuple(partner for partner in profile_partners(situation) if topic in PARTNER_TOPICS[partner])


def _facts(step: Step, action: Action, situation: Situation, library: Library) -> list[FromProfile]:
    """P3: the facts of the profile that made this action what it is."""
    facts = []
    offered = [
        library.interventions[each.intervention]
        for each in action.interventions
        if each.intervention in library.interventions
    ]
    if situation.needs_low_language and any(programme.language_load for programme in offered):
        facts.append(FromProfile("low_dutch" if situation.low_dutch else "setting"))
    if any(programme.id in situation.interventions_in_use for programme in offered):
        facts.append(FromProfile("interventions_in_use"))
    when = step.advice.when if step.advice else None
    partners = _partners(step, situation) if step.advice else ()
    if (step.advice and step.advice.settings) or {"coa", "gza"} & set(partners):
        facts.append(FromProfile("setting"))
    if when and when.low_dutch is not None:
        facts.append(FromProfile("low_dutch"))
    if (when and when.unaccompanied_minors is not None) or "nidos" in partners:
        facts.append(FromProfile("unaccompanied_minors"))
    if when and when.works_with:
        facts.append(FromProfile("works_with"))
    return facts


def _coverage(signals: Sequence[Signal], aside: set[str], acted_on: Container[Key]) -> Coverage:
    addressed = left = 0
    for signal in signals:
        keys: list[Key] = [(home(topic), None) for topic in signal.topics if topic not in aside]
        if not signal.topics:
            keys = [(None, signal.label)]
        if signal.topics and aside.issuperset(signal.topics):
            left += 1
        elif any(key in acted_on for key in keys):
            addressed += 1
    return Coverage(len(signals), addressed, left, len(signals) - addressed - left)
