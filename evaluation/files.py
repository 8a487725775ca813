"""The evaluation interviews in a trajectory file: kept as they come, once the schema has passed them."""

from datetime import date
from typing import Any

from evaluation.models import Evaluation
from pilots.files import day, entries
from pilots.models import Trajectory, User
from pilots.reading import canonical
from pilots.registry import FileFault, FilePart
from pilots.schema import shown
from plans.library import library

OUTSIDE = ("with", "held_on")  # columns of their own; all else is `content`


def _faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    faults = []
    earliest = _earliest(whole)
    programmes = library().interventions
    for index, entry in entries(value):
        held = day(entry.get("held_on"))
        for what, before in earliest.items():
            if held and held < before:
                message = f"{held} ligt voor {what} ({before}); wel kan: dezelfde dag of later"
                faults.append(FileFault(("evaluations", index, "held_on"), message))
        for place, programme in entries(entry.get("interventions")):
            given = programme.get("intervention")
            if isinstance(given, str) and given not in programmes:
                message = f"{shown(given)} is onbekend; wel kan: {', '.join(programmes)}"
                faults.append(FileFault(("evaluations", index, "interventions", place, "intervention"), message))
    return faults


def _earliest(whole: dict[str, Any]) -> dict[str, date]:
    """What an evaluation looks back on and therefore cannot come before."""
    steps = whole.get("steps")
    start = steps.get("2") if isinstance(steps, dict) else None
    began = day(start.get("done")) if isinstance(start, dict) else None
    held = [
        found
        for key in ("focus_groups", "checklists")
        for _, entry in entries(whole.get(key))
        if (found := day(entry.get("held_on")))
    ]
    moments = {
        "de startbijeenkomst": began,
        "de eerste sessie of checklist": min(held, default=None),
    }
    return {what: moment for what, moment in moments.items() if moment}


def _load(trajectory: Trajectory, value: list[dict[str, Any]], by: User | None) -> None:
    Evaluation.objects.bulk_create(
        Evaluation(
            trajectory=trajectory,
            side=entry["with"],
            held_on=entry["held_on"],
            content={key: given for key, given in entry.items() if key not in OUTSIDE},
        )
        for entry in value
    )


def _dump(trajectory: Trajectory) -> list[dict[str, Any]]:
    return [
        # As everywhere in a file: what is empty is left out.
        {"with": each.side, "held_on": each.held_on.isoformat(), **canonical(each.content)}
        for each in Evaluation.objects.filter(trajectory=trajectory).order_by("pk")
    ]


PARTS = (FilePart("evaluations", _faults, _load, _dump),)
