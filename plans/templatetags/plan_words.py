"""Small words of the plan's pages: `{% load plan_words %}`."""

import uuid
from collections.abc import Mapping, Sequence
from typing import TypeVar

from django import template

from checklist.enums import NoScore, Score

register = template.Library()
T = TypeVar("T")


@register.filter
def score_word(score: int | str | None) -> str:
    """What a checklist answer is called; empty for an item without one."""
    if isinstance(score, int):
        return str(Score(score).label)
    return str(NoScore(score).label) if score else ""


@register.filter
def uuid_for(base: uuid.UUID, name: str) -> uuid.UUID:
    """One client-made id per form on a page, from the id of the page."""
    return uuid.uuid5(base, name)


@register.filter
def of_section(found: Mapping[str, Sequence[T]], section: str) -> Sequence[T]:
    """What belongs to one section of the plan; nothing is an empty list."""
    return found.get(section, ())
