"""What an admin does: schools, trajectories, teams."""

from typing import Any

import pytest
from django.utils import timezone

from pilots.models import AuditEvent, School, TeamMember, Trajectory, User
from tests.builders import client_of, full_team, join, make_admin, make_school, make_trajectory, make_user

pytestmark = pytest.mark.django_db

SCHOOL = {
    "name": "De Regenboog",
    "sector": "PO",
    "place": "Zeedorp",
    "brin": " 12 ab",
    "location": "0",
    "municipality": "503",
}


def post(address: str, data: dict[str, Any]) -> Any:
    return client_of(make_admin()).post(address, data)


def test_what_is_typed_is_mended() -> None:
    answer = post("/beheer/scholen/nieuw/", SCHOOL)
    school = School.objects.get()
    assert (school.brin, school.location, school.municipality) == ("12AB", "00", "0503")
    assert school.region
    assert answer.headers["Location"] == f"/beheer/scholen/{school.pk}/traject/"
    assert AuditEvent.objects.filter(verb="school-added", subject_id=str(school.pk)).exists()


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"name": "Een andere naam", "place": "Elders"},
        {"brin": "", "location": "", "name": "de regenboog", "place": "ZEEDORP"},
    ],
)
def test_no_school_twice(change: dict[str, str]) -> None:
    post("/beheer/scholen/nieuw/", SCHOOL)
    answer = post("/beheer/scholen/nieuw/", SCHOOL | change)
    school = School.objects.get()
    assert f"/beheer/scholen/{school.pk}/" in answer.content.decode()
    assert "Deze school staat er al" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"brin": "ABCD"}, "brin"),
        ({"location": "123"}, "location"),
        ({"brin": ""}, "brin"),
        ({"municipality": "9999"}, "municipality"),
        ({"name": ""}, "name"),
        ({"sector": ""}, "sector"),
        ({"place": ""}, "place"),
    ],
)
def test_schools_that_cannot_be(change: dict[str, str], field: str) -> None:
    answer = post("/beheer/scholen/nieuw/", SCHOOL | change)
    assert field in answer.context["form"].errors
    assert not School.objects.exists()


def test_a_school_can_be_changed_but_not_its_sector_once_it_walks() -> None:
    school = make_school(name="Oude Naam")
    data = {"name": "Nieuwe Naam", "sector": "PO", "place": "Zeedorp"}
    assert post(f"/beheer/scholen/{school.pk}/", data).status_code == 302
    school.refresh_from_db()
    assert school.name == "Nieuwe Naam"
    make_trajectory(school)
    answer = post(f"/beheer/scholen/{school.pk}/", data | {"sector": "VO"})
    assert "sector" in answer.context["form"].errors


def test_schools_are_found() -> None:
    make_school(name="De Regenboog")
    make_school(name="Het Anker", brin="99ZZ")
    page = client_of(make_admin()).get("/beheer/scholen/?q=99zz").content.decode()
    assert "Het Anker" in page
    assert "De Regenboog" not in page


def test_a_trajectory_begins_once_in_a_cohort() -> None:
    school = make_school(name="Basisschool 't Höfke")
    data = {"cohort": "2026-2027", "setting": "regular-spread"}
    first = post(f"/beheer/scholen/{school.pk}/traject/", data)
    again = post(f"/beheer/scholen/{school.pk}/traject/", data)
    trajectory = Trajectory.objects.get()
    assert trajectory.reference == "basisschool-t-hofke-2026-2027"
    assert first.headers["Location"] == again.headers["Location"] == f"/trajecten/{trajectory.pk}/team/"


def test_schools_of_the_same_name_get_references_of_their_own() -> None:
    for place in ("Zeedorp", "Bosdorp"):
        school = make_school(name="De Regenboog", place=place)
        post(f"/beheer/scholen/{school.pk}/traject/", {"cohort": "2026-2027", "setting": "regular-spread"})
    assert set(Trajectory.objects.values_list("reference", flat=True)) == {
        "de-regenboog-2026-2027",
        "de-regenboog-2026-2027-2",
    }


@pytest.mark.parametrize("change", [{"cohort": "2026"}, {"cohort": "2026-2028"}, {"setting": "isk"}])
def test_trajectories_that_cannot_be(change: dict[str, str]) -> None:
    school = make_school()
    answer = post(
        f"/beheer/scholen/{school.pk}/traject/", {"cohort": "2026-2027", "setting": "regular-spread"} | change
    )
    assert set(answer.context["form"].errors) == set(change)


def test_a_member_is_found_by_e_mail_or_waits_for_an_invitation() -> None:
    trajectory = make_trajectory()
    known = make_user("gsa@ggd.test", name="Anna Boer", password="een-lang-wachtwoord")
    address = f"/trajecten/{trajectory.pk}/team/"
    for _time in range(2):
        post(address, {"email": "GSA@ggd.test", "name": "Iemand anders", "role": "gsa"})
        post(address, {"email": "nieuw@school.test", "name": "Nia Nieuw", "role": "director"})
    assert set(TeamMember.objects.values_list("user__name", "role")) == {
        ("Anna Boer", "gsa"),
        ("Nia Nieuw", "director"),
    }
    assert TeamMember.objects.get(role="gsa").user == known
    assert User.objects.get(email="nieuw@school.test").is_waiting
    assert "Nog niet uitgenodigd" in client_of(make_admin()).get(address).content.decode()


def test_removing_can_be_undone() -> None:
    trajectory = make_trajectory()
    user = join(trajectory, "gsa")
    member = TeamMember.objects.get()
    client = client_of(make_admin())
    answer = client.post(f"/trajecten/{trajectory.pk}/team/{member.pk}/weg/")
    assert not TeamMember.objects.exists()
    page = client.get(answer.headers["Location"]).content.decode()
    assert f"Zet {user} terug" in page
    client.post(f"/trajecten/{trajectory.pk}/team/", {"email": user.email, "name": user.name, "role": "gsa"})
    assert TeamMember.objects.get().user == user
    assert f"Zet {user} terug" not in client.get(answer.headers["Location"]).content.decode()


def test_somebody_takes_over() -> None:
    trajectory = make_trajectory()
    old = full_team(trajectory)["director"]
    member = TeamMember.objects.get(role="director")
    address = f"/trajecten/{trajectory.pk}/team/{member.pk}/vervangen/"
    assert client_of(make_admin()).get(address).status_code == 200
    post(address, {"email": "nieuw@school.test", "name": "Nia Nieuw"})
    assert TeamMember.objects.get(role="director").user.name == "Nia Nieuw"
    assert User.objects.filter(pk=old.pk).exists()


def test_people_are_listed_with_roles_and_state() -> None:
    trajectory = make_trajectory(make_school(name="De Regenboog"))
    join(trajectory, "coordinator", make_user(name="Cora Coördinator"))
    make_user(name="Gerda Geblokkeerd", is_active=False, closed_at=timezone.now())
    page = client_of(make_admin()).get("/beheer/mensen/").content.decode()
    assert "Intern begeleider" in page
    assert "De Regenboog" in page
    assert "Account gesloten" in page
    found = client_of(make_admin()).get("/beheer/mensen/?q=cora").content.decode()
    assert "Cora" in found
    assert "Gerda" not in found


def test_an_empty_form_is_empty() -> None:
    trajectory = make_trajectory()
    client = client_of(make_admin())
    school = make_school()
    for address in (
        "/beheer/scholen/nieuw/",
        f"/beheer/scholen/{school.pk}/traject/",
        f"/trajecten/{trajectory.pk}/team/",
        f"/trajecten/{trajectory.pk}/journaal/",
        f"/trajecten/{trajectory.pk}/profiel/",
    ):
        page = client.get(address).content.decode()
        assert "django.db" not in page
        assert "object at" not in page
