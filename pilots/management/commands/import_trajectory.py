"""Loads trajectory files."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand

from pilots.registry import FileFault
from pilots.trajectory_files import RefusedError, import_trajectory


class Command(BaseCommand):
    help = "Laadt trajectbestanden; elk bestand helemaal of helemaal niet. Geeft 'kenmerk → nummer' terug."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--replace", action="store_true", help="vervang een traject met hetzelfde kenmerk; het houdt zijn nummer"
        )

    def handle(self, *args: Any, files: list[str], replace: bool, **options: Any) -> None:
        refused = False
        for name in files:
            try:
                imported = import_trajectory(content=_content(name), replace=replace, by=None)
            except RefusedError as error:
                refused = True
                for fault in error.faults:
                    self.stderr.write(_line(name, fault))
            else:
                self.stdout.write(f"{imported.trajectory.reference} → {imported.trajectory.pk}")
        if refused:
            sys.exit(1)


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        reason = f"kan niet worden gelezen ({error.strerror}); wel kan: een leesbaar bestand"
        raise RefusedError([FileFault((), reason)]) from error


def _line(name: str, fault: FileFault) -> str:
    # A key of the file may hold anything; a fault is one line.
    line = f"{name}: {fault.json_path}: {fault.message}"
    return "".join(letter if letter.isprintable() else "?" for letter in line)
