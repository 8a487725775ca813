"""Nothing of another school shows anywhere: every text of two schools gets a word of its own, and everybody looks.

Both are full trajectories from files. Every page is opened that a person of the first school can find, and every
address that exists for the second one.
"""

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, TypeAlias
from urllib.parse import urldefrag, urljoin, urlsplit
from zipfile import ZipFile, is_zipfile

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import resolve
from django.utils import timezone

from evaluation.models import Evaluation
from pilots.models import Mail, Trajectory, User
from pilots.trajectory_files import import_trajectory
from tests.builders import client_of
from welbevinden.services import BASE_DIR

OTHERS, GSA_SIDE, SILENT, FREE, OWN = "zzandere", "zzgsakant", "zzstil", "zzvrij", "zzeigen"
FREE_TEXT = {
    "text", "label", "note", "reason", "not_held_reason", "contact", "task", "reach", "vision", "title", "first_step",
    "sign", "period", "summary", "year_1_reason", "name", "place",
}  # fmt: skip
PAGES_OF_A_KIND = 2
SOURCE = BASE_DIR / "pilots" / "content" / "demo"


def _marked(value: Any, word: str, path: tuple[str, ...] = (), *, ours: bool) -> Any:
    """`value` of a trajectory file with `word`, or the word of what it is, in front of every free text."""
    if isinstance(value, list):
        return [_marked(each, word, path, ours=ours) for each in value]
    if not isinstance(value, dict):
        key = path[-1]
        free = key in FREE_TEXT or path == ("school", "question") or path[-2:] == ("support_sessions", "topic")
        return f"{word} {value}" if free and isinstance(value, str) and value else value
    if ours and value.get("with") == "gsa":
        word = GSA_SIDE
    if path[-1:] == ("quotes",):
        word = FREE if value.get("released") else SILENT if ours else word
    return {key: _marked(given, word, (*path, key), ours=ours) for key, given in value.items()}


Schools: TypeAlias = tuple[Trajectory, Trajectory, dict[str, User]]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schools(django_db_setup: None, django_db_blocker: Any) -> Iterator[Schools]:
    """Our trajectory and somebody else's, both full; who is in our team."""
    source = next(path for path in sorted(SOURCE.glob("*.json")) if '"evaluations"' in path.read_text("utf-8"))
    data = json.loads(source.read_text("utf-8"))
    found = []
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_instruments")
        for reference, word, ours in (("ons-1", OWN, True), ("hun-1", OTHERS, False)):
            mine = _marked(copy.deepcopy(data), word, ours=ours)
            mine["reference"] = reference
            for number, member in enumerate(mine["team"]):
                member["email"] = f"{member['role']}-{number}@{reference}.test"
            found.append(import_trajectory(content=json.dumps(mine).encode(), by=None).trajectory)
        yield found[0], found[1], {member.role: member.user for member in found[0].team.select_related("user")}
        transaction.set_rollback(True)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ("href", "hx-get"):
            if given.get(name):
                self.found.append(str(given[name]))


def _text(content: bytes) -> str:
    """What can be read in an answer: of a workbook or archive what is packed in it."""
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return content.decode("utf-8", "replace")


def _pages(user: User, start: str = "/") -> Iterator[tuple[str, str]]:
    """Every address that `user` finds by following links, with what stands there."""
    client = client_of(user)
    waiting, seen, kinds = [start], {start}, Counter[str]()
    while waiting:
        address = waiting.pop(0)
        page = client.get(address, follow=False)
        text = _text(page.getvalue())
        yield address, text
        parser = _Links()
        if "html" in page.headers.get("Content-Type", ""):
            parser.feed(text)
        onwards = [page.headers["Location"]] if "Location" in page.headers else parser.found
        for link in onwards:
            target = urldefrag(urljoin(address, link)).url
            parts = urlsplit(target)
            if parts.netloc or not parts.path.startswith("/") or parts.path.startswith("/static/"):
                continue
            # One address with every set of filters is one page here, and of each kind of page a few are enough.
            kind = resolve(parts.path).url_name or ""
            if parts.path not in seen and kinds[kind] < PAGES_OF_A_KIND:
                seen.add(parts.path)
                kinds[kind] += 1
                waiting.append(target)


@pytest.mark.parametrize("role", ["researcher", "gsa", "director", "coordinator"])
def test_no_word_of_another_school(schools: Schools, role: str) -> None:
    _ours, _theirs, team = schools
    hidden = [OTHERS] if role in {"researcher", "gsa"} else [OTHERS, GSA_SIDE, SILENT]
    wrong, seen = [], 0
    for address, text in _pages(team[role]):
        seen += OWN in text
        wrong += [f"{word} on {address}: …{_around(text, word)}…" for word in hidden if word in text]
    assert not wrong, "\n".join(wrong[:20])
    assert seen >= 10, f"only {seen} pages with our own words: the walk sees too little"


def _around(text: str, word: str) -> str:
    place = text.index(word)
    return re.sub(r"\s+", " ", text[max(0, place - 80) : place + 80])


def test_no_address_of_another_school_opens(schools: Schools) -> None:
    """What their own people reach under their number, ours do not: not even to see that it is there."""
    _ours, theirs, team = schools
    prefix = f"/trajecten/{theirs.pk}/"
    researcher = theirs.team.get(role="researcher").user
    addresses = [address for address, _ in _pages(researcher, prefix) if urlsplit(address).path.startswith(prefix)]
    assert len(addresses) > 20
    for user in team.values():
        client = client_of(user)
        open_to_us = [address for address in addresses if client.get(address).status_code != 404]
        assert not open_to_us


def test_no_mail_with_words_of_another_school(schools: Schools) -> None:
    from pilots.schedules import send_digests

    _ours, _theirs, team = schools
    User.objects.filter(pk__in=[user.pk for user in team.values()]).update(last_login=timezone.now())
    Evaluation.objects.update(is_final=False)  # so that there is something to do
    send_digests()
    bodies = [f"{mail.subject}\n{mail.body}" for mail in Mail.objects.filter(to__endswith="@ons-1.test")]
    assert [body for body in bodies if OWN in body]
    assert not [body for body in bodies if OTHERS in body]
