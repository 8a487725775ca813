"""Filters of the PDF template."""

from collections.abc import Iterable, Mapping
from datetime import date

from django import template

register = template.Library()


@register.filter
def iso_date(value: str) -> date:
    """`2026-11-22` as a date, for the filter `date`."""
    return date.fromisoformat(value)


@register.filter
def need_width(need: float) -> int:
    """Need 0..1 as the width of a bar of 100."""
    return max(3, round(need * 100))


@register.filter
def names(partners: Iterable[Mapping[str, str]]) -> list[str]:
    """Who stand on the partner map, by name."""
    return [each["who"] for each in partners]
