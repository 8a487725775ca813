"""The outbox against a real mail server that is away, slow, refuses, or dies in between: every mail once."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from pilots import outbox
from pilots.enums import MailState
from pilots.mail_actions import queue_mail, send_again
from pilots.models import AuditEvent, Mail
from tests.builders import client_of, join, make_admin, make_trajectory, make_user
from tests.pilots.mail_server import Post, free_port, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def smtp(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 0.5


@pytest.fixture
def post(smtp: None, settings: Any) -> Iterator[Post]:
    with mail_server() as (server, port):
        settings.EMAIL_PORT = port
        yield server


def one_mail(key: str = "proef", **fields: Any) -> Mail:
    asked = {
        "kind": "member-added",
        "to": "iris@voorbeeld.test",
        "subject": "Bericht",
        "body": "Hallo Iris, één ding.\n",
    }
    return queue_mail(key=key, **{**asked, **fields})


def tried(mail: Mail) -> Mail:
    """One attempt, as if its moment has come."""
    Mail.objects.filter(pk=mail.pk).update(next_attempt_at=timezone.now())
    outbox.send_mail(mail.pk)
    mail.refresh_from_db()
    return mail


def lost(mail: Mail) -> None:
    """Time passes after the worker died."""
    gone = timezone.now() - timedelta(seconds=django_settings.MAIL_LOST_AFTER + 1)
    Mail.objects.filter(pk=mail.pk).update(touched_at=gone)


def test_a_mail_arrives_once_as_it_was_written(post: Post) -> None:
    mail = one_mail()
    assert one_mail(body="iets anders").pk == mail.pk
    for _ in range(3):
        outbox.send_mail(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.error) == (MailState.SENT, 1, "")
    assert list(post.arrived.values()) == [1]
    assert list(post.texts.values()) == ["Hallo Iris, één ding.\r\n"]


def test_what_is_rolled_back_sends_nothing(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as nudges:
        with transaction.atomic():
            one_mail()
            transaction.set_rollback(True)
        one_mail("ander")
    assert len(nudges) == 1
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("answer", ["451 4.3.0 later graag", "452 vol"])
@pytest.mark.parametrize("moment", ["to_recipient", "to_content"])
def test_not_now_is_tried_again(post: Post, moment: str, answer: str) -> None:
    mail = one_mail()
    setattr(post, moment, answer)
    for attempt, minutes in enumerate((1, 5, 15, 60), start=1):
        before = timezone.now()
        assert tried(mail).state == MailState.QUEUED
        assert mail.attempts == attempt
        assert mail.error == f"De mailserver neemt de mail nu niet aan: {answer}"
        waits = mail.next_attempt_at - before
        assert timedelta(minutes=minutes) <= waits < timedelta(minutes=minutes, seconds=30)
    outbox.send_mail(mail.pk)  # not its time
    mail.refresh_from_db()
    assert mail.attempts == 4
    setattr(post, moment, "250 OK")
    assert tried(mail).state == MailState.SENT
    assert sum(post.arrived.values()) == 1


@pytest.mark.parametrize("moment", ["to_recipient", "to_content"])
def test_never_is_failed_at_once_and_can_be_sent_again(post: Post, moment: str) -> None:
    mail = one_mail()
    setattr(post, moment, "550 5.1.1 die ken ik niet")
    assert tried(mail).state == MailState.FAILED
    assert mail.error == "De mailserver weigert de mail: 550 5.1.1 die ken ik niet"
    assert tried(mail).attempts == 1
    setattr(post, moment, "250 OK")
    admin = make_admin()
    assert send_again(mail=mail, by=admin)
    assert not send_again(mail=mail, by=admin)
    assert tried(mail).state == MailState.SENT
    assert AuditEvent.objects.filter(verb="mail-sent-again", actor=admin.email).count() == 1


def test_away_for_two_days_is_failed_with_a_reason(smtp: None, settings: Any) -> None:
    settings.EMAIL_PORT = free_port()
    mail = one_mail()
    waited = timedelta()
    while tried(mail).state == MailState.QUEUED:
        assert mail.error == "De mailserver is niet te bereiken."
        waited += mail.next_attempt_at - mail.touched_at
    assert timedelta(hours=47) < waited < timedelta(hours=49)
    assert mail.state == MailState.FAILED
    assert mail.error == "Na twee dagen proberen opgegeven. De mailserver is niet te bereiken."


def test_a_server_that_never_answers(smtp: None, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        mail = one_mail()
        assert tried(mail).state == MailState.QUEUED
    assert mail.error == "De mailserver geeft geen antwoord."
    with mail_server() as (post, port):
        settings.EMAIL_PORT = port
        assert tried(mail).state == MailState.SENT
    assert list(post.arrived.values()) == [1]


def test_a_server_that_takes_it_and_does_not_say_so(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one moment of doubt: sent once more with the same Message-ID, and then left to a person."""
    monkeypatch.setattr(outbox, "ANSWER_TIMEOUT", 0.1)
    post.thinks = 0.3
    mail = one_mail()
    assert tried(mail).state == MailState.QUEUED
    assert tried(mail).state == MailState.FAILED
    assert mail.error == outbox.INTERRUPTED_TWICE
    assert list(post.arrived.values()) == [2]


def test_only_one_worker_takes_a_mail(post: Post) -> None:
    mail = one_mail()
    first = outbox._claim(mail.pk)
    assert first is not None
    assert outbox._claim(mail.pk) is None
    # It stood still for so long that another one took over: it sends nothing any more.
    lost(mail)
    second = outbox._claim(mail.pk)
    assert second is not None
    assert outbox._deliver(first) is False
    assert outbox._deliver(second) is True
    assert list(post.arrived.values()) == [1]


def test_found_again_without_a_message(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker was away, or the worker died before the server had anything: as often as it takes."""
    offered: list[int] = []

    def offer(number: int) -> bool:
        offered.append(number)
        return True

    monkeypatch.setattr(outbox, "nudge_mail", offer)
    mail = one_mail()
    outbox.find_waiting_mail()
    assert not offered  # its message is still believed to be on its way
    lost(mail)
    outbox.find_waiting_mail()
    outbox.find_waiting_mail()  # a second beat
    assert offered == [mail.pk]
    for _ in range(12):
        assert outbox._claim(mail.pk) is not None  # and the worker dies
        outbox.find_waiting_mail()
        lost(mail)
    outbox.find_waiting_mail()
    outbox.send_mail(mail.pk)
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert list(post.arrived.values()) == [1]


def test_found_in_the_moment_of_doubt(post: Post) -> None:
    mail = one_mail()
    for error in (outbox.INTERRUPTED, outbox.INTERRUPTED_TWICE):
        Mail.objects.filter(pk=mail.pk).update(state=MailState.SENDING, error=error)
        lost(mail)
        if error == outbox.INTERRUPTED:
            taken = outbox._claim(mail.pk)
            assert taken is not None
            assert taken.error == error
    outbox.find_waiting_mail()
    assert tried(mail).state == MailState.FAILED
    assert mail.error == outbox.INTERRUPTED_TWICE
    assert not post.arrived


def test_links_that_open_something_are_wiped_once_sent(post: Post, settings: Any) -> None:
    settings.MAIL_STAYS_HERE = False
    secret = one_mail("geheim", kind="invitation", body="Kom binnen: https://voorbeeld.test/x/geheim\n")
    plain = one_mail("open", body="Zie https://voorbeeld.test/trajecten/1/\n")
    assert "https" in Mail.objects.get(pk=secret.pk).body
    assert "geheim\n" not in tried(secret).body
    assert "https" in tried(plain).body
    assert any("x/geheim" in text for text in post.texts.values())


# The mailbox page


def test_the_mailbox_is_for_the_admin(settings: Any, django_assert_max_num_queries: Any) -> None:
    admin = make_admin()
    trajectory = make_trajectory()
    director = join(trajectory, "director", make_user("iris@voorbeeld.test"))
    settings.MAIL_STAYS_HERE = True
    for number in range(3):
        one_mail(f"m{number}", user=director, trajectory=trajectory, body="Kijk op https://voorbeeld.test/a/?b=1.\n")
    mail = Mail.objects.order_by("pk").first()
    assert mail is not None
    client = client_of(admin)
    with django_assert_max_num_queries(10):
        assert "iris@voorbeeld.test" in client.get("/beheer/postvak/").content.decode()
    page = client.get(f"/beheer/postvak/{mail.pk}/").content.decode()
    assert '<a href="https://voorbeeld.test/a/?b=1" rel="nofollow">https://voorbeeld.test/a/?b=1</a>.' in page
    assert client_of(director).get("/beheer/postvak/").status_code == 404
    assert client.get("/beheer/postvak/?staat=bestaat-niet").status_code == 200


def test_in_production_the_admin_reads_no_secret_links(settings: Any) -> None:
    settings.MAIL_STAYS_HERE = False
    mail = one_mail(kind="invitation", body="Kom binnen: https://voorbeeld.test/x/geheim\n")
    page = client_of(make_admin()).get(f"/beheer/postvak/{mail.pk}/").content.decode()
    assert "x/geheim" not in page
    assert "Kom binnen" not in page
    assert "geheime link" in page


def test_the_admin_sends_what_failed_again(post: Post) -> None:
    mail = one_mail()
    post.to_recipient = "550 nee"
    tried(mail)
    client = client_of(make_admin())
    assert "550 nee" in client.get("/beheer/postvak/").content.decode()
    assert client.post(f"/beheer/postvak/{mail.pk}/opnieuw/").status_code == 302
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)
