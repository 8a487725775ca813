"""Which GGD region a municipality belongs to. Pure; the table is content (state about 2023–2025)."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

CONTENT = Path(__file__).parent / "content" / "municipalities.csv"


@cache
def regions() -> Mapping[str, str]:
    """CBS municipality number (four digits) → name of its GGD region without "GGD"."""
    with CONTENT.open(encoding="utf-8", newline="") as file:
        return {
            row["GEMEENTENUMMER"].zfill(4): row["GGD_NAAM"].removeprefix("GGD ").strip()
            for row in csv.DictReader(file, delimiter=";")
        }


def region_of(municipality: str) -> str | None:
    """The region of a municipality number; None when the number is empty or unknown."""
    return regions().get(municipality)


def municipalities_of(region: str) -> tuple[str, ...]:
    """The municipality numbers of a region, written with or without "GGD" in front; empty when unknown."""
    wanted = region.strip().casefold().removeprefix("ggd ").strip()
    return tuple(number for number, name in regions().items() if name.casefold() == wanted)
