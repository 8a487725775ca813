"""The text of a mail on a page: as it was written, with links that can be pressed."""

import re

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

LINK = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)])")


@register.filter
def mail_text(text: str) -> SafeString:
    """Paragraphs and line ends kept; only addresses of http and https become links."""
    paragraphs = re.split(r"\n{2,}", text.strip())
    return format_html_join("", "<p>{}</p>", ((_lines(each),) for each in paragraphs))


def _lines(paragraph: str) -> SafeString:
    lines = []
    for line in paragraph.split("\n"):
        parts = [
            format_html('<a href="{}" rel="nofollow">{}</a>', part, part) if LINK.fullmatch(part) else escape(part)
            for part in LINK.split(line)
        ]
        lines.append(SafeString("".join(parts)))
    return SafeString("<br>".join(lines))
