"""The checklist interviews in a trajectory file."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from checklist.enums import Mode
from checklist.models import Answer, Instrument, Interview, Item
from checklist.snapshots import write_section_scores
from pilots.authors import authors_of, authors_of_all
from pilots.enums import Sector
from pilots.files import entries
from pilots.models import Trajectory, User
from pilots.registry import FileFault, FilePart
from pilots.schema import shown
from pilots.trajectory_files import filled
from welbevinden.bulk import insert


def _faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    school = whole.get("school")
    sector = school.get("sector") if isinstance(school, dict) else None
    faults: list[FileFault] = []
    for index, interview in entries(value):
        faults += _interview_faults(("checklists", index), interview, sector)
    return faults


def _interview_faults(path: tuple[str | int, ...], interview: dict[str, Any], sector: Any) -> Iterator[FileFault]:
    instrument, version = interview.get("instrument"), interview.get("version") or _newest(interview)
    if isinstance(instrument, str) and isinstance(sector, str) and instrument != sector:
        yield FileFault((*path, "instrument"), f"{shown(instrument)} hoort niet bij deze school; wel kan: {sector}")
    if isinstance(instrument, str) and version is None:
        yield FileFault((*path, "version"), "er is nog geen checklist gepubliceerd; doe eerst load_instruments")
    known: set[str] | None = None
    if isinstance(instrument, str) and isinstance(version, str):
        versions = Instrument.objects.filter(sector=instrument[:2])
        found = versions.filter(version=version[:20]).first()
        if found is None:
            allowed = ", ".join(versions.order_by("pk").values_list("version", flat=True)) or "(geen)"
            yield FileFault((*path, "version"), f"{shown(version)} is onbekend; wel kan: {allowed}")
        else:
            known = set(Item.objects.filter(instrument=found).values_list("code", flat=True))
    seen: set[str] = set()
    for index, answer in entries(interview.get("answers")):
        item = answer.get("item")
        if not isinstance(item, str):
            continue
        place = (*path, "answers", index, "item")
        if known is not None and item not in known:
            allowed = f"een van de {len(known)} vragen van {instrument} {version}, zie show_instrument"
            yield FileFault(place, f"{shown(item)} is onbekend; wel kan: {allowed}")
        elif item in seen:
            yield FileFault(place, f"{shown(item)} is twee keer beantwoord; wel kan: één keer")
        seen.add(item)


def _newest(interview: dict[str, Any]) -> str | None:
    """The version meant where a file names none: the newest published one; None when there is none at all."""
    instrument = interview.get("instrument")
    if instrument not in Sector.values:
        return None
    found = Instrument.objects.filter(sector=instrument)
    return found.order_by("published_at", "pk").values_list("version", flat=True).last()


def _load(trajectory: Trajectory, value: list[dict[str, Any]], by: User | None) -> None:
    _load_many([(trajectory, value)], by)


def _load_many(values: Sequence[tuple[Trajectory, list[dict[str, Any]]]], by: User | None) -> None:
    authors = authors_of_all([trajectory for trajectory, _ in values])
    listed = [(trajectory, entry) for trajectory, value in values for entry in value]
    keys = [(entry["instrument"], entry.get("version") or _newest(entry)) for _, entry in listed]
    instruments = {key: Instrument.objects.get(sector=key[0], version=key[1]) for key in set(keys)}
    codes = {
        key: dict(Item.objects.filter(instrument=instrument).values_list("code", "pk"))
        for key, instrument in instruments.items()
    }
    interviews = insert(
        Interview(
            trajectory=trajectory,
            instrument=instruments[key],
            held_on=date.fromisoformat(entry["held_on"]),
            respondents=entry.get("respondents") or [],
            mode=entry.get("mode") or Mode.INTERVIEW,
            is_final=bool(entry.get("final")),
            final_at=_final_at(entry),
        )
        for key, (trajectory, entry) in zip(keys, listed, strict=True)
    )
    insert(
        Answer(
            interview=interview,
            item_id=codes[key][answer["item"]],
            note=answer.get("note") or "",
            priority=answer.get("priority") or "",
            changed_by_id=authors[trajectory.pk].user_of(answer.get("by")),
            **_score(answer.get("score")),
        )
        for interview, key, (trajectory, entry) in zip(interviews, keys, listed, strict=True)
        for answer in entry.get("answers") or ()
    )
    write_section_scores([trajectory.pk for trajectory, _ in values])


def _score(value: int | str | None) -> dict[str, Any]:
    return {"no_score": value} if isinstance(value, str) else {"score": value}


def _final_at(entry: dict[str, Any]) -> datetime | None:
    if not entry.get("final"):
        return None
    given = entry.get("final_at")
    return datetime.fromisoformat(given) if given else _noon(date.fromisoformat(entry["held_on"]))


def _noon(day: date) -> datetime:
    """When an interview counts as final of which only the day is known."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def _dump(trajectory: Trajectory) -> list[dict[str, Any]]:
    authors = authors_of(trajectory)
    interviews = (
        Interview.objects.filter(trajectory=trajectory)
        .order_by("pk")
        .select_related("instrument")
        .prefetch_related(Prefetch("answers", Answer.objects.order_by("pk").select_related("item")))
    )
    return [
        filled(
            {
                "instrument": interview.instrument.sector,
                "version": interview.instrument.version,
                "held_on": interview.held_on.isoformat(),
                "respondents": interview.respondents,
                "final": interview.is_final,
                "final_at": interview.final_at.isoformat()
                if interview.final_at and interview.final_at != _noon(interview.held_on)
                else None,
                "mode": interview.mode,
                "answers": [
                    {"item": answer.item.code}
                    | filled(
                        {
                            "score": answer.value,
                            "priority": answer.priority,
                            "note": answer.note,
                            "by": authors.role_of(answer.changed_by_id),
                        }
                    )
                    for answer in interview.answers.all()
                ],
            }
        )
        for interview in interviews
    ]


PARTS = (FilePart("checklists", _faults, _load, _dump, _load_many),)
