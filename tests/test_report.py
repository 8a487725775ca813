"""The nine pilots of the demo tell what the final report on the pilots tells; each test names its requirement.

The nine come in through the import, once, and are read as an export writes them and as the dashboard counts them:
what is said here is said of what the application holds.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from pilots.models import User
from pilots.trajectory_files import export_trajectory, import_trajectory
from pilots.vocabulary import vocabulary
from welbevinden import services

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
COHORT = "2019-2020"
FILES = [
    path
    for path in sorted((services.BASE_DIR / "pilots" / "content" / "demo").glob("*.json"))
    if json.loads(path.read_text("utf-8"))["cohort"] == COHORT
]
CLOSED, OPEN_AGAIN = "2020-03-16", "2020-06-02"  # the first closing of the schools
LANGUAGE_HEAVY = ("kanjertraining", "wereldreizigers", "welkom-op-school")
# Rule P16: words of the other sector.
NOT_IN = {
    "PO": r"zorgco[öo]rdinator\w*|docent(en)?|mentor(en|les|lessen)?|klas(sen|lokaal|genoot|genoten)?|brugklas",
    "VO": r"intern begeleider|ib['’]ers?|leerkracht(en)?|groep(en|je|jes)?|juf|meester|kinderen",
}


@pytest.fixture(scope="module")
def pilots(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Json]]:
    """The nine, imported, as an export writes them; every test of this module works on the same rows."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_instruments")
        loaded = [import_trajectory(content=path.read_bytes(), by=None).trajectory for path in FILES]
        User.objects.create_user(email="beheer@demo.test", name="Bo Beheer", is_admin=True)
        yield [export_trajectory(trajectory) for trajectory in loaded]
        transaction.set_rollback(True)


def evaluation(pilot: Json, side: str) -> Json:
    (found,) = (each for each in pilot["evaluations"] if each["with"] == side)
    return dict(found)


def judged(pilots: list[Json], about: str, question: str, side: str = "school") -> Counter[str]:
    """How many pilots gave which judgement."""
    return Counter(evaluation(pilot, side)[about][question]["judgement"] for pilot in pilots)


def factors(pilots: list[Json], kind: str) -> Counter[str]:
    """How many pilots named each factor, school or GSA."""
    return Counter(
        factor
        for pilot in pilots
        for factor in {
            each["factor"] for held in pilot["evaluations"] for each in held["factors"] if each["kind"] == kind
        }
    )


def ratings(pilots: list[Json], name: str) -> list[int]:
    """What schools and GSAs gave an intervention."""
    return [
        each["rating"]
        for pilot in pilots
        for held in pilot["evaluations"]
        for each in held.get("interventions", ())
        if each["intervention"] == name
    ]


def components(pilots: list[Json], name: str) -> list[int]:
    """What schools and GSAs gave a part of the pilot."""
    return [held["components"][name]["rating"] for pilot in pilots for held in pilot["evaluations"]]


def actions(pilot: Json) -> Iterator[tuple[str | None, Json]]:
    """Topic and action, for all actions of the released plan."""
    for section in pilot["plans"][0]["sections"]:
        for point in section["attention"]:
            for action in point["actions"]:
                yield point["topic"], action


def chose(pilot: Json, intervention: str) -> bool:
    return any(
        action["status"] != "open" and any(offer["intervention"] == intervention for offer in action["interventions"])
        for _, action in actions(pilot)
    )


def mean(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from texts(each) if key not in {"title", "role", "name"} else ()
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def test_files_are_as_an_export_writes_them(pilots: list[Json]) -> None:
    """A committed file holds all that the application holds of it, results and states included."""
    for path, pilot in zip(FILES, pilots, strict=True):
        assert json.loads(path.read_text("utf-8")) == pilot, path.name


# The schools


def test_nine_schools(pilots: list[Json]) -> None:
    """R038, R040, R041: six PO (three with language classes, one spread, one on an azc, one undescribed), three ISK."""
    schools = [pilot["school"] for pilot in pilots]
    assert Counter(school["setting"] for school in schools) == {
        "regular-language-class": 3,
        "regular-spread": 1,
        "asylum-centre": 1,
        "regular": 1,
        "isk": 3,
    }
    assert Counter(school["sector"] for school in schools) == {"PO": 6, "VO": 3}
    (undescribed,) = (school for school in schools if school["setting"] == "regular")
    assert {"pupils", "newcomers", "low_dutch", "works_with"}.isdisjoint(undescribed)


def test_both_routes(pilots: list[Json]) -> None:
    """R043: most came through the GSAs, some through Pharos."""
    routes = Counter(pilot["recruited_through"] for pilot in pilots)
    assert routes["gsa-network"] > routes["pharos-network"] > 0


def test_schools_are_made_up(pilots: list[Json]) -> None:
    """R039, R041: the demo names no place or municipality of the real pilots, and nobody who can be mailed."""
    real = {"1911", "0637", "0988", "0363", "0603", "0394", "0193", "0503"}
    assert real.isdisjoint(pilot["school"]["municipality"] for pilot in pilots)
    places = {"Middenmeer", "Zoetermeer", "Weert", "Amsterdam", "Rijswijk", "Hoofddorp", "Zwolle", "Delft"}
    assert not [word for pilot in pilots for text in texts(pilot) for word in places if word in text]
    assert all(pilot["reference"].startswith("demo-") for pilot in pilots)
    assert all(member["email"].endswith("@demo.test") for pilot in pilots for member in pilot["team"])
    assert len({pilot["school"]["name"] for pilot in pilots}) == 9


def test_accounts_of_the_demo(pilots: list[Json]) -> None:
    """The contract: who of the six accounts is at which of the nine."""
    seats = Counter((member["email"], member["role"]) for pilot in pilots for member in pilot["team"])
    mine = {who: count for who, count in seats.items() if re.match(r"(onderzoeker|gsa|directeur2?|ib|beheer)@", who[0])}
    assert mine == {
        ("onderzoeker@demo.test", "researcher"): 9,
        ("gsa@demo.test", "gsa"): 4,
        ("directeur@demo.test", "director"): 1,
        ("ib@demo.test", "coordinator"): 1,
        ("directeur2@demo.test", "director"): 1,
    }
    teams = [{member["email"] for member in pilot["team"]} for pilot in pilots]
    assert [team for team in teams if "directeur@demo.test" in team and "ib@demo.test" in team]
    assert not [team for team in teams if {"directeur@demo.test", "directeur2@demo.test"} <= team]


def test_words_of_the_sector(pilots: list[Json]) -> None:
    """R017, P16: a primary school speaks as one, an ISK as one."""
    for pilot in pilots:
        pattern = re.compile(rf"(?<!\w)(?:{NOT_IN[pilot['school']['sector']]})(?!\w)", re.IGNORECASE)
        assert [text for text in texts(pilot) if pattern.search(text)] == [], pilot["reference"]


# The process


def test_every_step_is_done(pilots: list[Json]) -> None:
    """R042, R058, R062: all nine went the same way, from September 2019 to early 2021."""
    assert all(step["state"] == "done" for pilot in pilots for step in pilot["steps"].values())
    assert all(pilot["steps"]["2"]["done"].startswith("2019-09") for pilot in pilots)
    assert "2021-01-01" < max(pilot["steps"]["7"]["done"] for pilot in pilots) < "2021-03-01"
    # One year was the idea; none of them made it.
    assert all(pilot["steps"]["7"]["done"] > pilot["steps"]["7"]["planned"] for pilot in pilots)


def test_focus_groups(pilots: list[Json]) -> None:
    """R047, R048, R082, R090, R091, R218: three kinds, all before the schools closed, about an hour and a half."""
    held = [group for pilot in pilots for group in pilot["focus_groups"] if "held_on" in group]
    for pilot in pilots:
        assert {group["kind"] for group in pilot["focus_groups"]} == set(vocabulary().focus_group_kinds)
    missing = [group for pilot in pilots for group in pilot["focus_groups"] if "held_on" not in group]
    assert 1 <= len(missing) <= 2
    assert all(group["kind"] == "pupils" and group["not_held_reason"] for group in missing)
    assert all(group["held_on"] < CLOSED and group["rankings"] for group in held)
    assert 75 <= mean([group["minutes"] for group in held]) <= 100
    assert {ranking["method"] for group in held for ranking in group["rankings"]} == {
        "order",
        "points",
        "tally",
        "consensus",
    }
    assert any(idea["question"] == "methods" for group in held for idea in group["ideas"])
    stakeholders = [group for group in held if group["kind"] == "stakeholders"]
    tables = [frozenset(each["role"] for each in group["participants"]) for group in stakeholders]
    # R063, R067: the GSA and a teacher of the language class always; for the rest another table everywhere.
    assert all({"gsa", "nt2-teacher", "director", "coordinator"} <= table for table in tables)
    assert len(set(tables)) == len(pilots)


def test_every_theme_was_named(pilots: list[Json]) -> None:
    """R104 to R136: each theme of the report is a card on a table somewhere."""
    named = {
        theme
        for pilot in pilots
        for group in pilot["focus_groups"]
        for option in group.get("options", ())
        for theme in option.get("themes", ())
    }
    assert named == set(vocabulary().themes)


def test_checklists(pilots: list[Json]) -> None:
    """R050, R102: one finished checklist each, in an interview with the GSA, with every item answered."""
    sizes: dict[str, set[int]] = {}
    for pilot in pilots:
        (checklist,) = pilot["checklists"]
        assert checklist["final"]
        assert checklist["mode"] == "interview"
        assert "gsa" in checklist["respondents"]
        assert all(answer["score"] is not None for answer in checklist["answers"])
        sizes.setdefault(checklist["instrument"], set()).add(len(checklist["answers"]))
    assert {sector: len(found) for sector, found in sizes.items()} == {"PO": 1, "VO": 1}


def test_plans(pilots: list[Json]) -> None:
    """R051, R052, R060, R247: all have a plan of seven sections that the school agreed with; a part was not done."""
    statuses = Counter(action["status"] for pilot in pilots for _, action in actions(pilot))
    for pilot in pilots:
        (plan,) = pilot["plans"]
        assert plan["status"] == "released"
        assert plan["coverage"]["missed"] == 0
        assert [section["section"] for section in plan["sections"]] == list(vocabulary().sections)
        assert any(comment.get("agrees") and comment["role"] == "director" for comment in plan["comments"])
        assert {action["status"] for _, action in actions(pilot)} & {"started", "done"}
        assert any(action["status"] == "open" for _, action in actions(pilot))
    assert statuses["done"]
    assert statuses["stopped"]


def test_years(pilots: list[Json]) -> None:
    """R054, R061, P7: the first year holds what the school said that fits; who chose more said why."""
    for pilot in pilots:
        (plan,) = pilot["plans"]
        first = [action for _, action in actions(pilot) if action["year"] == 1]
        limit = pilot["school"].get("year_1_limit", 5)
        assert len(first) <= limit or plan["year_1_reason"]
        assert {action["year"] for _, action in actions(pilot)} == {1, 2, 3}


def test_pandemic(pilots: list[Json]) -> None:
    """R059, R218: everybody stood still in the spring of 2020, and everybody names it."""
    for pilot in pilots:
        assert any(
            (entry["kind"], entry["from"], entry.get("to"), entry.get("reason"))
            == ("pause", CLOSED, OPEN_AGAIN, "pandemic")
            for entry in pilot["journal"]
        )
    assert factors(pilots, "hindering")["pandemic"] == 9


# Outcomes


def test_school_wide_policy(pilots: list[Json]) -> None:
    """R225: two of nine have parts in their policy, one of them by Gezonde School; the others are on their way."""
    assert judged(pilots, "answers", "school-wide") == {"yes": 2, "partly": 7}
    anchored = [
        pilot for pilot in pilots if evaluation(pilot, "school")["answers"]["school-wide"]["judgement"] == "yes"
    ]
    assert Counter(pilot["school"]["works_with"] for pilot in anchored)["gezonde-school"] == 1
    for pilot in anchored:
        assert any(topic == "pol-anchored" and action["status"] == "done" for topic, action in actions(pilot))


def test_mentor_lessons_again(pilots: list[Json]) -> None:
    """R226: at one ISK the mentor lessons have to be filled anew."""
    found = [
        pilot["school"]["setting"]
        for pilot in pilots
        if "mentorlessen" in evaluation(pilot, "school")["answers"]["sel"].get("text", "").lower()
    ]
    assert found == ["isk"]


def test_visions(pilots: list[Json]) -> None:
    """R227: most have not written their vision yet; who has is no longer working on it."""
    written = [pilot for pilot in pilots if pilot["school"].get("vision")]
    assert 0 < len(written) < len(pilots) / 2


def test_parents(pilots: list[Json]) -> None:
    """R178, R228: all want more with parents; one school found a way, with parents who help parents."""
    given = judged(pilots, "improvements", "parents")
    assert given["yes"] == 1
    assert given["partly"]
    assert given["not-yet"]
    (there,) = (
        pilot for pilot in pilots if evaluation(pilot, "school")["improvements"]["parents"]["judgement"] == "yes"
    )
    assert any(topic == "par-key-parents" and action["status"] == "done" for topic, action in actions(there))
    for pilot in pilots:
        (section,) = (each for each in pilot["plans"][0]["sections"] if each["section"] == "parents")
        assert section["attention"], pilot["reference"]


def test_care(pilots: list[Json]) -> None:
    """R230, R231: the care structure got a push, schools are content."""
    given = judged(pilots, "answers", "care")
    assert given["yes"] > 4
    assert given["yes"] + given["partly"] == 9
    areas = judged(pilots, "improvements", "signalling-care")
    assert areas["not-yet"] == 0


def test_effect_is_unclear(pilots: list[Json]) -> None:
    """R245: nobody can say yet whether pupils are better off."""
    assert judged(pilots, "answers", "effect", "school") == {"unclear": 9}
    assert judged(pilots, "answers", "effect", "gsa") == {"unclear": 9}


def test_what_they_see(pilots: list[Json]) -> None:
    """R246: more calm, a more aware team, clear lines, more outflow, former pupils who come back."""
    seen = Counter(
        outcome
        for pilot in pilots
        for outcome, given in evaluation(pilot, "school")["outcomes"].items()
        if given["judgement"] in {"yes", "partly"}
    )
    assert set(seen) == set(vocabulary().observed_outcomes)
    assert seen["calm"] >= 5
    assert seen["team-awareness"] >= 5


def test_programmes(pilots: list[Json]) -> None:
    """R236, R237, R239 to R243: what was chosen, and how it fitted."""
    chosen = Counter(
        name for pilot in pilots for name in (*LANGUAGE_HEAVY, "team-up", "schooljudo") if chose(pilot, name)
    )
    assert all(chosen[name] >= 2 for name in (*LANGUAGE_HEAVY, "team-up", "schooljudo"))
    # Too much language: parts of it are used.
    assert all(rating in {2, 3} for name in LANGUAGE_HEAVY for rating in ratings(pilots, name))
    assert mean(ratings(pilots, "team-up")) > 4.5
    # Planned because of the pilot, and waiting for the gym to open.
    assert ratings(pilots, "schooljudo") == []
    assert all(
        action["status"] == "chosen"
        for pilot in pilots
        for _, action in actions(pilot)
        if action["status"] != "open" and "schooljudo" in {each["intervention"] for each in action["interventions"]}
    )


def test_trauma_sensitive_teaching(pilots: list[Json]) -> None:
    """R120, R150, R243: all nine find it important, all nine chose it, and who started would say so to others."""
    assert all(chose(pilot, "trauma-sensitive-teaching") for pilot in pilots)
    assert all(
        any(
            "tr-trauma-sensitive" in option.get("topics", ())
            for group in pilot["focus_groups"]
            for option in group.get("options", ())
        )
        for pilot in pilots
    )
    assert mean(ratings(pilots, "trauma-sensitive-teaching")) > 4.5


def test_programmes_named_with_praise(pilots: list[Json]) -> None:
    """R244."""
    for name in ("pbs", "vreedzame-school", "wijzer-in-de-liefde", "mindpower", "mind-spring"):
        assert min(ratings(pilots, name)) >= 4, name


def test_surroundings(pilots: list[Json]) -> None:
    """R168, R232, R233, R234, R235: care structures as the report tells of them."""
    assert [
        pilot["school"]["care_time"]["people"]
        for pilot in pilots
        if pilot["school"].get("care_time", {}).get("days") == 9
    ] == [3]
    around = [{each["partner"]: each for each in pilot.get("partners", ())} for pilot in pilots]
    broker = [each for each in around if "drie dagen" in each.get("key-person", {}).get("note", "")]
    assert len(broker) == 1
    assert "groep 7" in broker[0]["youth-doctor"]["note"]
    cards = [{each["role"] for each in pilot.get("care_roles", ())} for pilot in pilots]
    assert sum({"caretaker", "coordinator", "district-team"} <= card for card in cards) == 1
    assert sum(bool(card) for card in cards) >= 3


def test_support(pilots: list[Json]) -> None:
    """R055, R185 to R196, R218: support of many kinds; training was put off, not everything took place."""
    sessions = [session for pilot in pilots for session in pilot["support_sessions"]]
    assert len({session["component"] for session in sessions}) >= 9
    assert any(
        session["held_on"] > OPEN_AGAIN > session["planned_on"]
        for session in sessions
        if "held_on" in session and "planned_on" in session
    )
    assert any("held_on" not in session for session in sessions)
    for pilot in pilots:
        assert any(each["component"] == "training-trauma" and "held_on" in each for each in pilot["support_sessions"])


# Factors and parts of the pilot


def test_factors(pilots: list[Json]) -> None:
    """R197 to R218: every factor of the report was met somewhere, parents, time and turnover by many."""
    promoting, hindering = factors(pilots, "promoting"), factors(pilots, "hindering")
    assert set(promoting) == set(vocabulary().promoting_factors)
    assert set(hindering) == {*vocabulary().hindering_factors, "other"}
    assert hindering["parent-communication"] >= 6
    assert hindering["lack-of-time"] >= 5
    assert hindering["turnover"] >= 3
    assert promoting["good-gsa"] >= 5


def test_parts_of_the_pilot(pilots: list[Json]) -> None:
    """R248, R253, R256: sessions and plan very useful to everybody, the checklist good."""
    assert mean(components(pilots, "focus-groups")) > 4.5
    assert mean(components(pilots, "plan")) > 4.5
    assert mean(components(pilots, "checklist")) >= 4
    assert mean(components(pilots, "support")) >= 4
    assert min(components(pilots, "plan")) >= 4


def test_worth_it_and_on(pilots: list[Json]) -> None:
    """R223, R224: it helped, and they go on."""
    for question in ("added-value", "continuation"):
        given = judged(pilots, "answers", question)
        assert given["yes"] >= 6
        assert given["yes"] + given["partly"] == 9


def test_voices(pilots: list[Json]) -> None:
    """R092, P10: what is released was allowed to be, and no quote names anybody."""
    quotes = [
        quote
        for pilot in pilots
        for part in (*pilot["focus_groups"], *pilot["evaluations"])
        for quote in part.get("quotes", ())
    ]
    released = [quote for quote in quotes if quote.get("released")]
    assert 0 < len(released) < len(quotes)
    assert all(quote["consent"] in {"programme", "public"} for quote in released)
    assert {"programme", "public"} <= {quote["consent"] for quote in released}


# As the dashboard counts it


@pytest.fixture
def dashboard(pilots: list[Json], client: Client) -> Json:
    client.force_login(User.objects.get(email="beheer@demo.test"))
    answer = client.get("/dashboard/export.json", {"cohort": COHORT})
    assert answer.status_code == 200
    return dict(answer.json())


def test_dashboard(pilots: list[Json], dashboard: Json) -> None:
    """R225, R231, R236, R243, R245: the figures of the contract, for the nine."""
    assert dashboard["trajectories"] == 9
    assert all(dashboard["steps"][step] == {"done": 9} for step in map(str, range(1, 10)))
    assert dashboard["outcomes"]["school-wide"]["school"] == {"yes": 2, "partly": 7}
    assert dashboard["outcomes"]["effect"] == {"school": {"unclear": 9}, "gsa": {"unclear": 9}}
    assert dashboard["improvements"]["parents"]["school"] == judged(pilots, "improvements", "parents")
    for kind in ("promoting", "hindering"):
        assert dashboard["factors"][kind] == factors(pilots, kind)
    for name, counted in dashboard["interventions"].items():
        assert counted.get("chosen", 0) == sum(chose(pilot, name) for pilot in pilots), name
    assert dashboard["interventions"]["trauma-sensitive-teaching"]["chosen"] == 9
    assert dashboard["sections"]["care"]["schools"] == 9
    assert set(dashboard["themes"]) == set(vocabulary().focus_group_kinds)
