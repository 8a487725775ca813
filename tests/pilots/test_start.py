"""The start page and the list: what waits for whom, and that it stays quick."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pilots.enums import JournalKind
from pilots.figures import rows, steps_now, work_for
from pilots.models import JournalEntry, StepDate, Trajectory, User
from tests.builders import client_of, full_team, join, make_admin, make_school, make_trajectory, make_user

pytestmark = pytest.mark.django_db


def page(user: User, address: str = "/") -> str:
    return client_of(user).get(address).content.decode()


def done(trajectory: Trajectory, step: int) -> None:
    StepDate.objects.create(trajectory=trajectory, step=step, done=date(2026, 9, 1))


def work(user: User) -> list[tuple[int, list[int]]]:
    today = timezone.localdate()
    found, _count = work_for(user, today, 100)
    return [(row.trajectory.pk, [line.now.number for line in row.to_do]) for row in rows(found, user, today)]


def test_states_follow_from_team_and_dates() -> None:
    today = timezone.localdate()
    trajectory = make_trajectory()
    assert [step.state for step in steps_now(trajectory, today)][:2] == ["now", "waiting"]
    join(trajectory, "gsa")
    assert steps_now(trajectory, today)[0].state == "now"
    join(trajectory, "coordinator")
    assert [step.state for step in steps_now(trajectory, today)][:2] == ["done", "now"]
    StepDate.objects.create(trajectory=trajectory, step=2, planned=today - timedelta(days=1))
    assert steps_now(trajectory, today)[1].state == "overdue"
    StepDate.objects.filter(trajectory=trajectory).update(done=today)
    assert [step.state for step in steps_now(trajectory, today)][1:5] == ["done", "now", "now", "waiting"]


def test_each_role_gets_its_own_steps() -> None:
    trajectory = make_trajectory()
    team = full_team(trajectory)
    assert [bool(work(team[role])) for role in ("gsa", "researcher", "director", "coordinator")] == [
        True,
        True,
        False,
        False,
    ]
    done(trajectory, 2)
    assert work(team["gsa"]) == [(trajectory.pk, [3, 4])]
    assert work(team["coordinator"]) == [(trajectory.pk, [4])]
    assert work(team["director"]) == []
    assert "wacht op" in page(team["director"])


def test_a_step_of_the_admin_waits_only_for_the_admin() -> None:
    trajectory = make_trajectory()
    gsa = join(trajectory, "gsa")
    assert work(gsa) == []
    admin = make_admin()
    assert work(admin) == [(trajectory.pk, [1])]
    assert f"/trajecten/{trajectory.pk}/team/" in page(admin)


def test_an_admin_sees_what_waits_for_others() -> None:
    trajectory = make_trajectory()
    full_team(trajectory)
    done(trajectory, 2)
    text = page(make_admin())
    assert "Het wachten is op de GSA" in text


def test_a_paused_trajectory_says_so_and_asks_nothing() -> None:
    trajectory = make_trajectory()
    team = full_team(trajectory)
    JournalEntry.objects.create(
        trajectory=trajectory, kind=JournalKind.PAUSE, start=timezone.localdate(), reason="Verbouwing"
    )
    assert work(team["gsa"]) == []
    assert "Ligt stil" in page(team["gsa"])


def test_the_most_urgent_comes_first() -> None:
    gsa = make_user()
    later, sooner, never = (make_trajectory() for _n in range(3))
    for trajectory in (later, sooner, never):
        join(trajectory, "gsa", gsa)
        join(trajectory, "director")
    StepDate.objects.create(trajectory=later, step=2, planned=date(2030, 1, 1))
    StepDate.objects.create(trajectory=sooner, step=2, planned=date(2026, 1, 1))
    assert [number for number, _steps in work(gsa)] == [sooner.pk, later.pk, never.pk]
    assert "Over de datum" in page(gsa)


def test_nobody_sees_a_trajectory_of_others() -> None:
    trajectory = make_trajectory(make_school(name="De Verborgen Hoek"))
    full_team(trajectory)
    other = join(make_trajectory(), "gsa")
    for address in ("/", "/trajecten/", "/trajecten/?q=Verborgen"):
        assert "De Verborgen Hoek" not in page(other, address)


def test_empty_states_offer_a_first_step() -> None:
    assert "Je zit nog niet in een team" in page(make_user())
    assert "/beheer/scholen/nieuw/" in page(make_admin())


def test_filters_come_from_ten_on_and_stand_in_the_address() -> None:
    gsa = make_user()
    for number in range(9):
        join(make_trajectory(make_school(name=f"Basisschool {number}")), "gsa", gsa)
    assert 'name="q"' not in page(gsa, "/trajecten/")
    join(make_trajectory(make_school(name="ISK Noord", sector="VO"), cohort="2025-2026"), "gsa", gsa)
    assert 'name="q"' in page(gsa, "/trajecten/")
    for query in ("q=noord", "sector=VO", "cohort=2025-2026"):
        found = client_of(gsa).get(f"/trajecten/?{query}").context["rows"]
        assert [str(row.trajectory.school) for row in found] == ["ISK Noord"]
    assert "Niets gevonden" in page(gsa, "/trajecten/?q=bestaat-niet")
    assert client_of(gsa).get("/trajecten/?sector=XX&pagina=zoveel").status_code == 200


def test_pages_of_twenty_five_keep_the_filters() -> None:
    admin = make_admin()
    school = make_school()
    for number in range(27):
        make_trajectory(school, cohort=f"{2000 + number}-{2001 + number}")
    first = client_of(admin).get("/trajecten/?sector=PO")
    assert len(first.context["rows"]) == 25
    assert "sector=PO&amp;pagina=2" in first.content.decode()
    assert len(client_of(admin).get("/trajecten/?sector=PO&pagina=2").context["rows"]) == 2


@pytest.mark.parametrize("address", ["/", "/trajecten/"])
@pytest.mark.parametrize("who", ["admin", "gsa"])
def test_the_number_of_queries_does_not_grow(address: str, who: str) -> None:
    user = make_admin() if who == "admin" else make_user()

    def add() -> None:
        trajectory = make_trajectory()
        full_team(trajectory)
        join(trajectory, "gsa", user)
        StepDate.objects.create(trajectory=trajectory, step=3, planned=date(2030, 1, 1))

    def queries() -> int:
        client = client_of(user)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    add()
    with_one = queries()
    add()
    add()
    assert queries() == with_one <= 30
