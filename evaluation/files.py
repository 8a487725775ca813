"""The evaluation interviews in a trajectory file."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

from evaluation.enums import Subject
from evaluation.models import Evaluation, EvaluationQuote, Experience, Factor, Line
from pilots.enums import Consent
from pilots.files import consent_of, day, entries, quote_faults
from pilots.models import Trajectory, User
from pilots.registry import FileFault, FilePart
from pilots.schema import shown
from pilots.trajectory_files import filled
from plans.library import library

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
    programmes = library().interventions
    for index, entry in entries(value):
        held = day(entry.get("held_on"))
        for what, before in earliest.items():
            if held and held < before:
                message = f"{held} ligt voor {what} ({before}); wel kan: dezelfde dag of later"
                faults.append(FileFault(("evaluations", index, "held_on"), message))
        faults.extend(quote_faults(("evaluations", index), entry))
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
    evaluations = Evaluation.objects.bulk_create(
        Evaluation(
            trajectory=trajectory,
            side=entry["with"],
            held_on=entry["held_on"],
            respondents=entry.get("respondents") or [],
            is_final=entry.get("final") is not False,
            uuid=uuid4(),
        )
        for entry in value
    )
    both = list(zip(evaluations, value, strict=True))
    Line.objects.bulk_create(line for evaluation, entry in both for line in _lines(evaluation, entry))
    Factor.objects.bulk_create(
        Factor(
            evaluation=evaluation,
            kind=given["kind"],
            factor=given["factor"],
            text=given.get("text") or "",
            position=position,
        )
        for evaluation, entry in both
        for position, given in entries(entry.get("factors"))
    )
    Experience.objects.bulk_create(
        Experience(
            evaluation=evaluation,
            intervention=given["intervention"],
            rating=given.get("rating"),
            text=given.get("text") or "",
            position=position,
        )
        for evaluation, entry in both
        for position, given in entries(entry.get("interventions"))
    )
    EvaluationQuote.objects.bulk_create(
        EvaluationQuote(
            evaluation=evaluation,
            role=given.get("role") or "",
            text=given.get("text") or "",
            about=given.get("about") or "",
            consent=given.get("consent") or Consent.TRAJECTORY,
            released=bool(given.get("released")),
            position=position,
        )
        for evaluation, entry in both
        for position, given in entries(entry.get("quotes"))
    )


def _lines(evaluation: Evaluation, entry: dict[str, Any]) -> Iterator[Line]:
    for key, subject in LINES.items():
        for about, given in (entry.get(key) or {}).items():
            yield Line(
                evaluation=evaluation,
                subject=subject,
                about=about,
                judgement=given.get("judgement") or "",
                rating=given.get("rating"),
                text=given.get("text") or "",
            )


def _dump(trajectory: Trajectory) -> list[dict[str, Any]]:
    evaluations = Evaluation.objects.filter(trajectory=trajectory).order_by("pk")
    return [_entry(each) for each in evaluations.prefetch_related("lines", "factors", "experiences", "quotes")]


def _entry(evaluation: Evaluation) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "with": evaluation.side,
        "held_on": evaluation.held_on.isoformat(),
        "respondents": evaluation.respondents,
    }
    if not evaluation.is_final:
        entry["final"] = False
    for key, subject in LINES.items():
        entry[key] = {
            line.about: filled({"judgement": line.judgement, "rating": line.rating, "text": line.text})
            for line in evaluation.lines.all()
            if line.subject == subject
        }
    entry["factors"] = [
        {"kind": each.kind, "factor": each.factor, **filled({"text": each.text})} for each in evaluation.factors.all()
    ]
    entry["interventions"] = [
        {"intervention": each.intervention, **filled({"rating": each.rating, "text": each.text})}
        for each in evaluation.experiences.all()
    ]
    entry["quotes"] = [
        filled({"role": each.role, "text": each.text, "about": each.about, **consent_of(each)})
        for each in evaluation.quotes.all()
    ]
    return filled(entry)


PARTS = (FilePart("evaluations", _faults, _load, _dump),)
