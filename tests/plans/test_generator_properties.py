"""What holds for every plan, on thousands of made-up schools."""

import copy
import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pilots.vocabulary import vocabulary
from plans.generator import Answer, Checklist, Group, Idea, Option, Session, Situation, generate, plan_schema
from plans.generator.choice import EXTERNAL_CARE
from plans.library import library
from tests.plans.situations import PRIORITIES, situations, some_topics

ADVICE = tuple(library().advice)
VALID = Draft202012Validator(plan_schema())
many = settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
fewer = settings(many, max_examples=200)


def plan_of(situation: Situation) -> Any:
    return generate(situation, library()).as_json()


def attention(plan: Any) -> list[Any]:
    return [each for part in plan["sections"] for each in part["attention"]]


def actions(plan: Any) -> list[tuple[str | None, Any]]:
    return [(each["topic"], action) for each in attention(plan) for action in each["actions"]]


def needs(plan: Any) -> dict[str, float]:
    return {each["topic"] or f"label {each['label']}": each["need"] for each in attention(plan)}


@many
@given(situations(ADVICE))
def test_p1_p7_p14_every_plan_is_whole_covers_all_and_has_the_fixed_form(situation: Situation) -> None:
    plan = plan_of(situation)
    coverage = plan["coverage"]
    assert coverage["missed"] == 0
    assert coverage["signals"] == coverage["addressed"] + coverage["set_aside"]
    assert not list(VALID.iter_errors(json.loads(json.dumps(plan))))
    assert [part["section"] for part in plan["sections"]] == list(vocabulary().sections)
    for part in plan["sections"]:
        expected = "known" if part["attention"] else "strengths-only" if part["strengths"] else "unknown"
        assert part["status"] == expected
        assert part["summary"]
        assert part["status"] != "unknown" or part["unknown"]
        shown = [(-each["need"], _place(each["topic"])) for each in part["attention"]]
        assert shown == sorted(shown)
    twice = [name for name, times in Counter(a["advice"] for _, a in actions(plan) if a["advice"]).items() if times > 1]
    assert twice == []
    aside = {each["topic"] for each in plan["set_aside"]}
    for each in attention(plan):
        assert each["topic"] not in aside
        is_twin = each["topic"] is not None and vocabulary().topics[each["topic"]].twin_of is not None
        assert bool(each["actions"]) != is_twin


def _place(topic: str | None) -> int:
    return list(vocabulary().topics).index(topic) if topic else 0


@many
@given(situations(ADVICE))
def test_p7_p8_p11_years(situation: Situation) -> None:
    plan = plan_of(situation)
    first = [(topic, action) for topic, action in actions(plan) if action["year"] == 1]
    by_people = sum(1 for kept in situation.kept if kept.by_people and kept.year == 1)
    assert len(first) <= max(situation.year_1_limit, by_people)
    assert all(action[key] for _, action in first for key in ("owner", "period", "first_step", "sign", "text"))
    outside = [topic for topic, _ in first if topic in EXTERNAL_CARE and not kept_at(situation, topic)]
    if outside:
        beside = [topic for topic, _ in first if topic and _is_inner(topic)]
        assert beside, outside


def kept_at(situation: Situation, topic: str | None) -> bool:
    """Whether people have put an action of this topic in year 1 themselves."""
    advice = library().advice
    return any(
        (advice[kept.advice].topic if kept.advice else kept.topic) == topic and kept.year == 1
        for kept in situation.kept
    )


def _is_inner(topic: str) -> bool:
    return vocabulary().topics[topic].section in ("parents", "education") or topic == "env-climate"


@many
@given(situations(), st.booleans())
def test_p4_p5_p6_programmes(situation: Situation, low_dutch: bool) -> None:
    if low_dutch:
        situation = replace(situation, low_dutch=True)
    known = library().interventions
    lowest, highest = situation.ages
    fitting = [
        each
        for each in known.values()
        if situation.sector in each.sectors
        and situation.setting not in each.not_in
        and each.ages[0] <= highest
        and each.ages[1] >= lowest
    ]
    restricted = situation.low_dutch or situation.setting in ("regular-language-class", "asylum-centre", "isk")
    for topic, action in actions(plan_of(situation)):
        assert len(action["interventions"]) <= 3
        for offer in action["interventions"]:
            programme = known[offer["intervention"]]
            assert programme in fitting
            assert offer["recognition"]
            assert not re.search(r"\berken|onderbouwd|effectiv", offer["reason"], re.IGNORECASE)
            if restricted and offer["use"] == "main":
                assert programme.language_load != "high"
                low = any(each.language_load == "low" and topic in each.topics for each in fitting)
                assert programme.language_load != "medium" or not low


@many
@given(situations(), st.data())
def test_need_never_falls_when_a_signal_gets_louder(situation: Situation, data: st.DataObject) -> None:
    before, after = needs(plan_of(situation)), needs(plan_of(_louder(situation, data)))
    assert all(after.get(name, 0) >= each for name, each in before.items())


@fewer
@given(
    st.permutations(range(1, 6)),
    st.integers(0, 4),
    st.integers(1, 5),
    st.sampled_from([*vocabulary().focus_group_kinds]),
)
def test_need_never_falls_when_an_option_is_ranked_higher(ranks: list[int], index: int, better: int, kind: str) -> None:
    topics = ("env-food", "env-safety", "par-communication", "edu-stress", "tr-stress")

    def ranked(order: list[int]) -> dict[str, float]:
        options = tuple(
            Option(ref=topic, label=topic, topics=(topic,), rank=rank, of=5)
            for topic, rank in zip(topics, order, strict=True)
        )
        group = Group(sessions=(Session(number=1, options=options),))
        return needs(plan_of(Situation(sector="PO", setting="regular", ages=(4, 12), groups={kind: group})))

    before = ranked(ranks)
    after = ranked([min(rank, better) if place == index else rank for place, rank in enumerate(ranks)])
    assert all(after[topic] >= before[topic] for topic in topics)
    first, last = topics[ranks.index(1)], topics[ranks.index(5)]
    assert before[first] > before[last]


def _louder(situation: Situation, data: st.DataObject) -> Situation:
    """The same school with one signal louder, or one more."""
    way = data.draw(st.sampled_from(("score", "priority", "rank", "idea", "item")))
    checklist = situation.checklist or Checklist(answers=())
    answers = list(checklist.answers)
    if way == "item":
        answers.append(
            Answer(
                item="new",
                domain="care",
                text="Nieuw.",
                topics=data.draw(some_topics),
                score=data.draw(st.sampled_from((0, 1))),
            )
        )
        return replace(situation, checklist=replace(checklist, answers=tuple(answers)))
    if way in ("score", "priority"):
        assume(answers)
        index = data.draw(st.integers(0, len(answers) - 1))
        old = answers[index]
        if way == "score":
            assume(isinstance(old.score, int) and old.score > 0)
            lower: Any = data.draw(st.integers(0, int(old.score or 0) - 1))
            answers[index] = replace(old, score=lower)
        else:
            higher = PRIORITIES[PRIORITIES.index(old.priority) :]
            answers[index] = replace(old, priority=data.draw(st.sampled_from(higher)))
        return replace(situation, checklist=replace(checklist, answers=tuple(answers)))
    kind = data.draw(st.sampled_from([*vocabulary().focus_group_kinds]))
    group = situation.group(kind)
    sessions = list(group.sessions) or [Session(number=1)]
    if way == "idea":
        idea = Idea(ref="new", question="improve", text="Nieuw", topics=data.draw(some_topics))
        sessions[0] = replace(sessions[0], ideas=(*sessions[0].ideas, idea))
    else:
        options = list(sessions[0].options)
        assume(options)
        index = data.draw(st.integers(0, len(options) - 1))
        better = data.draw(st.integers(1, options[index].rank or options[index].of))
        options[index] = replace(options[index], rank=better)
        sessions[0] = replace(sessions[0], options=tuple(options))
    return replace(situation, groups={**situation.groups, kind: Group(sessions=tuple(sessions))})


@fewer
@given(situations(ADVICE))
def test_p17_the_same_input_gives_the_same_plan(situation: Situation) -> None:
    assert plan_of(situation) == plan_of(copy.deepcopy(situation))


@fewer
@given(situations(ADVICE))
def test_p17_edits_survive(situation: Situation) -> None:
    plan = plan_of(situation)
    aside = {each["topic"] for each in plan["set_aside"]}
    advice = library().advice
    seen: set[str] = set()
    for kept in situation.kept:
        topic = advice[kept.advice].topic if kept.advice else kept.topic
        topic = vocabulary().topics[topic or ""].twin_of or topic
        if not kept.by_people or topic in aside or kept.advice in seen:
            continue
        if kept.advice:
            seen.add(kept.advice)
        same = [
            action
            for at, action in actions(plan)
            if at == topic and action["advice"] == kept.advice and action["status"] == kept.status
        ]
        assert any(action["edited_by"] == kept.edited_by for action in same)
        for name in ("text", "year", "owner"):
            value = getattr(kept, name)
            assert value is None or any(action[name] == value for action in same)


@fewer
@given(situations(), st.sampled_from(("Iets heel anders", "Nog een wens")))
def test_p17_a_theme_of_its_own_changes_no_other_section(situation: Situation, label: str) -> None:
    kind = "pupils"
    group = situation.group(kind)
    assume(group.sessions)
    idea = Idea(ref="new", question="improve", text=label)
    session = replace(group.sessions[0], ideas=(*group.sessions[0].ideas, idea))
    changed = replace(
        situation, groups={**situation.groups, kind: Group(sessions=(session, *group.sessions[1:]))}, year_1_limit=500
    )
    before, after = plan_of(replace(situation, year_1_limit=500)), plan_of(changed)
    for old, new in zip(before["sections"], after["sections"], strict=True):
        assert old["section"] == "other" or old == new


@fewer
@given(situations())
def test_p10_the_words_of_people_stay_out_of_sentences(situation: Situation) -> None:
    secret = "geheime woorden"
    groups = {
        kind: Group(
            sessions=tuple(
                replace(
                    each,
                    options=tuple(replace(option, label=secret) for option in each.options),
                    ideas=tuple(replace(idea, text=secret) for idea in each.ideas),
                )
                for each in group.sessions
            ),
            not_held=group.not_held,
        )
        for kind, group in situation.groups.items()
    }
    plan = plan_of(replace(situation, groups=groups))
    for part in plan["sections"]:
        for each in (*part["attention"], *part["strengths"]):
            each.pop("label", None)
    assert secret not in json.dumps(plan)


FORBIDDEN = {
    "PO": r"\b(zorgcoördinator(en)?|docent(en)?|mentor(en)?|(?<!NT2-)klas(sen)?)\b",
    "VO": r"\b(intern begeleiders?|leerkracht(en)?|groep(en)?)\b",
}


@fewer
@given(situations())
def test_p16_the_words_of_the_sector(situation: Situation) -> None:
    text = json.dumps(plan_of(situation)["sections"], ensure_ascii=False)
    assert not re.search(FORBIDDEN[situation.sector], text, re.IGNORECASE)


@settings(many, max_examples=150)
@given(situations())
def test_options_of_any_rank_are_taken(situation: Situation) -> None:
    option = Option(ref="x", label="Kaart", topics=("env-food",), rank=3, of=2)
    changed = replace(
        situation, groups={"pupils": Group(sessions=(Session(number=1, options=(option,)),))}, set_aside=()
    )
    assert 0 < needs(plan_of(changed))["env-food"] <= 1
