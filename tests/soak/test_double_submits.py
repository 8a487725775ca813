"""Everybody presses at the same moment, and presses again: it happens once, and nobody gets an error."""

import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from checklist.models import Interview, Item
from focusgroups.models import Ballot, FocusGroup
from pilots.models import AuditEvent, Document, Trajectory, User
from plans.actions import generate_plan
from plans.models import Plan
from tests.builders import client_of
from tests.plans.builders import answer_checklist, ready_trajectory

#: More than the web server has threads.
AT_ONCE = 5

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*presses: Callable[[], HttpResponseBase]) -> list[HttpResponseBase]:
    """What each press gives, all of them in the same moment."""
    start = threading.Barrier(len(presses))
    given: list[HttpResponseBase | None] = [None] * len(presses)

    def press(number: int) -> None:
        try:
            start.wait(10)
            given[number] = presses[number]()
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(len(presses))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    answers = [answer for answer in given if answer is not None]
    assert len(answers) == len(presses), "a press got no answer"
    return answers


def press_all(users: Sequence[User], address: str, data: dict[str, Any], **headers: str) -> list[HttpResponseBase]:
    clients = [client_of(users[number % len(users)]) for number in range(AT_ONCE)]

    def press_of(client: Client) -> Callable[[], HttpResponseBase]:
        return lambda: client.post(address, data, headers=headers)

    return at_once(*(press_of(client) for client in clients))


def statuses(answers: Sequence[HttpResponseBase]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


@pytest.fixture
def ready(db: None) -> tuple[Trajectory, dict[str, User]]:
    return ready_trajectory()


def test_making_and_releasing_a_plan(ready: tuple[Trajectory, dict[str, User]], rounds: int) -> None:
    trajectory, team = ready
    researcher = [team["researcher"]]
    for number in range(1, rounds + 1):
        made = press_all(researcher, reverse("plan_generate", args=[trajectory.pk]), {})
        assert statuses(made) == [302] * AT_ONCE
        assert Plan.objects.drafts().filter(trajectory=trajectory).count() == 1
        released = press_all(researcher, reverse("plan_release", args=[trajectory.pk]), {})
        assert statuses(released) == [302] * AT_ONCE
        plan = Plan.objects.released().get(trajectory=trajectory)
        assert plan.version == number == Plan.objects.filter(trajectory=trajectory).count()
        assert Document.objects.filter(kind="plan", object_id=plan.pk).count() == 1
    released_rows = AuditEvent.objects.filter(verb="plan-released", trajectory_id=trajectory.pk)
    assert released_rows.count() == rounds


def test_editing_one_action(ready: tuple[Trajectory, dict[str, User]], rounds: int) -> None:
    trajectory, team = ready
    plan = generate_plan(trajectory=trajectory, by=team["researcher"])
    action = plan.actions.all()[0]
    address = reverse("plan_action_edit", args=[trajectory.pk, action.pk])
    for number in range(rounds):
        action.refresh_from_db()
        before = action.revision
        data = {
            "revision": before, "title": f"Titel {number}", "text": f"Tekst {number}", "year": action.year,
            "owner": action.owner, "period": action.period, "first_step": action.first_step, "sign": action.sign,
            "partners": action.partners, "support": action.support,
        }  # fmt: skip
        assert statuses(press_all([team["researcher"]], address, data)) == [302] * AT_ONCE
        action.refresh_from_db()
        assert (action.title, action.revision) == (f"Titel {number}", before + 1)


def test_one_answer_of_two_people(ready: tuple[Trajectory, dict[str, User]], rounds: int) -> None:
    trajectory, team = ready
    interview = answer_checklist(trajectory, {}, final=False)
    item = Item.objects.filter(instrument=interview.instrument).first()
    assert item is not None
    address = reverse("checklist_answer", args=[trajectory.pk, interview.pk, item.code])
    people = [team["gsa"], team["coordinator"]]
    version = 0
    for number in range(rounds):
        # The same save again and again is one save.
        same = {"value": str(number % 4), "note": f"ronde {number}", "version": str(version)}
        assert statuses(press_all([people[0]], address, same)) == [200] * AT_ONCE
        version += 1
        # Different answers at once: the first stands, the others hear of it.
        clients = [client_of(people[who % 2]) for who in range(AT_ONCE)]

        def differ(client: Client, who: int, version: int = version) -> Callable[[], HttpResponseBase]:
            return lambda: client.post(address, {"value": "3", "note": f"van {who}", "version": str(version)})

        answers = at_once(*(differ(client, who) for who, client in enumerate(clients)))
        assert statuses(answers) == [200, *[409] * (AT_ONCE - 1)]
        version += 1
        [answer] = interview.answers.filter(item=item)
        winner = next(who for who, given in enumerate(answers) if given.status_code == 200)
        assert (answer.note, answer.version) == (f"van {winner}", version)


def test_lines_of_a_ranking_and_starting_an_interview(ready: tuple[Trajectory, dict[str, User]], rounds: int) -> None:
    trajectory, team = ready
    group = FocusGroup.objects.get(trajectory=trajectory, kind="pupils")
    ranking = group.rankings.get()
    refs = list(ranking.option_refs)
    ranking.method, ranking.order = "order", []
    ranking.save()
    assert len(refs) > 1
    address = reverse("focus_group_line_add", args=[trajectory.pk, group.pk, ranking.round])
    before = Interview.objects.filter(trajectory=trajectory).count()
    for number in range(1, min(rounds, 8) + 1):
        line = {"uuid": str(uuid.uuid4()), "line": "2 1"}
        assert statuses(press_all([team["researcher"]], address, line, Accept="application/json")) == [201] * AT_ONCE
        assert Ballot.objects.filter(ranking=ranking).count() == number
        start = {"token": str(uuid.uuid4()), "held_on": "2026-11-03", "respondents": ["director"], "mode": "interview"}
        started = press_all([team["gsa"]], reverse("checklist_start", args=[trajectory.pk]), start)
        assert statuses(started) == [302] * AT_ONCE
        assert Interview.objects.filter(trajectory=trajectory).count() == before + number
