"""The plans in a trajectory file: versions as plan objects, with what else the application holds of them."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from pilots.actions import order_document
from pilots.authors import Authors, authors_of_all
from pilots.files import day, entries
from pilots.models import Trajectory, User
from pilots.registry import FileFault, FilePart
from pilots.schema import shown
from pilots.trajectory_files import filled
from pilots.vocabulary import vocabulary
from plans.actions import EDITABLE
from plans.document import build
from plans.enums import ActionStatus, PlanStatus
from plans.figures import actions_by_entry, masked, plan_object
from plans.generator.signals import signals_of
from plans.library import library
from plans.models import Action, ActionNote, Comment, Plan, SetAside, SupportSession
from plans.situation import read_situation
from welbevinden.bulk import insert

Path = tuple[str | int, ...]
DOCUMENT = "plan"  # the kind of document that a released version is printed as
# The same action in every import of the same file, and in every version of one plan.
LINEAGE = uuid.UUID("6f1d3e0a-5d0e-4c0e-9a53-2f8f6f0c7b11")

# --- Faults


def _faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    faults = list(_in_use_faults(whole))
    versions: dict[Any, int] = {}
    statuses: Counter[Any] = Counter()
    released: list[tuple[int, date]] = []
    for index, plan in entries(value):
        path: Path = ("plans", index)
        version, status = plan.get("version"), plan.get("status")
        if isinstance(version, int) and version in versions:
            message = f"versie {version} staat er twee keer; wel kan: elke versie één keer"
            faults.append(FileFault((*path, "version"), message))
        if isinstance(version, int):
            versions[version] = index
        statuses[status if isinstance(status, str) else None] += 1
        if status in (PlanStatus.DRAFT, PlanStatus.RELEASED) and statuses[status] > 1:
            message = f"er is al een plan met {shown(status)}; wel kan: één"
            faults.append(FileFault((*path, "status"), message))
        on = plan.get("released_on")
        if status == PlanStatus.DRAFT and on:
            faults.append(FileFault((*path, "released_on"), "een concept heeft geen datum; wel kan: null"))
        if status in (PlanStatus.RELEASED, PlanStatus.SUPERSEDED) and not on:
            message = "ontbreekt; wel kan: de dag waarop het plan is vastgesteld"
            faults.append(FileFault((*path, "released_on"), message))
        moment = day(on)
        if isinstance(version, int) and moment:
            for other, before in released:
                if (version > other and moment < before) or (version < other and moment > before):
                    message = f"versie {version} ({moment}) en versie {other} ({before}): wel kan op volgorde"
                    faults.append(FileFault((*path, "released_on"), message))
            released.append((version, moment))
        faults += _section_faults(path, plan)
    return faults


def _in_use_faults(whole: dict[str, Any]) -> Iterator[FileFault]:
    school = whole.get("school")
    in_use = school.get("interventions_in_use") if isinstance(school, dict) else None
    for index, programme in enumerate(in_use if isinstance(in_use, list) else ()):
        yield from _programme_faults(("school", "interventions_in_use", index), programme)


def _programme_faults(path: Path, programme: Any) -> Iterator[FileFault]:
    known = library().interventions
    if isinstance(programme, str) and programme not in known:
        yield FileFault(path, f"{shown(programme)} is onbekend; wel kan: {', '.join(known)}")


def _section_faults(path: Path, plan: dict[str, Any]) -> Iterator[FileFault]:
    sections: set[str] = set()
    points: set[tuple[str | None, str | None]] = set()
    for index, section in entries(plan.get("sections")):
        place: Path = (*path, "sections", index)
        name = section.get("section")
        if isinstance(name, str) and name in sections:
            yield FileFault((*place, "section"), f"{shown(name)} staat er twee keer; wel kan: één keer")
        sections.add(str(name))
        for at, point in entries(section.get("attention")):
            spot: Path = (*place, "attention", at)
            topic, label = point.get("topic"), point.get("label")
            key = (topic, None) if isinstance(topic, str) else (None, str(label or ""))
            if key in points:
                yield FileFault(spot, f"{shown(topic or label)} staat er twee keer; wel kan: één keer")
            points.add(key)
            for number, action in entries(point.get("actions")):
                yield from _action_faults((*spot, "actions", number), action)
    aside: set[str] = set()
    for index, entry in entries(plan.get("set_aside")):
        topic = entry.get("topic")
        if isinstance(topic, str) and topic in aside:
            message = f"{shown(topic)} staat er twee keer; wel kan: één keer"
            yield FileFault((*path, "set_aside", index, "topic"), message)
        aside.add(str(topic))


def _action_faults(path: Path, action: dict[str, Any]) -> Iterator[FileFault]:
    advice = action.get("advice")
    if isinstance(advice, str) and advice and advice not in library().advice:
        allowed = "een advies uit de bibliotheek (zie show_library), of null"
        yield FileFault((*path, "advice"), f"{shown(advice)} is onbekend; wel kan: {allowed}")
    for index, offer in entries(action.get("interventions")):
        yield from _programme_faults((*path, "interventions", index, "intervention"), offer.get("intervention"))


# --- In


def _load(trajectory: Trajectory, value: list[dict[str, Any]], by: User | None) -> None:
    # Drafts last: there is one draft at a time, and a version is written as a draft before it is fixed.
    for given in sorted(value, key=lambda each: (each["status"] == PlanStatus.DRAFT, each["version"])):
        plan = load_plan(trajectory, given)
        if plan.status == PlanStatus.RELEASED:
            order_document(trajectory=trajectory, kind=DOCUMENT, object_id=plan.pk, by=by)


def load_plan(trajectory: Trajectory, given: dict[str, Any]) -> Plan:
    """Write one version from its object in a file. What is released gets its fixed document, but no PDF is ordered."""
    return load_plans([(trajectory, given)])[0]


def load_plans(values: Sequence[tuple[Trajectory, dict[str, Any]]], *, made_up: bool = False) -> list[Plan]:
    """Write one version for each of these trajectories: as `load_plan`, with few queries more for many than for one.

    made_up: they come straight from the generator and are there to try things out with. Their own coverage holds, and
    what a PDF prints is made when somebody wants one: for thousands that nobody prints it is half of all the work.
    """
    authors = authors_of_all([trajectory for trajectory, _ in values])
    plans = insert(
        Plan(
            trajectory=trajectory,
            version=given["version"],
            names_masked=given.get("names_masked") or [],
            names_declared=given.get("names_declared") or [],
            names_declared_by=given.get("names_declared_by") or "",
            released_by=given.get("released_by") or "",
            year_1_reason=given.get("year_1_reason") or "",
            **(_made_up(given) if made_up else {"body": _body(given, _by_section(given))}),
        )
        for trajectory, given in values
    )
    both = list(zip(plans, (given for _, given in values), strict=True))
    insert(
        SetAside(
            plan=plan,
            topic=each["topic"],
            reason=each.get("reason") or "",
            by=each.get("by") or "",
            kept=_kept(plan.trajectory, each["topic"], each.get("kept") or []),
        )
        for plan, given in both
        for each in _own_aside(given.get("set_aside") or [])
    )
    notes: list[ActionNote] = []
    insert(
        action
        for plan, given in both
        for action in _actions(plan, plan.trajectory, _by_section(given), authors[plan.trajectory_id], notes)
    )
    insert(notes)
    insert(
        _comment(plan, each, authors[plan.trajectory_id])
        for plan, given in both
        for each in given.get("comments") or ()
    )
    if made_up:
        return plans
    prefetch_related_objects(plans, "actions", "set_aside")
    for plan, given in both:
        plan.body["coverage"] = _coverage(plan.trajectory, plan, {each.topic for each in plan.set_aside.all()})
        if given["status"] != PlanStatus.DRAFT:
            plan.status = given["status"]
            plan.released_on = date.fromisoformat(given["released_on"])
            plan.document = masked(build(plan), plan.names_masked)
        plan.save()
    return plans


def _made_up(given: dict[str, Any]) -> dict[str, Any]:
    body = _body(given, _by_section(given)) | {"coverage": given["coverage"]}
    if given["status"] == PlanStatus.DRAFT:
        return {"body": body}
    return {"body": body, "status": given["status"], "released_on": given["released_on"], "document": {}}


def _by_section(given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["section"]: each for each in given.get("sections") or ()}


def _body(given: dict[str, Any], sections: dict[str, dict[str, Any]]) -> dict[str, Any]:
    body: dict[str, Any] = {"sections": [_section(name, sections.get(name, {})) for name in vocabulary().sections]}
    if given.get("library"):
        body["library"] = given["library"]
    return body


def _own_aside(given: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What people set aside; a twin that only follows its topic is left out again."""
    by_topic = {each["topic"]: each for each in given}
    for each in given:
        origin = by_topic.get(vocabulary().topics[each["topic"]].twin_of or "")
        follows = origin is not None and all(origin.get(key) == each.get(key) for key in ("reason", "by"))
        if not follows or each.get("kept"):
            yield each


def _section(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """A section of the body, with every key that the plan object has."""
    attention = [
        _about(each) | {"need": each.get("need") or 0, "evidence": _evidence(each)}
        for each in given.get("attention") or ()
    ]
    strengths = [
        _about(each) | {"evidence": _evidence(each), "advice": each.get("advice") or ""}
        for each in given.get("strengths") or ()
    ]
    unknown = [
        {"what": each.get("what") or "", "advice": each.get("advice") or ""} for each in given.get("unknown") or ()
    ]
    if not (attention or strengths or unknown):
        # A section is never empty: nothing is known of what a file leaves out.
        unknown = [{"what": vocabulary().sections[name].label, "advice": ""}]
    status = given.get("status") or ("known" if attention else "strengths-only" if strengths else "unknown")
    return {
        "section": name,
        "status": status,
        "summary": given.get("summary") or "",
        "unknown": unknown,
        "contradictions": [
            {"topic": each.get("topic"), "between": each.get("between") or [], "text": each.get("text") or ""}
            for each in given.get("contradictions") or ()
        ],
        "strengths": strengths,
        "attention": attention,
    }


def _about(given: dict[str, Any]) -> dict[str, Any]:
    topic = given.get("topic")
    return {"topic": topic} if topic else {"topic": None, "label": given.get("label") or ""}


def _evidence(given: dict[str, Any]) -> list[dict[str, Any]]:
    return [_reason(each) for each in given.get("evidence") or ()]


def _reason(given: dict[str, Any]) -> dict[str, Any]:
    match given["source"]:
        case "checklist":
            keys = ["item", "score", "priority"]
        case "focus-group" if given.get("idea"):
            keys = ["kind", "session", "idea"]
        case "focus-group":
            keys = ["kind", "session", "option", "rank", "of"]
        case "profile":
            keys = ["fact"]
        case _:
            keys = ["rule"]
    return {"source": given["source"]} | {key: given.get(key) for key in keys}


def _actions(
    plan: Plan,
    trajectory: Trajectory,
    sections: dict[str, dict[str, Any]],
    authors: Authors,
    notes: list[ActionNote],
) -> Iterator[Action]:
    """The rows of a version; what was noted on them is added to `notes`."""
    sector = trajectory.school.sector
    counts: Counter[tuple[str, ...]] = Counter()
    for name in vocabulary().sections:
        for point in sections.get(name, {}).get("attention") or ():
            topic = point.get("topic") or ""
            label = "" if topic else point.get("label") or ""
            for given in point.get("actions") or ():
                place = (name, topic, label, given.get("advice") or "")
                counts[place] += 1
                lineage = _lineage(trajectory, *place, str(counts[place]))
                notes.extend(_note(trajectory, lineage, each, authors) for each in given.get("notes") or ())
                yield Action(
                    plan=plan,
                    lineage=lineage,
                    section=name,
                    topic=topic,
                    label=label,
                    position=counts.total(),
                    **_columns(given, topic, sector),
                )


def _note(trajectory: Trajectory, lineage: uuid.UUID, given: dict[str, Any], authors: Authors) -> ActionNote:
    role = given.get("by") or ""
    return ActionNote(
        trajectory=trajectory,
        lineage=lineage,
        on=given["on"],
        role=role,
        text=given["text"],
        author_id=authors.user_of(role),
    )


def _lineage(trajectory: Trajectory, *place: str) -> uuid.UUID:
    return uuid.uuid5(LINEAGE, "\n".join((trajectory.reference, *place)))


def _columns(given: dict[str, Any], topic: str, sector: str) -> dict[str, Any]:
    """The columns of an action, from the object in a file."""
    advice = given.get("advice") or ""
    offers = [
        {
            "intervention": each["intervention"],
            "use": each["use"],
            "reason": each.get("reason") or "",
            "recognition": each.get("recognition") or "",
        }
        for each in given.get("interventions") or ()
    ]
    own = given.get("own")
    # At a topic the library always has advice: what has none was written by people.
    own = bool(topic and not advice) if own is None else own
    edited_by = given.get("edited_by") or ""
    title = given.get("title")
    return {
        "advice": advice,
        "own": own,
        "title": _title(advice, sector) if title is None else title,
        "text": given.get("text") or "",
        "year": given["year"],
        "period": given.get("period") or "",
        "owner": given.get("owner") or "",
        "first_step": given.get("first_step") or "",
        "sign": given.get("sign") or "",
        "status": given.get("status") or ActionStatus.OPEN,
        "support": given.get("support") or [],
        "partners": given.get("partners") or [],
        "interventions": offers,
        "intervention_ids": [each["intervention"] for each in offers],
        "edited_by": edited_by,
        "edited_fields": given.get("edited_fields") or _edited_fields(edited_by, own=own),
    }


def _edited_fields(edited_by: str, *, own: bool) -> list[str]:
    """What counts as edited where a file only says that somebody did: all of it, so that nothing of theirs is lost."""
    return sorted(EDITABLE) if edited_by and not own else []


def _title(advice: str, sector: str) -> str:
    found = library().advice.get(advice)
    return found.title.get(sector, "") if found else ""


def _kept(trajectory: Trajectory, topic: str, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What people had made of the actions of a topic that is set aside, in the form that takes it back."""
    sector = trajectory.school.sector
    rows = []
    for number, each in enumerate(given, start=1):
        line = _lineage(trajectory, "kept", topic, each.get("advice") or "", str(number))
        home = vocabulary().topics[topic]
        place = {"section": home.section, "topic": topic, "label": "", "position": number}
        names = {"uuid": str(line), "lineage": str(line), "revision": 1}
        rows.append(_columns(each, topic, sector) | place | names)
    return rows


def _comment(plan: Plan, given: dict[str, Any], authors: Authors) -> Comment:
    at = given.get("at")
    return Comment(
        plan=plan,
        section=given.get("section") or "",
        role=given["role"],
        text=given.get("text") or "",
        agrees=bool(given.get("agrees")),
        author_id=authors.user_of(given["role"]),
        created_at=datetime.fromisoformat(at) if at else timezone.now(),
    )


def _coverage(trajectory: Trajectory, plan: Plan, aside: set[str]) -> dict[str, int]:
    """What became of the signals: those that the plan gives as reasons, and those whose topics were all set aside."""
    topics = vocabulary().topics
    acted = {(action.topic or None, None if action.topic else action.label) for action in plan.actions.all()}
    found: dict[str, bool] = {}
    for section in plan.body["sections"]:
        for point in section["attention"]:
            topic = point["topic"]
            home = topics[topic].twin_of or topic if topic else None
            there = (home, point.get("label")) in acted or (topic, point.get("label")) in acted
            for reason in point["evidence"]:
                if name := _signal_name(reason):
                    found[name] = found.get(name, False) or there
    left = 0
    if aside:
        aside = aside | {topic.id for topic in topics.values() if topic.twin_of in aside}
        names = {
            _signal_name(signal.evidence.as_json())
            for signal in signals_of(read_situation(trajectory, None))
            if signal.topics and aside.issuperset(signal.topics)
        }
        left = len(names - {name for name, there in found.items() if there})
        found = {name: there for name, there in found.items() if there or name not in names}
    addressed = sum(found.values())
    return {
        "signals": len(found) + left,
        "addressed": addressed,
        "set_aside": left,
        "missed": len(found) - addressed,
    }


def _signal_name(reason: dict[str, Any]) -> str:
    """One name for one signal; empty for a reason that is none."""
    if reason["source"] == "checklist":
        return f"item {reason['item']}" if reason["score"] in (0, 1) or reason["priority"] else ""
    if reason["source"] == "focus-group":
        return f"{reason['kind']} {reason['session']} {reason.get('option')} {reason.get('idea')}"
    return ""


# --- Out


def _dump(trajectory: Trajectory) -> list[dict[str, Any]]:
    plans = (
        Plan.objects.filter(trajectory=trajectory)
        .order_by("version")
        .prefetch_related("actions", "set_aside", Prefetch("comments", Comment.objects.order_by("pk")))
    )
    # A note belongs to an action through all versions; it stands once, in the newest that has the action.
    notes: dict[uuid.UUID, list[ActionNote]] = {}
    for note in ActionNote.objects.filter(trajectory=trajectory).order_by("pk"):
        notes.setdefault(note.lineage, []).append(note)
    made = [_plan(plan, trajectory.school.sector, notes) for plan in reversed(list(plans))]
    return made[::-1]


def _plan(plan: Plan, sector: str, notes: dict[uuid.UUID, list[ActionNote]]) -> dict[str, Any]:
    made = plan_object(plan)
    rows = iter(_in_order(plan))
    for section in made["sections"]:
        for point in section["attention"]:
            point["actions"] = [each | _beside(next(rows), plan, sector, notes) for each in point["actions"]]
    kept = {each.topic: each.kept for each in plan.set_aside.all() if each.kept}
    for aside in made["set_aside"]:
        if aside["topic"] in kept:
            aside["kept"] = masked([_kept_json(each, sector) for each in kept[aside["topic"]]], plan.names_masked)
    return made | filled(
        {
            "library": plan.body.get("library"),
            "released_by": plan.released_by,
            "names_declared": plan.names_declared,
            "names_declared_by": plan.names_declared_by,
            "names_masked": plan.names_masked,
            "year_1_reason": masked(plan.year_1_reason, plan.names_masked),
            "comments": [_comment_json(each) for each in plan.comments.all()],
        }
    )


def _in_order(plan: Plan) -> Iterator[Action]:
    """The rows in the order in which the plan object has them."""
    found = actions_by_entry(plan)
    for section in plan.body["sections"]:
        for point in section["attention"]:
            yield from found.get((point["topic"], point.get("label")), ())


def _beside(action: Action, plan: Plan, sector: str, notes: dict[uuid.UUID, list[ActionNote]]) -> dict[str, Any]:
    """What an action holds besides the plan object; what follows from that is left out. Takes its notes out of
    `notes`, so that no older version repeats them."""
    noted = [_note_json(note) for note in notes.pop(action.lineage, ())]
    return masked(
        filled({"notes": noted})
        | _extra(
            title=action.title,
            advice=action.advice,
            topic=action.topic,
            own=action.own,
            edited_by=action.edited_by,
            edited_fields=action.edited_fields,
            sector=sector,
        ),
        plan.names_masked,
    )


def _extra(
    *, title: str, advice: str, topic: str, own: bool, edited_by: str, edited_fields: list[str], sector: str
) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    if title != _title(advice, sector):
        extra["title"] = title
    if own != bool(topic and not advice):
        extra["own"] = own
    if edited_fields and edited_fields != _edited_fields(edited_by, own=own):
        extra["edited_fields"] = edited_fields
    return extra


def _kept_json(row: dict[str, Any], sector: str) -> dict[str, Any]:
    keys = ("text", "year", "period", "owner", "first_step", "sign", "status", "support", "partners", "interventions")
    extra = _extra(
        title=row["title"],
        advice=row["advice"],
        topic=row["topic"],
        own=row["own"],
        edited_by=row["edited_by"],
        edited_fields=row["edited_fields"],
        sector=sector,
    )
    named = {"advice": row["advice"] or None, "edited_by": row["edited_by"] or None}
    return named | {key: row[key] for key in keys} | extra


def _note_json(note: ActionNote) -> dict[str, Any]:
    return {"on": note.on.isoformat()} | filled({"by": note.role}) | {"text": note.text}


def _comment_json(comment: Comment) -> dict[str, Any]:
    return {"role": comment.role} | filled(
        {
            "section": comment.section,
            "text": comment.text,
            "agrees": comment.agrees or None,
            "at": comment.created_at.isoformat(),
        }
    )


# --- The support trajectory


def _session_faults(whole: dict[str, Any], value: Any) -> list[FileFault]:
    faults = []
    for index, session in entries(value):
        if not (session.get("planned_on") or session.get("held_on")):
            message = 'een bijeenkomst heeft een dag; wel kan: planned_on of held_on (of beide), zoals "2020-09-24"'
            faults.append(FileFault(("support_sessions", index), message))
    return faults


def _load_sessions(trajectory: Trajectory, value: list[dict[str, Any]], by: User | None) -> None:
    SupportSession.objects.bulk_create(
        SupportSession(
            trajectory=trajectory,
            component=each["component"],
            planned_on=day(each.get("planned_on")),
            held_on=day(each.get("held_on")),
            topic=each.get("topic") or "",
            people=each.get("people"),
            note=each.get("note") or "",
        )
        for each in value
    )


def _dump_sessions(trajectory: Trajectory) -> list[dict[str, Any]]:
    return [
        {"component": each.component}
        | filled(
            {
                "planned_on": each.planned_on and each.planned_on.isoformat(),
                "held_on": each.held_on and each.held_on.isoformat(),
                "topic": each.topic,
                "people": each.people,
                "note": each.note,
            }
        )
        for each in SupportSession.objects.filter(trajectory=trajectory).order_by("pk")
    ]


PARTS = (
    FilePart("plans", _faults, _load, _dump),
    FilePart("support_sessions", _session_faults, _load_sessions, _dump_sessions),
)
