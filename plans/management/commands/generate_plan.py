"""`generate_plan ID [--json]`: makes or renews the draft plan of a trajectory."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pilots.models import Trajectory
from pilots.trajectory_files import find
from plans.actions import generate_plan
from plans.figures import plan_object


class Command(BaseCommand):
    help = "Maakt het conceptplan van een traject, of vernieuwt het; wat mensen aanpasten blijft staan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("trajectory", metavar="ID", help="nummer of kenmerk van het traject")
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="toon het plan als JSON, met niets anders op stdout"
        )

    def handle(self, *args: Any, trajectory: str, as_json: bool, **options: Any) -> None:
        try:
            found = find(trajectory)
        except Trajectory.DoesNotExist as error:
            raise CommandError(f"Er is geen traject {trajectory}; geef een nummer of een kenmerk.") from error
        plan = generate_plan(trajectory=found, by=None)
        made = plan_object(plan)
        if as_json:
            self.stdout.write(json.dumps(made, ensure_ascii=False, indent=2))
        coverage = made["coverage"]
        self.stderr.write(
            f"{found.reference}: versie {plan.version} (concept), {coverage['signals']} signalen, "
            f"{coverage['addressed']} met een actie, {coverage['set_aside']} bewust niet nu, "
            f"{coverage['missed']} gemist"
        )
