"""The partners around a school as a drawing: `{% load partner_drawing %}{% partner_drawing present missing %}`.

Server-rendered, with explicit fills, so that it serves page and PDF alike; the list with the same words stands beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from textwrap import wrap
from typing import Any

from django import template

register = template.Library()

WIDTH = 880  # units of the drawing
ROW = 44  # the height that one partner takes
ROWS_AT_LEAST = 4
LETTERS = 34  # of a name on one line


@dataclass(frozen=True, slots=True)
class Dot:
    """One partner: its place on the ring and the lines of its name."""

    x: float
    y: float
    text_x: float
    rows: tuple[tuple[float, str], ...]


def _side(names: Sequence[str], radius: float, *, right: bool) -> list[Dot]:
    """The names on one half of a ring around the middle, at equal heights."""
    dots = []
    for place, name in enumerate(names):
        y = ((place + 0.5) / len(names) * 2 - 1) * radius * 0.92
        x = sqrt(radius**2 - y**2) * (1 if right else -1)
        rows = wrap(name, LETTERS)[:2]
        top = y + 5 - (len(rows) - 1) * 8
        dots.append(
            Dot(
                x=round(x, 1),
                y=round(y, 1),
                text_x=round(x + (18 if right else -18), 1),
                rows=tuple((round(top + 17 * number, 1), words) for number, words in enumerate(rows)),
            )
        )
    return dots


@register.inclusion_tag("components/partner_drawing.html")
def partner_drawing(present: Sequence[str], missing: Sequence[str]) -> dict[str, Any]:
    """Who is in on the left with a full line to the school, who is missing on the right with a broken one."""
    rows = max(len(present), len(missing), ROWS_AT_LEAST)
    radius = min(rows * ROW / 2, 190) if rows <= 9 else rows * ROW / 2
    height = round(radius * 2 + 76)
    return {
        "present": _side(present, radius, right=False),
        "missing": _side(missing, radius, right=True),
        "radius": radius,
        "left": -WIDTH / 2,
        "top": -radius - 58,
        "head": -radius - 30,
        "width": WIDTH,
        "height": height,
        "names_present": present,
        "names_missing": missing,
    }
