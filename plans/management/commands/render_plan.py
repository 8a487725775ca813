"""`render_plan ID --output FILE.pdf`: the newest plan of a trajectory as PDF, without the queue."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pilots.models import Trajectory
from pilots.trajectory_files import find
from plans.models import Plan
from plans.pdf import render_now


class Command(BaseCommand):
    help = "Maakt de PDF van het nieuwste plan; een concept krijgt het merk Concept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("trajectory", metavar="ID", help="nummer of kenmerk van het traject")
        parser.add_argument("--output", metavar="BESTAND.pdf", type=Path, required=True)

    def handle(self, *args: Any, trajectory: str, output: Path, **options: Any) -> None:
        try:
            found = find(trajectory)
        except Trajectory.DoesNotExist as error:
            raise CommandError(f"Er is geen traject {trajectory}.") from error
        plan = Plan.objects.filter(trajectory=found).order_by("-version").first()
        if plan is None:
            raise CommandError(f"Traject {trajectory} heeft nog geen plan. Maak het met generate_plan.")
        try:
            output.write_bytes(render_now(plan))
        except OSError as error:
            raise CommandError(f"{output} kan niet geschreven worden: {error.strerror}") from error
        self.stderr.write(f"{output}: versie {plan.version}")
