"""A worker that is killed while it makes documents: each document is made, whole, and never made again."""

import hashlib
import io
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from pilots.actions import order_document
from pilots.enums import DocumentState
from pilots.models import Document, Trajectory
from pilots.tasks import find_lost_documents
from plans import document
from plans.actions import generate_plan
from plans.enums import PlanStatus
from plans.models import Plan
from tests.plans.builders import ready_trajectory
from tests.test_supervisor import descendants, wait_until
from welbevinden.services import Service

WORKER = ("celery", "--quiet", "-A", "welbevinden", "worker", "--loglevel", "critical", "--concurrency", "1")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def printed(db: None) -> tuple[Trajectory, dict[str, object]]:
    """A trajectory, and what a plan of it prints."""
    trajectory, team = ready_trajectory()
    return trajectory, document.build(generate_plan(trajectory=trajectory, by=team["researcher"]))


def one_more(trajectory: Trajectory, content: dict[str, object], number: int) -> Document:
    """An order for one more version of the plan."""
    plan = Plan.objects.create(
        trajectory=trajectory,
        version=100 + number,
        status=PlanStatus.SUPERSEDED,
        body={"sections": [], "coverage": {}},
        document=content,
        released_on=timezone.localdate(),
        released_by="researcher",
    )
    return order_document(trajectory=trajectory, kind="plan", object_id=plan.pk, by=None)


def begun(order: Document) -> bool:
    order.refresh_from_db()
    return order.state != DocumentState.QUEUED


def done(order: Document) -> bool:
    order.refresh_from_db()
    return order.state == DocumentState.DONE


def kill(worker: Service, chance: random.Random) -> bool:
    """Kills the worker, or only the child of it that renders; True when the worker is gone."""
    assert worker.process is not None
    children = sorted(descendants(worker.process.pid))
    if children and chance.random() < 0.4:
        os.kill(children[-1], signal.SIGKILL)
        return False
    worker.process.kill()
    worker.process.wait()
    return True


def test_killed_while_rendering(
    programs: Callable[..., Service],
    printed: tuple[Trajectory, dict[str, object]],
    chance: random.Random,
    rounds: int,
) -> None:
    trajectory, content = printed
    worker = programs("worker", *WORKER)
    finished: dict[int, tuple[str, object]] = {}
    for number in range(rounds):
        order = one_more(trajectory, content, number)
        wait_until(lambda order=order: begun(order))  # type: ignore[misc]  # mypy sees no default in a lambda
        time.sleep(chance.uniform(0, 1.5))
        if kill(worker, chance):
            worker = programs("worker", *WORKER)
            # Time passes, and beat looks what was lost.
            Document.objects.exclude(state=DocumentState.DONE).update(touched_at=timezone.now() - timedelta(hours=1))
            find_lost_documents()
        wait_until(lambda order=order: done(order))  # type: ignore[misc]
        finished[order.pk] = (order.sha256, order.done_at)
        with default_storage.open(order.file.name) as file:
            made = file.read()
        assert hashlib.sha256(made).hexdigest() == order.sha256
        with pikepdf.open(io.BytesIO(made)) as pdf:
            assert len(pdf.pages) > 3
        assert 1 <= order.attempts <= 3
    assert worker.alive()
    # Nothing that was done has been done again, and every order has one file.
    now = Document.objects.in_bulk(list(finished))
    assert {pk: (order.sha256, order.done_at) for pk, order in now.items()} == finished
    assert len({order.file.name for order in now.values()}) == rounds
