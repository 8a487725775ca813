"""Trajectory files: one trajectory as JSON, in and out. Each app adds its own part through the registry."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import MD5, Lower

from pilots import reading
from pilots.audit import event, record
from pilots.models import Document, School, Trajectory, User
from pilots.registry import FileFault, registry
from pilots.schema import shown, trajectory_schema
from pilots.vocabulary import vocabulary
from welbevinden.bulk import insert

FORMAT = "welbevinden/trajectory"
VERSION = 1


class RefusedError(Exception):
    """A file cannot be imported; nothing of it was stored. `faults` holds everything that is wrong with it."""

    def __init__(self, faults: list[FileFault]) -> None:
        super().__init__("; ".join(f"{fault.json_path}: {fault.message}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: the trajectory, and whether anything was written."""

    trajectory: Trajectory
    changed: bool


# --- In


def import_trajectory(*, content: bytes, replace: bool = False, by: User | None) -> Imported:
    """Store the trajectory in a file, all of it or nothing.

    A file that says the same as what was imported under its reference changes nothing. Another file with a known
    reference is refused; with `replace` it takes the place of the old trajectory, which keeps its number.

    Raises RefusedError with every fault of the file.
    """
    data = checked(content)
    return store(data=data, replace=replace, by=by)


def checked(content: bytes) -> dict[str, Any]:
    """The values of a file without faults. Raises RefusedError with every fault of form and of the field."""
    try:
        data, faults = reading.read(content)
    except reading.UnreadableError as error:
        raise RefusedError([FileFault((), str(error))]) from error
    there = {fault.path for fault in faults}
    # What has the wrong shape was told already; the rules of the field look at the rest.
    for fault in _domain_faults(reading.without(data, there)):
        if fault.path not in there:
            there.add(fault.path)
            faults.append(fault)
    if faults:
        raise RefusedError(faults)
    return data


def _domain_faults(data: dict[str, Any]) -> Iterator[FileFault]:
    yield from _own_faults(data)
    for part in registry.parts.values():
        yield from part.faults(data, data.get(part.key))


def _own_faults(data: dict[str, Any]) -> Iterator[FileFault]:
    cohort = data.get("cohort")
    if isinstance(cohort, str) and len(cohort) == 9 and cohort[:4].isdigit() and cohort[:4] >= cohort[5:]:
        yield FileFault(("cohort",), f"{shown(cohort)} eindigt voor het begint; wel kan: een schooljaar als 2026-2027")
    school = data.get("school")
    if not isinstance(school, dict):
        return
    setting = vocabulary().settings.get(str(school.get("setting")))
    sector = school.get("sector")
    if setting and sector in vocabulary().sectors and sector not in setting.sectors:
        possible = ", ".join(each.id for each in vocabulary().settings_of(str(sector)))
        yield FileFault(("school", "setting"), f"{shown(setting.id)} bestaat niet in {sector}; wel kan: {possible}")
    match school.get("age_range"):
        case [int(low), int(high)] if low > high:
            yield FileFault(("school", "age_range"), f"{low} is hoger dan {high}; wel kan: de jongste leeftijd eerst")
    match school.get("care_time"):
        case {"days": float(days)} if Decimal(str(days)).normalize().as_tuple().exponent < -1:  # type: ignore[operator]  # no NaN in JSON
            message = f"{shown(days)} is te precies; wel kan: hoogstens één cijfer achter de komma"
            yield FileFault(("school", "care_time", "days"), message)


@transaction.atomic
def store(*, data: dict[str, Any], replace: bool = False, by: User | None) -> Imported:
    """Write what `checked` has passed. Raises RefusedError when the reference is known and `replace` is false."""
    reference = str(data["reference"])
    with connection.cursor() as cursor:
        # Two imports of one reference wait for each other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [reference])
    digest = _digest(data)
    known = Trajectory.objects.select_for_update(of=("self",)).filter(reference=reference).first()
    if known is not None:
        if digest in (known.imported_sha256, _digest(reading.read(as_bytes(export_trajectory(known)))[0])):
            return Imported(known, changed=False)
        if not replace:
            message = (
                f"{shown(reference)} is al traject {known.pk}, met een andere inhoud; "
                "wel kan: een nieuw kenmerk, of --replace om het te vervangen"
            )
            raise RefusedError([FileFault(("reference",), message)])
        _empty(known)
    trajectory = known or Trajectory(reference=reference)
    _fill(trajectory, _school(data["school"], trajectory), data, digest)
    trajectory.save()
    for part in registry.parts.values():
        if not reading.is_empty(data.get(part.key)):
            part.load(trajectory, data[part.key], by)
    record(
        "trajectory-replaced" if known else "trajectory-imported",
        trajectory,
        by=by,
        trajectory_id=trajectory.pk,
        reference=reference,
        sha256=digest,
    )
    return Imported(trajectory, changed=True)


@transaction.atomic
def store_many(datas: Sequence[dict[str, Any]], by: User | None) -> list[Trajectory]:
    """Write what `checked` would pass and whose references are all new, in a fixed number of queries."""
    registers = [_register(data["school"]) for data in datas]
    there = School.objects.filter(name__in=[register["name"] for register in registers])
    schools = {tuple(getattr(school, field) for field in REGISTER): school for school in there}
    new = {tuple(register.values()): register for register in registers if tuple(register.values()) not in schools}
    schools |= dict(zip(new, insert(School(**register) for register in new.values()), strict=True))
    trajectories = []
    for data, register in zip(datas, registers, strict=True):
        trajectories.append(Trajectory(reference=data["reference"]))
        _fill(trajectories[-1], schools[tuple(register.values())], data, digest="")
    insert(trajectories)
    both = list(zip(trajectories, datas, strict=True))
    for part in registry.parts.values():
        values = [(trajectory, data[part.key]) for trajectory, data in both if not reading.is_empty(data.get(part.key))]
        if part.load_many is not None:
            part.load_many(values, by)
        else:
            for trajectory, value in values:
                part.load(trajectory, value, by)
    insert(
        event("trajectory-imported", each, by=by, trajectory_id=each.pk, reference=each.reference)
        for each in trajectories
    )
    return trajectories


def _digest(data: dict[str, Any]) -> str:
    text = json.dumps(reading.canonical(data), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _fill(trajectory: Trajectory, place: School, data: dict[str, Any], digest: str) -> None:
    school: dict[str, Any] = data["school"]
    low, high = school.get("age_range") or (None, None)
    trajectory.school = place
    trajectory.cohort = data["cohort"]
    trajectory.recruited_through = data.get("recruited_through") or ""
    trajectory.setting = school["setting"]
    trajectory.pupils = school.get("pupils")
    trajectory.newcomers = school.get("newcomers")
    trajectory.low_dutch = school.get("low_dutch")
    trajectory.home_languages = school.get("home_languages") or []
    trajectory.age_low, trajectory.age_high = low, high
    trajectory.unaccompanied_minors = school.get("unaccompanied_minors")
    trajectory.works_with = school.get("works_with") or ""
    trajectory.interventions_in_use = school.get("interventions_in_use") or []
    trajectory.question = school.get("question") or ""
    trajectory.year_1_limit = school.get("year_1_limit")
    trajectory.vision = school.get("vision") or ""
    care_time: dict[str, Any] = school.get("care_time") or {}
    days = care_time.get("days")
    trajectory.care_people = care_time.get("people")
    trajectory.care_days = None if days is None else Decimal(str(days))
    trajectory.care_note = care_time.get("note") or ""
    trajectory.imported_sha256 = digest


REGISTER = ("name", "brin", "location", "sector", "place", "municipality")


def _register(given: dict[str, Any]) -> dict[str, str]:
    return {field: given.get(field) or "" for field in REGISTER}


def _school(given: dict[str, Any], trajectory: Trajectory) -> School:
    """The school as the file names it: the one that is there, the replaced trajectory's own, or a new one."""
    values = _register(given)
    others = {field: value for field, value in values.items() if field != "name"}
    # By its digest, as the index has it.
    same = School.objects.alias(digest=MD5(Lower("name"))).filter(digest=MD5(Lower(Value(values["name"]))), **others)
    found = same.first()
    if found is not None:
        return found
    mine = trajectory.school if trajectory.pk else None
    if mine is not None and not mine.trajectories.exclude(pk=trajectory.pk).exists():
        for field, value in values.items():
            setattr(mine, field, value)
        mine.save()
        return mine
    return School.objects.create(**values)


def _empty(trajectory: Trajectory) -> None:
    """Take away everything that hangs on a trajectory, whichever app it belongs to; the row itself stays."""
    for name in Document.objects.filter(trajectory=trajectory).exclude(file="").values_list("file", flat=True):
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]  # mypy sees no default in a lambda
    for relation in Trajectory._meta.related_objects:  # noqa: SLF001 Django's documented way to see relations
        if relation.field.null:  # mail and invitations belong to people, and only say what they are about
            continue
        relation.related_model.objects.filter(**{relation.field.name: trajectory}).delete()  # type: ignore[union-attr]  # no "self"


# --- Out


def export_trajectory(trajectory: Trajectory) -> dict[str, Any]:
    """The trajectory in the form of a file. What is empty is left out, but for what a reader expects to find."""
    school = trajectory.school
    ages = None if trajectory.age_low is None else [trajectory.age_low, trajectory.age_high]
    data: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "reference": trajectory.reference,
        "cohort": trajectory.cohort,
        "recruited_through": trajectory.recruited_through,
        "school": filled(
            {
                **{field: getattr(school, field) for field in ("name", "brin", "location", "sector")},
                "setting": trajectory.setting,
                "place": school.place,
                "municipality": school.municipality,
                "pupils": trajectory.pupils,
                "newcomers": trajectory.newcomers,
                "low_dutch": trajectory.low_dutch,
                "home_languages": trajectory.home_languages,
                "age_range": ages,
                "unaccompanied_minors": trajectory.unaccompanied_minors,
                "works_with": trajectory.works_with,
                "interventions_in_use": trajectory.interventions_in_use,
                "question": trajectory.question,
                "year_1_limit": trajectory.year_1_limit,
                "vision": trajectory.vision,
                "care_time": filled(
                    {
                        "people": trajectory.care_people,
                        "days": _plain_number(trajectory.care_days),
                        "note": trajectory.care_note,
                    }
                ),
            }
        ),
        **{part.key: part.dump(trajectory) for part in registry.parts.values()},
    }
    order = list(trajectory_schema()["properties"])
    return filled({key: data[key] for key in sorted(data, key=order.index)})


def _plain_number(value: Decimal | None) -> float | None:
    """A decimal as JSON has it: 9, or 4.5."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def filled(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry without what is empty: absent means the same."""
    return {key: value for key, value in entry.items() if not reading.is_empty(value)}


def as_bytes(data: dict[str, Any]) -> bytes:
    """The file itself: JSON in UTF-8, readable for people."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def find(number_or_reference: str) -> Trajectory:
    """The trajectory with this number or, failing that, this reference. Raises Trajectory.DoesNotExist."""
    trajectories = Trajectory.objects.select_related("school")
    if number_or_reference.isascii() and number_or_reference.isdigit() and len(number_or_reference) < 19:
        found = trajectories.filter(pk=int(number_or_reference)).first()
        if found is not None:
            return found
    return trajectories.get(reference=number_or_reference)
