"""What the ground puts into a trajectory file: team, dates of the steps, partners, role card of care and journal."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from pilots.actions import account_for, accounts_for
from pilots.authors import authors_of
from pilots.enums import Consent
from pilots.figures import steps_now
from pilots.models import CareRole, JournalEntry, Partner, QuoteBase, StepDate, TeamMember, Trajectory, User
from pilots.models.trajectories import DONE_BY_DATE
from pilots.registry import FileFault, FilePart
from pilots.schema import shown
from welbevinden.bulk import insert

# Somebody of whom the file gives no address: nobody can be mailed there, and an export leaves it out again.
NO_ADDRESS = "@zonder-adres.invalid"


def entries(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects in a list, with their places; what has another shape is the schema's to refuse."""
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def day(value: Any) -> date | None:
    """A date of a file; None where there is none, or none that exists."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


# --- Quotes, which focus groups and evaluations both have


def consent_of(quote: QuoteBase) -> dict[str, Any]:
    """What a file says of how far a quote may go; absent is "only in this trajectory"."""
    said: dict[str, Any] = {}
    if quote.consent != Consent.TRAJECTORY:
        said["consent"] = quote.consent
    if quote.released:
        said["released"] = True
    return said


def quote_faults(path: tuple[str | int, ...], entry: dict[str, Any]) -> Iterator[FileFault]:
    """Quotes under `path` that are released without consent."""
    for index, quote in entries(entry.get("quotes")):
        if quote.get("released") is True and quote.get("consent") not in {Consent.PROGRAMME, Consent.PUBLIC}:
            message = 'een vrijgegeven citaat vraagt toestemming; wel kan: "consent": "programme" of "public"'
            yield FileFault((*path, "quotes", index, "released"), message)


# --- Team


def _team_faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    faults = []
    seen: set[tuple[str, str]] = set()
    for index, entry in entries(value):
        email = entry.get("email")
        if not isinstance(email, str) or not email:
            continue
        try:
            validate_email(email)
        except ValidationError:
            message = f"{shown(email)} is geen e-mailadres; wel kan: iets als naam@school.nl"
            faults.append(FileFault(("team", index, "email"), message))
        member = (str(entry.get("role")), email.lower())
        if member in seen:
            message = f"{shown(email)} staat er twee keer met deze rol; wel kan: één keer"
            faults.append(FileFault(("team", index), message))
        seen.add(member)
    return faults


def _load_team(trajectory: Trajectory, value: list[dict[str, Any]], by: User | None) -> None:
    members = []
    for entry, email in zip(value, _addresses(trajectory, value), strict=True):
        account = account_for(email=email, name=entry.get("name") or "", by=by)
        members.append(_member(trajectory, entry, account))
    insert(members)


def _load_teams(values: Sequence[tuple[Trajectory, list[dict[str, Any]]]], by: User | None) -> None:
    listed = [
        (trajectory, entry, email)
        for trajectory, value in values
        for entry, email in zip(value, _addresses(trajectory, value), strict=True)
    ]
    accounts = accounts_for({email: entry.get("name") or "" for _, entry, email in listed}, by)
    insert(_member(trajectory, entry, accounts[email]) for trajectory, entry, email in listed)


def _member(trajectory: Trajectory, entry: dict[str, Any], account: User) -> TeamMember:
    attended = bool(entry.get("at_start_meeting"))
    return TeamMember(trajectory=trajectory, user=account, role=entry["role"], at_start_meeting=attended)


def _addresses(trajectory: Trajectory, value: list[dict[str, Any]]) -> Iterator[str]:
    for index, entry in enumerate(value):
        yield entry.get("email") or _no_address(trajectory.reference, index, entry.get("name") or "")


def _no_address(reference: str, index: int, name: str) -> str:
    digest = hashlib.sha256(f"{reference}\n{index}\n{name}".encode()).hexdigest()
    return digest[:20] + NO_ADDRESS


def _dump_team(trajectory: Trajectory) -> list[dict[str, Any]]:
    team = []
    for member in TeamMember.objects.filter(trajectory=trajectory).select_related("user").order_by("pk"):
        entry: dict[str, Any] = {"role": member.role}
        if member.user.name:
            entry["name"] = member.user.name
        if not member.user.is_admin and not member.user.email.endswith(NO_ADDRESS):
            entry["email"] = member.user.email
        if member.at_start_meeting:
            entry["at_start_meeting"] = True
        team.append(entry)
    return team


# --- Steps


def _step_faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    faults = []
    steps = value if isinstance(value, dict) else {}
    done = {}
    for key, entry in steps.items():
        if not isinstance(entry, dict) or entry.get("done") is None:
            continue
        if key not in map(str, DONE_BY_DATE):
            message = f"stap {key} volgt uit de gegevens; wel kan: alleen bij stap 2 en 7"
            faults.append(FileFault(("steps", key, "done"), message))
        done[key] = day(entry["done"])
    first, last = done.get("2"), done.get("7")
    if first and last and last < first:
        message = f"{last} ligt voor stap 2 ({first}); wel kan: dezelfde dag of later"
        faults.append(FileFault(("steps", "7", "done"), message))
    return faults


def _load_steps(trajectory: Trajectory, value: dict[str, Any], by: User | None) -> None:
    _load_many_steps([(trajectory, value)], by)


def _load_many_steps(values: Sequence[tuple[Trajectory, dict[str, Any]]], by: User | None) -> None:
    insert(
        StepDate(trajectory=trajectory, step=int(key), planned=day(entry.get("planned")), done=day(entry.get("done")))
        for trajectory, value in values
        for key, entry in value.items()
        if entry and (entry.get("planned") or entry.get("done"))
    )


def _dump_steps(trajectory: Trajectory) -> dict[str, dict[str, Any]]:
    steps = {}
    for step in steps_now(trajectory, timezone.localdate()):
        entry = {"state": str(step.state)}
        if step.planned:
            entry["planned"] = step.planned.isoformat()
        if step.done:
            entry["done"] = step.done.isoformat()
        steps[str(step.number)] = entry
    return steps


# --- Journal


def _journal_faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    faults = []
    for index, entry in entries(value):
        start, end = day(entry.get("from")), day(entry.get("to"))
        if start and end and end < start:
            message = f"{end} ligt voor {start}; wel kan: dezelfde dag of later"
            faults.append(FileFault(("journal", index, "to"), message))
    return faults


def _load_journal(trajectory: Trajectory, value: list[dict[str, Any]], by: User | None) -> None:
    authors = authors_of(trajectory)
    JournalEntry.objects.bulk_create(
        JournalEntry(
            trajectory=trajectory,
            kind=entry["kind"],
            start=entry["from"],
            end=entry.get("to") or None,
            reason=entry.get("reason") or "",
            text=entry.get("text") or "",
            author_id=authors.user_of(entry.get("by")),
        )
        for entry in value
    )


def _dump_journal(trajectory: Trajectory) -> list[dict[str, Any]]:
    authors = authors_of(trajectory)
    journal = []
    for each in JournalEntry.objects.filter(trajectory=trajectory).order_by("pk"):
        entry: dict[str, Any] = {"kind": each.kind, "from": each.start.isoformat()}
        if each.end:
            entry["to"] = each.end.isoformat()
        if each.reason:
            entry["reason"] = each.reason
        if each.text:
            entry["text"] = each.text
        if role := authors.role_of(each.author_id):
            entry["by"] = role
        journal.append(entry)
    return journal


# --- Who stands around the pupils


def _twice(key: str, name: str, value: Any) -> list[FileFault]:
    """Entries of the list `key` that name the same `name` as one before."""
    faults = []
    seen: set[str] = set()
    for index, entry in entries(value):
        named = entry.get(name)
        if not isinstance(named, str):
            continue
        if named in seen:
            faults.append(FileFault((key, index, name), f"{shown(named)} staat er twee keer; wel kan: één keer"))
        seen.add(named)
    return faults


def _partner_faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    return _twice("partners", "partner", value)


def _load_partners(trajectory: Trajectory, value: list[dict[str, Any]], by: User | None) -> None:
    Partner.objects.bulk_create(
        Partner(
            trajectory=trajectory,
            partner=entry["partner"],
            state=entry["state"],
            contact=entry.get("contact") or "",
            note=entry.get("note") or "",
        )
        for entry in value
    )


def _dump_partners(trajectory: Trajectory) -> list[dict[str, Any]]:
    return [
        {
            "partner": each.partner,
            "state": each.state,
            **({"contact": each.contact} if each.contact else {}),
            **({"note": each.note} if each.note else {}),
        }
        for each in Partner.objects.filter(trajectory=trajectory).order_by("pk")
    ]


def _care_role_faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    return _twice("care_roles", "role", value)


def _load_care_roles(trajectory: Trajectory, value: list[dict[str, Any]], by: User | None) -> None:
    CareRole.objects.bulk_create(
        CareRole(trajectory=trajectory, role=entry["role"], task=entry["task"], reach=entry.get("reach") or "")
        for entry in value
    )


def _dump_care_roles(trajectory: Trajectory) -> list[dict[str, Any]]:
    return [
        {"role": each.role, "task": each.task, **({"reach": each.reach} if each.reach else {})}
        for each in CareRole.objects.filter(trajectory=trajectory).order_by("pk")
    ]


PARTS = (
    FilePart("team", _team_faults, _load_team, _dump_team, _load_teams),
    FilePart("steps", _step_faults, _load_steps, _dump_steps, _load_many_steps),
    FilePart("partners", _partner_faults, _load_partners, _dump_partners),
    FilePart("care_roles", _care_role_faults, _load_care_roles, _dump_care_roles),
    FilePart("journal", _journal_faults, _load_journal, _dump_journal),
)
