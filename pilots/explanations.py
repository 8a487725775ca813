"""Pages that explain: what a word means, how to lead a session, what a good example looks like. Pure.

The words are content, one YAML file per page; here they are read strictly and given as frozen values.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from welbevinden import datafile

FOLDER = Path(__file__).parent / "content" / "explanations"
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_TEXTS: dict[str, Any] = {"type": "array", "minItems": 1, "items": _TEXT}


def _only(*keys: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(keys or properties),
        "additionalProperties": False,
    }


SCHEMA = _only(
    order={"type": "integer"},
    title=_TEXT,
    lead=_TEXT,
    parts={
        "type": "array",
        "minItems": 1,
        "items": _only(
            heading=_TEXT,
            text={
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": ["string", "object"],
                    "properties": {
                        "list": _TEXTS,
                        "steps": _TEXTS,
                        "example": _only(sector={"enum": ["PO", "VO"]}, title=_TEXT, text=_TEXTS),
                    },
                    "additionalProperties": False,
                    "minProperties": 1,
                    "maxProperties": 1,
                },
            },
        ),
    },
    see={"type": "array", "items": _TEXT},
)


@dataclass(frozen=True, slots=True)
class Point:
    """An entry of a list: what is printed bold first, and the rest."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a part. kind: paragraph, list, steps or example; sector and title are those of an example."""

    kind: str
    points: tuple[Point, ...]
    sector: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one heading."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A page: its name in the address, title, what it is about in a sentence or two, and the pages to read next."""

    slug: str
    title: str
    lead: str
    parts: tuple[Part, ...]
    see: tuple[str, ...]


@cache
def explanations() -> Mapping[str, Explanation]:
    """All pages by name, in their order.

    Raises datafile.ContentError with every fault of every file.
    """
    files = {path.stem: datafile.read(path) for path in sorted(FOLDER.glob("*.yaml"))}
    faults = [fault for file in files.values() for fault in datafile.check(file, SCHEMA)]
    if not faults:
        faults = [
            file.fault(("see", place), f"{name!r} is geen bladzijde met uitleg")
            for file in files.values()
            for place, name in enumerate(file.data["see"])
            if name not in files
        ]
    if faults:
        raise datafile.ContentError(faults)
    ordered = sorted(files.items(), key=lambda each: each[1].data["order"])
    return MappingProxyType({slug: _explanation(slug, file.data) for slug, file in ordered})


def _explanation(slug: str, data: dict[str, Any]) -> Explanation:
    return Explanation(
        slug=slug,
        title=data["title"],
        lead=data["lead"],
        parts=tuple(Part(part["heading"], tuple(_block(each) for each in part["text"])) for part in data["parts"]),
        see=tuple(data["see"]),
    )


def _block(value: str | dict[str, Any]) -> Block:
    if isinstance(value, str):
        return Block("paragraph", (_point(value),))
    kind, inside = next(iter(value.items()))
    if kind == "example":
        points = tuple(_point(each) for each in inside["text"])
        return Block(kind, points, sector=inside["sector"], title=inside["title"])
    return Block(kind, tuple(_point(each) for each in inside))


def _point(text: str) -> Point:
    """Words between two stars at the start of a text are its head."""
    found = re.match(r"\*\*(.+?)\*\* *", text)
    return Point(found.group(1), text[found.end() :]) if found else Point("", text)
