"""Abbreviations of the field with what they mean. Pure; the words are content."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from welbevinden import datafile

CONTENT = Path(__file__).parent / "content" / "abbreviations.yaml"


@cache
def abbreviations() -> Mapping[str, str]:
    """Abbreviation → what it means, in plain words."""
    return dict(datafile.read(CONTENT).data)


# What is no running text of a page: code, drawings, menus, and what people type or choose from.
_NO_TEXT = ("script", "style", "svg", "textarea", "select", "template", "nav")


def used_on(page: str) -> dict[str, str]:
    """The abbreviations that stand in the text of a page (HTML), as `used_in`.

    Looks only around the places where one stands: taking all tags out of a long page costs far more.
    """
    return {
        short: meaning
        for short, meaning in abbreviations().items()
        if short in page
        and any(_is_text(page, found.start()) for found in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", page))
    }


def _is_text(page: str, place: int) -> bool:
    """Whether a reader sees this place of a page as running text."""
    if page.rfind("<", 0, place) > page.rfind(">", 0, place):
        return False
    return all(page.rfind(f"<{tag}", 0, place) <= page.rfind(f"</{tag}>", 0, place) for tag in _NO_TEXT)


def used_in(text: str) -> dict[str, str]:
    """The abbreviations that stand in `text` as whole words (also "GSA's"), with their meaning, in file order."""
    return {
        short: meaning
        for short, meaning in abbreviations().items()
        # Whether it is there at all is found much faster than whether it is a word of its own.
        if short in text and re.search(rf"(?<!\w){re.escape(short)}(?!\w)", text)
    }
