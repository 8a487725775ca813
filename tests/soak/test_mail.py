"""A worker that is killed while it sends mail, again and again: every mail arrives, and is known by one Message-ID."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from pilots import outbox
from pilots.enums import MailState
from pilots.mail_actions import queue_mail
from pilots.models import Mail
from tests.pilots.mail_server import Post, mail_server
from tests.soak.test_worker import WORKER, kill
from tests.test_supervisor import wait_until
from welbevinden.celery import app
from welbevinden.services import Service

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A mail server, and its address in the environment of the programs that start after it."""
    with mail_server() as (server, port):
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{port}")
        yield server


@pytest.fixture
def _mail_is_ours() -> Iterator[None]:
    """A worker that other tests of this process share knows nothing of our mail server, so it leaves mail alone."""
    app.control.cancel_consumer("mail", reply=True, timeout=2)
    yield
    app.control.add_consumer("mail", reply=True, timeout=2)


@pytest.mark.usefixtures("_mail_is_ours")
def test_killed_while_sending(post: Post, programs: Callable[..., Service], chance: random.Random, rounds: int) -> None:
    worker = programs("worker", *WORKER)
    expected: set[str] = set()
    for number in range(rounds):
        # Now and then the server has the mail and thinks: the one moment in which a death leaves a doubt.
        post.thinks = 0.3 if number % 3 == 2 else 0.0
        mail = queue_mail(key=f"mail-{number}", kind="member-added", to="iris@voorbeeld.test", subject="S", body="T")
        expected.add(outbox.message_id(mail))
        wait_until(lambda mail=mail: state_of(mail) != MailState.QUEUED)  # type: ignore[misc]  # mypy sees no default in a lambda
        time.sleep(chance.uniform(0, 0.2))
        if kill(worker, chance):
            worker = programs("worker", *WORKER)
        post.thinks = 0.0
        # Time passes, and beat looks what was lost.
        Mail.objects.filter(state=MailState.SENDING).update(touched_at=timezone.now() - timedelta(hours=1))
        Mail.objects.filter(state=MailState.QUEUED).update(next_attempt_at=timezone.now() - timedelta(hours=1))
        outbox.find_waiting_mail()
        wait_until(lambda mail=mail: state_of(mail) == MailState.SENT)  # type: ignore[misc]  # as above
    assert worker.alive()
    assert set(post.arrived) == expected
    assert max(post.arrived.values()) <= 2


def state_of(mail: Mail) -> str:
    mail.refresh_from_db()
    return mail.state
