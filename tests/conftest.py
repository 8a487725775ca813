"""One PostgreSQL and one Redis for the run, and a strict world: the ground under every test.

The servers are started once, by the process that was called (under xdist: the controller), in a short folder of their
own, and found by the others through `DATA_DIR`. Warnings are errors (pyproject.toml), an undefined variable in one of
our templates is an error, and no test reaches another machine.
"""

import inspect
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from welbevinden import services

# Before Django reads its settings. What the environment of the caller says is not for a test.
for _name in (
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PRODUCTION", "DEMO", "DEBUG", "HTTPS", "ALLOWED_HOSTS"),
    *("REQUIRE_SECOND_FACTOR", "PROXIES", "OIDC_URL", "OIDC_NAME"),
):
    os.environ.pop(_name, None)
os.environ["DJANGO_SETTINGS_MODULE"] = "welbevinden.settings"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in the thread of the test

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_OWN_SERVERS = "WELBEVINDEN_TEST_SERVERS"  # the folder of the controller's servers, for its workers
_servers: list[services.Postgres | services.Redis] = []


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not _WORKER:
        data = Path(tempfile.mkdtemp(prefix="wt-"))
        _servers.extend([services.Postgres(data, throwaway=True), services.Redis(data, throwaway=True)])
        services.start(_servers)
        os.environ[_OWN_SERVERS] = str(data)
    # Each process its own files, and its own three databases of Redis: broker, results, cache.
    data = Path(os.environ[_OWN_SERVERS])
    own = data / (_WORKER or "main")
    own.mkdir(exist_ok=True)
    number = 1 + int(_WORKER.removeprefix("gw")) if _WORKER else 0
    os.environ["DATA_DIR"] = str(own)
    os.environ["DATABASE_URL"] = services.postgres_url(data)
    os.environ["REDIS_URL"] = f"unix://{services.redis_socket(data)}?db={3 * number}"
    # An address of a database means production, unless somebody says otherwise.
    os.environ["PRODUCTION"] = "false"
    import django

    django.setup()
    # Inherited by a worker of xdist, it would have the settings read before this file has set the scene for it.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure(config: pytest.Config) -> None:
    for server in reversed(_servers):
        server.stop()
    if _servers:
        shutil.rmtree(os.environ[_OWN_SERVERS], ignore_errors=True)
        _servers.clear()


# A strict world


class _Undefined(str):
    """What Django puts in the place of an undefined variable: a fault in our templates, nothing in those of others."""

    def __bool__(self) -> bool:
        return _template_is_ours()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        if not _template_is_ours():
            return ""
        pytest.fail(f"Undefined in {_template_name()}: {{{{ {variable} }}}}", pytrace=False)


def _template_name() -> str:
    from django.template.base import Node

    frame = inspect.currentframe()
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return str(node.origin.name)
        frame = frame.f_back
    return ""


def _template_is_ours() -> bool:
    name = _template_name()
    return name.startswith(str(services.BASE_DIR)) and "site-packages" not in name


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_are_errors() -> None:
    from django.template import engines

    engine = engines["django"].engine  # type: ignore[attr-defined]  # the stubs know no backend by name
    engine.string_if_invalid = _Undefined()


class OutsideWorldError(OSError):
    """A test that wants to reach another machine."""


@pytest.fixture(autouse=True, scope="session")
def _no_network_but_loopback() -> Iterator[None]:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse(connection: socket.socket, address: Any) -> None:
        if connection.family in {socket.AF_INET, socket.AF_INET6}:
            host = str(address[0])
            if not (host.startswith("127.") or host in {"localhost", "::1"}):
                raise OutsideWorldError(f"A test wants to reach {host}.")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(self, address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """What one test counts or remembers is not there for the next."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def _nobody_left_in_the_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The server notices a moment later that a worker or a thread has gone; the database is removed before that."""
    yield
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


# For tests that need more than the database


@pytest.fixture(scope="session")
def worker(django_db_setup: None) -> Iterator[services.Service]:
    """A real Celery worker on the database and the broker of this test process.

    It sees only what is committed: use it with `transactional_db` or `live_server`.
    """
    from django.db import connection

    from welbevinden.celery import app

    data = Path(os.environ[_OWN_SERVERS])
    database = str(connection.settings_dict["NAME"])
    celery = services.Service("worker", stop_signal=signal.SIGTERM, death_signal=signal.SIGKILL)
    celery.spawn(
        [
            *(sys.executable, "-m", "celery", "--quiet", "-A", "welbevinden", "worker", "--loglevel", "warning"),
            *("--concurrency", "1", "--without-gossip", "--without-mingle"),
        ],
        env={**os.environ, "DATABASE_URL": services.postgres_url(data, database), services.SHARED: str(data)},
    )
    try:
        deadline = time.monotonic() + 120
        while not app.control.ping(timeout=0.5):
            assert celery.alive(), f"the worker ended with {celery.returncode}"
            assert time.monotonic() < deadline, "the worker does not answer"
        yield celery
    finally:
        celery.stop(5)
