"""The weekly mail with what there is to do."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connections
from django.urls import reverse

from pilots.digest import digest_of, off_token
from pilots.enums import JournalKind
from pilots.models import JournalEntry, Mail, Trajectory, User
from pilots.schedules import send_digests
from tests.builders import client_of, full_team, join, make_admin, make_school, make_trajectory, make_user

MONDAY = datetime.datetime(2027, 1, 11, 7, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))


def reader(**fields: bool) -> User:
    """Somebody who can log in."""
    user = make_user(password="een-lang-wachtwoord-9")
    User.objects.filter(pk=user.pk).update(**fields)
    return user


def waiting_trajectory(name: str = "De Wachtkamer") -> tuple[Trajectory, User]:
    """A school whose start meeting waits, and its GSA."""
    trajectory = make_trajectory(make_school(name=name))
    gsa = join(trajectory, "gsa", reader())
    join(trajectory, "director")
    return trajectory, gsa


@pytest.fixture
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.mark.django_db
@pytest.mark.usefixtures("_monday")
def test_it_says_what_the_start_page_says() -> None:
    trajectory, gsa = waiting_trajectory()
    waiting_trajectory("Een andere school")
    send_digests()
    mail = Mail.objects.get(user=gsa)
    assert mail.to == gsa.email
    assert "De Wachtkamer" in mail.body
    assert "Een andere school" not in mail.body
    url = f"{settings.SITE_URL}{reverse('trajectory_steps', kwargs={'trajectory_id': trajectory.pk})}"
    assert url in mail.body
    assert url.removeprefix(settings.SITE_URL) in client_of(gsa).get("/").content.decode()


@pytest.mark.django_db
def test_once_a_week_however_often_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    _trajectory, gsa = waiting_trajectory()
    moment = MONDAY
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    for days, mails in ((0, 1), (0, 1), (3, 1), (6, 1), (7, 2)):
        moment = MONDAY + datetime.timedelta(days=days)
        send_digests()
        assert Mail.objects.filter(user=gsa).count() == mails


@pytest.mark.django_db
def test_who_gets_none() -> None:
    trajectory, gsa = waiting_trajectory()
    off = join(trajectory, "gsa", reader(wants_digest=False))
    not_in_yet = join(trajectory, "gsa")
    closed = join(trajectory, "gsa", reader())
    User.objects.filter(pk=closed.pk).update(is_active=False, closed_at=MONDAY)
    nothing_to_do = join(trajectory, "coordinator", reader())
    outsider = reader()
    paused, at_rest = waiting_trajectory("Ligt stil")
    JournalEntry.objects.create(
        trajectory=paused, kind=JournalKind.PAUSE, start=MONDAY.date() - datetime.timedelta(900)
    )
    send_digests()
    told = set(Mail.objects.values_list("user_id", flat=True))
    assert told == {gsa.pk}
    assert not told & {each.pk for each in (off, not_in_yet, closed, nothing_to_do, outsider, at_rest)}


@pytest.mark.django_db
def test_people_behind_the_first_batch_are_mailed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pilots.schedules.BATCH", 2)
    monkeypatch.setattr(send_digests, "apply_async", lambda args, **_: send_digests(*args))
    people = [waiting_trajectory(f"School {number}")[1] for number in range(5)]
    send_digests()
    assert set(Mail.objects.values_list("user_id", flat=True)) == {each.pk for each in people}


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_are_one_mail() -> None:
    for number in range(4):
        waiting_trajectory(f"School {number}")

    def run(_: int) -> None:
        try:
            send_digests()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, range(3)))
    assert Mail.objects.count() == 4


@pytest.mark.django_db
def test_an_admin_hears_of_ten_and_that_there_is_more() -> None:
    admin = make_admin()
    for _number in range(11):
        full_team(make_trajectory())
    found = digest_of(admin, MONDAY.date())
    assert found is not None
    subject, body = found
    assert subject == "Er wacht meer dan 10 keer iets op je"
    assert body.count("stap 2 van 9") == 10
    assert "Er wacht nog meer" in body


@pytest.mark.django_db
def test_the_link_in_the_mail_ends_it_with_one_button() -> None:
    _trajectory, gsa = waiting_trajectory()
    url = reverse("digest_off", kwargs={"token": off_token(gsa)})
    page = client_of(None).get(url)
    assert gsa.email not in page.content.decode()
    gsa.refresh_from_db()
    assert gsa.wants_digest  # a mail scanner only looks
    for _ in range(2):
        assert "staat uit" in client_of(None).post(url).content.decode()
    assert not User.objects.get(pk=gsa.pk).wants_digest
    for wrong in (f"{off_token(gsa)}x", "onzin"):
        answer = client_of(None).post(reverse("digest_off", kwargs={"token": wrong}))
        assert answer.status_code == 404
        assert "Deze link werkt niet" in answer.content.decode()


def test_a_machine_that_was_off_makes_up_for_it_once() -> None:
    schedule: Any = settings.CELERY_BEAT_SCHEDULE["send-digests"]["schedule"]
    now = datetime.datetime(2027, 1, 13, 9, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
    schedule.nowfun = lambda: now
    assert schedule.is_due(MONDAY - datetime.timedelta(days=7)).is_due
    assert not schedule.is_due(now - datetime.timedelta(minutes=1)).is_due
    seconds = schedule.is_due(now - datetime.timedelta(minutes=1)).next
    assert datetime.timedelta(days=4) < datetime.timedelta(seconds=seconds) < datetime.timedelta(days=5)
