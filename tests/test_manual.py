"""The manual (docs/handleiding) says nothing that is not there: pictures, addresses, commands, settings, words."""

import re
import runpy
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.urls import resolve

from pilots.enums import InvitationState, MailState
from pilots.roles import ROLES, May

ROOT = Path(__file__).resolve().parents[1]
MANUAL = ROOT / "docs" / "handleiding"
CHAPTERS = {path.name: path.read_text(encoding="utf-8") for path in sorted(MANUAL.glob("*.md"))}
INDEX = CHAPTERS["README.md"]
ALL = "\n\n".join(CHAPTERS.values())
CODE = re.compile(r"^ *```\n(.*?)^ *```$|`([^`]+)`", re.MULTILINE | re.DOTALL)
SPANS = [" ".join((block or span).split()) if span else block for block, span in CODE.findall(ALL)]
#: Inside the image, not of the website.
OF_THE_IMAGE = {"/srv/files", "/dev/stdin"}


def pictures() -> tuple[Any, ...]:
    found: tuple[Any, ...] = runpy.run_path(str(MANUAL / "screenshots.py"))["PICTURES"]
    return found


def prose(text: str) -> str:
    return CODE.sub(" ", text)


def test_the_index_names_every_chapter_once() -> None:
    named = re.findall(r"\]\(([a-z0-9-]+\.md)\)", INDEX)
    assert sorted(named) == sorted(CHAPTERS.keys() - {"README.md"})


def test_every_picture_is_made_and_used() -> None:
    used = re.findall(r"!\[([^\]]*)\]\(beelden/([a-z-]+)\.png\)", ALL)
    assert len(used) == ALL.count("![")
    made = [picture.name for picture in pictures()]
    assert sorted(made) == sorted(set(made)) == sorted({name for _words, name in used})
    assert all(len(words) > 15 for words, _name in used), "a picture without a description"


def test_every_address_is_a_page() -> None:
    addresses = {re.sub(r"\{[a-z]+\}", "1", picture.path).partition("?")[0] for picture in pictures()}
    for span in SPANS:
        address = span.removeprefix("https://welbevinden.voorbeeld.nl")
        if address.startswith("/") and " " not in address and address not in OF_THE_IMAGE:
            addresses.add(address)
    assert len(addresses) > 20
    for address in addresses:
        resolve(address)


def test_every_command_and_option_exists() -> None:
    commands = re.findall(r"manage\.py\s+([a-z_]+)([^\n`]*)", "\n".join(SPANS))
    assert len(commands) > 5
    for name, rest in commands:
        command = load_command_class(get_commands()[name], name)
        options = command.create_parser("manage.py", name)._option_string_actions
        assert set(re.findall(r"--[a-z-]+", rest)) <= set(options), name
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {name for span in SPANS for name in re.findall(r"\bmake ([a-z]+)", span)} <= set(targets)
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    for span in SPANS:
        for words in re.findall(r"docker compose (?:run|exec|stop|logs) ([^|<>\n]*)", span):
            named = [word for word in words.split() if not word.startswith("-") and not word.isdigit()]
            assert named[0] in services, words
            if "compose stop" in span:
                assert set(named) <= set(services), words


def test_every_setting_is_one() -> None:
    known = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docker-compose.yml").read_text("utf-8")
    named = {name for span in SPANS for name in re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", span)}
    assert named
    assert {name for name in named if not re.search(rf"\b{name}\b", known)} == set()


def test_every_link_and_file_is_there() -> None:
    for name, text in CHAPTERS.items():
        for address in re.findall(r"\]\(([^)]+)\)", text):
            file, _hash, part = address.partition("#")
            if file.startswith("beelden/"):
                continue
            target = (MANUAL / file).resolve()
            assert target.is_file(), f"{name}: {address}"
            heads = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert not part or part in {re.sub(r"[^\w-]", "", head.lower().replace(" ", "-")) for head in heads}
    for span in SPANS:
        if re.fullmatch(r"[a-z][a-z_-]*/[a-z_/.-]+", span):
            assert (ROOT / span).exists(), span


@cache
def on_screen() -> str:
    """Everything that a page can say, as it stands in templates, code and content."""
    places = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("pilots/content/**/*.yaml")]
    for app in ("pilots", "checklist", "focusgroups", "plans", "evaluation"):
        places += [path for path in ROOT.glob(f"{app}/**/*.py") if "migrations" not in path.parts]
    return " ".join(" ".join(path.read_text(encoding="utf-8") for path in places).split())


def test_what_is_bold_stands_on_the_screen() -> None:
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", prose(ALL), re.DOTALL)} - {"vet"}
    assert len(bold) > 50
    assert {words for words in bold if words not in on_screen()} == set()


def test_all_states_are_explained() -> None:
    for labels, chapter in (
        ({str(state.label) for state in InvitationState} - {"Uitnodiging geaccepteerd"}, "team-en-uitnodigingen.md"),
        ({str(state.label) for state in MailState}, "mail.md"),
    ):
        assert {label for label in labels if f"| **{label}** |" not in CHAPTERS[chapter]} == set()


def test_the_roles_are_those_of_the_code() -> None:
    order = ("admin", "researcher", "gsa", "coordinator", "director")
    for may in May:
        cells = " | ".join("ja" if may in ROLES[role].permissions else "" for role in order)
        row = re.sub(r" +", " ", f"| {may.value} | {cells} |")
        assert row in re.sub(r" +", " ", CHAPTERS["wie-mag-wat.md"]), may


@pytest.mark.parametrize("name", sorted(CHAPTERS))
def test_the_language(name: str) -> None:
    text = prose(CHAPTERS[name])
    assert re.findall(r"\b(?:u|uw|uzelf)\b", text, re.IGNORECASE) == []
    assert re.findall(r"\b(?:IB'er|juf|meester)\b", text) == []
    # What is for both sectors names both words (P16).
    for paragraph in re.split(r"\n\s*\n|\n(?=\||\d+\. |- )", CHAPTERS[name]):
        words = paragraph.lower()
        assert ("intern begeleider" in words) == ("zorgcoördinator" in words), paragraph
        assert ("leerkracht" in words) == ("docent" in words), paragraph
    heads = [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert heads[0] == 1
    assert heads.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(heads))
