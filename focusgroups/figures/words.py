"""Lists and long texts in a sentence."""

from collections.abc import Sequence

from django.utils.translation import gettext as _


def joined(words: Sequence[str]) -> str:
    """A list in a sentence: "a, b en c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s en %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def short(text: str, length: int = 60) -> str:
    """The text on one line, cut where it is longer than `length` characters."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
