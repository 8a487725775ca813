"""Answers saved over a line that breaks: what was confirmed stands there, and nothing was saved twice."""

import contextlib
import json
import random
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from checklist.models import Interview, Item
from pilots.models import Trajectory, User
from tests.builders import client_of
from tests.plans.builders import answer_checklist, ready_trajectory

pytestmark = pytest.mark.django_db(transaction=True)

CSRF = "a" * 32


@dataclass(frozen=True)
class Tablet:
    """A browser on a bad line: sends a save as the page does, and may be cut off at any byte."""

    port: int
    session: str

    def save(
        self, address: str, fields: dict[str, str], cut: str, chance: random.Random
    ) -> tuple[int, dict[str, object]]:
        """Status and JSON of the answer; status 0 when there was none.

        cut: "" not at all, "sending" somewhere in the request, "waiting" before the answer comes.
        """
        body = urlencode(fields).encode()
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        head = (
            f"POST {address} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nCookie: {cookies}\r\n"
            f"X-CSRFToken: {CSRF}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode()
        message = head + body
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            if cut:
                # Gone without a goodbye: what is under way is thrown away (RST).
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if cut == "sending":
                line.sendall(message[: chance.randrange(1, len(message))])
                return 0, {}
            line.sendall(message)
            if cut == "waiting":
                line.settimeout(chance.uniform(0.001, 0.05))
                with contextlib.suppress(TimeoutError):
                    line.recv(1)
                return 0, {}
            answer = b""
            while part := line.recv(65536):
                answer += part
        head_of_answer, _empty, content = answer.partition(b"\r\n\r\n")
        if b"chunked" in head_of_answer.lower():
            content = content.split(b"\r\n", 1)[1].rsplit(b"\r\n0\r\n", 1)[0]
        return int(head_of_answer.split()[1]), json.loads(content)


@pytest.fixture
def interview(db: None) -> tuple[Interview, Trajectory, dict[str, User]]:
    trajectory, team = ready_trajectory()
    return answer_checklist(trajectory, {}, final=False), trajectory, team


def test_autosave_over_a_line_that_breaks(
    interview: tuple[Interview, Trajectory, dict[str, User]],
    web: int,
    chance: random.Random,
    rounds: int,
) -> None:
    found, trajectory, team = interview
    tablet = Tablet(web, client_of(team["gsa"]).cookies[settings.SESSION_COOKIE_NAME].value)
    items = list(Item.objects.filter(instrument=found.instrument)[:5])
    address: Callable[[Item], str] = lambda item: reverse(  # noqa: E731
        "checklist_answer", args=[trajectory.pk, found.pk, item.code]
    )
    versions = dict.fromkeys((item.code for item in items), 0)
    confirmed: dict[str, tuple[str, str]] = {}
    tries = 0
    for number in range(rounds * 5):
        item = chance.choice(items)
        value, note = str(chance.randrange(4)), f"ronde {number}: " + "tekst " * chance.randrange(300)
        note = note.strip()
        fields = {"value": value, "priority": "", "note": note, "version": str(versions[item.code])}
        status: int = 0
        said: dict[str, object] = {}
        for _ in range(50):
            cut = chance.choice(["sending", "waiting", "waiting", ""])
            status, said = tablet.save(address(item), fields, cut, chance)
            tries += 1
            if status:
                break
        assert status == 200, (status, said)
        versions[item.code] += 1
        confirmed[item.code] = (value, note)
        answer = found.answers.get(item=item)
        assert (str(answer.score), answer.note, answer.version) == (value, note, versions[item.code])
    assert tries > rounds * 5  # some were cut
    stored = {answer.item.code: (str(answer.score), answer.note) for answer in found.answers.select_related("item")}
    assert stored == confirmed
