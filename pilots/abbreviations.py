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


def used_in(text: str) -> dict[str, str]:
    """The abbreviations that stand in `text` as whole words (also "GSA's"), with their meaning, in file order."""
    return {
        short: meaning
        for short, meaning in abbreviations().items()
        # Whether it is there at all is found much faster than whether it is a word of its own.
        if short in text and re.search(rf"(?<!\w){re.escape(short)}(?!\w)", text)
    }
