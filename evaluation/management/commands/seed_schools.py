"""Makes many realistic trajectories, for trying out and measuring."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from checklist.models import Instrument, Item
from evaluation import seeding
from pilots.enums import Sector
from pilots.models import Document, Trajectory
from pilots.trajectory_files import RefusedError, store
from plans.enums import PlanStatus
from plans.files import DOCUMENT, load_plan
from plans.generator import generate
from plans.library import library
from plans.models import Plan
from plans.situation import read_situation

BATCH = 100  # trajectories in one transaction


class Command(BaseCommand):
    help = "Maakt N verzonnen trajecten, helemaal gevuld; dezelfde seed geeft dezelfde gegevens."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument(
            "--without-documents", action="store_true", help="bestel geen PDF's: een worker is daar lang mee bezig"
        )

    def handle(self, *args: Any, count: int, seed: int, without_documents: bool, **options: Any) -> None:
        if count < 0 or seed < 0:
            raise CommandError("--count en --seed zijn 0 of meer.")
        self.seed = seed
        self.versions, self.items = _instruments()
        self.programmes = [seeding.Programme(each.id, each.sectors) for each in library().interventions.values()]
        for first in range(1, count + 1, BATCH):
            numbers = range(first, min(first + BATCH, count + 1))
            with transaction.atomic():
                plans = [plan for number in numbers if (plan := self.make(number)) is not None]
                if not without_documents:
                    # Beat offers them to a worker in its own time; nobody waits for these.
                    Document.objects.bulk_create(
                        Document(trajectory_id=plan.trajectory_id, kind=DOCUMENT, object_id=plan.pk) for plan in plans
                    )
            self.stderr.write(f"{numbers.stop - 1} van {count}")
        self.stdout.write(f"{count} trajecten met kenmerk seed-{seed}-1 tot en met seed-{seed}-{count}")

    def make(self, number: int) -> Plan | None:
        """One trajectory with its plan; gives the plan when it was released. What is there already stays as it is."""
        data = seeding.trajectory(
            self.seed, number, versions=self.versions, items=self.items, programmes=self.programmes
        )
        if Trajectory.objects.filter(reference=data["reference"]).exists():
            return None
        try:
            trajectory = store(data=data, by=None).trajectory
        except RefusedError as error:
            raise CommandError(str(error)) from error
        if not data.get("checklists"):
            return None
        released = seeding.released_on(data)
        status = PlanStatus.RELEASED if released else PlanStatus.DRAFT
        made = generate(read_situation(trajectory, None), library()).as_json(status=status, released_on=released)
        if released:
            seeding.carry_out(self.seed, number, made, finished="evaluations" in data)
        plan = load_plan(trajectory, made)
        return plan if released else None


def _instruments() -> tuple[dict[str, str], dict[str, list[str]]]:
    versions, items = {}, {}
    for sector in Sector.values:
        try:
            instrument = Instrument.objects.newest_for(sector)
        except Instrument.DoesNotExist as error:
            raise CommandError("Er is nog geen checklist: doe eerst load_instruments.") from error
        versions[sector] = instrument.version
        items[sector] = list(Item.objects.filter(instrument=instrument).values_list("code", flat=True))
    return versions, items
