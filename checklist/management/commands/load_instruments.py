"""Publishes the checklists that come with the application."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from checklist.actions import FrozenInstrumentError, publish_instruments
from checklist.loading import FOLDER, load
from welbevinden.datafile import ContentError


class Command(BaseCommand):
    help = "Publiceer nieuwe versies van de checklist. Een versie die er al staat, blijft zoals zij is."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER, help="map met de bestanden (*.yaml)")
        parser.add_argument(
            "--replace-unused",
            action="store_true",
            help="vervang een gewijzigde versie die nog niet is gebruikt (alleen bij ontwikkeling en demo)",
        )

    def handle(self, *args: Any, folder: Path, replace_unused: bool, **options: Any) -> None:
        if replace_unused and not (settings.DEBUG or settings.DEMO):
            raise CommandError("--replace-unused kan alleen bij ontwikkeling en in de demo (DEBUG of DEMO).")
        try:
            published = publish_instruments(load(folder), replace_unused=replace_unused)
        except ContentError as error:
            raise CommandError(f"De checklist kan niet worden gelezen.\n{error}") from error
        except FrozenInstrumentError as error:
            raise CommandError(str(error)) from error
        for instrument in published:
            self.stdout.write(f"Checklist {instrument.sector} {instrument.version} is gepubliceerd.")
