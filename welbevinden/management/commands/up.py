"""Everything with one command: servers, database, web, worker and beat; Ctrl-C stops all."""

import contextlib
import errno
import hashlib
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO, Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from welbevinden import services

DEMO_PASSWORD = "Welbevinden!demo"  # noqa: S105 known to all: the demo never runs in production
DEMO_ACCOUNTS = {
    "beheer@demo.test": "beheerder",
    "onderzoeker@demo.test": "onderzoeker van alle trajecten",
    "gsa@demo.test": "Gezonde School-adviseur van een deel van de trajecten",
    "directeur@demo.test": "directeur van een of meer scholen",
    "ib@demo.test": "intern begeleider van dezelfde scholen",
    "directeur2@demo.test": "directeur van een andere school",
}
#: Seconds that a child gets to end in order. The work of a killed worker is found again and done by the next.
PATIENCE = {"web": 3.0, "worker": 8.0, "beat": 3.0}


class StopRequested(BaseException):
    """Somebody asked us to stop (Ctrl-C, SIGTERM, SIGHUP). Not an Exception: nothing on the way may swallow it."""


def prepare(stdout: IO[str]) -> None:
    """Brings the database up to the code, and runs `PREPARE_COMMANDS` when there was something to bring up.

    `stdout` takes what those commands say.
    """
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    call_command("migrate", verbosity=0, interactive=False, stdout=stdout)
    for name, *arguments in getattr(settings, "PREPARE_COMMANDS", []):
        call_command(name, *arguments, stdout=stdout)


class Command(BaseCommand):
    help = "Start PostgreSQL, Redis, web, worker en beat; stopt alles bij Ctrl-C."
    # They cost a second and need nothing of what is running; `make check` and the tests do them.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.started = time.monotonic()
        self.children: list[services.Service] = []
        host = os.environ.get("HOST") or "127.0.0.1"
        port = read_port()
        data = services.data_dir()
        if "MAKELEVEL" in os.environ:  # a killed `make run` passes nothing on by itself
            services.die_with_parent(signal.SIGTERM)
        try:
            with stop_signals(), self.only_one(data) as lock, self.all_stopped(data):
                refuse_taken_port(host, port)
                self.start(host, port, data, lock)
                self.watch()
        except StopRequested:
            self.say("Alles is gestopt.")
        except (services.ServiceError, CommandError) as error:
            services.fail(str(error))

    def say(self, line: str) -> None:
        with contextlib.suppress(OSError):  # whoever was reading has gone; stopping goes on
            self.stdout.write(f"[{time.monotonic() - self.started:5.1f} s] {line}")
            self.stdout.flush()

    @contextlib.contextmanager
    def only_one(self, data: Path) -> Iterator[IO[str]]:
        """Holds both locks of the data folder; yields the one for the children. Refuses when another `up` runs."""
        # A command that looks whether we run holds the lock for a moment.
        up_lock = None
        for _ in range(10):
            if up_lock := services.try_lock(services.up_lock(data)):
                break
            time.sleep(0.1)
        if up_lock is None:
            raise services.ServiceError(
                f"Welbevinden draait al met de gegevens in {data}. Stop het eerst, of kies een andere DATA_DIR."
            )
        services.ready_mark(data).unlink(missing_ok=True)
        told = False
        while (lock := services.try_lock(services.servers_lock(data))) is None:
            if not told and time.monotonic() - self.started > 2:
                self.say("Wacht op een commando dat met deze gegevens bezig is…")
                told = True
            time.sleep(0.1)
        with up_lock, lock:
            yield lock

    @contextlib.contextmanager
    def all_stopped(self, data: Path) -> Iterator[None]:
        """Whatever happens in the block: at its end every child is gone."""
        try:
            yield
        finally:
            for number in STOP_SIGNALS:  # asked is asked; a second Ctrl-C would leave the rest running
                signal.signal(number, signal.SIG_IGN)
            services.ready_mark(data).unlink(missing_ok=True)
            connections.close_all()
            programs = [child for child in self.children if child.name in PATIENCE]
            for child in programs:
                child.ask_to_stop()
            asked = time.monotonic()
            for child in programs:
                if not child.wait_stopped(max(0.1, asked + PATIENCE[child.name] - time.monotonic())):
                    self.say(f"{child.name} stopte niet vanzelf en is afgebroken.")
            for child in reversed(self.children):
                if child not in programs:
                    child.stop()

    def start(self, host: str, port: int, data: Path, lock: IO[str]) -> None:
        servers = services.needed(data)
        self.children += servers
        services.start(servers, lock)
        os.environ[services.SHARED] = str(data)
        if servers:
            self.say(f"{' en '.join(server.name for server in servers)} draaien.")
        call_command("migrate", verbosity=0, interactive=False)
        for name, *arguments in [*getattr(settings, "PREPARE_COMMANDS", []), *settings.UP_COMMANDS]:
            call_command(name, *arguments, stdout=self.stdout)
        connections.close_all()
        collect_static()
        self.say("De gegevens en de bestanden staan klaar.")
        python = [sys.executable, "-W", "default"] if settings.DEBUG else [sys.executable]
        web = [*python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "2"]
        web += ["--blocking-threads", "2", "--no-ws", "--log-level", "warning", "welbevinden.wsgi:application"]
        self.run("web", web, lock)
        self.wait_for_answer(host, port)
        # After the web server: two cores do one thing quicker than three.
        celery = [*python, "-m", "celery", "--quiet", "-A", "welbevinden"]
        self.run("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "warning"], lock)
        self.run("beat", [*celery, "beat", "--pidfile", "", "--loglevel", "warning"], lock)
        services.ready_mark(data).write_text(str(os.getpid()))
        self.say(f"Welbevinden draait: http://{'localhost' if host in LOCAL else host}:{port}/")
        if getattr(settings, "DEMO", False):
            self.stdout.write(f"\nDemo-accounts, wachtwoord voor alle: {DEMO_PASSWORD}")
            for email, who in DEMO_ACCOUNTS.items():
                self.stdout.write(f"  {email:<24}{who}")
        self.stdout.write("\nCtrl-C stopt alles.")
        self.stdout.flush()

    def run(self, name: str, argv: list[str], lock: IO[str]) -> None:
        # The worker would wait for a broker that is dying too, and granian can hang on a SIGTERM while it starts:
        # for both only SIGKILL is sure. Their own children ask the kernel for the same (celery.py, wsgi.py).
        death = signal.SIGTERM if name == "beat" else signal.SIGKILL
        child = services.Service(name, death_signal=death)
        self.children.append(child)
        child.spawn(argv, lock=lock, cwd=settings.BASE_DIR)

    def wait_for_answer(self, host: str, port: int, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.refuse_dead()
            # Any answer will do: which names are allowed is not ours to know.
            with contextlib.suppress(OSError, http.client.HTTPException):
                page = http.client.HTTPConnection("127.0.0.1" if host in LOCAL else host, port, timeout=10)
                page.request("GET", "/gezondheid/", headers={"Host": "localhost"})
                page.getresponse()
                page.close()
                return
            time.sleep(0.05)
        raise services.ServiceError(f"De webserver antwoordt niet binnen {seconds:.0f} seconden.")

    def refuse_dead(self) -> None:
        for child in self.children:
            if child.returncode is not None:
                raise services.ServiceError(f"{child.name} is gestopt (code {child.returncode}); dus stopt alles.")

    def watch(self) -> None:
        while True:
            self.refuse_dead()
            time.sleep(0.25)


LOCAL = {"127.0.0.1", "0.0.0.0", "localhost"}  # noqa: S104 compared with, not bound to
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def stop_signals() -> Iterator[None]:
    """Within the block a request to stop is a StopRequested."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise StopRequested

    before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def read_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT is '{text}'; wel kan: een getal van 1 tot en met 65535.")
    return int(text)


def refuse_taken_port(host: str, port: int) -> None:
    """Raises ServiceError when `host`:`port` cannot be bound, before anything has been started."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise services.ServiceError(
                    f"Poort {port} is bezet. Kies een andere, bijvoorbeeld: PORT={port + 1} make run"
                ) from error
            raise services.ServiceError(f"Poort {port} op {host} kan niet worden geopend: {error.strerror}.") from error


def collect_static() -> None:
    """Runs collectstatic when a file has changed since the last time; hashing and compressing takes seconds."""
    if getattr(settings, "WHITENOISE_USE_FINDERS", False):
        return
    state = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = Path(storage.path(path)).stat()
            state.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    mark = Path(settings.STATIC_ROOT) / ".collected"
    if mark.is_file() and mark.read_text() == state.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.write_text(state.hexdigest())
