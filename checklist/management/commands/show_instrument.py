"""Prints the published checklist of a sector."""

import argparse
import json
from typing import Any

from django.core.management import BaseCommand, CommandError

from checklist.models import Instrument
from pilots.enums import Sector
from pilots.vocabulary import vocabulary


class Command(BaseCommand):
    help = "Toon de checklist die nieuwe gesprekken in een sector gebruiken."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("sector", choices=Sector.values)
        parser.add_argument("--json", action="store_true", help="als JSON, met niets anders op stdout")

    def handle(self, *args: Any, sector: str, json: bool, **options: Any) -> None:
        try:
            instrument = Instrument.objects.newest_for(sector)
        except Instrument.DoesNotExist as error:
            raise CommandError(
                f"Voor {sector} is nog geen checklist gepubliceerd; dat doet: load_instruments"
            ) from error
        self.stdout.write(as_json(instrument) if json else as_text(instrument))


def as_json(instrument: Instrument) -> str:
    """The instrument in the form that the contract of the application names."""
    items = [
        {"item": item.code, "domain": item.domain, "topics": item.topics, "text": item.text}
        for item in instrument.items.all()
    ]
    whole = {"instrument": instrument.sector, "version": instrument.version, "items": items}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_text(instrument: Instrument) -> str:
    """The instrument to read: its statements under their domains."""
    lines = [str(instrument)]
    domain = ""
    for item in instrument.items.all():
        if item.domain != domain:
            domain = item.domain
            lines += ["", vocabulary().checklist_domains[domain]]
        lines.append(f"  {item.position}. {item.text}")
    return "\n".join(lines)
