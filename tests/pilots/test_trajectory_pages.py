"""The page of a trajectory, its dates, profile and journal."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pilots.models import AuditEvent, JournalEntry, StepDate, TeamMember, Trajectory, User
from pilots.registry import registry
from tests.builders import client_of, full_team, make_admin, make_school, make_trajectory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trajectory() -> Trajectory:
    return make_trajectory(make_school(name="De Regenboog", place="Zeedorp", municipality="0503"))


@pytest.fixture
def team(trajectory: Trajectory) -> dict[str, User]:
    return full_team(trajectory)


def shown(user: User, address: str) -> dict[str, Any]:
    """What a browser would send back of the form on the page: the value of every field, the hidden ones included."""
    form = client_of(user).get(address).context["form"]
    data: dict[str, Any] = {}
    for field in form:
        value = field.value()
        name = field.html_name
        data[name] = "" if value is None else str(value) if isinstance(value, date) else value
        if value is False:
            del data[name]
        if field.field.show_hidden_initial:
            data[field.html_initial_name] = "" if value is None else str(value)
    return data


def test_the_page_tells_who_and_where(trajectory: Trajectory, team: dict[str, User]) -> None:
    page = client_of(team["director"]).get(f"/trajecten/{trajectory.pk}/").content.decode()
    assert "De Regenboog" in page
    assert "Hollands Midden" in page or "Zuid-Holland" in page or "Haaglanden" in page
    assert "Kan nog niet inloggen" in page
    assert "Demo, verzonnen" not in page.split("</header>")[1].split("<footer")[0]
    for phase in ("Voorbereiding", "Behoeftebepaling", "Implementatie", "Evaluatie"):
        assert phase in page


def test_demo_trajectories_are_marked() -> None:
    trajectory = make_trajectory(reference="demo-po-1")
    page = client_of(make_admin()).get(f"/trajecten/{trajectory.pk}/").content.decode()
    assert "Demo, verzonnen" in page.split("<main")[1].split("</main>")[0]


def test_buttons_are_for_who_may_press_them(trajectory: Trajectory, team: dict[str, User]) -> None:
    address = f"/trajecten/{trajectory.pk}/"
    assert f"{address}stappen/" in client_of(team["gsa"]).get(address).content.decode()
    assert f"{address}stappen/" not in client_of(team["director"]).get(address).content.decode()
    assert f"{address}team/" not in client_of(team["researcher"]).get(address).content.decode()
    assert f"{address}team/" in client_of(make_admin()).get(address).content.decode()


def test_the_page_has_few_queries(trajectory: Trajectory, team: dict[str, User]) -> None:
    client = client_of(team["researcher"])
    with CaptureQueriesContext(connection) as found:
        client.get(f"/trajecten/{trajectory.pk}/")
    assert len(found) <= 30


def test_planning_writes_dates_and_attendance(trajectory: Trajectory, team: dict[str, User]) -> None:
    address = f"/trajecten/{trajectory.pk}/stappen/"
    member = TeamMember.objects.get(trajectory=trajectory, role="director")
    data = shown(team["gsa"], address) | {
        "planned_3": "2026-12-01",
        "done_2": str(timezone.localdate()),
        f"came_{member.pk}": "on",
    }
    assert client_of(team["gsa"]).post(address, data).status_code == 302
    assert StepDate.objects.get(trajectory=trajectory, step=3).planned == date(2026, 12, 1)
    assert StepDate.objects.get(trajectory=trajectory, step=2).done == timezone.localdate()
    assert list(TeamMember.objects.filter(at_start_meeting=True)) == [member]
    events = AuditEvent.objects.filter(verb="steps-planned", trajectory_id=trajectory.pk)
    assert events.count() == 1
    # The same page sent twice, as after a double click, changes nothing more.
    client_of(team["gsa"]).post(address, data)
    assert events.count() <= 2
    assert StepDate.objects.filter(trajectory=trajectory).count() == 2


def test_a_page_that_stood_open_does_not_undo_what_another_did(trajectory: Trajectory, team: dict[str, User]) -> None:
    address = f"/trajecten/{trajectory.pk}/stappen/"
    old_page = shown(team["gsa"], address)
    StepDate.objects.create(trajectory=trajectory, step=4, planned=date(2026, 12, 8))
    client_of(team["gsa"]).post(address, old_page | {"planned_3": "2026-12-01"})
    planned = dict(StepDate.objects.filter(trajectory=trajectory).values_list("step", "planned"))
    assert planned == {3: date(2026, 12, 1), 4: date(2026, 12, 8)}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"done_2": "2999-01-01"}, "ligt in de toekomst"),
        ({"done_2": "2026-05-01", "done_7": "2026-04-01"}, "niet eerder klaar"),
        ({"planned_5": "31-02-2026"}, "Vul een datum in"),
    ],
)
def test_dates_that_cannot_be(trajectory: Trajectory, team: dict[str, User], change: dict[str, str], text: str) -> None:
    address = f"/trajecten/{trajectory.pk}/stappen/"
    answer = client_of(team["gsa"]).post(address, shown(team["gsa"], address) | {"planned_9": "2027-06-01"} | change)
    assert text in answer.content.decode()
    assert "2027-06-01" in answer.content.decode()
    assert not StepDate.objects.exists()


def test_the_profile_keeps_what_it_does_not_know(trajectory: Trajectory, team: dict[str, User]) -> None:
    trajectory.interventions_in_use = ["eigen-programma"]
    trajectory.home_languages = ["ar"]
    trajectory.save()
    address = f"/trajecten/{trajectory.pk}/profiel/"
    known = sorted(registry.interventions)[:1]
    data = shown(team["researcher"], address) | {
        "home_languages": "arabisch, Tigrinya; Klingon",
        "newcomers": "40",
        "pupils": "200",
        "low_dutch": "true",
        "interventions_in_use": ["eigen-programma", *known],
    }
    answer = client_of(team["researcher"]).post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors
    trajectory.refresh_from_db()
    assert trajectory.home_languages == ["ar", "ti", "Klingon"]
    assert trajectory.interventions_in_use == ["eigen-programma", *known]
    assert (trajectory.pupils, trajectory.newcomers, trajectory.low_dutch) == (200, 40, True)
    event = AuditEvent.objects.get(verb="profile-changed")
    assert "pupils" in event.detail["fields"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"setting": "isk"}, "isk"),
        ({"setting": ""}, "Kies wat voor soort school"),
        ({"pupils": "10", "newcomers": "11"}, "niet meer nieuwkomers"),
        ({"age_low": "6"}, "Vul beide leeftijden in"),
        ({"age_low": "12", "age_high": "6"}, "lager dan de jongste"),
    ],
)
def test_profiles_that_cannot_be(
    trajectory: Trajectory, team: dict[str, User], change: dict[str, str], text: str
) -> None:
    address = f"/trajecten/{trajectory.pk}/profiel/"
    answer = client_of(team["gsa"]).post(address, shown(team["gsa"], address) | change)
    assert answer.status_code == 200
    assert text in str(answer.context["form"].errors)


def test_a_note_sent_twice_is_one_note(trajectory: Trajectory, team: dict[str, User]) -> None:
    address = f"/trajecten/{trajectory.pk}/journaal/"
    data = {"kind": "note", "note-start": "2026-11-01", "note-text": "Nieuwe directeur"}
    for _time in range(2):
        assert client_of(team["gsa"]).post(address, data).status_code == 302
    assert JournalEntry.objects.get().author == team["gsa"]
    assert "Nieuwe directeur" in client_of(team["director"]).get(f"/trajecten/{trajectory.pk}/").content.decode()


def test_a_pause_begins_and_ends(trajectory: Trajectory, team: dict[str, User]) -> None:
    today = timezone.localdate()
    address = f"/trajecten/{trajectory.pk}/journaal/"
    first = str(today - timedelta(days=3))
    client_of(team["gsa"]).post(address, {"kind": "pause", "pause-start": first, "pause-reason": "Verhuizing"})
    pause = JournalEntry.objects.get()
    page = client_of(team["researcher"]).get(f"/trajecten/{trajectory.pk}/").content.decode()
    assert "Dit traject ligt stil sinds" in page
    client_of(team["researcher"]).post(f"{address}{pause.pk}/einde/", {"last_day": str(today - timedelta(days=9))})
    pause.refresh_from_db()
    assert pause.end is None
    client_of(team["researcher"]).post(f"{address}{pause.pk}/einde/", {"last_day": str(today - timedelta(days=1))})
    pause.refresh_from_db()
    assert pause.end == today - timedelta(days=1)
    assert "ligt stil" not in client_of(team["gsa"]).get(f"/trajecten/{trajectory.pk}/").content.decode()


def test_a_pause_without_a_reason_stays_on_the_page(trajectory: Trajectory, team: dict[str, User]) -> None:
    address = f"/trajecten/{trajectory.pk}/journaal/"
    answer = client_of(team["gsa"]).post(
        address, {"kind": "pause", "pause-start": "2026-03-02", "pause-end": "2026-03-01", "pause-text": "Lange tekst"}
    )
    page = answer.content.decode()
    assert "Vul in waarom het traject stil ligt" in page
    assert "De laatste dag ligt voor de eerste dag" in page
    assert "Lange tekst" in page


def test_people_change_only_what_they_wrote(trajectory: Trajectory, team: dict[str, User]) -> None:
    entry = JournalEntry.objects.create(
        trajectory=trajectory, kind="note", start=date(2026, 1, 1), text="Eerst", author=team["gsa"]
    )
    address = f"/trajecten/{trajectory.pk}/journaal/{entry.pk}/"
    data = {"start": "2026-01-02", "text": "Later"}
    assert client_of(team["researcher"]).post(address, data).status_code == 404
    assert client_of(team["gsa"]).post(address, data).status_code == 302
    entry.refresh_from_db()
    assert (entry.text, entry.author) == ("Later", team["gsa"])
    assert client_of(team["researcher"]).post(f"{address}verwijderen/").status_code == 404
    assert client_of(team["gsa"]).get(f"{address}verwijderen/").status_code == 200
    assert JournalEntry.objects.exists()
    client_of(team["gsa"]).post(f"{address}verwijderen/")
    assert not JournalEntry.objects.exists()


def test_an_entry_of_another_trajectory_is_not_found(trajectory: Trajectory, team: dict[str, User]) -> None:
    other = JournalEntry.objects.create(
        trajectory=make_trajectory(), kind="note", start=date(2026, 1, 1), text="Elders", author=team["gsa"]
    )
    assert client_of(team["gsa"]).get(f"/trajecten/{trajectory.pk}/journaal/{other.pk}/").status_code == 404


def test_texts_are_texts(trajectory: Trajectory, team: dict[str, User]) -> None:
    evil = '"><svg onload=alert(1)>'
    Trajectory.objects.filter(pk=trajectory.pk).update(question=evil, home_languages=[evil[:40]])
    JournalEntry.objects.create(
        trajectory=trajectory, kind="note", start=date(2026, 1, 1), text=evil, reason=evil, author=team["gsa"]
    )
    for address in ("", "journaal/", "profiel/"):
        page = client_of(team["gsa"]).get(f"/trajecten/{trajectory.pk}/{address}").content.decode()
        assert "<svg onload" not in page
