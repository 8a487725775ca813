"""Around the pupils of a school: what it says of itself, its partners and its role card, on pages and in files."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pilots.models import CareRole, Partner, Trajectory, User
from pilots.registry import registry
from pilots.trajectory_files import RefusedError
from tests.builders import client_of, full_team, make_school, make_trajectory
from tests.files.builders import Json, exported, imported, small

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> tuple[Trajectory, dict[str, User]]:
    trajectory = make_trajectory(make_school(sector="VO", name="De Vuurtoren"))
    return trajectory, full_team(trajectory)


def address(name: str, trajectory: Trajectory, **more: Any) -> str:
    return reverse(name, kwargs={"trajectory_id": trajectory.pk, **more})


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# --- Question and vision


@pytest.mark.parametrize("role", ["director", "coordinator", "gsa", "researcher"])
def test_each_of_the_team_can_word_question_and_vision(school: tuple[Trajectory, dict[str, User]], role: str) -> None:
    trajectory, team = school
    client = client_of(team[role])
    words = {"question": "Hoe wordt het rustig op de gang?", "vision": "Iedereen wordt hier gezien.\n\nElke dag."}

    answer = client.post(address("surroundings_words", trajectory), words)

    assert answer.status_code == 302
    trajectory.refresh_from_db()
    assert trajectory.question == words["question"]
    assert trajectory.vision.replace("\r", "") == words["vision"]
    top = text_of(client, address("trajectory", trajectory))
    assert top.index("Hoe wordt het rustig op de gang?") < top.index("De negen stappen")
    assert "Iedereen wordt hier gezien." in text_of(client, address("surroundings", trajectory))


def test_two_people_who_change_different_words_both_succeed(school: tuple[Trajectory, dict[str, User]]) -> None:
    trajectory, team = school
    client_of(team["gsa"]).post(address("surroundings_words", trajectory), {"question": "Vraag", "vision": ""})
    client_of(team["coordinator"]).post(
        address("surroundings_care_time", trajectory), {"care_people": "3", "care_days": "9", "care_note": "Kost uren"}
    )
    trajectory.refresh_from_db()
    assert (trajectory.question, trajectory.care_people, trajectory.care_days) == ("Vraag", 3, Decimal(9))


def test_a_name_is_kept_and_told_of(school: tuple[Trajectory, dict[str, User]]) -> None:
    trajectory, team = school
    answer = client_of(team["director"]).post(
        address("partner_add", trajectory),
        {"partner": "nidos", "state": "in", "contact": "mevrouw Jansen", "note": ""},
        follow=True,
    )
    assert Partner.objects.get().contact == "mevrouw Jansen"
    page = answer.content.decode()
    assert "“Jansen”" in page
    assert "Schrijf liever een functie" in page


def test_a_function_is_no_name(school: tuple[Trajectory, dict[str, User]]) -> None:
    trajectory, team = school
    answer = client_of(team["director"]).post(
        address("partner_add", trajectory),
        {"partner": "nidos", "state": "in", "contact": "Jeugdbeschermer van de regio", "note": "Belt elke maandag"},
        follow=True,
    )
    assert "lijkt erop" not in answer.content.decode()


# --- What care takes


@pytest.mark.parametrize(
    ("days", "kept", "words"),
    [("9", Decimal(9), "samen 9 dagen per week"), ("4,5", Decimal("4.5"), "samen 4,5 dagen per week")],
)
def test_care_time_in_words(school: tuple[Trajectory, dict[str, User]], days: str, kept: Decimal, words: str) -> None:
    trajectory, team = school
    client = client_of(team["coordinator"])
    client.post(address("surroundings_care_time", trajectory), {"care_people": "3", "care_days": days, "care_note": ""})
    trajectory.refresh_from_db()
    assert trajectory.care_days == kept
    assert f"3 mensen, {words}" in text_of(client, address("surroundings", trajectory))


def test_care_time_that_cannot_be(school: tuple[Trajectory, dict[str, User]]) -> None:
    trajectory, team = school
    page = client_of(team["coordinator"]).post(
        address("surroundings_care_time", trajectory),
        {"care_people": "-1", "care_days": "2,25", "care_note": "Blijft staan"},
    )
    content = page.content.decode()
    assert "Schrijf hoogstens één cijfer achter de komma" in content
    assert "Vul 0 of meer in." in content
    assert "Blijft staan" in content
    trajectory.refresh_from_db()
    assert trajectory.care_note == ""


# --- Partners


def test_the_same_form_twice_is_one_partner(school: tuple[Trajectory, dict[str, User]]) -> None:
    trajectory, team = school
    client = client_of(team["gsa"])
    form = {"partner": "jogg", "state": "missing", "contact": "", "note": "Bellen"}
    for _time in range(2):
        assert client.post(address("partner_add", trajectory), form).status_code == 302
    assert Partner.objects.count() == 1
    other = client.post(address("partner_add", trajectory), {**form, "state": "in"})
    assert "Deze partner staat al op de kaart" in other.content.decode()
    assert Partner.objects.get().state == "missing"


def test_a_partner_is_changed_and_taken_off(school: tuple[Trajectory, dict[str, User]]) -> None:
    trajectory, team = school
    client = client_of(team["director"])
    partner = Partner.objects.create(trajectory=trajectory, partner="jogg", state="missing")
    client.post(
        address("partner_edit", trajectory, partner_id=partner.pk),
        {"partner": "jogg", "state": "in", "contact": "regisseur", "note": ""},
    )
    partner.refresh_from_db()
    assert (partner.state, partner.contact) == ("in", "regisseur")
    for _time in range(2):
        client.post(address("partner_remove", trajectory, partner_id=partner.pk))
    assert not Partner.objects.exists()


def test_a_partner_of_another_school_is_not_found(school: tuple[Trajectory, dict[str, User]]) -> None:
    trajectory, team = school
    elsewhere = Partner.objects.create(trajectory=make_trajectory(), partner="jogg", state="in")
    client = client_of(team["director"])
    assert client.get(address("partner_edit", trajectory, partner_id=elsewhere.pk)).status_code == 404
    client.post(address("partner_remove", trajectory, partner_id=elsewhere.pk))
    assert Partner.objects.filter(pk=elsewhere.pk).exists()


def test_whom_the_plan_asks_for_goes_on_the_map_with_one_button(
    school: tuple[Trajectory, dict[str, User]], monkeypatch: pytest.MonkeyPatch
) -> None:
    trajectory, team = school
    monkeypatch.setattr(registry, "partners_asked", lambda _trajectory: ["nidos", "teacher", "jogg", "nidos"])
    Partner.objects.create(trajectory=trajectory, partner="jogg", state="in")
    client = client_of(team["coordinator"])
    page = text_of(client, address("surroundings", trajectory))
    asked = page[page.index("Het plan vraagt ook om") :]
    assert "Nidos" in asked
    assert "JOGG" not in asked.split("</ul>")[0]

    client.post(address("partners_place", trajectory), {"partner": ["nidos", "jogg"], "state": "missing"})

    assert dict(Partner.objects.values_list("partner", "state")) == {"jogg": "in", "nidos": "missing"}
    wrong = client.post(address("partners_place", trajectory), {"partner": ["buurman"], "state": "missing"})
    assert wrong.status_code == 404


# --- The role card


def test_the_role_card_runs_from_who_sees_first_to_who_decides(school: tuple[Trajectory, dict[str, User]]) -> None:
    trajectory, team = school
    client = client_of(team["coordinator"])
    for role in ("director", "coordinator", "youth-nurse", "caretaker"):
        client.post(address("care_role_add", trajectory), {"role": role, "task": f"Taak van {role}", "reach": ""})
    card = text_of(client, address("care_card", trajectory))
    places = [card.index(f"Taak van {role}") for role in ("caretaker", "coordinator", "youth-nurse", "director")]
    assert places == sorted(places)
    assert "Zorgcoördinator" in card
    assert "ntern begeleider" not in card


def test_a_line_without_a_task_keeps_what_was_typed(school: tuple[Trajectory, dict[str, User]]) -> None:
    trajectory, team = school
    page = client_of(team["coordinator"]).post(
        address("care_role_add", trajectory), {"role": "caretaker", "task": "", "reach": "Bij de deur"}
    )
    assert "Schrijf op wat deze persoon doet bij een signaal." in page.content.decode()
    assert "Bij de deur" in page.content.decode()
    assert not CareRole.objects.exists()


def test_the_pages_ask_the_database_the_same_for_one_and_for_many(
    school: tuple[Trajectory, dict[str, User]], django_assert_max_num_queries: Any
) -> None:
    trajectory, team = school
    client = client_of(team["director"])
    for partner, role in (("jogg", "caretaker"), ("nidos", "teacher"), ("coa", "director")):
        Partner.objects.create(trajectory=trajectory, partner=partner, state="in")
        CareRole.objects.create(trajectory=trajectory, role=role, task="Kijkt")
    with django_assert_max_num_queries(12):
        client.get(address("surroundings", trajectory))


# --- Files

AROUND: Json = {
    **small("rond-1"),
    "school": {
        **small()["school"],
        "vision": "Hier telt iedereen mee.\n\nElke dag opnieuw.",
        "care_time": {"people": 3, "days": 4.5, "note": "Dat kost uren."},
    },
    "partners": [
        {"partner": "nidos", "state": "in", "contact": "voogd", "note": "Komt op dinsdag"},
        {"partner": "jogg", "state": "missing"},
    ],
    "care_roles": [
        {"role": "director", "task": "Beslist"},
        {"role": "caretaker", "task": "Kijkt en vraagt", "reach": "Bij de deur"},
    ],
}


def test_all_of_it_comes_out_of_a_file_as_it_went_in() -> None:
    out = exported(imported(AROUND))
    for key in ("partners", "care_roles"):
        assert out[key] == AROUND[key]
    assert out["school"]["vision"] == AROUND["school"]["vision"]
    assert out["school"]["care_time"] == AROUND["school"]["care_time"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"school": {**AROUND["school"], "care_time": {"days": 2.25}}}, "$.school.care_time.days: 2.25 is te precies"),
        ({"partners": [{"partner": "coa", "state": "in"}] * 2}, '$.partners[1].partner: "coa" staat er twee keer'),
        ({"care_roles": [{"role": "gsa", "task": "x"}] * 2}, '$.care_roles[1].role: "gsa" staat er twee keer'),
        ({"partners": [{"partner": "buurman", "state": "in"}]}, '$.partners[0].partner: "buurman" is onbekend'),
        ({"partners": [{"partner": "coa", "state": "weg"}]}, '$.partners[0].state: "weg" is onbekend'),
        ({"care_roles": [{"role": "gsa", "task": ""}]}, "$.care_roles[0].task: is leeg"),
    ],
)
def test_what_cannot_be_is_refused(wrong: Json, told: str) -> None:
    with pytest.raises(RefusedError) as refused:
        imported({**AROUND, **wrong})
    assert any(f"{each.json_path}: {each.message}".startswith(told) for each in refused.value.faults)
    assert not Trajectory.objects.exists()
