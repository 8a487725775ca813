"""Fills what the dashboard counts from, where an installation holds data from before it was kept."""

from typing import Any

from django.core.management import BaseCommand

from checklist.snapshots import fill_section_scores
from focusgroups.snapshots import fill_named_themes


class Command(BaseCommand):
    help = "Telt wat nog niet geteld is: scores per onderdeel en genoemde thema's. Meestal is er niets te doen."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for what, count in (
            ("scores van de checklist", fill_section_scores()),
            ("thema's van de focusgroepen", fill_named_themes()),
        ):
            if count:
                self.stderr.write(f"Geteld: {what} van {count} {'traject' if count == 1 else 'trajecten'}")
