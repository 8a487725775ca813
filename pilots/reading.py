"""Reading a trajectory file strictly: bytes in, plain values and every fault out. Pure."""

import json
import math
from collections.abc import Iterator
from typing import Any, TypeAlias

from pilots.registry import FileFault
from pilots.schema import schema_faults, shown

Path: TypeAlias = tuple[str | int, ...]

# What an export writes about the data without being data: left unread wherever it stands.
DERIVED = frozenset({"result", "state", "coverage"})
# Where one of those words is data after all: the first key of the path, and the word.
DATA = frozenset({("partners", "state")})
# Objects whose keys are refs that people chose; there `state` can be a ref like any other.
BY_REF = frozenset({"points", "tally"})
DEEPEST = 60  # levels; the form itself goes no deeper than fifteen


class UnreadableError(ValueError):
    """The bytes are no JSON at all; the message is a Dutch sentence."""


class _Object(dict[str, Any]):
    """A JSON object that remembers which keys stood in it more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.doubles = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]  # add gives None, which is false


class _NotJson(str):
    """NaN or an infinity, which Python reads but JSON does not have."""


def read(content: bytes) -> tuple[dict[str, Any], list[FileFault]]:
    """Read a trajectory file and look for every fault of form: strict JSON and the schema.

    The values come without what an import leaves unread (`result`, `state`, `coverage`); whole numbers are `int`.
    With faults they may have any shape. Raises UnreadableError when nothing of it can be read.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"byte {error.start} is geen UTF-8 (0x{content[error.start]:02x}); wel kan: JSON in UTF-8"
        ) from error
    try:
        data = json.loads(
            text, object_pairs_hook=_Object, parse_constant=_NotJson, parse_float=_number, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        where = f"regel {error.lineno}, teken {error.colno}"
        raise UnreadableError(f"is geen JSON ({where}: {error.msg}); wel kan: JSON in UTF-8") from error
    except RecursionError as error:
        raise UnreadableError(f"gaat te diep; wel kan: hoogstens {DEEPEST} lagen") from error
    if not isinstance(data, dict):
        raise UnreadableError(f"{shown(data)[:20]} is geen object; wel kan: één traject als JSON-object")
    faults: list[FileFault] = []
    plain = _plain(data, (), faults, by_ref=False)
    if any(len(fault.path) > DEEPEST for fault in faults):
        raise UnreadableError(f"gaat te diep; wel kan: hoogstens {DEEPEST} lagen")
    wrong = {fault.path for fault in faults}
    faults += [fault for fault in schema_faults(plain) if not _within(fault.path, wrong)]
    return plain, faults


def _number(text: str) -> int | float | str:
    value = float(text)
    if math.isinf(value):
        return _NotJson(text)
    # JSON knows one kind of number: 2.0 is 2.
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _whole(text: str) -> int | str:
    return int(text) if len(text) < 19 else _NotJson(text)


def _plain(value: Any, path: Path, faults: list[FileFault], *, by_ref: bool) -> Any:
    """The value in plain types, without what is left unread; tells of all that JSON or the database cannot hold."""
    if len(path) > DEEPEST:
        faults.append(FileFault(path, "gaat te diep"))
        return None
    if isinstance(value, _Object):
        kept = {}
        faults += [
            FileFault((*path, key), "deze sleutel staat er dubbel; wel kan: elke sleutel één keer")
            for key in value.doubles
        ]
        for key, entry in value.items():
            if key in DERIVED and not by_ref and (*path[:1], key) not in DATA:
                continue
            faults += [FileFault((*path, key), f"de sleutel {message}") for message in _text_faults(key)]
            kept[key] = _plain(entry, (*path, key), faults, by_ref=key in BY_REF and not by_ref)
        return kept
    if isinstance(value, list):
        return [_plain(entry, (*path, index), faults, by_ref=False) for index, entry in enumerate(value)]
    if isinstance(value, _NotJson):
        faults.append(FileFault(path, f"{value[:40]} is geen getal dat kan; wel kan: een gewoon getal"))
        return None
    if isinstance(value, str):
        faults += [FileFault(path, message) for message in _text_faults(value)]
    return value


def _text_faults(text: str) -> Iterator[str]:
    if "\0" in text:
        yield "bevat een NUL-teken; wel kan: tekst zonder NUL"
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        yield "bevat een half teken (los surrogaat); wel kan: geldige Unicode"


def _within(path: Path, wrong: set[Path]) -> bool:
    return any(path[:length] in wrong for length in range(len(path) + 1))


def without(value: Any, wrong: set[Path], path: Path = ()) -> Any:
    """The value with null at every path in `wrong`; all else keeps its place."""
    if path in wrong:
        return None
    if isinstance(value, dict):
        return {key: without(entry, wrong, (*path, key)) for key, entry in value.items()}
    if isinstance(value, list):
        return [without(entry, wrong, (*path, index)) for index, entry in enumerate(value)]
    return value


def canonical(value: Any) -> Any:
    """The value without what means nothing: absent, null and empty are the same; false and 0 are not empty."""
    if isinstance(value, dict):
        kept = {key: canonical(entry) for key, entry in value.items()}
        return {key: entry for key, entry in kept.items() if not is_empty(entry)}
    if isinstance(value, list):
        return [canonical(entry) for entry in value]
    return value


def is_empty(value: Any) -> bool:
    """Whether a value means the same as its absence: null, "", [] or {}."""
    return value is None or value in ("", [], {})
