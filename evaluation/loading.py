"""Reads the interview guides and finds every fault in them, each with file and line. Pure: no database.

A file is one version of the guide for one side. An interview names the version that led it, so files that were used
stay as they are; a change is a new version in a file of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pilots.vocabulary import vocabulary
from welbevinden import datafile

FOLDER = Path(__file__).parent / "guides"
VERSION = r"^[0-9]{4}\.[0-9]+$"
SIDES = ("gsa", "school")
SECTORS = ("PO", "VO")


@dataclass(frozen=True, slots=True)
class Tip:
    """One thing to mind while leading the talk."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of a part: what it is about, how to ask it, and the sections of the plan it looks back on."""

    about: str
    ask: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the talk: the main question, how to ask further, the sections it looks back on, and its lines."""

    id: str
    ask: str
    probes: tuple[str, ...]
    sections: tuple[str, ...]
    lines: Mapping[str, Topic]


@dataclass(frozen=True, slots=True)
class Guide:
    """One version of the guide for one side, in the words of one sector."""

    side: str
    version: str
    title: str
    lead: tuple[Tip, ...]
    too_early: str
    opening: str
    parts: Mapping[str, Part]
    closing: str


def part_lines() -> dict[str, tuple[str, ...]]:
    """Every part of a talk in its order, with the ids of the lines that a guide words for it."""
    words = vocabulary()
    return {
        **dict.fromkeys(words.evaluation_questions, ()),
        "improvements": tuple(words.improvement_areas),
        "outcomes": tuple(words.observed_outcomes),
        "components": tuple(words.pilot_components),
        "interventions": (),
        "factors": ("promoting", "hindering"),
        "closing": (),
    }


@cache
def guides(folder: Path = FOLDER) -> Mapping[tuple[str, str, str], Guide]:
    """All guides in `folder` by side, version and sector, oldest version first.

    Raises datafile.ContentError with every fault of every file.
    """
    faults: list[datafile.Fault] = []
    found: dict[tuple[str, str], datafile.DataFile] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            file = datafile.read(path)
        except datafile.ContentError as error:
            faults.extend(error.faults)
            continue
        wrong = datafile.check(file, _schema()) or list(_own_faults(file))
        if not wrong:
            key = (file.data["side"], file.data["version"])
            if key in found:
                wrong = [file.fault(("version",), f"versie {key[1]} van {key[0]} staat ook in {found[key].name}")]
            found.setdefault(key, file)
        faults.extend(wrong)
    if not faults and {side for side, _version in found} != set(SIDES):
        faults.append(datafile.Fault(folder.name, 1, f"hier hoort een leidraad voor elk van: {', '.join(SIDES)}"))
    if faults:
        raise datafile.ContentError(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.message)))
    ordered = sorted(found, key=lambda key: (key[0], _numbers(key[1])))
    return {
        (side, version, sector): _guide(found[side, version], sector) for side, version in ordered for sector in SECTORS
    }


def versions(side: str) -> list[str]:
    """The versions of the guide for `side`, oldest first."""
    return [version for each, version, sector in guides() if each == side and sector == SECTORS[0]]


def guide(side: str, version: str, sector: str) -> Guide:
    """The guide for `side` in the words of `sector`; without a version the newest. Raises KeyError when unknown."""
    return guides()[side, version or versions(side)[-1], sector]


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _own_faults(file: datafile.DataFile) -> Iterator[datafile.Fault]:
    wanted = part_lines()
    parts = [part["part"] for part in file.data["parts"]]
    if parts != list(wanted):
        yield file.fault(("parts",), f"'parts': moeten alle {len(wanted)}, in deze volgorde: {', '.join(wanted)}")
        return
    for number, part in enumerate(file.data["parts"]):
        lines = tuple(line["about"] for line in part.get("lines", ()))
        allowed = wanted[part["part"]]
        if lines != allowed:
            message = f"'lines': moeten precies deze zijn, in deze volgorde: {', '.join(allowed) or '(geen)'}"
            yield file.fault(("parts", number, "lines"), message)


def _one_line(text: str | Mapping[str, str], sector: str) -> str:
    return " ".join((text if isinstance(text, str) else text[sector]).split())


def _guide(file: datafile.DataFile, sector: str) -> Guide:
    data = file.data

    def say(text: str | Mapping[str, str]) -> str:
        return _one_line(text, sector)

    return Guide(
        side=data["side"],
        version=data["version"],
        title=say(data["title"]),
        lead=tuple(Tip(say(tip["title"]), say(tip["text"])) for tip in data["lead"]),
        too_early=say(data["too_early"]),
        opening=say(data["opening"]),
        parts={
            part["part"]: Part(
                id=part["part"],
                ask=say(part["ask"]),
                probes=tuple(say(probe) for probe in part["probes"]),
                sections=tuple(part["sections"]),
                lines={
                    line["about"]: Topic(line["about"], say(line["ask"]), tuple(line.get("sections", ())))
                    for line in part.get("lines", ())
                },
            )
            for part in data["parts"]
        },
        closing=say(data["closing"]),
    )


def _closed(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [key for key in properties if key not in optional],
        "additionalProperties": False,
    }


@cache
def _schema() -> dict[str, Any]:
    words = vocabulary()
    one = {"type": "string", "pattern": r"\S"}
    text: dict[str, Any] = {"anyOf": [one, _closed(dict.fromkeys(SECTORS, one))]}
    sections = {"type": "array", "items": {"enum": list(words.sections)}, "uniqueItems": True}
    line = _closed({"about": one, "ask": text, "sections": sections}, "sections")
    part = _closed(
        {
            "part": {"enum": list(part_lines())},
            "ask": text,
            "probes": {"type": "array", "items": text, "minItems": 1},
            "sections": sections,
            "lines": {"type": "array", "items": line},
        },
        "lines",
    )
    return _closed(
        {
            "side": {"enum": list(SIDES)},
            "version": {"type": "string", "pattern": VERSION, "maxLength": 20},
            "title": {**one, "maxLength": 200},
            "lead": {"type": "array", "items": _closed({"title": one, "text": text}), "minItems": 1},
            "too_early": text,
            "opening": text,
            "parts": {"type": "array", "items": part, "minItems": 1},
            "closing": text,
        }
    )
