"""`manage.py up` for real: it comes up, and nothing it started outlives it, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from welbevinden import services

MANAGE = [sys.executable, str(services.BASE_DIR / "manage.py")]
#: Seconds in which a start on two busy cores has long succeeded.
PATIENCE = 60.0

pytestmark = pytest.mark.slow


def wait_until(what: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def environment(data: Path, port: int) -> dict[str, str]:
    """What a newcomer has: no address of a server, and nothing of this test process."""
    ours = {"DATABASE_URL", "REDIS_URL", "PRODUCTION", services.SHARED}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "DATA_DIR": str(data), "PORT": str(port), "DEMO": "false"}


def parent_and_state(pid: int) -> tuple[int, str] | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), fields[0]


def descendants(pid: int) -> set[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (facts := parent_and_state(int(entry.name))):
            children.setdefault(facts[0], []).append(int(entry.name))
    found: set[int] = set()
    todo = [pid]
    while todo:
        for child in children.get(todo.pop(), []):
            found.add(child)
            todo.append(child)
    return found


def living(pids: set[int]) -> set[int]:
    """Those that still run; a zombie only waits for its new parent to notice."""
    return {pid for pid in pids if (facts := parent_and_state(pid)) and facts[1] != "Z"}


class Up:
    """A `manage.py up` as a child of this test."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.data = data
        self.output = data.parent / "up.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*MANAGE, "up"], env=environment(data, self.port), stdout=output, stderr=subprocess.STDOUT
            )

    def wait_ready(self) -> set[int]:
        """The ids of everything it started."""
        wait_until(lambda: "Ctrl-C" in self.output.read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.output.read_text()
        return descendants(self.process.pid)

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/gezondheid/", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all: each start but the first finds data, and a lock or socket of the one before."""
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture
def up(data: Path) -> Iterator[Up]:
    started = Up(data)
    yield started
    if started.process.poll() is None:
        started.process.kill()
    started.process.wait()


def command(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *words], env=environment(data, 1), capture_output=True, text=True, check=False, timeout=PATIENCE
    )


QUESTION = ("shell", "-v", "0", "-c", "from django.db import connection as c; c.ensure_connection(); print(c.vendor)")


def stops_when_asked(up: Up, started: set[int], how: signal.Signals) -> None:
    up.process.send_signal(how)
    assert up.process.wait(PATIENCE) == 0, up.output.read_text()
    assert not living(started)
    assert "Traceback" not in up.output.read_text()


def test_comes_up_and_stops_on_sigterm(up: Up) -> None:
    started = up.wait_ready()
    assert up.answers()
    assert len(started) > 8  # two servers with their helpers, web, worker and beat
    stops_when_asked(up, started, signal.SIGTERM)


def test_second_start_is_refused_commands_share_the_servers_and_ctrl_c_stops(up: Up, data: Path) -> None:
    started = up.wait_ready()
    second = command(data, "up")
    assert second.returncode == 1
    assert second.stderr.startswith("Welbevinden draait al")
    asked = command(data, *QUESTION)
    assert (asked.returncode, asked.stdout) == (0, "postgresql\n"), asked.stderr
    assert up.answers()
    stops_when_asked(up, started, signal.SIGINT)


def test_kill_leaves_nothing_and_it_starts_again(up: Up, data: Path) -> None:
    first = up.wait_ready()
    up.process.kill()
    up.process.wait()
    again = Up(data)  # at once, while the servers of the first are still on their way out
    try:
        wait_until(lambda: not living(first), 15)
        second = again.wait_ready()
        assert again.answers()
        # Now everything at once: nobody is left to tell the children of the children.
        direct = {pid for pid in second if (facts := parent_and_state(pid)) and facts[0] == again.process.pid}
        for pid in {again.process.pid, *direct}:
            os.kill(pid, signal.SIGKILL)
    finally:
        again.process.kill()
        again.process.wait()
    wait_until(lambda: not living(second), 15)
    asked = command(data, *QUESTION)
    assert (asked.returncode, asked.stdout) == (0, "postgresql\n"), asked.stderr


@pytest.mark.parametrize("who", ["granian", "worker"])
def test_death_of_a_child_ends_everything(up: Up, who: str) -> None:
    started = up.wait_ready()
    for pid in sorted(started):
        if who in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
            os.kill(pid, signal.SIGKILL)
            break
    else:
        pytest.fail(f"no {who} among the children")
    assert up.process.wait(PATIENCE) == 1
    assert "dus stopt alles" in up.output.read_text()
    wait_until(lambda: not living(started), 5)


def test_port_that_is_taken(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = subprocess.run(
            [*MANAGE, "up"], env=environment(data, port), capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    assert refused.returncode == 1
    assert refused.stderr == f"Poort {port} is bezet. Kies een andere, bijvoorbeeld: PORT={port + 1} make run\n"


def test_two_commands_at_once_run_one_after_the_other(data: Path) -> None:
    both = [
        subprocess.Popen(
            [*MANAGE, *QUESTION], env=environment(data, 1), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    results = [process.communicate(timeout=PATIENCE) for process in both]
    assert [process.returncode for process in both] == [0, 0], results
    assert [output for output, _ in results] == ["postgresql\n", "postgresql\n"]
