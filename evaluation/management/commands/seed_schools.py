"""Makes many realistic trajectories, for trying out and measuring."""

import gc
import os
import signal
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from multiprocessing import get_context
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection, transaction

from checklist.models import Instrument, Item
from evaluation import seeding
from focusgroups.figures import read_groups
from pilots.enums import Sector
from pilots.models import Document, Trajectory
from pilots.trajectory_files import store_many
from plans.enums import PlanStatus
from plans.files import DOCUMENT, load_plans
from plans.generator import generate
from plans.library import library
from plans.situation import read_situation
from welbevinden import services

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
        ranges = [range(first, min(first + BATCH, count + 1)) for first in range(1, count + 1, BATCH)]
        batches = [partial(batch, seed, numbers, documents=not without_documents) for numbers in ranges]
        _instruments()  # says at once when there are none
        for done in chain(map(_call, batches[:1]), _in_processes(batches[1:])):
            self.stderr.write(f"{done} van {count}")
        self.stdout.write(f"{count} trajecten met kenmerk seed-{seed}-1 tot en met seed-{seed}-{count}")


def _call(work: Callable[[], int]) -> int:
    # Looking for cycles among thousands of living rows is a quarter of the time; they go all at once afterwards.
    gc.disable()
    try:
        return work()
    finally:
        gc.enable()
        gc.collect()


def _in_processes(batches: Sequence[Callable[[], int]]) -> Iterator[int]:
    """What the batches give, in order; they are made on every core."""
    if batches:
        connection.close()  # a connection cannot be shared with a child
        with ProcessPoolExecutor(
            os.cpu_count(), get_context("fork"), services.die_with_parent, (signal.SIGKILL,)
        ) as pool:
            yield from pool.map(_call, batches)


def batch(seed: int, numbers: range, *, documents: bool) -> int:
    """Make these trajectories, those that are there already left as they are; gives the last number."""
    versions, items = _instruments()
    programmes = [seeding.Programme(each.id, each.sectors) for each in library().interventions.values()]
    there = Trajectory.objects.filter(reference__in=[seeding.reference(seed, number) for number in numbers])
    known = set(there.values_list("reference", flat=True))
    datas = {
        number: seeding.trajectory(seed, number, versions=versions, items=items, programmes=programmes)
        for number in numbers
        if seeding.reference(seed, number) not in known
    }
    with transaction.atomic():
        make(seed, datas, documents=documents)
    return numbers[-1]


def make(seed: int, datas: Mapping[int, seeding.Json], *, documents: bool) -> None:
    """Write these new trajectories (by their number in the seed), each with the plan that the application makes of it.

    documents: order a PDF of what is released.
    """
    trajectories = dict(zip(datas, store_many(list(datas.values()), by=None), strict=True))
    far = {number: trajectory for number, trajectory in trajectories.items() if datas[number].get("checklists")}
    read_groups(list(far.values()))
    made = []
    for number, trajectory in far.items():
        data = datas[number]
        released = seeding.released_on(data)
        status = PlanStatus.RELEASED if released else PlanStatus.DRAFT
        plan = generate(read_situation(trajectory, None), library()).as_json(status=status, released_on=released)
        if released:
            seeding.carry_out(seed, number, plan, finished="evaluations" in data)
        made.append((trajectory, plan))
    plans = load_plans(made, made_up=True)
    if documents:
        # Beat offers them to a worker in its own time; nobody waits for these.
        Document.objects.bulk_create(
            Document(trajectory_id=plan.trajectory_id, kind=DOCUMENT, object_id=plan.pk)
            for plan in plans
            if plan.status == PlanStatus.RELEASED
        )


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
