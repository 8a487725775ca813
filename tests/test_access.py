"""Every route for everybody: who may come in, and who is told that nothing is there.

All routes of the project are walked, so a new one is tested as soon as it exists. A route that takes more than
`trajectory_id` needs a line in ARGUMENTS; the test says so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

import evaluation.urls as evaluation_urls
import focusgroups.urls as focusgroups_urls
import plans.urls as plans_urls
from pilots.actions import invite
from pilots.digest import off_token
from pilots.enums import JournalKind
from pilots.models import CareRole, JournalEntry, Mail, Partner, Trajectory, User
from pilots.roles import ROLES, May
from tests.builders import client_of, full_team, join, make_admin, make_trajectory, make_user
from tests.checklist.builders import make_interview
from tests.evaluation import builders as evaluations
from tests.focusgroups import builders as focusgroups
from tests.pilots import logging_in as accounts
from tests.plans import builders as plans

INVITATION = ("invitation", "invitation_open", "invitation_account", "invitation_refuse")
PUBLIC = {"login", "logout", "health", "readiness", *accounts.PUBLIC_ROUTES, "digest_off", *INVITATION}


@dataclass(frozen=True)
class World:
    """Two trajectories with full teams that have nothing to do with each other, an admin and an outsider."""

    trajectory: Trajectory
    team: dict[str, User]
    other_team: dict[str, User]
    admin: User
    outsider: User

    def actors(self) -> Iterator[tuple[str, User, set[str], bool]]:
        """Everybody with an account: a name for the report, the account, its roles, whether they are in the team."""
        yield "admin", self.admin, {"admin"}, True
        for role, user in self.team.items():
            yield role, user, {role}, True
        for role, user in self.other_team.items():
            yield f"{role} of another trajectory", user, {role}, False
        yield "outsider", self.outsider, set(), False


Arguments: TypeAlias = Callable[[World, User | None], dict[str, Any]]


def _own_note(world: World, user: User | None) -> dict[str, Any]:
    entry = JournalEntry.objects.create(
        trajectory=world.trajectory, kind=JournalKind.NOTE, start=timezone.localdate(), text="Nieuw lokaal", author=user
    )
    return {"entry_id": entry.pk}


def _pause(world: World, user: User | None) -> dict[str, Any]:
    entry = JournalEntry.objects.create(
        trajectory=world.trajectory, kind=JournalKind.PAUSE, start=timezone.localdate(), reason="Verbouwing"
    )
    return {"entry_id": entry.pk}


def _member(world: World, user: User | None) -> dict[str, Any]:
    return {"member_id": world.trajectory.team.filter(role="coordinator").get().pk}


def _person(world: World, user: User | None) -> dict[str, Any]:
    return {"user_id": world.outsider.pk}


def _invitation(world: World, user: User | None) -> dict[str, Any]:
    member = world.trajectory.team.get(role="coordinator")
    User.objects.filter(pk=member.user_id).update(password="!")
    secrets: list[str] = []
    invite(member=member, by=world.admin, link=lambda token: secrets.append(token) or token)  # type: ignore[func-returns-value]  # append gives None
    return {"token": secrets[0]}


def _mail(world: World, user: User | None) -> dict[str, Any]:
    return {"mail_id": Mail.objects.create(key=f"proef-{Mail.objects.count()}", kind="proef", to="a@voorbeeld.test").pk}


def _partner(world: World, user: User | None) -> dict[str, Any]:
    return {"partner_id": Partner.objects.create(trajectory=world.trajectory, partner="nidos", state="in").pk}


def _care_role(world: World, user: User | None) -> dict[str, Any]:
    return {"care_role_id": CareRole.objects.create(trajectory=world.trajectory, role="caretaker", task="Kijkt").pk}


def _school(world: World, user: User | None) -> dict[str, Any]:
    return {"school_id": world.trajectory.school_id}


def _interview(world: World, user: User | None) -> dict[str, Any]:
    return {"interview_id": make_interview(world.trajectory, world.team["gsa"]).pk}


def _account(name: str) -> Arguments:
    return lambda world, user: accounts.route_arguments(name, user)


def _focus_group(name: str) -> Arguments:
    return lambda world, user: focusgroups.route_arguments(name, world.trajectory)


def _plan(name: str) -> Arguments:
    return lambda world, user: plans.route_arguments(name, world.trajectory)


def _evaluation(name: str) -> Arguments:
    return lambda world, user: evaluations.route_arguments(name, world.trajectory)


# Name of a route → what it needs besides `trajectory_id`, made for the person who asks (None: nobody is logged in).
# Make here also what must exist for the page to be there at all, such as a released plan for its PDF.
ARGUMENTS: dict[str, Arguments] = {
    **{name: _account(name) for name in accounts.ROUTES},
    "digest_off": lambda world, user: {"token": off_token(world.team["gsa"])},
    "journal_entry": _own_note,
    "journal_delete": _own_note,
    "journal_end_pause": _pause,
    "team_remove": _member,
    "team_invite": _member,
    "team_withdraw": _member,
    **dict.fromkeys(("person", "person_close", "person_reopen", "person_erase", "person_export"), _person),
    **dict.fromkeys(("mail", "mail_again"), _mail),
    **dict.fromkeys(INVITATION, _invitation),
    "team_replace": _member,
    "partner_edit": _partner,
    "partner_remove": _partner,
    "care_role_edit": _care_role,
    "care_role_remove": _care_role,
    "explanation": lambda world, user: {"slug": "visie"},
    "school_edit": _school,
    "trajectory_add": _school,
    **dict.fromkeys(
        (
            "checklist_interview",
            "checklist_details",
            "checklist_remove",
            "checklist_check",
            "checklist_final",
            "checklist_result",
            "checklist_record",
        ),
        _interview,
    ),
    "checklist_answer": lambda world, user: {**_interview(world, user), "item": "policy-1"},
    "checklist_domain": lambda world, user: {**_interview(world, user), "domain": "policy"},
    **{
        str(each.name): _focus_group(str(each.name))
        for each in focusgroups_urls.urlpatterns
        if each.name not in {"focus_groups", "voices"}
    },
    **{
        str(each.name): _evaluation(str(each.name))
        for each in evaluation_urls.EVALUATION
        if each.name not in {"evaluation", "evaluation_sides", "evaluation_quotes"}
    },
    **{str(each.name): _plan(str(each.name)) for each in plans_urls.urlpatterns if each.name != "plan"},
}


def _routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern, set[str]]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            for route, pattern, arguments in _routes(each.url_patterns, prefix + str(each.pattern)):
                yield route, pattern, arguments | set(each.pattern.converters)
        else:
            yield prefix + str(each.pattern), each, set(each.pattern.converters)


ROUTES = list(_routes(get_resolver().url_patterns))
NAMES = [pattern.name or "" for _route, pattern, _arguments in ROUTES]


def test_every_route_has_a_name_of_its_own() -> None:
    assert "" not in NAMES, f"give a name to {[route for route, pattern, _a in ROUTES if not pattern.name]}"
    assert len(NAMES) == len(set(NAMES)), sorted(name for name in NAMES if NAMES.count(name) > 1)


@pytest.mark.parametrize(("route", "pattern", "arguments"), ROUTES, ids=NAMES)
def test_every_route_has_a_decision(route: str, pattern: URLPattern, arguments: set[str]) -> None:
    access = getattr(pattern.callback, "access", None)
    assert access is not None, f"{route}: begin the view with one of the doors in pilots/decorators.py"
    assert isinstance(access, May) or access in {"everyone", "public"}
    assert (access == "public") == (pattern.name in PUBLIC), f"{route}: what is public is named in PUBLIC above"
    if "trajectory_id" in arguments:
        assert isinstance(access, May), f"{route}: about one trajectory, so begin with in_trajectory"


@pytest.fixture
def world(db: None) -> World:
    trajectory, other = make_trajectory(), make_trajectory()
    return World(trajectory, full_team(trajectory), full_team(other), admin=make_admin(), outsider=make_user())


def _address(world: World, name: str, arguments: set[str], user: User | None) -> str:
    kwargs = ARGUMENTS[name](world, user) if name in ARGUMENTS else {}
    if "trajectory_id" in arguments:
        kwargs["trajectory_id"] = world.trajectory.pk
    missing = arguments - set(kwargs)
    assert not missing, f"add {name!r} to ARGUMENTS in tests/test_access.py with {sorted(missing)}"
    return reverse(name, kwargs=kwargs)


def _allowed(access: Any, roles: set[str], *, in_team: bool, about_one: bool) -> bool:
    if access in {"everyone", "public"}:
        return True
    return (in_team or not about_one) and any(access in ROLES[role].permissions for role in roles)


@pytest.mark.parametrize(("route", "pattern", "arguments"), ROUTES, ids=NAMES)
def test_everybody_gets_what_the_roles_say(world: World, route: str, pattern: URLPattern, arguments: set[str]) -> None:
    name = str(pattern.name)
    access = getattr(pattern.callback, "access", None)
    wrong = []
    about_one = "trajectory_id" in arguments
    actors = [
        (who, user, _allowed(access, roles, in_team=in_team, about_one=about_one))
        for who, user, roles, in_team in world.actors()
        if access != "public"
    ]
    # Who is not let in changes nothing, so all of them can knock at the same door.
    with transaction.atomic():
        closed = _address(world, name, arguments, None)
        for who, user, expected in actors:
            for method in () if expected else ("get", "post"):
                status = getattr(client_of(user), method)(closed).status_code
                if status != 404:
                    hint = ": put the door on the outside" if status == 405 else ""
                    wrong.append(f"{who}: {method} gives {status}, expected 404{hint}")
        transaction.set_rollback(True)
    for who, user, expected in actors:
        if not expected:
            continue
        with transaction.atomic():
            address = _address(world, name, arguments, user)
            client = client_of(user)
            status = client.get(address).status_code
            if status == 405:
                # An empty form may be about nothing (404), or not be good enough; it is never forbidden.
                status = client.post(address).status_code
                status = 200 if status == 404 else status
            if status in {403, 404}:
                wrong.append(f"{who}: gives {status}, expected to come in")
            transaction.set_rollback(True)
    assert not wrong, f"{route} ({access!r})\n" + "\n".join(wrong)


@pytest.mark.parametrize(("route", "pattern", "arguments"), ROUTES, ids=NAMES)
def test_nobody_comes_in_without_an_account(world: World, route: str, pattern: URLPattern, arguments: set[str]) -> None:
    address = _address(world, str(pattern.name), arguments, None)
    for method in ("get", "post"):
        page = getattr(Client(), method)(address)
        if pattern.name in PUBLIC:
            assert page.status_code in {200, 302, 405, 503}
            continue
        assert page.status_code == 302
        assert page.headers["Location"] == f"/inloggen/?next={quote(address)}"
        assert getattr(Client(), method)(address, headers={"HX-Request": "true"}).status_code == 401
        assert getattr(Client(), method)(address, headers={"Accept": "application/json"}).status_code == 401


def _without_tokens(content: bytes) -> bytes:
    """A page without its CSRF tokens, which are new on every page."""
    return re.sub(rb"[A-Za-z0-9]{64}", b"", content)


def test_what_does_not_exist_looks_like_what_is_not_yours(world: World) -> None:
    user = world.other_team["researcher"]
    hidden = client_of(user).get(reverse("trajectory", kwargs={"trajectory_id": world.trajectory.pk}))
    absent = client_of(user).get(reverse("trajectory", kwargs={"trajectory_id": 999_999}))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert _without_tokens(hidden.content) == _without_tokens(absent.content)


def test_several_roles_add_up(world: World) -> None:
    join(world.trajectory, "gsa", world.team["director"])
    address = reverse("trajectory_steps", kwargs={"trajectory_id": world.trajectory.pk})
    assert client_of(world.team["director"]).get(address).status_code == 200


def test_who_leaves_the_team_is_out_at_once(world: World) -> None:
    client = client_of(world.team["gsa"])
    address = reverse("trajectory", kwargs={"trajectory_id": world.trajectory.pk})
    assert client.get(address).status_code == 200
    world.trajectory.team.filter(role="gsa").delete()
    assert client.get(address).status_code == 404


def test_a_blocked_account_is_out_at_once(world: World) -> None:
    client = client_of(world.team["gsa"])
    User.objects.filter(pk=world.team["gsa"].pk).update(is_active=False, closed_at=timezone.now())
    assert client.get("/").status_code == 302
