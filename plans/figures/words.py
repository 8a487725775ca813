"""Words of a plan: names that are left out, and ids as the sector says them."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.utils.translation import gettext as _

from pilots.vocabulary import vocabulary
from plans.generator.texts import wording

NAME_LEFT_OUT = "[naam weggelaten]"
T = TypeVar("T")


def masked(value: T, names: Sequence[str]) -> T:
    """`value` (text, or lists and dicts of it) without `names`; keys stay."""
    if not names:
        return value
    return _masked(value, _names_pattern(tuple(names)))


def _masked(value: T, pattern: re.Pattern[str]) -> T:
    return cast("T", _without(value, pattern))


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(NAME_LEFT_OUT, value)
    if isinstance(value, Mapping):
        return {key: _without(each, pattern) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_without(each, pattern) for each in value)
    return value


@lru_cache(maxsize=64)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in longest_first) + r")(?!\w)")


def topic_words(topic: str, sector: str) -> str:
    """A topic's label as this sector says it (P16)."""
    found = vocabulary().topics.get(topic)
    return wording(found.label, sector) if found else topic


def person_words(person: str, sector: str) -> str:
    """A role, stakeholder or partner as this sector says it; an unknown id as it is."""
    try:
        return vocabulary().person(person, sector)
    except KeyError:
        return person


def voice_words(voice: str) -> str:
    """The checklist or a kind of group."""
    return _("Checklist") if voice == "checklist" else vocabulary().focus_group_kinds.get(voice, voice)
