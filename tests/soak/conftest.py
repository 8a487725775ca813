"""What the long runs share: how long they are, a plan to print, and the real web server on the database of the test.

`make test` runs each of them for a moment; `make soak` sets SOAK_ROUNDS to hundreds.
"""

import os
import random
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from welbevinden import services


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/soak/" in str(item.path):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def rounds() -> int:
    """How many times something is broken."""
    return int(os.environ.get("SOAK_ROUNDS") or 3)


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Moments and choices that differ between rounds and are the same in the next run."""
    return random.Random(request.node.name)


@pytest.fixture
def programs(transactional_db: None) -> Iterator[Callable[..., services.Service]]:
    """`programs(name, *words)` starts `python -m words…` on the database, broker and files of this test."""
    from django.db import connection

    data = Path(os.environ["WELBEVINDEN_TEST_SERVERS"])
    database = services.postgres_url(data, str(connection.settings_dict["NAME"]))
    environment = {**os.environ, "DATABASE_URL": database, services.SHARED: str(data)}
    running: list[services.Service] = []

    def start(name: str, *words: str) -> services.Service:
        program = services.Service(name, death_signal=signal.SIGKILL)
        program.spawn([sys.executable, "-m", *words], env=environment)
        running.append(program)
        return program

    yield start
    for program in running:
        program.stop(5)


@pytest.fixture
def web(programs: Callable[..., services.Service]) -> int:
    """The port of the web server that `make run` starts too."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    program = programs(
        "web", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
        "--blocking-threads", "2", "--no-ws", "--log-level", "warning", "welbevinden.wsgi:application",
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not _answers(port):
        assert program.alive(), f"the web server ended with {program.returncode}"
        assert time.monotonic() < deadline, "the web server does not answer"
        time.sleep(0.1)
    return port


def _answers(port: int) -> bool:
    page = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        page.request("GET", "/gezondheid/", headers={"Host": "localhost"})
        return page.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        page.close()
