"""Reads the files of the checklist and finds every fault in them, each with file and line. Pure: no database.

A file is one version of the instrument of one sector. What is published of it stands in the database and is frozen.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pilots.vocabulary import vocabulary
from welbevinden import datafile

FOLDER = Path(__file__).parent / "instruments"
OFFERS = Path(__file__).parent / "offers.yaml"
IDENTIFIER = "^[a-z0-9]+(-[a-z0-9]+)*$"
VERSION = r"^[0-9]{4}\.[0-9]+$"


@dataclass(frozen=True, slots=True)
class ItemSource:
    """A statement as the file has it, with the help to ask further and the topics it asks about."""

    code: str
    domain: str
    text: str
    help: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InstrumentSource:
    """One version of an instrument as its file has it. `sha256` changes with the content, not with its layout."""

    file: str
    sector: str
    version: str
    title: str
    intros: dict[str, str]
    items: tuple[ItemSource, ...]
    sha256: str

    @property
    def order(self) -> tuple[str, list[int]]:
        """To sort by: sector, then version by its numbers, so that 2026.10 comes after 2026.9."""
        return self.sector, [int(part) for part in re.findall(r"\d+", self.version)]


@cache
def offers() -> Mapping[str, tuple[str, ...]]:
    """What a GSA can offer a school, per domain of the checklist, in the order of the vocabulary.

    Raises datafile.ContentError when a domain is missing or unknown.
    """
    domains = list(vocabulary().checklist_domains)
    some_texts = {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
    file = datafile.read(OFFERS)
    faults = datafile.check(
        file,
        {
            "type": "object",
            "properties": dict.fromkeys(domains, some_texts),
            "required": domains,
            "additionalProperties": False,
        },
    )
    if faults:
        raise datafile.ContentError(faults)
    return MappingProxyType({domain: tuple(file.data[domain]) for domain in domains})


def load(folder: Path = FOLDER) -> list[InstrumentSource]:
    """All instruments in `folder`, by sector and version.

    Raises datafile.ContentError with every fault of every file, also when there is no file at all.
    """
    faults: list[datafile.Fault] = []
    files: list[datafile.DataFile] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            files.append(datafile.read(path))
        except datafile.ContentError as error:
            faults.extend(error.faults)
    if not files and not faults:
        raise datafile.ContentError([datafile.Fault(folder.name, 1, "hier staat geen enkele checklist (*.yaml)")])
    schema = _schema()
    sources = []
    versions: dict[tuple[str, str], str] = {}
    for file in files:
        found = datafile.check(file, schema)
        if not found:
            found = list(_own_faults(file))
            version = (file.data["instrument"], file.data["version"])
            if version in versions:
                message = f"versie {version[1]} van {version[0]} staat ook in {versions[version]}"
                found.append(file.fault(("version",), message))
            versions.setdefault(version, file.name)
        faults.extend(found)
        if not found:
            sources.append(_source(file))
    if faults:
        raise datafile.ContentError(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.message)))
    return sorted(sources, key=lambda source: source.order)


def _own_faults(file: datafile.DataFile) -> Iterator[datafile.Fault]:
    words = vocabulary()
    domains = [domain["domain"] for domain in file.data["domains"]]
    if domains != list(words.checklist_domains):
        message = f"'domains': moeten alle zes, in deze volgorde: {', '.join(words.checklist_domains)}"
        yield file.fault(("domains",), message)
    codes: dict[str, int] = {}
    texts: dict[str, int] = {}
    asked: set[str] = set()
    for number, domain in enumerate(file.data["domains"]):
        for index, item in enumerate(domain["items"]):
            path = ("domains", number, "items", index)
            asked.update(item["topics"])
            for key, value, seen in (("item", item["item"], codes), ("text", _one_line(item["text"]), texts)):
                fault = file.fault((*path, key), "")
                if value in seen:
                    message = f"'{key}': {value!r} staat er dubbel; ook op regel {seen[value]}"
                    yield datafile.Fault(fault.file, fault.line, message)
                seen.setdefault(value, fault.line)
    for topic in words.topics.values():
        if topic.id not in asked:
            yield file.fault(("domains",), f"geen enkel item vraagt naar {topic.id!r} ({topic.label})")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _source(file: datafile.DataFile) -> InstrumentSource:
    data = file.data
    return InstrumentSource(
        file=file.name,
        sector=data["instrument"],
        version=data["version"],
        title=_one_line(data["title"]),
        intros={domain["domain"]: _one_line(domain["intro"]) for domain in data["domains"]},
        items=tuple(
            ItemSource(
                code=item["item"],
                domain=domain["domain"],
                text=_one_line(item["text"]),
                help=_one_line(item["help"]),
                topics=tuple(item["topics"]),
            )
            for domain in data["domains"]
            for item in domain["items"]
        ),
        sha256=hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    )


def _schema() -> dict[str, Any]:
    words = vocabulary()
    text = {"type": "string", "pattern": r"\S"}
    properties = {
        "item": {"type": "string", "pattern": IDENTIFIER, "maxLength": 80},
        "topics": {"type": "array", "items": {"enum": list(words.topics)}, "minItems": 1, "uniqueItems": True},
        "text": text,
        "help": text,
    }
    item = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    chapter = {
        "domain": {"enum": list(words.checklist_domains)},
        "intro": text,
        "items": {"type": "array", "items": item, "minItems": 1},
    }
    domain = {"type": "object", "properties": chapter, "required": list(chapter), "additionalProperties": False}
    top = {
        "instrument": {"enum": list(words.sectors)},
        "version": {"type": "string", "pattern": VERSION, "maxLength": 20},
        "title": {**text, "maxLength": 200},
        "domains": {"type": "array", "items": domain, "minItems": 1},
    }
    return {"type": "object", "properties": top, "required": list(top), "additionalProperties": False}
