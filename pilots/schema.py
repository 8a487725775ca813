"""The JSON Schema of the trajectory file, with the ids of the vocabulary filled in, and its faults in Dutch. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from pilots.registry import FileFault
from pilots.vocabulary import vocabulary

SCHEMA = Path(__file__).parent / "trajectory.schema.json"
TEAM_ROLES = ("gsa", "researcher", "director", "coordinator")
VOICES = ("checklist",)

# Fixed words that are no content: the states and kinds that the applications' own enums name.
_FIXED: Mapping[str, tuple[str, ...]] = {
    "team_roles": TEAM_ROLES,
    "works_with": ("gezonde-school", "other", "none"),
    "interview_modes": ("interview", "self"),
    "ranking_methods": ("order", "points", "tally", "consensus"),
    "plan_states": ("draft", "released", "superseded"),
    "action_states": ("open", "chosen", "started", "done", "stopped"),
    "journal_kinds": ("pause", "note"),
}

_formats = FormatChecker(formats=())


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    """YYYY-MM-DD of a day that exists, or empty; `fromisoformat` alone takes week numbers as well."""
    return not isinstance(value, str) or not value or date.fromisoformat(value).isoformat() == value


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    """A moment with its distance from UTC, or empty."""
    return not isinstance(value, str) or not value or datetime.fromisoformat(value).tzinfo is not None


def subjects_of_quotes() -> list[str]:
    """What a quote of an evaluation can be about: everything that the interview speaks of, and its parts as a whole."""
    words = vocabulary()
    parts = ("improvements", "outcomes", "components", "interventions", "promoting", "hindering")
    return list(
        dict.fromkeys(
            [
                *words.evaluation_questions,
                *words.improvement_areas,
                *words.pilot_components,
                *words.observed_outcomes,
                *words.promoting_factors,
                *words.hindering_factors,
                *parts,
                *words.sections,
                *words.themes,
                *words.topics,
            ]
        )
    )


def _ids(name: str) -> list[str]:
    words = vocabulary()
    if name in _FIXED:
        return list(_FIXED[name])
    lists: dict[str, Any] = {
        "people": words.owners,
        "voices": (*VOICES, *words.focus_group_kinds),
        "evaluation_subjects": subjects_of_quotes(),
        "steps": [str(number) for number in words.steps],
        "promoting_factors": (*words.promoting_factors, "other"),
        "hindering_factors": (*words.hindering_factors, "other"),
    }
    return list(lists[name] if name in lists else getattr(words, name))


@cache
def trajectory_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) that an import validates with. The cached object itself: do not change it."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    _fill(schema)
    return schema


def _fill(part: Any) -> None:
    if isinstance(part, dict):
        if "x-vocabulary" in part:
            # Where nothing has to stand, null and empty are as good as absent.
            part["enum"] = [*_ids(part["x-vocabulary"]), *(["", None] if "null" in part.get("type", ()) else [])]
        for value in part.values():
            _fill(value)
    elif isinstance(part, list):
        for value in part:
            _fill(value)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(trajectory_schema(), format_checker=_formats)


def schema_faults(data: Any) -> list[FileFault]:
    """Everything in `data` (a parsed trajectory file) that the schema refuses, one fault for each place."""
    found: dict[tuple[str | int, ...], FileFault] = {}
    for error in _validator().iter_errors(data):
        for fault in _faults(error):
            found.setdefault(fault.path, fault)
    return list(found.values())


def shown(value: object) -> str:
    """A value as it stands in JSON, on one line and short enough for a sentence."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= 80 else text[:80] + "…"


def _faults(error: ValidationError) -> Iterator[FileFault]:
    path = tuple(error.absolute_path)
    # Set on every error that a validator yields; typed as if they might not be.
    limit: Any = error.validator_value
    schema: Any = error.schema
    value: Any = error.instance
    match error.validator:
        case "required":
            for key in limit:
                if key not in value:
                    yield FileFault((*path, key), "ontbreekt; deze sleutel is verplicht")
        case "additionalProperties":
            known = schema.get("properties", {})
            for key in value:
                if key not in known:
                    yield FileFault((*path, key), f"onbekende sleutel; wel kan: {', '.join(known)}")
        case _ if "propertyNames" in error.absolute_schema_path:
            yield FileFault((*path, value), f"onbekende sleutel; wel kan: {_listed(limit)}")
        case _:
            yield FileFault(path, _say(error))


_TYPES = {
    "string": "tekst",
    "integer": "een heel getal",
    "number": "een getal",
    "boolean": "true of false",
    "object": "een object",
    "array": "een lijst",
    "null": "null",
}


def _say(error: ValidationError) -> str:
    limit: Any = error.validator_value
    value: Any = error.instance
    match error.validator:
        case "type":
            wanted = [limit] if isinstance(limit, str) else limit
            allowed = " of ".join(_TYPES[each] for each in wanted)
            return f"{shown(value)} is niet de juiste soort; wel kan: {allowed}"
        case "enum":
            return f"{shown(value)} is onbekend; wel kan: {_listed(limit)}"
        case "const":
            return f"{shown(value)} kan hier niet; wel kan: {shown(limit)}"
        case "minimum":
            return f"{shown(value)} is te laag; wel kan: {limit} of meer"
        case "maximum":
            return f"{shown(value)} is te hoog; wel kan: {limit} of minder"
        case "minLength":
            return f"is leeg; wel kan: minstens {limit} teken"
        case "maxLength":
            return f"is {len(value)} tekens lang; wel kan: hoogstens {limit} tekens"
        case "minItems" | "maxItems" if limit:
            return f"heeft {len(value)} waarden; wel kan: precies {limit}"
        case "maxItems" | "maxProperties":
            return "hoort niet bij deze manier van tellen; wel kan: leeg"
        case "pattern":
            return f"{shown(value)} heeft niet de juiste vorm; wel kan: {_FORMS[limit]}"
        case "format" if limit == "date":
            return f"{shown(value)} is geen datum; wel kan: een bestaande dag als 2026-11-22"
        case "format":
            return f"{shown(value)} is geen tijdstip; wel kan: bijvoorbeeld 2026-11-22T14:03:00+01:00"
        case _:
            return f"past niet in het schema: {error.message}"


_FORMS = {
    "^[0-9]{4}-[0-9]{4}$": "een schooljaar als 2026-2027",
    "^([0-9]{2}[A-Z]{2})?$": "twee cijfers en twee hoofdletters, zoals 12AB",
    "^([0-9]{2})?$": "twee cijfers, zoals 00",
    "^[0-9a-f]*$": "cijfers en de letters a tot en met f",
    "^([0-9]{4})?$": "vier cijfers, zoals 0503",
}


def _listed(values: Sequence[object]) -> str:
    return ", ".join("null" if value is None else str(value) for value in values if value != "")
