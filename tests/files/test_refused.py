"""Everything that an import refuses: the place, a sentence that says what is allowed, and nothing stored."""
# ruff: noqa: E501 a table reads best with one case on a line

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from pilots.models import AuditEvent, School, Trajectory, User
from pilots.trajectory_files import RefusedError, import_trajectory
from tests.files.builders import Json, content, full, small

pytestmark = pytest.mark.django_db

GROUP = "$.focus_groups[0]"
ORDER = f"{GROUP}.rankings[0]"
POINTS = f"{GROUP}.rankings[1]"
TALLY = "$.focus_groups[1].rankings[0]"


def refusal(content_: bytes) -> dict[str, str]:
    """The faults of a file that must be refused, path → sentence; and nothing of it may be stored."""
    before = [model.objects.count() for model in (Trajectory, School, User, AuditEvent)]
    with pytest.raises(RefusedError) as refused:
        import_trajectory(content=content_, by=None)
    assert [model.objects.count() for model in (Trajectory, School, User, AuditEvent)] == before
    paths = [fault.json_path for fault in refused.value.faults]
    assert len(paths) == len(set(paths)), "one line per fault"
    return {fault.json_path: fault.message for fault in refused.value.faults}


def plan(**fields: Any) -> Json:
    return {"version": 1, "status": "draft", **fields}


def attention(**action: Any) -> Json:
    entry = {"topic": "care-structure", "actions": [{"year": 1, **action}]}
    return plan(sections=[{"section": "care", "attention": [entry]}])


def put(path: str, value: Any) -> Callable[[Json], None]:
    """Writes `value` at a path such as `school.sector` or `focus_groups.0.kind`."""

    def change(data: Any) -> None:
        *way, last = [int(part) if part.isdigit() and not isinstance(data, dict) else part for part in path.split(".")]
        here = data
        for step in way:
            here = here[int(step)] if isinstance(here, list) else here[step]
        if isinstance(here, list):
            here[int(last)] = value
        else:
            here[last] = value

    return change


def drop(path: str) -> Callable[[Json], None]:
    def change(data: Any) -> None:
        *way, last = path.split(".")
        for step in way:
            data = data[int(step)] if isinstance(data, list) else data[step]
        del data[last]

    return change


RANKING = "focus_groups.0.rankings.0"
REFUSED: list[tuple[str, Callable[[Json], None], str, str]] = [
    # form
    ("format", put("format", "iets anders"), "$.format", "welbevinden/trajectory"),
    ("version", put("version", 2), "$.version", "1"),
    *((f"without {key}", drop(key), f"$.{key}", "verplicht") for key in ("format", "version", "reference", "cohort", "school")),
    *((f"school without {key}", drop(f"school.{key}"), f"$.school.{key}", "verplicht") for key in ("name", "sector", "setting")),
    ("required is null", put("school.name", None), "$.school.name", "tekst"),
    ("unknown key at the top", put("colour", 1), "$.colour", "evaluations"),
    ("unknown key in school", put("school.colour", 1), "$.school.colour", "newcomers"),
    ("unknown key in a group", put("focus_groups.0.colour", 1), f"{GROUP}.colour", "participants"),
    ("unknown key in an idea", put("focus_groups.0.ideas.0.colour", 1), f"{GROUP}.ideas[0].colour", "question"),
    ("unknown key in a ballot", put(f"{RANKING}.ballots.0.colour", 1), f"{ORDER}.ballots[0].colour", "unseen"),
    ("unknown key in a decision", put(f"{RANKING}.decision.colour", 1), f"{ORDER}.decision.colour", "reason"),
    ("unknown key in an answer", put("checklists.0.answers.0.colour", 1), "$.checklists[0].answers[0].colour", "score"),
    ("unknown key in a plan", put("plans", [plan(colour=1)]), "$.plans[0].colour", "sections"),
    ("unknown key in an evaluation", put("evaluations.0.colour", 1), "$.evaluations[0].colour", "components"),
    ("unknown key in a journal entry", put("journal.0.colour", 1), "$.journal[0].colour", "reason"),
    ("a group without a kind", drop("focus_groups.0.kind"), f"{GROUP}.kind", "verplicht"),
    ("an idea without a ref", drop("focus_groups.0.ideas.0.ref"), f"{GROUP}.ideas[0].ref", "verplicht"),
    ("a checklist without a date", drop("checklists.0.held_on"), "$.checklists[0].held_on", "verplicht"),
    ("a number as text", put("school.pupils", "210"), "$.school.pupils", "heel getal"),
    ("text as a number", put("school.question", 3), "$.school.question", "tekst"),
    ("text as true", put("school.low_dutch", "ja"), "$.school.low_dutch", "true of false"),
    ("a list as an object", put("team", {}), "$.team", "lijst"),
    ("null in a list", put("school.home_languages.0", None), "$.school.home_languages[0]", "tekst"),
    ("too long", put("school.question", "x" * 20_001), "$.school.question", "20000"),
    ("an impossible day", put("checklists.0.held_on", "2019-02-30"), "$.checklists[0].held_on", "bestaande dag"),
    ("a week as a day", put("checklists.0.held_on", "2019-W06-1"), "$.checklists[0].held_on", "bestaande dag"),
    ("a BRIN", put("school.brin", "AB12"), "$.school.brin", "12AB"),
    ("negative pupils", put("school.pupils", -1), "$.school.pupils", "0 of meer"),
    ("half a pupil", put("school.pupils", 1.5), "$.school.pupils", "heel getal"),
    ("negative participants", put("focus_groups.0.participants.0.count", -8), f"{GROUP}.participants[0].count", "0 of meer"),
    # ids
    ("sector", put("school.sector", "MBO"), "$.school.sector", "PO, VO"),
    ("setting", put("school.setting", "iets"), "$.school.setting", "isk"),
    ("route", put("recruited_through", "krant"), "$.recruited_through", "gsa-network"),
    ("works with", put("school.works_with", "iets"), "$.school.works_with", "gezonde-school"),
    ("programme in use", put("school.interventions_in_use.0", "iets"), "$.school.interventions_in_use[0]", "schooljudo"),
    ("role", put("team.0.role", "admin"), "$.team[0].role", "coordinator"),
    ("kind", put("focus_groups.0.kind", "teachers"), f"{GROUP}.kind", "stakeholders"),
    ("stakeholder", put("focus_groups.0.participants.0.role", "koning"), f"{GROUP}.participants[0].role", "youth-nurse"),
    ("question", put("focus_groups.0.ideas.0.question", "why"), f"{GROUP}.ideas[0].question", "improve"),
    ("theme", put("focus_groups.0.ideas.0.themes.0", "rust"), f"{GROUP}.ideas[0].themes[0]", "mental"),
    ("topic", put("focus_groups.0.ideas.0.topics.0", "rust"), f"{GROUP}.ideas[0].topics[0]", "env-climate"),
    ("method", put(f"{RANKING}.method", "dice"), f"{ORDER}.method", "consensus"),
    ("score", put("checklists.0.answers.0.score", 4), "$.checklists[0].answers[0].score", "not-applicable"),
    ("true is no score", put("checklists.0.answers.0.score", value=True), "$.checklists[0].answers[0].score", "0, 1, 2, 3"),
    ("priority", put("checklists.0.answers.0.priority", "soon"), "$.checklists[0].answers[0].priority", "later, now"),
    ("mode", put("checklists.0.mode", "phone"), "$.checklists[0].mode", "interview, self"),
    ("respondent", put("checklists.0.respondents.0", "koning"), "$.checklists[0].respondents[0]", "director"),
    ("side", put("evaluations.0.with", "parents"), "$.evaluations[0].with", "gsa"),
    ("evaluation question", put("evaluations.0.answers", {"why": {}}), "$.evaluations[0].answers.why", "school-wide"),
    ("judgement", put("evaluations.0.answers.school-wide.judgement", "no"), "$.evaluations[0].answers.school-wide.judgement", "not-yet"),
    ("improvement", put("evaluations.0.improvements", {"food": {}}), "$.evaluations[0].improvements.food", "parents"),
    ("factor of the other kind", put("evaluations.0.factors.0.factor", "urgency"), "$.evaluations[0].factors[0].factor", "lack-of-time"),
    ("component", put("evaluations.0.components", {"food": {}}), "$.evaluations[0].components.food", "plan"),
    ("rating", put("evaluations.0.components.plan.rating", 6), "$.evaluations[0].components.plan.rating", "5 of minder"),
    ("rated programme", put("evaluations.0.interventions.0.intervention", "iets"), "$.evaluations[0].interventions[0].intervention", "mindpower"),
    ("programme rated twice", put("evaluations.0.interventions", [{"intervention": "team-up"}] * 2), "$.evaluations[0].interventions[1].intervention", "één keer"),
    ("factor twice", put("evaluations.0.factors", [{"kind": "hindering", "factor": "pandemic"}] * 2), "$.evaluations[0].factors[1].factor", "beide teksten"),
    ("own factor without words", put("evaluations.0.factors", [{"kind": "promoting", "factor": "other", "text": " "}]), "$.evaluations[0].factors[0]", "een tekst"),
    ("observed outcome", put("evaluations.0.outcomes", {"food": {}}), "$.evaluations[0].outcomes.food", "calm"),
    ("guide", put("evaluations.0.guide", "1999.1"), "$.evaluations[0].guide", "2026.1"),
    ("released without consent", put("evaluations.0.quotes.0.released", value=True), "$.evaluations[0].quotes[0].released", "toestemming"),
    ("consent", put("evaluations.0.quotes.0.consent", "everybody"), "$.evaluations[0].quotes[0].consent", "programme"),
    ("subject of a quote", put("evaluations.0.quotes.0.about", "iets"), "$.evaluations[0].quotes[0].about", "care"),
    ("journal", put("journal.0.kind", "break"), "$.journal[0].kind", "pause, note"),
    ("step 10", put("steps.10", {}), "$.steps.10", "9"),
    ("section", put("plans", [plan(sections=[{"section": "x"}])]), "$.plans[0].sections[0].section", "policy"),
    ("advice", put("plans", [attention(advice="x")]), "$.plans[0].sections[0].attention[0].actions[0].advice", "show_library"),
    ("status of an action", put("plans", [attention(status="x")]), "$.plans[0].sections[0].attention[0].actions[0].status", "stopped"),
    ("year 4", put("plans", [attention(year=4)]), "$.plans[0].sections[0].attention[0].actions[0].year", "3 of minder"),
    ("owner", put("plans", [attention(owner="x")]), "$.plans[0].sections[0].attention[0].actions[0].owner", "caretaker"),
    # the field
    ("setting of the other sector", put("school.sector", "PO"), "$.school.setting", "regular-language-class"),
    ("cohort that ends first", put("cohort", "2020-2019"), "$.cohort", "2026-2027"),
    ("ages the wrong way round", put("school.age_range", [18, 12]), "$.school.age_range", "jongste"),
    ("done on a derived step", put("steps.5", {"done": "2020-01-01"}), "$.steps.5.done", "2 en 7"),
    ("step 7 before step 2", put("steps.7.done", "2019-09-01"), "$.steps.7.done", "2019-09-12"),
    ("pause that ends first", put("journal.0.to", "2020-01-01"), "$.journal[0].to", "2020-03-16"),
    ("evaluation before everything", put("evaluations.0.held_on", "2018-01-01"), "$.evaluations[0].held_on", "later"),
    ("no address", put("team.0.email", "gerda"), "$.team[0].email", "naam@school.nl"),
    ("member twice", put("team.1", {"role": "gsa", "email": "GERDA@proef.test"}), "$.team[1]", "één keer"),
    ("held and not held", put("focus_groups.0.not_held_reason", "ziek"), f"{GROUP}.held_on", "precies één"),
    ("neither held nor not", drop("focus_groups.0.held_on"), f"{GROUP}.held_on", "precies één"),
    ("ref twice", put("focus_groups.0.ideas.1.ref", "i1"), f"{GROUP}.ideas[1].ref", "elke ref"),
    ("ref of another group", put("focus_groups.1.options.0.ref", "i1"), "$.focus_groups[1].options[0].ref", "elke ref"),
    ("unknown idea in an option", put("focus_groups.0.options.0.ideas", ["p1"]), f"{GROUP}.options[0].ideas[0]", "i1, i2"),
    ("idea twice in an option", put("focus_groups.0.options.0.ideas", ["i1", "i1"]), f"{GROUP}.options[0].ideas[1]", "één keer"),
    ("round twice", put("focus_groups.0.rankings.1.round", 1), f"{POINTS}.round", "elke ronde"),
    ("unknown option on the table", put("focus_groups.0.rankings.1.options", ["o1", "o3", "o9"]), f"{POINTS}.options[2]", "o1, o2"),
    ("unknown option", put(f"{RANKING}.ballots.0.order", ["o9"]), f"{ORDER}.ballots[0].order[0]", "o1, o2, o3"),
    ("option of another group", put(f"{RANKING}.ballots.0.order", ["p1"]), f"{ORDER}.ballots[0].order[0]", "o1, o2, o3"),
    ("option twice", put(f"{RANKING}.ballots.0.order", ["o1", ["o2", "o1"]]), f"{ORDER}.ballots[0].order[1][1]", "één keer"),
    ("named and unseen", put(f"{RANKING}.ballots.1.unseen", ["o2"]), f"{ORDER}.ballots[1].unseen[0]", "Kies één"),
    ("unknown unseen option", put(f"{RANKING}.ballots.1.unseen", ["o9"]), f"{ORDER}.ballots[1].unseen[0]", "o1, o2, o3"),
    ("unknown option decided", put(f"{RANKING}.decision.order", ["o9"]), f"{ORDER}.decision.order[0]", "o1, o2, o3"),
    ("negative points", put("focus_groups.0.rankings.1.ballots.0.points", {"o1": -1}), f"{POINTS}.ballots[0].points.o1", "0 of meer"),
    ("half points", put("focus_groups.0.rankings.1.ballots.0.points", {"o1": 0.5}), f"{POINTS}.ballots[0].points.o1", "heel getal"),
    ("too many points", put("focus_groups.0.rankings.1.ballots.0.points", {"o1": 4}), f"{POINTS}.ballots[0].points", "hoogstens 3"),
    ("points off the table", put("focus_groups.0.rankings.1.ballots.0.points", {"o2": 1}), f"{POINTS}.ballots[0].points.o2", "o1, o3"),
    ("more ballots than people", put("focus_groups.0.participants.0.count", 2), f"{ORDER}.ballots", "hoogstens één biljet"),
    ("total too high", put("focus_groups.1.rankings.0.tally", {"p1": 12, "p2": 7}), f"{TALLY}.tally", "hoogstens 18"),
    ("tally of unknown options", put("focus_groups.1.rankings.0.tally", {"p9": 1}), f"{TALLY}.tally.p9", "p1, p2"),
    ("checklist of the other sector", put("checklists.0.instrument", "PO"), "$.checklists[0].instrument", "VO"),
    ("unknown version", put("checklists.0.version", "1999.1"), "$.checklists[0].version", "2026.1"),
    ("unknown item", put("checklists.0.answers.0.item", "po-sleep"), "$.checklists[0].answers[0].item", "show_instrument"),
    ("item twice", put("checklists.0.answers.1.item", "vo-calm-lessons"), "$.checklists[0].answers[1].item", "één keer"),
    ("draft with a date", put("plans", [plan(released_on="2020-01-01")]), "$.plans[0].released_on", "null"),
    ("support without a day", put("support_sessions", [{"component": "training-trauma"}]), "$.support_sessions[0]", "planned_on"),
    ("unknown support", put("support_sessions", [{"component": "x", "held_on": "2020-09-24"}]), "$.support_sessions[0].component", "training-trauma"),
    ("note without a text", put("plans", [attention(notes=[{"on": "2020-09-01"}])]), "$.plans[0].sections[0].attention[0].actions[0].notes[0].text", "verplicht"),
    ("released without a date", put("plans", [plan(status="released")]), "$.plans[0].released_on", "de dag"),
    ("two drafts", put("plans", [plan(), plan(version=2)]), "$.plans[1].status", "één"),
    ("version twice", put("plans", [plan(status="superseded", released_on="2020-01-01"), plan()]), "$.plans[1].version", "één keer"),
    (
        "versions in the wrong order",
        put("plans", [plan(status="superseded", released_on="2020-02-01"), plan(version=2, status="released", released_on="2020-01-01")]),
        "$.plans[1].released_on",
        "op volgorde",
    ),
    ("NUL", put("school.question", "a\0b"), "$.school.question", "zonder NUL"),
    ("half a character", put("journal.1.text", "\ud800"), "$.journal[1].text", "Unicode"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "says"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_refused(change: Callable[[Json], None], path: str, says: str) -> None:
    data = full()
    change(data)
    faults = refusal(json.dumps(data).encode())
    assert path in faults
    assert says in faults[path]


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        (b"\xff\xfe{}", "$", "UTF-8"),
        (b"", "$", "JSON"),
        (b"[]", "$", "object"),
        (b"{", "$", "JSON"),
        (b'{"a": 1,}', "$", "JSON"),
        (b"[" * 200_000, "$", "diep"),
        (b'{"school": {"pupils": NaN}}', "$.school.pupils", "gewoon getal"),
        (b'{"school": {"pupils": -Infinity}}', "$.school.pupils", "gewoon getal"),
        (b'{"school": {"pupils": 1e999}}', "$.school.pupils", "gewoon getal"),
        (b'{"school": {"pupils": ' + b"9" * 5000 + b"}}", "$.school.pupils", "gewoon getal"),
        (b'{"cohort": "2019-2020", "cohort": "2020-2021"}', "$.cohort", "dubbel"),
        (b'{"focus_groups": [{"rankings": [{"tally": {"o1": 1, "o1": 2}}]}]}', "$.focus_groups[0].rankings[0].tally.o1", "dubbel"),
        (b'{"school": {"name": "a\x00b"}}', "$", "JSON"),
        (b'{"a\\u0000b": 1}', "$.a\0b", "sleutel"),
    ],
)  # fmt: skip
def test_bytes_refused(text: bytes, path: str, says: str) -> None:
    faults = refusal(text)
    assert path in faults
    assert says in faults[path]


def test_all_faults_at_once() -> None:
    data = full()
    for change in (put("school.sector", "MBO"), put("journal.0.to", "2020-01-01"), put("colour", 1)):
        change(data)
    data["focus_groups"][0]["rankings"][0]["ballots"][0]["order"] = ["o9", "o1", "o1"]
    data["checklists"][0]["answers"][1]["item"] = "vo-calm-lessons"
    assert set(refusal(content(data))) >= {
        "$.school.sector",
        "$.journal[0].to",
        "$.colour",
        f"{ORDER}.ballots[0].order[0]",
        f"{ORDER}.ballots[0].order[2]",
        "$.checklists[0].answers[1].item",
    }


SHAPES: tuple[Any, ...] = (None, [3], "x", {"x": [None]}, 3, [None], True, {}, [[]], ["x"], [])


@pytest.mark.parametrize("first", range(3))
def test_any_shape_anywhere_is_a_fault_and_no_crash(first: int) -> None:
    def places(node: Any, way: tuple[str | int, ...] = ()) -> Any:
        yield way
        pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, entry in pairs:
            yield from places(entry, (*way, key))

    for number, way in enumerate(places(full())):
        if not way:
            continue
        data: Any = full()
        here = data
        for step in way[:-1]:
            here = here[step]
        here[way[-1]] = SHAPES[(first + number) % len(SHAPES)]
        # Whether it is a fault depends on the place; that it is told as one does not.
        with contextlib.suppress(RefusedError):
            import_trajectory(content=content(data), replace=True, by=None)


def test_known_reference_refused() -> None:
    first = import_trajectory(content=content(small()), by=None).trajectory
    other = {**small(), "cohort": "2025-2026"}
    faults = refusal(content(other))
    assert str(first.pk) in faults["$.reference"]
    assert "--replace" in faults["$.reference"]
