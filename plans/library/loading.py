"""Reads the library's files and finds every fault in them, each with file and line."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pilots.vocabulary import Vocabulary, vocabulary
from plans.library.model import Advice, Intervention, Library, Recognition, When
from welbevinden import datafile

LANGUAGE_LOADS = ("low", "medium", "high")
NEWCOMERS = ("made-for", "has-version", "suits", "general")
LEVELS = ("class", "school", "team", "group", "parents")
WORKS_WITH = ("gezonde-school", "other", "none")
TEXTS = ("title", "text", "first_step", "sign", "period", "pitfall")
TITLE_LENGTH = 90
IDENTIFIER = "^[a-z0-9]+(-[a-z0-9]+)*$"


@cache
def library() -> Library:
    """The library that comes with the application, read once per process.

    Raises datafile.ContentError with all its faults when a file cannot be used.
    """
    return load(Path(__file__).parent)


def load(folder: Path) -> Library:
    """The library in `folder`: `interventions.yaml` and every `advice/*.yaml`.

    Raises datafile.ContentError with every fault of every file.
    """
    faults: list[datafile.Fault] = []
    files: list[datafile.DataFile] = []
    for path in (folder / "interventions.yaml", *sorted((folder / "advice").glob("*.yaml"))):
        try:
            files.append(datafile.read(path))
        except datafile.ContentError as error:
            faults.extend(error.faults)
        except FileNotFoundError:
            faults.append(datafile.Fault(path.name, 1, "dit bestand is er niet"))
    if faults:
        raise datafile.ContentError(faults)
    programmes, *advices = files
    words = vocabulary()
    faults += datafile.check(programmes, _intervention_schema(words))
    for file in advices:
        faults += datafile.check(file, _advice_schema(words))
    known = set(programmes.data) if isinstance(programmes.data, dict) else set()
    for file in advices:
        faults += _unknown_interventions(file, known)
    if faults:
        raise datafile.ContentError(_in_order(faults))
    interventions = {key: _intervention(key, entry) for key, entry in programmes.data.items()}
    faults += _intervention_faults(programmes, words)
    faults += _advice_faults(advices, words)
    if faults:
        raise datafile.ContentError(_in_order(faults))
    entries = [entry for file in advices for entry in file.data or []]
    return Library(
        advice=MappingProxyType({entry["advice"]: _advice(entry) for entry in entries}),
        interventions=MappingProxyType(interventions),
    )


def _in_order(faults: list[datafile.Fault]) -> list[datafile.Fault]:
    return sorted(faults, key=lambda fault: (fault.file, fault.line, fault.message))


def _unknown_interventions(file: datafile.DataFile, known: set[Any]) -> Iterator[datafile.Fault]:
    # Apart from the schema, so that a file with faults of shape still hears of the ids that do not exist.
    for index, entry in enumerate(file.data if isinstance(file.data, list) else []):
        listed = entry.get("interventions") if isinstance(entry, dict) else None
        for position, intervention in enumerate(listed if isinstance(listed, list) else []):
            if not isinstance(intervention, str) or intervention not in known:
                message = f"{intervention!r} staat niet in interventions.yaml"
                yield file.fault((index, "interventions", position), message)


def _intervention_faults(file: datafile.DataFile, words: Vocabulary) -> Iterator[datafile.Fault]:
    for key, entry in file.data.items():
        if entry["ages"][0] > entry["ages"][1]:
            yield file.fault((key, "ages"), "de laagste leeftijd staat voorop")
        for setting in entry.get("not_in", []):
            if not set(words.settings[setting].sectors) & set(entry["sectors"]):
                yield file.fault((key, "not_in"), f"{setting!r} bestaat niet in {' of '.join(entry['sectors'])}")


def _advice_faults(files: list[datafile.DataFile], words: Vocabulary) -> Iterator[datafile.Fault]:
    seen: dict[str, str] = {}
    first: set[tuple[str, str]] = set()
    for file in files:
        section = Path(file.name).stem
        for index, entry in enumerate(file.data or []):
            line = file.lines.get((index, "advice"), 1)
            if entry["advice"] in seen:
                yield file.fault((index, "advice"), f"{entry['advice']!r} staat ook in {seen[entry['advice']]}")
            seen.setdefault(entry["advice"], f"{file.name}:{line}")
            if words.topics[entry["topics"][0]].section != section:
                message = f"het eerste onderwerp ({entry['topics'][0]!r}) hoort niet in {section}.yaml"
                yield file.fault((index, "topics"), message)
            yield from _text_faults(file, index, entry)
            yield from _setting_faults(file, index, entry, words)
            if entry.get("order", 1) == 1 and not entry.get("settings") and not entry.get("when"):
                first |= {(entry["topics"][0], sector) for sector in entry["sectors"]}
    for topic in words.topics.values():
        for sector in words.sectors:
            if topic.twin_of is None and (topic.id, sector) not in first:
                message = f"geen eerste advies (order 1, zonder settings en when) voor {topic.id!r} in {sector}"
                yield datafile.Fault(f"advice/{topic.section}.yaml", 1, message)


def _text_faults(file: datafile.DataFile, index: int, entry: dict[str, Any]) -> Iterator[datafile.Fault]:
    texts = TEXTS if entry.get("order", 1) > 1 and "keep" not in entry else (*TEXTS, "keep")
    for key in texts:
        given = set(entry.get(key, {}))
        for sector in sorted(set(entry["sectors"]) - given):
            yield file.fault((index, key), f"'{key}': de tekst voor {sector} ontbreekt")
        for sector in sorted(given - set(entry["sectors"])):
            yield file.fault((index, key), f"'{key}': {sector} staat niet in sectors")
    for sector, title in entry["title"].items():
        if title.endswith("."):
            yield file.fault((index, "title", sector), "'title': zonder punt aan het eind")


def _setting_faults(
    file: datafile.DataFile, index: int, entry: dict[str, Any], words: Vocabulary
) -> Iterator[datafile.Fault]:
    possible = {sector for setting in entry.get("settings", []) for sector in words.settings[setting].sectors}
    for setting in entry.get("settings", []):
        if not set(words.settings[setting].sectors) & set(entry["sectors"]):
            yield file.fault((index, "settings"), f"{setting!r} bestaat niet in {' of '.join(entry['sectors'])}")
    if possible:
        for sector in sorted(set(entry["sectors"]) - possible):
            yield file.fault((index, "sectors"), f"geen van de settings bestaat in {sector}")


def _advice(entry: dict[str, Any]) -> Advice:
    when = entry.get("when", {})
    return Advice(
        id=entry["advice"],
        topics=tuple(entry["topics"]),
        sectors=tuple(entry["sectors"]),
        settings=tuple(entry.get("settings", [])),
        when=When(when.get("low_dutch"), when.get("unaccompanied_minors"), tuple(when.get("works_with", []))),
        order=entry.get("order", 1),
        title=_stripped(entry["title"]),
        text=_stripped(entry["text"]),
        first_step=_stripped(entry["first_step"]),
        sign=_stripped(entry["sign"]),
        period=_stripped(entry["period"]),
        pitfall=_stripped(entry["pitfall"]),
        keep=_stripped(entry.get("keep", {})),
        owner=entry["owner"],
        partners=tuple(entry.get("partners", [])),
        support=tuple(entry.get("support", [])),
        interventions=tuple(entry.get("interventions", [])),
        load=entry.get("load", 0),
    )


def _stripped(texts: dict[str, str]) -> Mapping[str, str]:
    # Folded YAML texts end in a line break that no reader should see.
    return MappingProxyType({sector: text.strip() for sector, text in texts.items()})


def _intervention(key: str, entry: dict[str, Any]) -> Intervention:
    recognition = entry["recognition"]
    return Intervention(
        id=key,
        name=entry["name"],
        sectors=tuple(entry["sectors"]),
        ages=(entry["ages"][0], entry["ages"][1]),
        language_load=entry["language_load"],
        levels=tuple(entry["levels"]),
        newcomers=entry["newcomers"],
        newcomers_note=entry.get("newcomers_note", ""),
        delivered_by=entry["delivered_by"],
        recognition=Recognition(
            status=recognition["status"],
            since=recognition.get("since"),
            recognised_for=recognition.get("recognised_for", ""),
            note=recognition.get("note", ""),
            checked_on=str(recognition["checked_on"]),
        ),
        partly=entry["partly"],
        not_in=tuple(entry.get("not_in", [])),
        topics=tuple(entry["topics"]),
        experience=entry.get("experience", ""),
    )


def _several(ids: Any, least: int = 0, most: int | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "array", "items": {"enum": list(ids)}, "minItems": least, "uniqueItems": True}
    return schema if most is None else {**schema, "maxItems": most}


def _advice_schema(words: Vocabulary) -> dict[str, Any]:
    def by_sector(longest: int | None = None) -> dict[str, Any]:
        text: dict[str, Any] = {"type": "string", "pattern": r"\S"}
        if longest:
            text["maxLength"] = longest
        return {
            "type": "object",
            "properties": dict.fromkeys(words.sectors, text),
            "additionalProperties": False,
            "minProperties": 1,
        }

    when = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "low_dutch": {"type": "boolean"},
            "unaccompanied_minors": {"type": "boolean"},
            "works_with": _several(WORKS_WITH, 1),
        },
    }
    properties = {
        "advice": {"type": "string", "pattern": IDENTIFIER},
        "topics": _several(words.topics, 1, 3),
        "sectors": _several(words.sectors, 1),
        "settings": _several(words.settings),
        "when": when,
        "order": {"type": "integer", "minimum": 1},
        "title": by_sector(TITLE_LENGTH),
        "text": by_sector(),
        "first_step": by_sector(),
        "sign": by_sector(),
        "period": by_sector(),
        "owner": {"enum": list(words.owners)},
        "partners": _several(words.helpers),
        "support": _several(words.support_components),
        "interventions": {"type": "array", "uniqueItems": True},
        "load": {"type": "integer", "minimum": 0, "maximum": 2},
        "pitfall": by_sector(),
        "keep": by_sector(),
    }
    required = ["advice", "topics", "sectors", "title", "text", "first_step", "sign", "period", "owner", "pitfall"]
    entry = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"type": "array", "items": entry, "minItems": 1}


def _intervention_schema(words: Vocabulary) -> dict[str, Any]:
    text = {"type": "string", "pattern": r"\S"}
    recognition = {
        "type": "object",
        "properties": {
            "status": text,
            "since": {"type": "integer"},
            "recognised_for": text,
            "note": text,
            "checked_on": {},  # YAML makes a date of it, which JSON Schema has no type for
        },
        "required": ["status", "checked_on"],
        "additionalProperties": False,
    }
    properties = {
        "name": text,
        "sectors": _several(words.sectors, 1),
        "ages": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
        "language_load": {"enum": [*LANGUAGE_LOADS, None]},
        "levels": _several(LEVELS, 1),
        "newcomers": {"enum": list(NEWCOMERS)},
        "newcomers_note": text,
        "delivered_by": text,
        "recognition": recognition,
        "partly": {"type": "boolean"},
        "not_in": _several(words.settings),
        "topics": _several(words.topics, 1),
        "experience": text,
    }
    optional = {"newcomers_note", "not_in", "experience"}
    entry = {
        "type": "object",
        "properties": properties,
        "required": [key for key in properties if key not in optional],
        "additionalProperties": False,
    }
    return {"type": "object", "additionalProperties": entry, "propertyNames": {"pattern": IDENTIFIER}}
