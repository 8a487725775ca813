"""The pages of the plan, as people in each role use them."""

import json
import shutil
import subprocess
import sys
import uuid
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pilots.models import Trajectory, User
from plans import actions
from plans.figures import plan_object
from plans.generator import plan_schema
from plans.models import Action, Comment, Plan
from tests.builders import client_of, join, make_admin, make_trajectory, make_user
from tests.plans.builders import overfull_trajectory, ready_plan, ready_trajectory, small_trajectory

pytestmark = pytest.mark.django_db
NASTY = '<script>alert("x")</script>&lt;'
HTMX = {"HX-Request": "true"}


def address(name: str, trajectory: Trajectory, **kwargs: Any) -> str:
    return reverse(name, kwargs={"trajectory_id": trajectory.pk, **kwargs})


def page(client: Client, trajectory: Trajectory, name: str = "plan", **kwargs: Any) -> str:
    response = client.get(address(name, trajectory, **kwargs))
    assert response.status_code == 200
    return response.content.decode()


def form_of(action: Action, **changed: Any) -> dict[str, Any]:
    names = ("title", "text", "year", "period", "owner", "first_step", "sign", "partners", "support", "revision")
    return {**{name: getattr(action, name) for name in names}, **changed}


@pytest.fixture
def ready() -> tuple[Plan, dict[str, User]]:
    return ready_plan()


@pytest.fixture
def released(ready: tuple[Plan, dict[str, User]]) -> tuple[Plan, dict[str, User]]:
    plan, team = ready
    return actions.release_plan(plan=plan, by=team["researcher"]), team


def test_without_a_plan_the_page_says_what_is_missing_and_makes_it() -> None:
    trajectory, team = small_trajectory()
    client = client_of(team["researcher"])
    html = page(client, trajectory)
    assert "Maak het plan" in html
    assert "te weinig aanmeldingen" in html
    assert "voorlopig" in html
    assert "Maak het plan" not in page(client_of(team["director"]), trajectory)
    client.post(address("plan_generate", trajectory))
    response = client.post(address("plan_generate", trajectory), follow=True)
    assert "niets veranderd" in response.content.decode()
    assert trajectory.plans.count() == 1


def test_the_page_shows_standing_reasons_actions_and_coverage(ready: tuple[Plan, dict[str, User]]) -> None:
    plan, team = ready
    html = page(client_of(team["director"]), plan.trajectory)
    for words in (
        "Concept",
        "Rust in je hoofd",
        "plaats 1 van 3",
        "Nog niet",
        "0 gemist",
        "Intern begeleider",
        "Erkenning",
    ):
        assert words in html
    assert html.index("onderdeel-policy") < html.index("onderdeel-other")
    interview = plan.trajectory.interviews.get()
    assert f"/checklist/{interview.pk}/resultaat/#item-" in html
    assert "Aanpassen" not in html
    assert "Zorgcoördinator" not in html


@pytest.mark.parametrize("make", [ready_trajectory, overfull_trajectory])
def test_queries_do_not_grow(make: Any) -> None:
    trajectory, team = make()
    plan = actions.generate_plan(trajectory=trajectory, by=team["researcher"])
    for number in range(5):
        actions.add_comment(plan=plan, uuid=uuid.uuid4(), section="care", text=f"Opmerking {number}", by=team["gsa"])
    client = client_of(team["researcher"])
    for name in ("plan", "plan_years", "plan_versions", "plan_release"):
        with CaptureQueriesContext(connection) as queries:
            page(client, trajectory, name)
        assert len(queries) <= 30, name


@pytest.mark.parametrize("role", ["gsa", "director", "coordinator"])
def test_who_may_not_edit_finds_nothing(role: str, ready: tuple[Plan, dict[str, User]]) -> None:
    plan, team = ready
    client = client_of(team[role])
    action = plan.actions.all()[0]
    at = plan.trajectory
    for address_of_page in (
        address("plan_action_edit", at, action_id=action.pk),
        address("plan_action_undo", at, action_id=action.pk),
        address("plan_action_move", at, action_id=action.pk),
        address("plan_action_add", at, section="care"),
        address("plan_set_aside", at, topic=action.topic),
        address("plan_release", at),
        address("plan_mask", at),
        address("plan_generate", at),
    ):
        assert client.post(address_of_page, {"year": 2, "reason": "x", "text": "x"}).status_code == 404
    assert page(client, at)


def test_another_school_finds_nothing(ready: tuple[Plan, dict[str, User]]) -> None:
    plan, _team = ready
    elsewhere = make_trajectory()
    researcher = join(elsewhere, "researcher")
    client = client_of(researcher)
    action = plan.actions.all()[0]
    assert client.get(address("plan", plan.trajectory)).status_code == 404
    # The action of another school under the own address.
    assert client.get(address("plan_action_edit", elsewhere, action_id=action.pk)).status_code == 404
    assert client_of(make_user()).get(address("plan_years", plan.trajectory)).status_code == 404
    assert page(client_of(make_admin()), plan.trajectory)


def test_edit_in_place_and_on_its_own_page(ready: tuple[Plan, dict[str, User]]) -> None:
    plan, team = ready
    client = client_of(team["researcher"])
    action = plan.actions.all()[0]
    url = address("plan_action_edit", plan.trajectory, action_id=action.pk)
    assert "<html" in client.get(url).content.decode()
    assert "<html" not in client.get(url, headers=HTMX).content.decode()
    response = client.post(url, form_of(action, title=NASTY, text="Regel 1\r\nRegel 2"), headers=HTMX)
    assert "Aangepast: " in response.content.decode()
    assert NASTY not in page(client, plan.trajectory)
    action.refresh_from_db()
    assert (action.title, action.text) == (NASTY, "Regel 1\nRegel 2")
    html = page(client, plan.trajectory)
    assert "Terug naar het advies" in html
    empty = client.post(url, form_of(action, text="", title=""))
    assert empty.status_code == 422
    assert "Vul in wat jullie gaan doen" in empty.content.decode()
    client.post(address("plan_action_undo", plan.trajectory, action_id=action.pk))
    action.refresh_from_db()
    assert action.title != NASTY


def test_conflict_keeps_both_texts(ready: tuple[Plan, dict[str, User]]) -> None:
    plan, team = ready
    client = client_of(team["researcher"])
    action = plan.actions.all()[0]
    url = address("plan_action_edit", plan.trajectory, action_id=action.pk)
    client.post(url, form_of(action, text="Van de eerste"))
    response = client.post(url, form_of(action, text="Van de tweede"))
    html = response.content.decode()
    assert response.status_code == 409
    assert "Van de eerste" in html
    assert "Van de tweede" in html
    action.refresh_from_db()
    assert action.text == "Van de eerste"
    assert f'value="{action.revision}"' in html
    client.post(url, form_of(action, text="Van de tweede"))
    action.refresh_from_db()
    assert action.text == "Van de tweede"


def test_set_aside_asks_why_and_goes_back(ready: tuple[Plan, dict[str, User]]) -> None:
    plan, team = ready
    client = client_of(team["researcher"])
    url = address("plan_set_aside", plan.trajectory, topic="care-check-in")
    assert "Vul in waarom" in client.post(url, {"reason": ""}).content.decode()
    client.post(url, {"reason": NASTY})
    html = page(client, plan.trajectory)
    assert "1 bewust niet nu" in html
    assert NASTY not in html
    client.post(address("plan_take_back", plan.trajectory, topic="care-check-in"))
    assert "0 bewust niet nu" in page(client, plan.trajectory)
    assert client.get(address("plan_set_aside", plan.trajectory, topic="pol-attendance")).status_code == 404


def test_own_action_and_moving_years(ready: tuple[Plan, dict[str, User]]) -> None:
    plan, team = ready
    client = client_of(team["researcher"])
    url = address("plan_action_add", plan.trajectory, section="environment")
    form = {"uuid": uuid.uuid4(), "topic": "env-food", "title": "Ontbijt", "text": "Elke dag samen eten", "year": 1}
    assert "Kies bij welk onderwerp" in client.post(url, {**form, "topic": ""}).content.decode()
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    own = Action.objects.get(plan=plan, own=True)
    assert "Ontbijt" in page(client, plan.trajectory, "plan_years")
    move = address("plan_action_move", plan.trajectory, action_id=own.pk)
    board = client.post(move, {"year": 3}, headers=HTMX).content.decode()
    assert "<html" not in board
    assert client.post(move, {"year": 9}).status_code == 404
    own.refresh_from_db()
    assert own.year == 3
    client.post(address("plan_action_remove", plan.trajectory, action_id=own.pk))
    assert not Action.objects.filter(pk=own.pk).exists()
    theme = {"uuid": uuid.uuid4(), "label": "De tuin", "title": "Spitten", "text": "Samen", "year": 2}
    client.post(address("plan_action_add", plan.trajectory, section="other"), theme)
    assert "De tuin" in page(client, plan.trajectory)


def test_comments_and_agreement(ready: tuple[Plan, dict[str, User]]) -> None:
    plan, team = ready
    director = client_of(team["director"])
    url = address("plan_comment", plan.trajectory, number=1)
    form = {"uuid": uuid.uuid4(), "section": "care", "text": NASTY}
    for _ in range(2):
        director.post(url, form)
    assert Comment.objects.filter(plan=plan).count() == 1
    assert "Schrijf eerst" in director.post(url, {**form, "text": " "}).content.decode()
    assert NASTY not in page(director, plan.trajectory)
    agree = address("plan_agree", plan.trajectory, number=1)
    for _ in range(2):
        assert director.post(agree).status_code == 302
    assert client_of(team["gsa"]).post(agree).status_code == 404
    assert plan.comments.filter(agrees=True, role="director").count() == 1
    assert "is akkoord" in page(client_of(team["researcher"]), plan.trajectory)


def test_release_page_stops_at_names_and_lets_through(ready: tuple[Plan, dict[str, User]]) -> None:
    plan, team = ready
    client = client_of(team["researcher"])
    action = plan.actions.all()[0]
    actions.edit_action(
        action=action, values={"text": "Vraag Fatima Yilmaz of juf Karin."}, revision=1, by=team["researcher"]
    )
    url = address("plan_release", plan.trajectory)
    html = page(client, plan.trajectory, "plan_release")
    assert "Fatima Yilmaz" in html
    assert "Karin" in html
    assert client.post(url).status_code == 422
    # What the page did not show cannot be declared away.
    assert client.post(url, {"declared": "Iemand Anders"}).status_code == 422
    client.post(address("plan_mask", plan.trajectory), {"name": "Fatima Yilmaz"})
    assert client.post(address("plan_mask", plan.trajectory), {"name": "nergens"}).status_code == 404
    assert client.post(url, {"declared": "Karin"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.status, plan.names_declared, plan.names_masked) == ("released", ["Karin"], ["Fatima Yilmaz"])
    assert client.post(url, {"declared": "Karin"}).status_code == 302
    assert Plan.objects.count() == 1


def test_after_release_editing_is_over_and_an_older_version_stays_readable(
    released: tuple[Plan, dict[str, User]],
) -> None:
    plan, team = released
    client = client_of(team["researcher"])
    action = plan.actions.all()[0]
    assert client.get(address("plan_action_edit", plan.trajectory, action_id=action.pk)).status_code == 404
    client.post(address("plan_generate", plan.trajectory))
    assert "Tot dan geldt" in page(client, plan.trajectory)
    assert "oudere versie" in page(client, plan.trajectory, "plan_version", number=1)
    assert "Er is niets anders" in page(client, plan.trajectory, "plan_versions")
    assert client.get(address("plan_version", plan.trajectory, number=7)).status_code == 404


def test_choosing_and_following(released: tuple[Plan, dict[str, User]]) -> None:
    plan, team = released
    action = plan.actions.filter(year=1)[0]
    url = address("plan_action_choose", plan.trajectory, action_id=action.pk)
    coordinator = client_of(team["coordinator"])
    assert coordinator.get(url).status_code == 404
    director = client_of(team["director"])
    assert "Kiezen" in page(director, plan.trajectory)
    form = {"status": "chosen", "year": 1, "uuid": uuid.uuid4()}
    for _ in range(2):
        assert director.post(url, form).status_code == 302
    assert coordinator.post(url, {"status": "open"}).status_code == 422
    assert coordinator.post(url, {"status": "started"}, headers=HTMX).status_code == 200
    action.refresh_from_db()
    assert (action.status, action.year) == ("started", 1)
    assert "1 van" in page(director, plan.trajectory)


def test_choosing_too_much_asks_why() -> None:
    plan, team = ready_plan(year_1_limit=1)
    actions.release_plan(plan=plan, by=team["researcher"])
    director = client_of(team["director"])
    first, url = (
        address("plan_action_choose", plan.trajectory, action_id=action.pk) for action in plan.actions.all()[:2]
    )
    director.post(first, {"status": "chosen", "year": 1, "uuid": uuid.uuid4()})
    response = director.post(url, {"status": "chosen", "year": 1, "uuid": uuid.uuid4()})
    assert response.status_code == 422
    assert "waarom jullie meer dan 1" in response.content.decode()
    director.post(url, {"status": "chosen", "year": 1, "uuid": uuid.uuid4(), "reason": "Het past toch"})
    assert "Het past toch" in page(director, plan.trajectory)


def test_get_changes_nothing(ready: tuple[Plan, dict[str, User]]) -> None:
    plan, team = ready
    client = client_of(team["researcher"])
    action = plan.actions.all()[0]
    before = list(Action.objects.values().order_by("pk"))
    for name, kwargs in (
        ("plan_generate", {}),
        ("plan_mask", {}),
        ("plan_action_undo", {"action_id": action.pk}),
        ("plan_action_move", {"action_id": action.pk}),
        ("plan_take_back", {"topic": "care-check-in"}),
        ("plan_agree", {"number": 1}),
    ):
        assert client.get(address(name, plan.trajectory, **kwargs)).status_code in {404, 405}
    assert list(Action.objects.values().order_by("pk")) == before


def test_trajectory_page_shows_the_plan_and_the_steps(released: tuple[Plan, dict[str, User]]) -> None:
    plan, team = released
    html = page(client_of(team["director"]), plan.trajectory, "trajectory")
    assert "Het plan van aanpak" in html
    assert "Acties gekozen" in html


def test_commands() -> None:
    trajectory, _team = ready_trajectory()
    out, err = StringIO(), StringIO()
    call_command("generate_plan", trajectory.reference, as_json=True, stdout=out, stderr=err)
    made = json.loads(out.getvalue())
    jsonschema.validate(made, plan_schema())
    assert made == plan_object(Plan.objects.get())
    assert "0 gemist" in err.getvalue()
    out = StringIO()
    call_command("generate_plan", str(trajectory.pk), stdout=out, stderr=err)
    assert out.getvalue() == ""
    with pytest.raises(CommandError, match="geen traject"):
        call_command("generate_plan", "bestaat-niet")
    out = StringIO()
    call_command("show_library", as_json=True, stdout=out)
    assert {"advice", "topics", "sectors", "text"} <= set(json.loads(out.getvalue())[0])


@pytest.mark.slow
def test_a_broken_library_stops_the_start(tmp_path: Path) -> None:
    """Any command, `up` too, says which file and line, and does nothing else."""
    library = tmp_path / "library"
    shutil.copytree(Path("plans/library"), library)
    care = library / "advice" / "care.yaml"
    care.write_text(care.read_text("utf-8").replace("topics: [care-structure]", "topics: [care-strucure]", 1), "utf-8")
    code = (
        "import manage, sys; from plans.library import loading; "
        f"loading.__file__ = {str(library / 'loading.py')!r}; sys.argv = ['manage.py', 'check']; manage.main()"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)

    assert ran.returncode == 1
    assert ran.stderr.startswith("advice/care.yaml:3: 'care-strucure' is onbekend")
    assert "Traceback" not in ran.stderr


@pytest.mark.slow
def test_show_library_prints_json_alone() -> None:
    ran = subprocess.run(
        [sys.executable, "manage.py", "show_library", "--json"], capture_output=True, text=True, check=True, timeout=120
    )
    assert len(json.loads(ran.stdout)) > 100


def test_versions_of_a_trajectory_without_a_plan(db: None) -> None:
    trajectory = make_trajectory()
    page = client_of(join(trajectory, "director")).get(f"/trajecten/{trajectory.pk}/plan/versies/")
    assert page.status_code == 200
    assert "Nog geen versies" in page.content.decode()
