"""The JSON Schema of the plan object, with the ids of the vocabulary filled in."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pilots.vocabulary import vocabulary
from plans.generator.signals import CHECKLIST

SCHEMA = Path(__file__).parent / "plan.schema.json"


# What an entry cannot do without: what it is, or what it is about.
_ESSENTIAL = frozenset({"version", "section", "topic", "label", "source", "item", "option", "idea", "fact", "rule"})


@cache
def plan_schema(*, complete: bool = True) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the plan object: what `Plan.as_json` gives.

    `complete` false gives the schema of a plan in a file from elsewhere, where what is absent is null or empty.
    The cached object itself: copy it before changing anything.
    """
    words = vocabulary()
    schema: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    ids = {
        "topic": words.topics,
        "section": words.sections,
        "role": words.roles,
        "owner": words.owners,
        "partner": words.helpers,
        "support": words.support_components,
        "kind": words.focus_group_kinds,
        "voice": (CHECKLIST, *words.focus_group_kinds),
    }
    for name, known in ids.items():
        schema["$defs"][name] = {"enum": list(known)}
    # Always all seven sections, in the order of the vocabulary.
    sections = schema["properties"]["sections"]
    whole = sections.pop("items")
    sections["prefixItems"] = [{**whole, "properties": {"section": {"const": each}}} for each in words.sections]
    sections["minItems"] = sections["maxItems"] = len(words.sections)
    if not complete:
        _loosen(schema)
    return schema


def _loosen(schema: Any) -> None:
    if isinstance(schema, list):
        for each in schema:
            _loosen(each)
    elif isinstance(schema, dict):
        if isinstance(schema.get("required"), list):
            schema["required"] = [key for key in schema["required"] if key in _ESSENTIAL]
        for key, each in schema.items():
            if key != "required":
                _loosen(each)
