"""docs/coverage.md says where each point of the source report lives: what it names has to be there."""

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

import pytest
from django.urls import resolve

from checklist.loading import load
from pilots.abbreviations import abbreviations
from pilots.vocabulary import vocabulary
from plans.library import library

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (R\d{3}) \| (.+) \| (.+) \|(.*)\|$", TEXT, re.MULTILINE)
PARTS = re.findall(r"^\| ([a-z ]+) \| ", TEXT.split("What comes later:")[1].split("\n## ")[0], re.MULTILINE)[1:]
NAMED = set(re.findall(r"`([^`\n]+)`", TEXT))


@cache
def ids() -> dict[str, Collection[str]]:
    words = vocabulary()
    return {
        "topic": words.topics,
        "section": words.sections,
        "theme": words.themes,
        "domain": words.checklist_domains,
        "step": [str(number) for number in words.steps],
        "role": words.stakeholder_roles,
        "partner": words.partners,
        "support": words.support_components,
        "factor": [*words.promoting_factors, *words.hindering_factors],
        "question": words.evaluation_questions,
        "area": words.improvement_areas,
        "outcome": words.observed_outcomes,
        "component": words.pilot_components,
        "item": [item.code for source in load() for item in source.items],
        "advice": library().advice,
        "intervention": library().interventions,
        "abbreviation": abbreviations(),
    }


def test_every_point_stands_exactly_once() -> None:
    assert [row[0] for row in ROWS] == [f"R{number:03}" for number in range(1, 274)]


def test_every_point_has_a_place() -> None:
    """A file, an id, "later" or "background": nothing is passed over."""
    for number, what, where, _page in ROWS:
        assert what.strip(), number
        assert "`" in where or where.startswith(("later: ", "background: ")), number


def test_later_names_a_part_that_is_explained() -> None:
    used = set()
    for number, _what, where, page in ROWS:
        for found in re.findall(r"later: ([a-z ]+)", where):
            assert found.strip() in PARTS, f"{number}: {found}"
            used.add(found.strip())
        assert "later" not in page, number
    assert used == set(PARTS), "a part that nothing waits for any more"


def test_every_question_outcome_component_and_factor_has_a_row() -> None:
    """What the evaluation asks is what the report tells: none of it is forgotten here."""
    for kind in ("question", "area", "outcome", "component", "factor"):
        assert {f"{kind}:{each}" for each in ids()[kind]} <= NAMED, kind


def test_every_named_test_is_one() -> None:
    """A row that leans on a test leans on a function, not on a word somewhere in its file."""
    for each in NAMED:
        path, _, name = each.partition(":")
        if path.startswith("tests/") and name:
            source = (ROOT / f"{path}.py").read_text(encoding="utf-8")
            assert re.search(rf"^def {re.escape(name)}\(", source, re.MULTILINE), each


@pytest.mark.parametrize("kind", sorted(ids()))
def test_every_id_exists(kind: str) -> None:
    named = {each.removeprefix(f"{kind}:") for each in NAMED if each.startswith(f"{kind}:")} - {""}
    assert named, f"geen enkele {kind}"
    assert named <= set(ids()[kind]), named - set(ids()[kind])


def files_of(path: str) -> list[Path]:
    """The files that `path` stands for: itself, a Python module without `.py`, or all in a folder."""
    place = ROOT / path
    if place.is_dir():
        return sorted(each for each in place.rglob("*") if each.suffix in {".py", ".yaml", ".html", ".json"})
    return [each for each in (place, place.with_name(place.name + ".py")) if each.is_file()]


def test_every_path_exists_and_holds_what_is_named() -> None:
    paths = {each for each in NAMED if "/" in each and not each.startswith("/")}
    assert paths
    for each in paths:
        path, _, name = each.partition(":")
        files = files_of(path)
        assert files, each
        if name:
            pattern = re.compile(rf"\b{re.escape(name)}\b")
            assert any(pattern.search(file.read_text(encoding="utf-8")) for file in files), each


def test_every_notation_is_known() -> None:
    """A misspelled kind would otherwise be checked by nobody."""
    for each in NAMED:
        kind, colon, _ = each.partition(":")
        assert not colon or "/" in kind or kind in ids() or each == "path:name", each


def test_every_page_address_leads_somewhere() -> None:
    pages = {each for _, _, _, cell in ROWS for each in re.findall(r"`([^`]+)`", cell)}
    assert pages
    pages |= {each for each in NAMED if each.startswith("/")}
    for each in pages:
        resolve(re.sub(r"<[^>]+>", "1", each))
