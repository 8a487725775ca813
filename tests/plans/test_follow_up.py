"""Steps 6 and 7: choosing what goes first, following how it goes, telling it back, and the support trajectory."""

import datetime
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pilots.actions import end_pause, plan_steps, write_entry
from pilots.enums import JournalKind
from pilots.models import AuditEvent, JournalEntry, StepDate, Trajectory, User
from plans import actions
from plans.figures import Audience, holding, sheet_for
from plans.models import Action, ActionNote, Plan, SupportSession
from tests.builders import client_of
from tests.plans.builders import plan_session, ready_plan

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
Released = tuple[Plan, dict[str, User]]


def address(name: str, trajectory: Trajectory, **kwargs: Any) -> str:
    return reverse(name, kwargs={"trajectory_id": trajectory.pk, **kwargs})


def html_of(user: User, trajectory: Trajectory, name: str, query: str = "") -> str:
    response = client_of(user).get(address(name, trajectory) + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def released() -> Released:
    plan, team = ready_plan(year_1_limit=2)
    return actions.release_plan(plan=plan, by=team["researcher"]), team


def rows(plan: Plan) -> list[Action]:
    return list(Action.objects.filter(plan=plan).select_related("plan__trajectory__school"))


def pick(released: Released, number: int, status: str = "chosen", year: int = 1, **more: Any) -> Action:
    plan, team = released
    return actions.choose_action(action=rows(plan)[number], status=status, year=year, by=team["director"], **more)


# --- Choosing


def test_director_and_gsa_choose_over_three_years(released: Released) -> None:
    plan, team = released
    first, second = rows(plan)[:2]
    director, gsa = client_of(team["director"]), client_of(team["gsa"])
    picked = director.post(address("plan_action_pick", plan.trajectory, action_id=first.pk), {"pick": "1"})
    assert picked["Location"].endswith(f"#keuze-{first.pk}")
    board = gsa.post(address("plan_action_pick", plan.trajectory, action_id=second.pk), {"pick": "3"}, headers=HTMX)
    assert "<html" not in board.content.decode()
    assert "1 gekozen, er passen er 2" in board.content.decode()
    first.refresh_from_db()
    second.refresh_from_db()
    assert [(each.status, each.year) for each in (first, second)] == [("chosen", 1), ("chosen", 3)]
    gsa.post(address("plan_action_pick", plan.trajectory, action_id=second.pk), {"pick": "open"})
    second.refresh_from_db()
    assert second.status == "open"


def test_more_than_fits_asks_why_and_loses_nothing(released: Released) -> None:
    plan, team = released
    for number in range(2):
        pick(released, number)
    third = rows(plan)[2]
    director = client_of(team["director"])
    url = address("plan_action_pick", plan.trajectory, action_id=third.pk)
    asked = director.post(url, {"pick": "1"})
    assert asked.status_code == 422
    html = asked.content.decode()
    assert "Jullie spraken af dat er 2 acties in jaar 1 passen" in html
    assert 'class="error-summary"' not in html  # the first time it is a question, no fault
    assert "Vul in waarom" in director.post(url, {"pick": "1", "reason": " "}).content.decode()
    third.refresh_from_db()
    assert third.status == "open"
    too_long = director.post(url, {"pick": "1", "reason": "x" * 20_001})
    assert too_long.status_code == 422
    assert "x" * 20_001 in too_long.content.decode()
    assert director.post(url, {"pick": "1", "reason": "Er is een extra juf"}).status_code == 302
    third.refresh_from_db()
    assert (third.status, third.year) == ("chosen", 1)
    for name in ("plan", "plan_choices", "follow_up"):
        assert "Er is een extra juf" in html_of(team["coordinator"], plan.trajectory, name)
    # It was said once: the next one needs no new reason.
    assert pick(released, 3).status == "chosen"


def test_what_was_begun_is_not_taken_back_by_a_button(released: Released) -> None:
    plan, team = released
    action = pick(released, 0, status="started")
    client_of(team["gsa"]).post(address("plan_action_pick", plan.trajectory, action_id=action.pk), {"pick": "open"})
    action.refresh_from_db()
    assert action.status == "started"


# --- Following


def test_a_note_and_a_status_are_kept_once(released: Released) -> None:
    plan, team = released
    action = pick(released, 0)
    url = address("follow_up_action", plan.trajectory, action_id=action.pk)
    client = client_of(team["coordinator"])
    form = {"status": "started", "note": "De eerste ochtend was rustig.", "on": "2026-10-01", "uuid": uuid.uuid4()}
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    note = ActionNote.objects.get()
    assert (note.role, note.on, note.lineage) == ("coordinator", datetime.date(2026, 10, 1), action.lineage)
    card = client.post(url, {"status": "done"}, headers=HTMX).content.decode()
    assert "Klaar" in card
    assert "1 klaar" in card  # the counts at the top come along
    assert "De eerste ochtend was rustig." in html_of(team["director"], plan.trajectory, "follow_up")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert client.post(url, {"status": "done", "note": "x", "on": str(tomorrow)}).status_code == 422


def test_stopping_asks_why(released: Released) -> None:
    plan, team = released
    action = pick(released, 0)
    client = client_of(team["coordinator"])
    for name in ("follow_up_action", "plan_action_choose"):
        url = address(name, plan.trajectory, action_id=action.pk)
        refused = client.post(url, {"status": "stopped", "note": "  "})
        assert refused.status_code == 422
        assert "Schrijf op waarom jullie hiermee stoppen" in refused.content.decode()
    with pytest.raises(actions.NoReasonError):
        actions.follow_action(action=action, status="stopped", by=team["coordinator"])
    action.refresh_from_db()
    assert action.status == "chosen"
    url = address("follow_up_action", plan.trajectory, action_id=action.pk)
    client.post(url, {"status": "stopped", "note": "De vakleraar is weg"})
    action.refresh_from_db()
    assert action.status == "stopped"
    html = html_of(team["gsa"], plan.trajectory, "follow_up")
    assert "De vakleraar is weg" in html
    assert "tone-danger" not in html
    assert "tone-late" not in html
    assert "mislukt" not in html.lower()


def test_a_pause_shows_calmly(released: Released) -> None:
    plan, team = released
    pick(released, 0)
    JournalEntry.objects.create(
        trajectory=plan.trajectory, kind=JournalKind.PAUSE, start=timezone.localdate(), reason="Verhuizing"
    )
    assert "Er hoeft nu niets" in html_of(team["coordinator"], plan.trajectory, "follow_up")


def test_notes_go_along_to_the_next_version(released: Released) -> None:
    plan, team = released
    action = pick(released, 0)
    actions.add_note(action=action, text="Loopt goed", by=team["coordinator"])
    second = actions.generate_plan(trajectory=plan.trajectory, by=team["researcher"])
    actions.release_plan(plan=second, by=team["researcher"])
    assert "Loopt goed" in html_of(team["director"], plan.trajectory, "follow_up")


def test_pages_take_the_same_queries_for_one_and_many(released: Released) -> None:
    plan, team = released
    client = client_of(team["gsa"])
    names = ("plan_choices", "follow_up", "feedback", "support", "trajectory")

    def counts() -> list[int]:
        found = []
        for name in names:
            with CaptureQueriesContext(connection) as queries:
                client.get(address(name, plan.trajectory))
            found.append(len(queries))
        return found

    actions.add_note(action=pick(released, 0), text="Eén", by=team["gsa"])
    plan_session(plan.trajectory)
    before = counts()
    for number in range(1, 5):
        actions.add_note(action=pick(released, number, reason="Past"), text="Meer", by=team["gsa"])
        plan_session(plan.trajectory, held_on=datetime.date(2026, 10, number))
    assert counts() == before
    assert max(before) <= 30


# --- Telling it back


def test_the_sheet_answers_what_was_said(released: Released) -> None:
    plan, team = released
    chosen = Action.objects.get(plan=plan, topic="edu-connect-pupils")
    chosen.plan = plan
    actions.choose_action(action=chosen, status="started", year=1, by=team["director"])
    stopped = Action.objects.filter(plan=plan, topic="edu-relax").first() or Action.objects.filter(plan=plan)[3]
    stopped.plan = plan
    actions.choose_action(action=stopped, status="stopped", year=1, note="Geen lokaal vrij", by=team["director"])
    pupils = html_of(team["director"], plan.trajectory, "feedback", "?voor=leerlingen")
    assert "Meer spelen met andere groepen" in pupils
    assert "Daar werken we nu aan." in pupils
    assert "Geen lokaal vrij" in pupils
    assert "leerkracht" in pupils
    assert "docent" not in pupils
    parents = html_of(team["director"], plan.trajectory, "feedback", "?voor=ouders")
    assert "Weten wat er op school gebeurt" in parents
    assert "Meer spelen met andere groepen" not in parents
    assert "Eén lijn voor iedereen" in html_of(team["director"], plan.trajectory, "feedback", "?voor=onzin")


def test_the_sheet_says_why_not() -> None:
    plan, team = ready_plan()
    plan = actions.set_aside(plan=plan, topic="edu-connect-pupils", reason="Eerst het plein", by=team["researcher"])
    actions.release_plan(plan=plan, by=team["researcher"])
    holds = holding(plan.trajectory)
    assert holds is not None
    sheet = sheet_for(holds, Audience.PUPILS)
    wish = next(each for each in sheet.wishes if each.label == "Meer spelen met andere groepen")
    assert (wish.answer, wish.how) == ("not", "Eerst het plein")
    assert "Eerst het plein" in [line.more for line in sheet.not_now.shown]
    # What the group put highest stands first, and nothing of another group.
    assert sheet.wishes[0].label == "Rust in je hoofd"


# --- Support


def test_support_is_planned_held_and_finished(released: Released) -> None:
    plan, team = released
    trajectory = plan.trajectory
    plan_steps(trajectory=trajectory, planned={}, done={2: datetime.date(2026, 9, 10)}, attended={}, by=None)
    client = client_of(team["gsa"])
    form = {"component": "training-trauma", "planned_on": "2026-10-01", "topic": "Stress", "uuid": uuid.uuid4()}
    for _ in range(2):
        assert client.post(address("support_add", trajectory), form).status_code == 302
    session = SupportSession.objects.get()
    html = html_of(team["gsa"], trajectory, "support")
    assert "Stress" in html
    assert "Rond stap 7 af" not in html
    edit = address("support_edit", trajectory, session_id=session.pk)
    held = {**form, "held_on": "2026-10-02", "people": "14", "note": "Volgende keer met de opvang"}
    tomorrow = str(timezone.localdate() + datetime.timedelta(days=1))
    assert "toekomst" in client.post(edit, {**held, "held_on": tomorrow}).content.decode()
    assert client.post(edit, held).status_code == 302
    html = html_of(team["gsa"], trajectory, "support")
    assert "14 mensen" in html
    assert "Rond stap 7 af" in html
    assert "Rond stap 7 af" not in html_of(team["director"], trajectory, "support")
    finish = address("support_finish", trajectory)
    assert client.post(finish, {"on": "2026-09-01"}).status_code == 422  # before the start meeting
    assert client.post(finish, {"on": "2026-10-02"}).status_code == 302
    assert StepDate.objects.get(trajectory=trajectory, step=7).done == datetime.date(2026, 10, 2)
    assert "afgerond op 2 oktober 2026" in html_of(team["director"], trajectory, "support")


def test_a_session_without_a_day_is_refused_with_a_sentence(released: Released) -> None:
    plan, team = released
    form = {"component": "training-trauma", "topic": "Nog te plannen", "people": "0", "uuid": uuid.uuid4()}
    response = client_of(team["gsa"]).post(address("support_add", plan.trajectory), form)
    html = response.content.decode()
    assert response.status_code == 422
    assert html.count("Vul in wanneer de bijeenkomst gepland is of gehouden is.") == 2  # on top and at the field
    assert "Nog te plannen" in html
    assert SupportSession.objects.count() == 0


# --- Pauses


def day(number: int) -> datetime.date:
    return datetime.date(2027, 3, number)


def test_a_pause_moves_what_is_planned_behind_it(released: Released) -> None:
    plan, team = released
    trajectory = plan.trajectory
    plan_steps(trajectory=trajectory, planned={5: day(5), 6: day(2), 7: day(20)}, done={2: None}, attended={}, by=None)
    late, early = plan_session(trajectory, planned_on=day(15)), plan_session(trajectory, planned_on=day(1))
    held = plan_session(trajectory, planned_on=day(16), held_on=datetime.date(2026, 11, 1))
    address_ = address("trajectory_journal", trajectory)
    client = client_of(team["gsa"])
    assert "Schuif op wat gepland staat" in client.get(address_).content.decode()
    pause = {"kind": "pause", "pause-start": str(day(2)), "pause-end": str(day(11)), "pause-reason": "Griep"}
    for _ in range(2):  # sent twice it is one pause, which moves once
        client.post(address_, {**pause, "pause-move_dates": "on"})
    planned = dict(StepDate.objects.filter(trajectory=trajectory).values_list("step", "planned"))
    # Step 5 is done since the release of the plan: its date stays.
    assert {number: planned[number] for number in (5, 6, 7)} == {5: day(5), 6: day(12), 7: day(30)}
    for session, expected in ((late, day(25)), (early, day(1)), (held, day(16))):
        session.refresh_from_db()
        assert session.planned_on == expected
    entry = JournalEntry.objects.get()
    # It ends three days earlier: what moved comes back as far.
    end_pause(entry=entry, last_day=day(8), by=team["gsa"], move_dates=True)
    late.refresh_from_db()
    assert late.planned_on == day(22)
    assert AuditEvent.objects.filter(verb="dates-moved").count() == 2


def test_a_pause_that_nobody_wants_to_move_moves_nothing(released: Released) -> None:
    plan, team = released
    session = plan_session(plan.trajectory, planned_on=day(15))
    entry = JournalEntry(trajectory=plan.trajectory, kind=JournalKind.PAUSE, start=day(2), end=day(9), reason="Griep")
    write_entry(entry=entry, by=team["gsa"])
    session.refresh_from_db()
    assert session.planned_on == day(15)


def test_a_pause_without_an_end_moves_when_it_ends(released: Released) -> None:
    plan, team = released
    session = plan_session(plan.trajectory, planned_on=day(15))
    entry = JournalEntry(trajectory=plan.trajectory, kind=JournalKind.PAUSE, start=day(2), reason="Griep")
    write_entry(entry=entry, by=team["gsa"], move_dates=True)
    session.refresh_from_db()
    assert session.planned_on == day(15)
    end = address("journal_end_pause", plan.trajectory, entry_id=entry.pk)
    for _ in range(2):
        client_of(team["gsa"]).post(end, {"last_day": str(day(6)), "move_dates": "on"})
    session.refresh_from_db()
    assert session.planned_on == day(20)
