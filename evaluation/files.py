"""The evaluation interviews in a trajectory file."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from evaluation.enums import OTHER, Side, Subject
from evaluation.loading import versions
from evaluation.models import Evaluation, EvaluationQuote, Experience, Factor, Line
from pilots.authors import Authors, authors_of, authors_of_all
from pilots.enums import Consent
from pilots.files import consent_of, day, entries, quote_faults
from pilots.models import Trajectory, User
from pilots.registry import FileFault, FilePart
from pilots.schema import shown
from pilots.trajectory_files import filled
from plans.library import library
from welbevinden.bulk import insert

# The objects in the file that give a line for each id, and what their lines are about.
LINES = {
    "answers": Subject.QUESTION,
    "improvements": Subject.IMPROVEMENT,
    "outcomes": Subject.OUTCOME,
    "components": Subject.COMPONENT,
}


def _faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    faults = []
    earliest = _earliest(whole)
    for index, entry in entries(value):
        held = day(entry.get("held_on"))
        for what, before in earliest.items():
            if held and held < before:
                message = f"{held} ligt voor {what} ({before}); wel kan: dezelfde dag of later"
                faults.append(FileFault(("evaluations", index, "held_on"), message))
        faults.extend(quote_faults(("evaluations", index), entry))
        faults.extend(_guide_faults(("evaluations", index), entry))
        faults.extend(_factor_faults(("evaluations", index), entry))
        faults.extend(_programme_faults(("evaluations", index), entry))
    return faults


def _guide_faults(path: tuple[str | int, ...], entry: dict[str, Any]) -> Iterator[FileFault]:
    given, side = entry.get("guide"), entry.get("with")
    if isinstance(given, str) and given and side in Side.values and given not in versions(side):
        yield FileFault((*path, "guide"), f"{shown(given)} is onbekend; wel kan: {', '.join(versions(side))}")


def _factor_faults(path: tuple[str | int, ...], entry: dict[str, Any]) -> Iterator[FileFault]:
    seen = set()
    for place, given in entries(entry.get("factors")):
        named = (given.get("kind"), given.get("factor"))
        text = given.get("text")
        if named[1] == OTHER:
            if not isinstance(text, str) or not text.strip():
                yield FileFault((*path, "factors", place), 'een eigen factor vraagt een tekst; wel kan: "text": "…"')
        elif all(isinstance(each, str) for each in named):
            if named in seen:
                message = f"{shown(named[1])} staat er twee keer; wel kan: één keer, met beide teksten samen"
                yield FileFault((*path, "factors", place, "factor"), message)
            seen.add(named)


def _programme_faults(path: tuple[str | int, ...], entry: dict[str, Any]) -> Iterator[FileFault]:
    programmes = library().interventions
    seen = set()
    for place, programme in entries(entry.get("interventions")):
        given = programme.get("intervention")
        if not isinstance(given, str):
            continue
        here = (*path, "interventions", place, "intervention")
        if given not in programmes:
            yield FileFault(here, f"{shown(given)} is onbekend; wel kan: {', '.join(programmes)}")
        elif given in seen:
            yield FileFault(here, f"{shown(given)} staat er twee keer; wel kan: één keer")
        seen.add(given)


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
    _load_many([(trajectory, value)], by)


def _load_many(values: Sequence[tuple[Trajectory, list[dict[str, Any]]]], by: User | None) -> None:
    authors = authors_of_all([trajectory for trajectory, _ in values])
    listed = [(trajectory, entry) for trajectory, value in values for entry in value]
    evaluations = insert(
        Evaluation(
            trajectory=trajectory,
            side=entry["with"],
            held_on=entry["held_on"],
            respondents=entry.get("respondents") or [],
            is_final=entry.get("final") is not False,
            guide=entry.get("guide") or "",
            uuid=uuid4(),
        )
        for trajectory, entry in listed
    )
    both = [
        (evaluation, entry, authors[evaluation.trajectory_id])
        for evaluation, (_, entry) in zip(evaluations, listed, strict=True)
    ]
    insert(line for evaluation, entry, by_role in both for line in _lines(evaluation, entry, by_role))
    insert(
        Factor(
            evaluation=evaluation,
            kind=given["kind"],
            factor=given["factor"],
            text=given.get("text") or "",
            position=position,
            changed_by_id=by_role.user_of(given.get("by")),
        )
        for evaluation, entry, by_role in both
        for position, given in entries(entry.get("factors"))
    )
    insert(
        Experience(
            evaluation=evaluation,
            intervention=given["intervention"],
            rating=given.get("rating"),
            text=given.get("text") or "",
            position=position,
            changed_by_id=by_role.user_of(given.get("by")),
        )
        for evaluation, entry, by_role in both
        for position, given in entries(entry.get("interventions"))
    )
    insert(
        EvaluationQuote(
            evaluation=evaluation,
            role=given.get("role") or "",
            text=given.get("text") or "",
            about=given.get("about") or "",
            consent=given.get("consent") or Consent.TRAJECTORY,
            released=bool(given.get("released")),
            position=position,
            author_id=by_role.user_of(given.get("by")),
        )
        for evaluation, entry, by_role in both
        for position, given in entries(entry.get("quotes"))
    )


def _lines(evaluation: Evaluation, entry: dict[str, Any], authors: Authors) -> Iterator[Line]:
    for key, subject in LINES.items():
        for about, given in (entry.get(key) or {}).items():
            if not given:  # nothing was said
                continue
            yield Line(
                evaluation=evaluation,
                subject=subject,
                about=about,
                judgement=given.get("judgement") or "",
                rating=given.get("rating"),
                text=given.get("text") or "",
                changed_by_id=authors.user_of(given.get("by")),
            )


def _dump(trajectory: Trajectory) -> list[dict[str, Any]]:
    authors = authors_of(trajectory)
    evaluations = Evaluation.objects.filter(trajectory=trajectory).order_by("pk")
    return [_entry(each, authors) for each in evaluations.prefetch_related("lines", "factors", "experiences", "quotes")]


def _entry(evaluation: Evaluation, authors: Authors) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "with": evaluation.side,
        "held_on": evaluation.held_on.isoformat(),
        "respondents": evaluation.respondents,
        "guide": evaluation.guide,
    }
    if not evaluation.is_final:
        entry["final"] = False

    def said(row: Line | Factor | Experience, **more: Any) -> dict[str, Any]:
        return filled({**more, "text": row.text, "by": authors.role_of(row.changed_by_id)})

    for key, subject in LINES.items():
        entry[key] = {
            line.about: said(line, judgement=line.judgement, rating=line.rating)
            for line in evaluation.lines.all()
            if line.subject == subject and not line.is_empty
        }
    entry["factors"] = [{"kind": each.kind, "factor": each.factor, **said(each)} for each in evaluation.factors.all()]
    entry["interventions"] = [
        {"intervention": each.intervention, **said(each, rating=each.rating)} for each in evaluation.experiences.all()
    ]
    entry["quotes"] = [
        filled(
            {
                "role": each.role,
                "text": each.text,
                "about": each.about,
                **consent_of(each),
                "by": authors.role_of(each.author_id),
            }
        )
        for each in evaluation.quotes.all()
    ]
    return filled(entry)


PARTS = (FilePart("evaluations", _faults, _load, _dump, _load_many),)
