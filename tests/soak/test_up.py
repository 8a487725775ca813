"""`manage.py up` killed at any moment, again and again: what was stored is there, and it starts again by itself."""

import contextlib
import os
import random
import signal
import threading
import time
from pathlib import Path

import psycopg

from tests.test_supervisor import Up, living, wait_until
from welbevinden import services

#: One start takes seconds: more than these tell nothing new.
MOST = 10


def url(data: Path) -> str:
    return services.postgres_url(data)


def write_on(data: Path, stop: threading.Event, stored: list[int]) -> None:
    """Stores numbers one by one until the database is gone; `stored` holds those that were confirmed."""
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url(data), autocommit=True) as connection:
        while not stop.is_set():
            number = len(stored)
            connection.execute("insert into soak_numbers values (%s)", [number])
            stored.append(number)


def test_kill_and_start_again(tmp_path: Path, chance: random.Random, rounds: int) -> None:
    data = tmp_path / "data"
    stored: list[int] = []
    for number in range(min(rounds, MOST) if rounds > 5 else 1):
        up = Up(data)
        started: set[int] = set()
        try:
            started = up.wait_ready()
            assert up.answers()
            with psycopg.connect(url(data), autocommit=True) as connection:
                connection.execute("create table if not exists soak_numbers (number integer primary key)")
                there = {row[0] for row in connection.execute("select number from soak_numbers")}
            assert set(stored) <= there, "something that was stored is gone"
            # One that was stored but not confirmed any more may be there as well.
            assert len(there) <= len(stored) + number
            stored[:] = sorted(there)
            stop = threading.Event()
            writer = threading.Thread(target=write_on, args=(data, stop, stored))
            writer.start()
            time.sleep(chance.uniform(0, 1))
            everything = chance.random() < 0.5
            up.process.kill()
            if everything:
                for pid in started:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            writer.join(30)
            stop.set()
        finally:
            up.process.kill()
            up.process.wait()
        wait_until(lambda started=started: not living(started), 20)  # type: ignore[misc]  # mypy sees no default in a lambda
    last = Up(data)
    try:
        last.wait_ready()
        with psycopg.connect(url(data)) as connection:
            there = {row[0] for row in connection.execute("select number from soak_numbers")}
        assert set(stored) <= there
        assert last.answers()
    finally:
        last.process.send_signal(signal.SIGTERM)
        assert last.process.wait(60) == 0
