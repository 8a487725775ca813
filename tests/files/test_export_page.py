"""The export as a download: for admin, researcher and GSA of the trajectory, and nobody else."""

import json

import pytest

from pilots.models import Trajectory, User
from tests.builders import client_of, join, make_admin, make_trajectory, make_user
from tests.files.builders import exported, full, imported

pytestmark = pytest.mark.django_db


def address(trajectory: Trajectory) -> str:
    return f"/trajecten/{trajectory.pk}/export.json"


@pytest.fixture
def trajectory() -> Trajectory:
    return imported(full())


@pytest.mark.parametrize("role", ["admin", "researcher", "gsa"])
def test_who_may(trajectory: Trajectory, role: str) -> None:
    user = make_admin() if role == "admin" else join(trajectory, role)
    answer = client_of(user).get(address(trajectory))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert 'filename="vol-1.json"' in answer.headers["Content-Disposition"]
    assert json.loads(answer.content) == exported(trajectory)


@pytest.mark.parametrize("role", ["director", "coordinator"])
def test_school_roles_may_not(trajectory: Trajectory, role: str) -> None:
    assert client_of(join(trajectory, role)).get(address(trajectory)).status_code == 404


@pytest.mark.parametrize("role", ["researcher", "gsa"])
def test_only_their_own(trajectory: Trajectory, role: str) -> None:
    elsewhere = join(make_trajectory(), role)
    assert client_of(elsewhere).get(address(trajectory)).status_code == 404
    assert client_of(make_user()).get(address(trajectory)).status_code == 404


def test_nobody_logged_in(trajectory: Trajectory) -> None:
    client = client_of(None)
    assert client.get(address(trajectory)).status_code == 302
    assert client.get(address(trajectory), headers={"Accept": "application/json"}).status_code == 401


def test_what_is_not_there() -> None:
    assert client_of(make_admin()).get("/trajecten/999999/export.json").status_code == 404


def test_odd_reference_in_the_name_of_the_file() -> None:
    odd = make_trajectory(reference='a"b\r\n/ö')
    answer = client_of(make_admin()).get(address(odd))
    assert 'filename="a-b----.json"' in answer.headers["Content-Disposition"]


def test_queries_do_not_grow(trajectory: Trajectory) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(of: Trajectory, user: User) -> int:
        client = client_of(user)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address(of)).status_code == 200
        return len(caught)

    admin = make_admin()
    one = queries(trajectory, admin)
    data = full("vol-2")
    for index in range(2):
        for group in json.loads(json.dumps(full()["focus_groups"][:2])):
            text = json.dumps(group)
            for ref in ("i1", "i2", "i3", "o1", "o2", "o3", "p1", "p2"):
                text = text.replace(f'"{ref}"', f'"{ref}-{index}"')
            data["focus_groups"].append(json.loads(text))
        data["checklists"].append({**data["checklists"][0], "held_on": f"2020-01-0{index + 1}"})
    assert queries(imported(data), admin) == one
    assert one <= 45
