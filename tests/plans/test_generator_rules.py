"""Each rule of the plan by its number, and the three example cases in full."""

import dataclasses
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pilots.vocabulary import vocabulary
from plans.generator import (
    Answer,
    Checklist,
    Group,
    Idea,
    Kept,
    Option,
    Session,
    SetAside,
    Situation,
    generate,
    plan_schema,
)
from plans.generator.need import need
from plans.generator.signals import Signal, signals_of
from plans.generator.texts import wording
from plans.library import library
from tests.plans.situations import (
    CASES,
    LANGUAGE_CLASSES,
    RESTLESS_ISK,
    STRONG_CARE_NO_VISION,
    answer,
    everything,
    ranked,
)

PO = Situation(sector="PO", setting="regular", ages=(4, 12), low_dutch=False)
VO = Situation(sector="VO", setting="regular", ages=(12, 18), low_dutch=False)


def plan_of(situation: Situation) -> Any:
    """The plan object, as a reader of the JSON gets it."""
    return json.loads(json.dumps(generate(situation, library()).as_json()))


def section(plan: Any, name: str) -> Any:
    return next(each for each in plan["sections"] if each["section"] == name)


def attention(plan: Any) -> dict[str, Any]:
    """What asks for attention, by topic or label."""
    return {each["topic"] or each["label"]: each for part in plan["sections"] for each in part["attention"]}


def actions(plan: Any) -> list[tuple[str, Any]]:
    """All actions with their topic or label."""
    return [(name, action) for name, each in attention(plan).items() for action in each["actions"]]


def offers(plan: Any) -> list[tuple[str, Any]]:
    return [(name, offer) for name, action in actions(plan) for offer in action["interventions"]]


def checked(situation: Situation, *answers: Answer, **changed: Any) -> Situation:
    return replace(situation, checklist=Checklist(answers=answers, **changed))


def heard(situation: Situation, **groups: Session | Group) -> Situation:
    made = {kind: each if isinstance(each, Group) else Group(sessions=(each,)) for kind, each in groups.items()}
    return replace(situation, groups=made)


def going_well(topic: str) -> Session:
    return Session(
        number=1, participants=8, ideas=(Idea(ref="i1", question="going-well", text="Goed", topics=(topic,)),)
    )


def improve(*topics: str, text: str = "Beter", in_option: bool = False) -> Session:
    idea = Idea(ref="i1", question="improve", text=text, topics=topics, in_option=in_option)
    return Session(number=1, participants=8, ideas=(idea,))


def rules_of(plan: Any, topic: str) -> list[str]:
    return [each["rule"] for each in attention(plan)[topic]["evidence"] if each["source"] == "rule"]


# P1, P2 and P9: what stands in each section


@pytest.mark.parametrize("situation", [*CASES.values(), PO, VO], ids=[*CASES, "empty po", "empty vo"])
def test_p1_all_seven_sections_in_order_and_none_empty(situation: Situation) -> None:
    plan = plan_of(situation)
    assert [each["section"] for each in plan["sections"]] == list(vocabulary().sections)
    for each in plan["sections"]:
        assert each["summary"]
        assert each["attention"] or each["strengths"] or each["unknown"]
    assert not list(Draft202012Validator(plan_schema()).iter_errors(plan))


def test_p1_strengths_alone_say_how_to_keep_them() -> None:
    care = section(plan_of(checked(PO, answer("care-structure", 3), answer("care-check-in", 2))), "care")
    assert care["status"] == "strengths-only"
    assert [each["topic"] for each in care["strengths"]] == ["care-structure", "care-check-in"]
    assert all(each["advice"] for each in care["strengths"])


def test_p2_summary_says_what_goes_well_what_asks_attention_and_what_comes_first() -> None:
    situation = heard(
        checked(PO, answer("care-structure", 3), answer("care-check-in", 0, "now")),
        pupils=ranked(("care-trusted-adult",)),
    )
    summary = section(plan_of(situation), "care")["summary"]
    for topic in ("care-structure", "care-check-in", "care-trusted-adult"):
        assert vocabulary().topics[topic].label in summary
    assert "De school geeft nu voorrang aan ‘Dagelijkse check-in" in summary
    assert "De leerlingen zetten ‘Een vertrouwde volwassene voor elke leerling’ bovenaan" in summary


def test_p2_summaries_differ_with_the_situation() -> None:
    found = {section(plan_of(each), "care")["summary"] for each in (*CASES.values(), PO, VO)}
    assert len(found) == 5


def test_p9_a_group_that_was_not_held_says_why_and_what_to_do() -> None:
    parents = section(plan_of(replace(PO, groups={"parents": Group(not_held="de school was dicht")})), "parents")
    (found,) = [each for each in parents["unknown"] if "focusgroep met ouders" in each["what"]]
    assert "niet gehouden" in found["what"]
    assert "de school was dicht" in found["what"]
    assert found["advice"]


def test_p9_without_anything_every_section_is_unknown_with_what_to_do() -> None:
    for each in plan_of(PO)["sections"]:
        assert each["status"] == "unknown"
        assert each["unknown"]
        assert "nog niet bekend" in json.dumps(each).lower()


def test_p9_unknown_and_unanswered_items_are_named_not_guessed() -> None:
    situation = checked(PO, answer("care-check-in", "unknown"), answer("care-structure", None))
    care = section(plan_of(situation), "care")
    assert care["status"] == "unknown"
    text = " ".join(each["what"] for each in care["unknown"])
    assert "Stelling over dagelijkse check-in van leerlingen." in text
    assert "Stelling over zorgstructuur" in text
    assert plan_of(situation)["coverage"]["signals"] == 0


def test_p9_not_applicable_is_neither_signal_nor_gap() -> None:
    plan = plan_of(checked(PO, answer("care-check-in", "not-applicable")))
    assert plan["coverage"]["signals"] == 0
    assert "Stelling" not in json.dumps(plan)


def test_p9_a_provisional_checklist_is_marked() -> None:
    plan = plan_of(checked(PO, answer("care-check-in", 1), provisional=True))
    assert "voorlopig" in section(plan, "care")["summary"]
    assert "voorlopig" not in json.dumps(plan_of(checked(PO, answer("care-check-in", 1))))


# Signals, need and coverage


def test_signals_are_low_scores_priorities_options_and_loose_improve_ideas() -> None:
    session = Session(
        number=1,
        options=(Option(ref="o1", label="Kaart", topics=("env-food",), rank=1, of=1),),
        ideas=(
            Idea(ref="i1", question="improve", text="los", topics=("env-safety",)),
            Idea(ref="i2", question="improve", text="hoort bij o1", topics=("env-building",), in_option=True),
            Idea(ref="i3", question="important", text="belangrijk", topics=("env-play-sport",)),
            Idea(ref="i4", question="priority", text="nu", topics=("env-play-sport",)),
        ),
    )
    situation = heard(
        checked(PO, answer("pol-vision", 1), answer("pol-anchored", 3, "later"), answer("env-climate", 2)),
        pupils=session,
    )
    assert set(attention(plan_of(situation))) == {"pol-vision", "pol-anchored", "env-food", "env-safety"}
    assert plan_of(situation)["coverage"] == {"signals": 4, "addressed": 4, "set_aside": 0, "missed": 0}


def test_a_priority_makes_a_signal_of_any_score_and_the_strength_stays() -> None:
    policy = section(plan_of(checked(PO, answer("pol-vision", 3, "now"))), "policy")
    assert [each["topic"] for each in policy["strengths"]] == ["pol-vision"]
    assert [each["topic"] for each in policy["attention"]] == ["pol-vision"]


def test_need_gives_the_groups_an_equal_voice_however_many_sat_in_them() -> None:
    needs = set()
    for kind in vocabulary().focus_group_kinds:
        for people in (1, 30):
            session = replace(ranked(("env-food",), ("env-safety",)), participants=people)
            needs.add(attention(plan_of(heard(PO, **{kind: session})))["env-food"]["need"])
    assert len(needs) == 1


def test_need_counts_several_sessions_of_a_kind_as_one_voice_with_the_best_rank() -> None:
    once = heard(PO, pupils=ranked(("env-food",), ("env-safety",)))
    second = ranked(("env-safety",), ("env-food",), start=2)
    twice = heard(PO, pupils=Group(sessions=(*once.group("pupils").sessions, second)))
    found = attention(plan_of(twice))["env-food"]
    assert found["need"] == attention(plan_of(once))["env-food"]["need"]
    assert [(each["session"], each["rank"]) for each in found["evidence"]] == [(1, 1), (2, 2)]


def test_attention_is_in_order_of_need_equal_need_in_vocabulary_order() -> None:
    order = [topic.id for topic in vocabulary().topics_of("environment")]
    situation = checked(PO, *(answer(topic, 1 if topic != order[5] else 0) for topic in reversed(order)))
    found = [each["topic"] for each in section(plan_of(situation), "environment")["attention"]]
    assert found == [order[5], *(topic for topic in order if topic != order[5])]


def test_p3_every_entry_carries_all_its_reasons() -> None:
    situation = heard(
        checked(PO, answer("env-food", 1, "later")),
        pupils=ranked(("env-safety",), ("env-food",)),
        parents=improve("env-food"),
    )
    assert attention(plan_of(situation))["env-food"]["evidence"] == [
        {"source": "checklist", "item": "item-env-food", "score": 1, "priority": "later"},
        {"source": "focus-group", "kind": "parents", "session": 1, "idea": "i1"},
        {"source": "focus-group", "kind": "pupils", "session": 1, "option": "o12", "rank": 2, "of": 2},
    ]


def test_p3_a_fact_of_the_profile_that_shaped_an_action_is_named() -> None:
    evidence = attention(plan_of(RESTLESS_ISK))["care-structure"]["evidence"]
    assert {"source": "profile", "fact": "unaccompanied_minors"} in evidence


# P4, P5, P6: programmes


def everything_asked(situation: Situation) -> Situation:
    return checked(situation, *everything(0).values())


@pytest.mark.parametrize("ages", [(4, 5), (4, 12), (12, 18), (16, 18)])
@pytest.mark.parametrize("setting", list(vocabulary().settings))
def test_p4_programmes_fit_sector_ages_and_setting(setting: str, ages: tuple[int, int]) -> None:
    for sector in vocabulary().settings[setting].sectors:
        situation = everything_asked(Situation(sector=sector, setting=setting, ages=ages))
        for _, offer in offers(plan_of(situation)):
            programme = library().interventions[offer["intervention"]]
            assert sector in programme.sectors
            assert setting not in programme.not_in
            assert programme.ages[0] <= ages[1]
            assert programme.ages[1] >= ages[0]


@pytest.mark.parametrize(
    "situation",
    [
        replace(PO, setting="regular-language-class"),
        replace(PO, setting="asylum-centre"),
        replace(PO, low_dutch=True),
        replace(VO, setting="isk"),
        replace(VO, low_dutch=True),
    ],
    ids=lambda situation: f"{situation.sector} {situation.setting}",
)
def test_p5_no_high_language_as_main_and_low_before_medium(situation: Situation) -> None:
    situation = replace(everything_asked(situation), interventions_in_use=("kanjertraining",))
    plan = plan_of(situation)
    fitting = [
        each
        for each in library().interventions.values()
        if situation.sector in each.sectors
        and situation.setting not in each.not_in
        and each.ages[0] <= situation.ages[1]
        and each.ages[1] >= situation.ages[0]
    ]
    for topic, offer in offers(plan):
        load = library().interventions[offer["intervention"]].language_load
        if offer["use"] == "main":
            assert load != "high"
            low_known = any(each.language_load == "low" and topic in each.topics for each in fitting)
            assert load != "medium" or not low_known
            assert load != "medium" or "taalarm programma kennen wij voor dit onderwerp niet" in offer["reason"]
    assert any(offer["intervention"] == "kanjertraining" and offer["use"] != "main" for _, offer in offers(plan))


@pytest.mark.parametrize("topic", ["edu-connect-pupils", "edu-sel-line", "edu-loss", "edu-nonverbal", "edu-stress"])
def test_p5_low_before_medium_on_one_topic(topic: str) -> None:
    plan = plan_of(checked(replace(PO, low_dutch=True), answer(topic, 0)))
    main = [offer["intervention"] for _, offer in offers(plan) if offer["use"] == "main"]
    assert main
    assert {library().interventions[each].language_load for each in main} == {"low"}


def test_p5_says_so_where_no_low_language_programme_is_known() -> None:
    low = replace(PO, low_dutch=True)
    sleep = checked(low, answer("edu-sleep", 0))
    (_, action), *_ = actions(plan_of(sleep))
    assert "geen taalarm programma" in action["text"]
    (_, other), *_ = actions(plan_of(replace(sleep, low_dutch=False)))
    assert "geen taalarm programma" not in other["text"]
    (_, moving), *_ = actions(plan_of(checked(low, answer("edu-movement", 0))))
    assert "geen taalarm programma" not in moving["text"]


def test_p5_what_is_in_use_may_be_main_where_pupils_know_dutch() -> None:
    situation = replace(checked(PO, answer("edu-sel-line", 0)), interventions_in_use=("kanjertraining",))
    found = [(offer["intervention"], offer["use"]) for _, offer in offers(plan_of(situation))]
    assert found == [("kanjertraining", "main")]


@pytest.mark.parametrize("situation", CASES.values(), ids=CASES)
def test_p6_recognition_stands_beside_fit_and_is_no_reason(situation: Situation) -> None:
    found = offers(plan_of(everything_asked(situation)))
    assert found
    for _, offer in found:
        assert offer["recognition"]
        assert offer["reason"]
        assert not re.search(r"erken|onderbouwd|effectiv|databank", offer["reason"], re.IGNORECASE)
    unknown = next(
        offer for _, offer in found if library().interventions[offer["intervention"]].recognition.status == "unknown"
    )
    assert "iets anders dan niet erkend" in unknown["recognition"]


def test_programmes_are_few_per_action_and_named_in_few_places() -> None:
    plan = plan_of(everything_asked(replace(PO, setting="regular-language-class")))
    assert all(len(action["interventions"]) <= 3 for _, action in actions(plan))
    used = [offer["intervention"] for _, offer in offers(plan) if offer["use"] == "main"]
    assert max(used.count(each) for each in used) <= 3


# P7, P8: years


@pytest.mark.parametrize("limit", [0, 1, 3, 5, 8])
def test_p7_year_1_holds_at_most_its_limit_and_nothing_disappears(limit: int) -> None:
    situation = replace(everything_asked(PO), year_1_limit=limit)
    plan = plan_of(situation)
    years = [action["year"] for _, action in actions(plan)]
    assert years.count(1) == limit
    assert years.count(2) >= 2 * limit
    assert years.count(3) > 0
    assert plan["coverage"]["missed"] == 0


def test_p7_what_people_put_in_year_1_counts_first() -> None:
    topics = [topic.id for topic in vocabulary().topics_of("environment")][:7]
    kept = tuple(
        Kept(
            section="environment",
            topic=topic,
            advice=library().advice_by_topic[topic][0].id,
            year=1,
            edited_by="director",
        )
        for topic in topics[3:6]
    )
    situation = replace(checked(PO, *(answer(topic, 0) for topic in topics)), kept=kept, year_1_limit=4)
    plan = plan_of(situation)
    first = {topic for topic, action in actions(plan) if action["year"] == 1}
    assert first == {*topics[3:6], topics[0]}


def test_p7_a_next_step_comes_after_the_first_step() -> None:
    plan = plan_of(everything_asked(replace(VO, setting="isk", unaccompanied_minors=True)))
    strong = heard(checked(PO, answer("care-structure", 0, "now")), pupils=ranked(("care-structure",)))
    for each in (plan, plan_of(strong)):
        for found in attention(each).values():
            years = [action["year"] for action in found["actions"]]
            assert all(year > years[0] or year == 3 for year in years[1:])
    assert len(attention(plan_of(strong))["care-structure"]["actions"]) > 1


@pytest.mark.parametrize("situation", CASES.values(), ids=CASES)
def test_p8_year_1_has_an_owner_a_period_a_first_step_and_a_sign(situation: Situation) -> None:
    found = [action for _, action in actions(plan_of(situation)) if action["year"] == 1]
    assert found
    for action in found:
        assert all(action[key] for key in ("owner", "period", "first_step", "sign"))
        assert action["owner"] in vocabulary().owners


# P10: no words of people in the generated sentences


def test_p10_what_people_said_stands_only_as_label_where_it_has_no_topic() -> None:
    secret = "Amina zegt dat juf Els schreeuwt"
    session = Session(
        number=1,
        options=(Option(ref="o1", label=secret, topics=("env-climate",), rank=1, of=1),),
        ideas=(
            Idea(ref="i1", question="improve", text=secret, topics=("env-food",)),
            Idea(ref="i2", question="going-well", text=secret, topics=("env-safety",)),
        ),
    )
    assert secret not in json.dumps(plan_of(heard(PO, pupils=session)))
    labelled = attention(plan_of(heard(PO, pupils=improve(text=secret))))[secret]
    assert secret not in json.dumps(labelled["actions"])


# P11, P12, P13: what rules add


def test_p11_care_outside_comes_with_climate_learning_or_parents() -> None:
    plan = plan_of(checked(PO, answer("care-external-partners", 0)))
    assert rules_of(plan, "env-climate") == ["P11"]
    evidence = attention(plan)["env-climate"]["evidence"]
    assert evidence[0] == {"source": "checklist", "item": "item-care-external-partners", "score": 0, "priority": None}
    assert {action["year"] for _, action in actions(plan)} == {1}


def test_p11_adds_nothing_where_it_is_signalled_but_puts_it_first() -> None:
    order = ("care-external-partners", "care-sensitive-partners", "env-food")
    answers = (*(answer(topic, 0, "now") for topic in order), answer("edu-sel-line", 1))
    plan = plan_of(replace(checked(PO, *answers), year_1_limit=3))
    years = {topic: action["year"] for topic, action in reversed(actions(plan))}
    assert not any(rule == "P11" for topic in attention(plan) for rule in rules_of(plan, topic))
    assert [topic for topic, year in years.items() if year > 1] == ["care-external-partners"]


def test_p11_with_room_for_one_only_care_outside_waits() -> None:
    plan = plan_of(replace(checked(PO, answer("care-external-partners", 0, "now")), year_1_limit=1))
    years = {topic: action["year"] for topic, action in reversed(actions(plan))}
    assert years["env-climate"] == 1
    assert years["care-external-partners"] == 2


def test_p11_where_people_put_climate_in_year_2_care_outside_waits_for_it() -> None:
    climate = library().advice_by_topic["env-climate"][0].id
    kept = (Kept(section="environment", topic="env-climate", advice=climate, year=2, edited_by="director"),)
    plan = plan_of(replace(checked(PO, answer("care-external-partners", 0), answer("env-climate", 0)), kept=kept))
    assert {topic: action["year"] for topic, action in actions(plan)} == {"env-climate": 2, "care-external-partners": 2}


def test_p11_takes_another_topic_where_climate_is_set_aside() -> None:
    situation = checked(PO, answer("care-external-partners", 0))
    aside = SetAside(topic="env-climate", reason="loopt al", by="director")
    plan = plan_of(replace(situation, set_aside=(aside,)))
    assert "env-climate" not in attention(plan)
    assert rules_of(plan, "edu-sel-line") == ["P11"]


@pytest.mark.parametrize(
    "topic",
    [
        "par-communication",
        "par-digital",
        "par-care-talks",
        "par-expectations",
        "care-time-for-parents",
        "care-referral",
    ],
)
def test_p12_an_interpreter_wherever_talks_with_parents_are_an_issue(topic: str) -> None:
    plan = plan_of(checked(PO, answer(topic, 0)))
    found = attention(plan)["par-interpreter"]
    assert rules_of(plan, "par-interpreter") == ["P12"]
    assert f"item-{topic}" in json.dumps(found["evidence"])
    assert found["actions"][0]["year"] == 1


def test_p12_leaves_an_interpreter_out_where_talks_are_no_issue_or_people_set_it_aside() -> None:
    assert "par-interpreter" not in attention(plan_of(checked(PO, answer("par-sport", 0))))
    aside = SetAside(topic="par-interpreter", reason="geregeld", by="director")
    situation = replace(checked(PO, answer("par-communication", 0)), set_aside=(aside,))
    assert "par-interpreter" not in attention(plan_of(situation))


def test_p12_a_signalled_interpreter_carries_its_own_reasons_only() -> None:
    plan = plan_of(checked(PO, answer("par-communication", 0), answer("par-interpreter", 1)))
    assert rules_of(plan, "par-interpreter") == []


def test_p13_training_is_for_the_whole_team() -> None:
    plan = plan_of(checked(PO, answer("tr-stress", 0)))
    assert rules_of(plan, "tr-whole-team") == ["P13"]
    assert "tr-whole-team" not in attention(plan_of(checked(PO, answer("tr-team-wellbeing", 0))))


def test_p13_training_stays_within_what_the_team_can_carry() -> None:
    training = [topic.id for topic in vocabulary().topics_of("training")]
    plan = plan_of(replace(checked(PO, *(answer(topic, 0, "now") for topic in training)), year_1_limit=10))
    loads = dict.fromkeys((1, 2, 3), 0)
    for _, action in actions(plan):
        loads[action["year"]] += library().advice[action["advice"]].load
    assert 0 < loads[1] <= 4
    assert 0 < loads[2] <= 4
    assert sum(1 for _, action in actions(plan) if action["year"] == 1) < 10


@pytest.mark.parametrize("sector", ["PO", "VO"])
def test_p14_one_advice_once(sector: str) -> None:
    plan = plan_of(everything_asked(PO if sector == "PO" else VO))
    found = [action["advice"] for _, action in actions(plan)]
    assert len(found) == len(set(found))


def test_p14_a_twin_stands_in_its_own_section_and_is_advised_once() -> None:
    plan = plan_of(heard(PO, pupils=ranked(("env-group-contact",))))
    twin, topic = attention(plan)["env-group-contact"], attention(plan)["edu-connect-pupils"]
    assert twin["actions"] == []
    assert topic["actions"]
    assert twin["evidence"] == topic["evidence"][:1]
    assert "Nieuwkomers en andere leerlingen actief verbinden" not in section(plan, "policy")["summary"]
    assert "Educatie" in section(plan, "environment")["summary"]
    assert plan["coverage"] == {"signals": 1, "addressed": 1, "set_aside": 0, "missed": 0}


def test_p14_a_need_signalled_on_the_topic_alone_is_named_in_the_section_of_the_twin() -> None:
    plan = plan_of(checked(PO, answer("par-care-talks", 0)))
    assert "Cultuursensitieve gesprekken over zorg" in section(plan, "care")["summary"]
    assert section(plan, "care")["attention"] == []


def test_p14_the_same_theme_of_two_groups_is_one_entry() -> None:
    plan = plan_of(heard(PO, pupils=ranked("Zwemles"), parents=improve(text="Zwemles")))
    (found,) = section(plan, "other")["attention"]
    assert found["topic"] is None
    assert found["label"] == "Zwemles"
    assert len(found["evidence"]) == 2
    assert len(found["actions"]) == 1
    assert found["actions"][0]["advice"] is None
    assert plan["coverage"]["addressed"] == 2


# P15, P19: contradictions


def contradictions(plan: Any) -> list[Any]:
    return [each for part in plan["sections"] for each in part["contradictions"]]


def test_p15_checklist_and_group_contradict_each_other() -> None:
    situation = heard(checked(PO, answer("care-check-in", 3)), pupils=ranked(("env-food",), ("care-check-in",)))
    (found,) = contradictions(plan_of(situation))
    assert (found["topic"], found["between"]) == ("care-check-in", ["checklist", "pupils"])
    assert "volgens de checklist gaat dit goed" in found["text"]
    assert "de leerlingen zetten het op plaats 2 van 2" in found["text"]
    assert "Praat" in found["text"]


def test_p15_two_groups_contradict_each_other_and_the_need_is_not_lowered() -> None:
    alone = heard(PO, pupils=ranked(("env-food",)))
    both = heard(PO, pupils=ranked(("env-food",)), parents=going_well("env-food"))
    (found,) = contradictions(plan_of(both))
    assert found["between"] == ["parents", "pupils"]
    assert attention(plan_of(both))["env-food"]["need"] == attention(plan_of(alone))["env-food"]["need"]


def test_p15_a_group_sees_what_goes_well_where_the_checklist_does_not() -> None:
    (found,) = contradictions(plan_of(heard(checked(PO, answer("env-food", 0)), parents=going_well("env-food"))))
    assert found["between"] == ["checklist", "parents"]


def test_p15_the_same_group_on_both_sides_or_a_mere_priority_is_no_contradiction() -> None:
    session = replace(ranked(("env-food",)), ideas=going_well("env-food").ideas)
    assert contradictions(plan_of(heard(PO, pupils=session))) == []
    (found,) = contradictions(plan_of(heard(PO, pupils=session, parents=going_well("env-food"))))
    assert "volgens de ouders gaat dit goed" in found["text"]
    situation = heard(checked(PO, answer("env-food", 3, "now")), pupils=going_well("env-food"))
    assert contradictions(plan_of(situation)) == []


def test_p19_a_checklist_filled_in_alone_is_marked_and_a_contradiction_goes_to_the_gsa() -> None:
    situation = heard(checked(PO, answer("care-check-in", 3), mode="self"), pupils=ranked(("care-check-in",)))
    plan = plan_of(situation)
    (found,) = contradictions(plan)
    assert "zelf ingevuld" in found["text"]
    assert "GSA" in found["text"]
    assert "zelf ingevuld" in section(plan, "care")["summary"]
    interview = replace(situation, checklist=replace(situation.checklist, mode="interview"))  # type: ignore[type-var]
    assert "zelf ingevuld" not in json.dumps(plan_of(interview))


# P16: words of the sector

FORBIDDEN = {
    "PO": r"\b(zorgcoördinator(en)?|docent(en)?|mentor(en)?|(?<!NT2-)klas(sen)?)\b",
    "VO": r"\b(intern begeleiders?|IB'er|leerkracht(en)?|groep(en)?)\b",
}


def written(plan: Any) -> list[str]:
    """Every text of the plan that the generator wrote."""
    found: list[str] = []

    def collect(value: Any, key: str = "") -> None:
        if isinstance(value, dict):
            for name, each in value.items():
                collect(each, name)
        elif isinstance(value, list):
            for each in value:
                collect(each, key)
        elif isinstance(value, str) and key not in ("label", "item", "advice"):
            found.append(value)

    collect(plan["sections"])
    return found


@pytest.mark.parametrize("score", [0, 3, "unknown"])
@pytest.mark.parametrize("setting", list(vocabulary().settings))
def test_p16_words_of_the_sector(setting: str, score: Any) -> None:
    for sector in vocabulary().settings[setting].sectors:
        items = tuple(replace(each, text="Stelling.") for each in everything(score).values())
        situation = Situation(
            sector=sector,
            setting=setting,
            ages=(4, 18),
            low_dutch=True,
            unaccompanied_minors=True,
            interventions_in_use=("kanjertraining",),
            checklist=Checklist(answers=items, provisional=True, mode="self"),
            groups={
                "parents": Group(not_held="ziek"),
                "pupils": Group(sessions=(replace(ranked(("env-welcome", "env-group-contact"), "Eigen wens")),)),
                "stakeholders": Group(sessions=(going_well("env-welcome"),)),
            },
        )
        wrong = [text for text in written(plan_of(situation)) if re.search(FORBIDDEN[sector], text, re.IGNORECASE)]
        assert wrong == []


@pytest.mark.parametrize(
    ("sector", "given", "expected"),
    [
        ("PO", "Overstap naar een gewone klas", "Overstap naar een gewone groep"),
        ("PO", "Docenten, mentor en zorgcoördinator", "Leerkrachten, leerkracht en intern begeleider"),
        ("PO", "taalklas, NT2-klas en schakelklas", "taalklas, NT2-klas en schakelklas"),
        ("VO", "Contact tussen groepen leerlingen", "Contact tussen leerlingen onderling"),
        ("VO", "Leerkracht, groep en focusgroep", "Docent, klas en focusgroep"),
        ("VO", "Intern begeleider en NT2-groepen", "Zorgcoördinator en NT2-klassen"),
    ],
)
def test_p16_words_of_data_become_those_of_the_sector(sector: str, given: str, expected: str) -> None:
    assert wording(given, sector) == expected


# P17: people's edits


ITEM = answer("care-structure", 0)
ROLE_CARD = library().advice_by_topic["care-structure"][0].id
EDIT = Kept(
    section="care",
    topic="care-structure",
    advice=ROLE_CARD,
    edited_by="coordinator",
    text="Door ons herschreven.",
    year=2,
    owner="director",
    status="started",
)


def test_p17_edits_survive_and_are_shown_as_theirs() -> None:
    before = attention(plan_of(checked(PO, ITEM)))["care-structure"]["actions"][0]
    after = attention(plan_of(replace(checked(PO, ITEM), kept=(EDIT,))))["care-structure"]["actions"][0]
    changed = {
        "text": "Door ons herschreven.",
        "year": 2,
        "owner": "director",
        "status": "started",
        "edited_by": "coordinator",
    }
    assert after == {**before, **changed}


def test_p17_an_edit_stays_when_its_signal_is_gone() -> None:
    found = attention(plan_of(replace(PO, kept=(EDIT,))))["care-structure"]
    assert found["evidence"] == [{"source": "rule", "rule": "P17"}]
    assert found["need"] == 0
    assert found["actions"][0]["text"] == "Door ons herschreven."


def test_p17_a_status_alone_survives_and_an_untouched_action_does_not() -> None:
    touched = Kept(section="care", topic="care-structure", advice=ROLE_CARD, status="done", year=1)
    found = attention(plan_of(replace(PO, kept=(touched,))))["care-structure"]["actions"]
    assert [(action["status"], action["edited_by"]) for action in found] == [("done", None)]
    untouched = Kept(section="care", topic="care-structure", advice=ROLE_CARD)
    assert attention(plan_of(replace(PO, kept=(untouched,)))) == {}


def test_p17_own_actions_stay_beside_the_generated_ones() -> None:
    own = Kept(section="care", topic="care-structure", own=True, edited_by="director", text="Onze eigen actie.", year=1)
    second = replace(own, text="Nog een.", year=None)
    found = attention(plan_of(replace(checked(PO, ITEM), kept=(own, second))))["care-structure"]["actions"]
    assert {action["advice"] for action in found} == {ROLE_CARD, None}
    assert [action["text"] for action in found if action["advice"] is None] == ["Onze eigen actie.", "Nog een."]
    assert all(action["first_step"] and action["period"] for action in found)


def test_p17_an_edit_of_an_own_theme_and_of_a_twin_finds_its_place() -> None:
    theme = Kept(section="other", label="Zwemles", edited_by="gsa", text="Naar het zwembad.")
    plan = plan_of(replace(heard(PO, pupils=ranked("Zwemles")), kept=(theme,)))
    (action,) = attention(plan)["Zwemles"]["actions"]
    assert (action["text"], action["edited_by"]) == ("Naar het zwembad.", "gsa")
    twin = Kept(section="environment", topic="env-group-contact", own=True, edited_by="gsa", text="Samen sporten.")
    plan = plan_of(replace(heard(PO, pupils=ranked(("env-group-contact",))), kept=(twin,)))
    assert attention(plan)["env-group-contact"]["actions"] == []
    assert "Samen sporten." in [action["text"] for action in attention(plan)["edu-connect-pupils"]["actions"]]


def test_p17_an_edit_of_advice_that_left_the_library_stays() -> None:
    gone = replace(EDIT, advice="left-the-library", first_step="Onze stap.")
    found = attention(plan_of(replace(checked(PO, ITEM), kept=(gone,))))["care-structure"]["actions"]
    assert {action["advice"] for action in found} == {ROLE_CARD, "left-the-library"}


def test_p17_a_changed_answer_changes_only_what_depends_on_it() -> None:
    changed = tuple(
        replace(each, score=3) if each.item == "item-care-check-out" else each
        for each in LANGUAGE_CLASSES.checklist.answers  # type: ignore[union-attr]
    )
    before, after = plan_of(LANGUAGE_CLASSES), plan_of(checked(LANGUAGE_CLASSES, *changed))
    for old, new in zip(before["sections"], after["sections"], strict=True):
        assert (old == new) == (old["section"] != "care")


@pytest.mark.parametrize(
    ("situation", "topic", "partners"),
    [
        (replace(VO, unaccompanied_minors=True), "care-structure", {"nidos", "youth-doctor"}),
        (replace(PO, setting="asylum-centre"), "care-structure", {"coa", "gza", "youth-doctor"}),
        (VO, "pol-attendance", {"attendance-officer"}),
        (PO, "care-structure", {"youth-doctor"}),
    ],
)
def test_p18_partners_fit_the_school_and_somebody_contacts_them(
    situation: Situation, topic: str, partners: set[str]
) -> None:
    action = attention(plan_of(checked(situation, answer(topic, 0))))[topic]["actions"][0]
    assert partners <= set(action["partners"])
    assert "neemt contact op met" in action["text"]


def test_p18_names_no_partner_that_does_not_fit() -> None:
    plan = plan_of(everything_asked(PO))
    named = {partner for _, action in actions(plan) for partner in action["partners"]}
    assert not named & {"nidos", "coa", "gza", "attendance-officer"}


# Set aside, and themes without a topic


def test_set_aside_topics_get_no_entry_and_count_as_set_aside() -> None:
    aside = SetAside(topic="care-structure", reason="loopt al", by="researcher")
    situation = replace(checked(PO, ITEM, answer("care-check-in", 0, None, "care-structure")), set_aside=(aside,))
    plan = plan_of(situation)
    assert set(attention(plan)) == {"care-check-in"}
    assert plan["set_aside"] == [{"topic": "care-structure", "reason": "loopt al", "by": "researcher"}]
    assert plan["coverage"] == {"signals": 2, "addressed": 1, "set_aside": 1, "missed": 0}


def test_a_topic_set_aside_takes_its_twin_along() -> None:
    aside = SetAside(topic="edu-connect-pupils", reason="loopt al", by="researcher")
    plan = plan_of(replace(heard(PO, pupils=ranked(("env-group-contact",))), set_aside=(aside,)))
    assert attention(plan) == {}
    assert [each["topic"] for each in plan["set_aside"]] == ["env-group-contact", "edu-connect-pupils"]
    assert plan["coverage"] == {"signals": 1, "addressed": 0, "set_aside": 1, "missed": 0}


def test_a_situation_with_unknown_ids_is_refused() -> None:
    for wrong in ({"setting": "isk"}, {"ages": (12, 4)}, {"year_1_limit": -1}):
        with pytest.raises(ValueError, match=r"exist|wrong|negative"):
            replace(PO, **wrong)
    with pytest.raises(ValueError, match="no-such-topic"):
        heard(PO, pupils=ranked(("no-such-topic",)))


def test_need_of_no_signals_is_nothing_and_of_all_is_below_one() -> None:
    assert need(()) == 0
    loud = heard(
        checked(PO, answer("env-food", 0, "now")),
        **{kind: ranked(("env-food",)) for kind in vocabulary().focus_group_kinds},
    )
    found: tuple[Signal, ...] = signals_of(loud)
    assert 0.9 < need(found) <= 1


def test_plan_schema_is_strict_and_its_loose_form_takes_absent_keys() -> None:
    plan = plan_of(LANGUAGE_CLASSES)
    strict, loose = Draft202012Validator(plan_schema()), Draft202012Validator(plan_schema(complete=False))
    assert strict.is_valid(plan)
    assert loose.is_valid(plan)
    del plan["sections"][0]["unknown"]
    assert not strict.is_valid(plan)
    assert loose.is_valid(plan)
    plan["sections"][0]["colour"] = "red"
    assert not loose.is_valid(plan)


def test_values_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        generate(PO, library()).coverage.missed = 1  # type: ignore[misc]


# The three example cases


def test_case_1_keeps_kanjertraining_for_enough_dutch_and_adds_what_needs_little_language() -> None:
    plan = plan_of(LANGUAGE_CLASSES)
    uses = {(offer["intervention"], offer["use"]) for _, offer in offers(plan)}
    assert {("team-up", "main"), ("schooljudo", "main")} <= uses
    assert ("kanjertraining", "main") not in uses
    kanjertraining = next(offer for _, offer in offers(plan) if offer["intervention"] == "kanjertraining")
    assert "groepen waar leerlingen genoeg Nederlands kennen" in kanjertraining["reason"]
    assert "later onderdelen" in kanjertraining["reason"]
    assert "breid het zo niet uit" in kanjertraining["reason"]
    assert {"edu-relax", "edu-stress", "edu-connect-pupils", "care-check-in", "care-check-out"} <= set(attention(plan))
    assert (
        "nieuwkomers en andere leerlingen elkaar leren kennen" in attention(plan)["edu-nonverbal"]["actions"][0]["text"]
    )
    assert all("erken" not in offer["reason"] for _, offer in offers(plan))
    assert [each["topic"] for each in section(plan, "education")["strengths"]] == ["edu-sel-line"]
    assert "bovenaan" in section(plan, "education")["summary"]


def test_case_2_trains_the_whole_team_and_agrees_on_one_line() -> None:
    plan = plan_of(RESTLESS_ISK)
    found = attention(plan)
    first = {topic for topic, action in actions(plan) if action["year"] == 1}
    assert {"tr-consistent-response", "tr-trauma-sensitive", "env-climate"} <= first
    assert rules_of(plan, "tr-whole-team") == ["P13"]
    assert found["care-structure"]["actions"][0]["advice"] == "care-structure-role-card"
    assert [offer["intervention"] for topic, offer in offers(plan) if topic == "edu-relationships"] == [
        "wijzer-in-de-liefde"
    ]
    trained = [topic for topic, offer in offers(plan) if offer["intervention"] == "trauma-sensitive-teaching"]
    assert {"tr-trauma-sensitive", "tr-consistent-response"} <= set(trained)
    text = " ".join(written(plan))
    assert not re.search(r"IB'er|intern begeleider|groep 7|TeamUp|Wereldreizigers", text)
    assert not {"team-up", "wereldreizigers"} & {offer["intervention"] for _, offer in offers(plan)}
    assert re.search(r"\bmentor", text)
    assert "gang" in found["tr-consistent-response"]["actions"][0]["text"]
    assert "niet gehouden" in section(plan, "parents")["unknown"][0]["what"]


def test_case_3_keeps_the_care_that_is_there_and_works_on_a_vision() -> None:
    plan = plan_of(STRONG_CARE_NO_VISION)
    care, policy = section(plan, "care"), section(plan, "policy")
    assert care["status"] == "strengths-only"
    assert care["attention"] == []
    assert len(care["strengths"]) == len(vocabulary().topics_of("care"))
    assert "kost" in care["summary"]
    assert [each["topic"] for each in policy["attention"]] == ["pol-vision", "pol-anchored"]
    assert {action["year"] for each in policy["attention"] for action in each["actions"][:1]} == {1}
    vision = policy["attention"][0]
    assert vision["evidence"][0] == {"source": "checklist", "item": "item-pol-vision", "score": 0, "priority": "now"}
    assert "schoolplan" in json.dumps(policy["attention"])
    used = {offer["intervention"] for topic, offer in offers(plan)}
    assert used <= {"wereldreizigers"}
