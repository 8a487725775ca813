"""Abbreviations explained on the page where they stand: `{% load abbreviations %}`."""

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from pilots.abbreviations import used_on

register = template.Library()


class Explained(template.Node):
    """Its contents as they are, and below them what the abbreviations in them mean."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        page = self.nodelist.render(context)
        used = used_on(page)
        if not used:
            return page
        # Both parts come out of templates, which have escaped what had to be.
        return mark_safe(page + render_to_string("components/abbreviations.html", {"used": used.items()}))  # noqa: S308


@register.tag
def explained(parser: Parser, token: Token) -> Explained:
    """{% explained %}…{% endexplained %}: with the meaning of the abbreviations, which a script puts in their place."""
    nodelist = parser.parse(("endexplained",))
    parser.delete_first_token()
    return Explained(nodelist)
