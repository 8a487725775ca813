"""Beginning a trajectory and changing its profile."""

import re
import unicodedata
from collections.abc import Iterable

from django.db import transaction

from pilots.audit import record
from pilots.models import School, Trajectory, User


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:70].strip("-") or "school"


@transaction.atomic
def start_trajectory(*, trajectory: Trajectory, by: User | None) -> tuple[Trajectory, bool]:
    """Begin a trajectory for its school, with a reference made of the school's name and the cohort.

    A school walks once in a cohort: when that trajectory is there, it is given back and nothing changes. The second
    value says whether a new one was made. Raises ValidationError for what the database would refuse.
    """
    # Two at the same time wait for each other here.
    School.objects.select_for_update().get(pk=trajectory.school_id)
    there = Trajectory.objects.filter(school=trajectory.school_id, cohort=trajectory.cohort).first()
    if there is not None:
        return there, False
    base = _slug(f"{trajectory.school.name} {trajectory.cohort}")
    if base.startswith("demo-"):  # what begins so is fictional, and is marked as such everywhere
        base = f"school-{base}"
    taken = set(Trajectory.objects.filter(reference__startswith=base).values_list("reference", flat=True))
    number = 2
    trajectory.reference = base
    while trajectory.reference in taken:
        trajectory.reference = f"{base}-{number}"
        number += 1
    trajectory.full_clean()
    trajectory.save()
    record("trajectory-started", trajectory, by=by, trajectory_id=trajectory.pk, reference=trajectory.reference)
    return trajectory, True


@transaction.atomic
def save_profile(*, trajectory: Trajectory, changed: Iterable[str], by: User | None) -> None:
    """Change the profile; `changed` names the fields, and only those are written, so that two people who change
    different things both succeed. Raises ValidationError for what the database would refuse."""
    fields = sorted(changed)
    if not fields:
        return
    trajectory.full_clean()
    trajectory.save(update_fields=fields)
    record("profile-changed", trajectory, by=by, trajectory_id=trajectory.pk, fields=fields)
