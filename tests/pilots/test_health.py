"""Liveness and readiness."""

import signal

import pytest
from django.test import Client

from pilots.views import health
from welbevinden import services

pytestmark = pytest.mark.django_db


def test_liveness_asks_nothing_of_the_database(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]  # pytest-django's fixture
    with django_assert_num_queries(0):
        answer = Client().get("/gezondheid/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_whether_a_worker_is_there_or_not(worker: services.Service) -> None:
    """A worker that hangs is missed, and nobody else is bothered by it."""
    assert worker.process is not None
    worker.process.send_signal(signal.SIGSTOP)
    try:
        without = Client().get("/gezondheid/klaar/")
    finally:
        worker.process.send_signal(signal.SIGCONT)
    assert without.status_code == 200
    assert without.json() == {"ready": True, "database": "ok", "broker": "ok", "worker": "missing"}

    assert Client().get("/gezondheid/klaar/").json()["worker"] == "ok"


@pytest.mark.parametrize("away", ["_database_answers", "_broker_answers"])
def test_not_ready_when_something_is_away(monkeypatch: pytest.MonkeyPatch, away: str) -> None:
    def refuse() -> bool:
        raise ConnectionError

    monkeypatch.setattr(health, away, refuse)
    answer = Client().get("/gezondheid/klaar/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_what_hangs_does_not_hang_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading
    import time

    end = threading.Event()
    monkeypatch.setattr(health, "_database_answers", lambda: end.wait(10))
    begun = time.monotonic()
    answer = Client().get("/gezondheid/klaar/")
    end.set()
    assert answer.status_code == 503
    assert time.monotonic() - begun < 2
