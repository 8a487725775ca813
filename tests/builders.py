"""Small builders for tests: people, a school, a trajectory and its team. Each makes what is missing itself."""

from itertools import count
from typing import Any

from django.test import Client

from pilots.models import School, TeamMember, Trajectory, User

PASSWORD = "een-lang-wachtwoord-9"
_numbers = count(1)


def make_user(email: str = "", *, name: str = "", **fields: Any) -> User:
    """An account that can log in through `client_of`; its password is unusable, for hashing costs time."""
    number = next(_numbers)
    return User.objects.create_user(email or f"persoon{number}@voorbeeld.test", name or f"Persoon {number}", **fields)


def make_admin() -> User:
    return make_user(is_admin=True)


def make_school(**fields: Any) -> School:
    number = next(_numbers)
    defaults = {"name": f"School {number}", "place": "Zeedorp", "sector": "PO"}
    return School.objects.create(**{**defaults, **fields})


def make_trajectory(school: School | None = None, **fields: Any) -> Trajectory:
    """A trajectory without a team; the setting fits the sector of the school."""
    school = school or make_school(sector=fields.pop("sector", "PO"))
    number = next(_numbers)
    defaults = {
        "reference": f"traject-{number}",
        "cohort": "2026-2027",
        "setting": "regular-language-class" if school.sector == "PO" else "isk",
    }
    return Trajectory.objects.create(school=school, **{**defaults, **fields})


def join(trajectory: Trajectory, role: str, user: User | None = None) -> User:
    """Puts `user`, or somebody new, in the team."""
    user = user or make_user()
    TeamMember.objects.create(trajectory=trajectory, user=user, role=role)
    return user


def full_team(trajectory: Trajectory) -> dict[str, User]:
    """One person for each of the four roles of a team."""
    return {role: join(trajectory, role) for role in ("researcher", "gsa", "director", "coordinator")}


def client_of(user: User | None) -> Client:
    """A browser in which `user` is logged in; None: nobody is."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client
