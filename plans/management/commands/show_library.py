"""`show_library --json`: prints the advice library."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.library import library
from welbevinden.datafile import ContentError


class Command(BaseCommand):
    help = "Toont de adviezen waaruit plannen worden gemaakt."
    requires_system_checks = []  # the faults of the library are told below, with file and line

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="als JSON, met niets anders op stdout")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        try:
            found = library()
        except ContentError as error:
            raise CommandError(f"De bibliotheek kan niet worden gelezen.\n{error}") from error
        if as_json:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
            return
        for advice in found.advice.values():
            self.stdout.write(f"{advice.id}: {', '.join(advice.title.values())}")
