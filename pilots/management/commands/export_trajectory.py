"""Writes one trajectory as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from pilots.models import Trajectory
from pilots.trajectory_files import as_bytes, export_trajectory, find


class Command(BaseCommand):
    help = "Schrijft één traject als trajectbestand."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("trajectory", metavar="ID", help="nummer of kenmerk van het traject")
        parser.add_argument("--output", metavar="FILE", help="het bestand; zonder dit komt het op het scherm")

    def handle(self, *args: Any, trajectory: str, output: str | None, **options: Any) -> None:
        try:
            found = find(trajectory)
        except Trajectory.DoesNotExist as error:
            raise CommandError(f"Er is geen traject met nummer of kenmerk {trajectory!r}.") from error
        content = as_bytes(export_trajectory(found))
        if output is None:
            self.stdout.write(content.decode(), ending="")
            return
        try:
            Path(output).write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} kan niet worden geschreven: {error.strerror}.") from error
        self.stderr.write(f"{found.reference} → {output}")
