"""What an import accepts, what it makes of it, and what comes out again."""
# ruff: noqa: E501 strategies and tables of columns read best with one thing on a line

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist.models import Instrument, Item, SectionScore
from focusgroups.models import Ballot, NamedTheme
from pilots import reading
from pilots.enums import DocumentState
from pilots.mail_actions import queue_mail
from pilots.models import AuditEvent, Document, Invitation, JournalEntry, Mail, School, TeamMember, Trajectory, User
from pilots.schema import trajectory_schema
from pilots.trajectory_files import import_trajectory
from plans.actions import add_note, choose_action, generate_plan, release_plan, set_aside
from plans.generator import plan_schema
from plans.models import Action, ActionNote, Comment, Plan, SupportSession
from tests.files.builders import Json, content, exported, full, imported, small
from welbevinden import services

pytestmark = pytest.mark.django_db
CONTENT = services.BASE_DIR / "pilots" / "content"
FILES = sorted([*(CONTENT / "demo").glob("*.json"), *(CONTENT / "examples").glob("*.json")])


def same(data: Json) -> Any:
    """A file without what an export adds and without what means nothing."""
    plain, faults = reading.read(content(data))
    assert faults == []
    plain["steps"] = {number: step for number, step in (plain.get("steps") or {}).items() if step}
    return reading.canonical(plain)


def forget(trajectory: Trajectory) -> None:
    """An empty database, as elsewhere."""
    trajectory.delete()
    School.objects.all().delete()
    User.objects.all().delete()


def test_full_file_comes_out_as_it_went_in() -> None:
    assert same(exported(imported(full()))) == same(full())


def test_small_file_comes_out_as_it_went_in() -> None:
    assert same(exported(imported(small()))) == same(small())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_our_own_files(path: Path) -> None:
    data = json.loads(path.read_text("utf-8"))
    trajectory = imported(data)
    first = exported(trajectory)
    assert same(first) == same(data)
    forget(trajectory)
    assert exported(imported(first)) == first


def test_null_and_empty_are_absent() -> None:
    data = {**small(), "team": None, "steps": {}, "focus_groups": [], "journal": None, "recruited_through": ""}
    data["school"] = {**data["school"], "brin": "", "age_range": None, "home_languages": [], "question": None}
    assert same(exported(imported(data))) == same(small())


def test_text_is_kept_as_it_is() -> None:
    text = " \t<script>alert(1)</script> \u202e ☃ 'é' ‘e\u0301’ 🏳️‍🌈 \r\n\r\nregel\u2028 "
    data = full()
    data["school"]["question"] = text
    data["focus_groups"][0]["ideas"][0]["text"] = text
    data["focus_groups"][2]["not_held_reason"] = text
    data["checklists"][0]["answers"][0]["note"] = "x" * 20_000
    out = exported(imported(data))
    assert out["school"]["question"] == text
    assert out["focus_groups"][0]["ideas"][0]["text"] == text
    assert out["focus_groups"][2]["not_held_reason"] == text
    assert out["checklists"][0]["answers"][0]["note"] == "x" * 20_000


def test_fewer_points_and_abstentions() -> None:
    data = full()
    data["focus_groups"][0]["rankings"][1]["ballots"] = [
        {"points": {"o1": 1}},
        {"points": {}},
        {},
        {"points": {"o3": 2.0}},
    ]
    result = exported(imported(data))["focus_groups"][0]["rankings"][1]["result"]
    assert (result["ballots"], result["abstentions"]) == (2, 2)
    assert result["order"] == [
        {"option": "o3", "rank": 1, "score": 0.6667},
        {"option": "o1", "rank": 2, "score": 0.3333},
    ]


def test_result_has_the_form_of_the_contract() -> None:
    rankings = exported(imported(full()))["focus_groups"]
    assert rankings[0]["rankings"][0]["result"] == {
        # o1 first on one ballot of two and last of two seen on the other; o2 shares 2.5 and leads; o3 was seen once.
        "order": [
            {"option": "o2", "rank": 1, "score": 0.625},
            {"option": "o1", "rank": 2, "score": 0.5},
            {"option": "o3", "rank": 3, "score": 0.25},
        ],
        "ballots": 2,
        "abstentions": 1,
        "agreement": {"w": None, "mean_correlation": None, "reason": "unseen-options"},
        "first_place": {"same_under": ["borda", "points"], "kept_without_one": [1, 2]},
    }
    assert rankings[1]["rankings"][0]["result"] == {
        "order": [{"option": "p1", "rank": 1, "score": 0.6667}, {"option": "p2", "rank": 2, "score": 0.3333}],
        "ballots": 0,
        "abstentions": 0,
        "agreement": {"w": None, "mean_correlation": None, "reason": "no-ballots"},
        "first_place": None,
    }


def test_derived_keys_are_left_unread() -> None:
    data = full()
    data["steps"]["5"] = {"state": "done"}
    data["focus_groups"][0]["rankings"][0]["result"] = {"order": "onzin"}
    data["plans"] = [{"version": 1, "status": "draft", "coverage": {"signals": 999}, "result": 3}]
    out = exported(imported(data))
    assert out["steps"]["5"]["state"] == "now"
    assert out["focus_groups"][0]["rankings"][0]["result"]["ballots"] == 2
    assert out["plans"][0]["coverage"] == {"signals": 0, "addressed": 0, "set_aside": 0, "missed": 0}


def test_refs_may_be_called_like_derived_keys() -> None:
    data = full()
    group = data["focus_groups"][1]
    group["options"] = [{"ref": "state", "label": "A"}, {"ref": "result", "label": "B"}]
    group["rankings"] = [{"round": 1, "method": "tally", "points_each": 3, "tally": {"state": 2, "result": 1}}]
    assert exported(imported(data))["focus_groups"][1]["rankings"][0]["tally"] == {"state": 2, "result": 1}


def test_a_role_listed_twice_is_one_number_of_people() -> None:
    data = full()
    data["focus_groups"][0]["participants"] = [{"role": "pupil", "count": 5}, {"role": "pupil", "count": 3}]
    assert exported(imported(data))["focus_groups"][0]["participants"] == [{"role": "pupil", "count": 8}]


def test_team_waits_for_its_invitation_and_gets_no_mail() -> None:
    known = User.objects.create_user("rob@proef.test", "Rob die er al was", "een-lang-wachtwoord-9")
    trajectory = imported(full())
    team = {member.role: member.user for member in TeamMember.objects.filter(trajectory=trajectory)}
    assert team["researcher"] == known
    assert not known.is_waiting
    assert team["gsa"].is_waiting
    assert mail.outbox == []


def test_member_without_address() -> None:
    data = {**small(), "team": [{"role": "gsa", "name": "Zonder Adres"}, {"role": "director"}, {"role": "director"}]}
    assert exported(imported(data))["team"] == data["team"]


def test_no_address_of_an_admin_in_an_export() -> None:
    trajectory = imported(full())
    User.objects.filter(email="rob@proef.test").update(is_admin=True)
    assert "rob@proef.test" not in json.dumps(exported(trajectory))


def test_same_file_changes_nothing() -> None:
    trajectory = imported(full())
    JournalEntry.objects.create(trajectory=trajectory, kind="note", start="2021-01-01", text="Van een mens")
    rewritten = json.dumps(json.loads(content(full())), indent=4, sort_keys=True).encode()
    for bytes_ in (content(full()), rewritten):
        again = import_trajectory(content=bytes_, replace=True, by=None)
        assert (again.trajectory.pk, again.changed) == (trajectory.pk, False)
    assert JournalEntry.objects.filter(text="Van een mens").exists()
    assert AuditEvent.objects.filter(verb="trajectory-imported").count() == 1


def test_own_export_changes_nothing() -> None:
    trajectory = imported(full())
    assert not import_trajectory(content=content(exported(trajectory)), by=None).changed


def test_replace_keeps_the_mail_about_it() -> None:
    trajectory = imported(small())
    mail = queue_mail(key="proef", kind="added", to="a@b.test", subject="s", body="b", trajectory=trajectory)
    imported({**small(), "cohort": "2027-2028"}, replace=True)
    mail.refresh_from_db()
    assert mail.trajectory == trajectory


def test_replace_keeps_the_number() -> None:
    before = imported(full())
    generate_plan(trajectory=before, by=None)
    other = {**small("vol-1"), "journal": [{"kind": "note", "from": "2026-11-01", "text": "Nieuw"}]}
    after = imported(other, replace=True)
    assert after.pk == before.pk
    assert same(exported(after)) == same(other)
    assert AuditEvent.objects.filter(verb="trajectory-replaced", trajectory_id=after.pk).exists()
    assert imported(full(), replace=True).pk == before.pk
    assert same(exported(after)) == same(full())


def test_schools_are_shared() -> None:
    first, second = imported(full("a")), imported({**full("b"), "cohort": "2026-2027"})
    assert first.school == second.school


# --- Plans


def with_plans() -> Trajectory:
    """A released version that is being carried out, and a draft of the next with something set aside."""
    data = full()
    trajectory = imported(data)
    by = User.objects.get(email="rob@proef.test")
    plan = generate_plan(trajectory=trajectory, by=by)
    plan = set_aside(plan=plan, topic="par-interpreter", reason="Volgend jaar", by=by)
    Comment.objects.create(plan=plan, role="director", section="care", text=" Goed zo\r\n", author=None)
    plan = release_plan(plan=plan, by=by, names_declared=[])
    action = plan.actions.order_by("position")[0]
    action.plan = plan
    choose_action(action=action, status="chosen", year=1, by=by)
    generate_plan(trajectory=trajectory, by=by)
    return trajectory


def test_plans_come_out_as_they_went_in() -> None:
    trajectory = with_plans()
    first = exported(trajectory)
    assert [plan["status"] for plan in first["plans"]] == ["released", "draft"]
    assert first["plans"][0]["set_aside"][0]["topic"] == "par-interpreter"
    assert first["plans"][0]["coverage"]["set_aside"] > 0
    assert first["plans"][0]["comments"][0]["text"] == " Goed zo\r\n"
    document = Plan.objects.released().get(trajectory=trajectory).document
    forget(trajectory)
    second = imported(first)
    assert exported(second) == first
    assert Plan.objects.released().get(trajectory=second).document == document


def test_what_was_done_with_a_plan_comes_out_as_it_went_in() -> None:
    trajectory = with_plans()
    by = User.objects.get(email="rob@proef.test")
    for action in Action.objects.filter(plan__trajectory=trajectory, plan__status="released").order_by("position")[:6]:
        choose_action(action=action, status="started", year=1, reason="Er is tijd", by=by)
        add_note(action=action, text=f" Notitie {action.position}\n", on=date(2020, 9, 1), by=by)
    SupportSession.objects.create(
        trajectory=trajectory, component="training-trauma", held_on="2020-09-24", people=9, note=" Afspraak\n"
    )
    SupportSession.objects.create(trajectory=trajectory, component="advice-parents", planned_on="2020-10-01")
    first = exported(trajectory)
    assert [each["year_1_reason"] for each in first["plans"]] == ["Er is tijd", "Er is tijd"]
    assert first["support_sessions"][0]["people"] == 9

    def notes(plan: Json) -> list[Json]:
        points = [point for section in plan["sections"] for point in section["attention"]]
        return [note for point in points for action in point["actions"] for note in action.get("notes", ())]

    # Once, in the newest version that has the action.
    assert [len(notes(plan)) for plan in first["plans"]] == [0, 6]
    assert {"on": "2020-09-01", "by": "researcher", "text": " Notitie 1\n"} in notes(first["plans"][1])
    forget(trajectory)
    second = imported(first)
    assert exported(second) == first
    # A note finds its action again, in the version that holds too.
    held = Action.objects.filter(plan__trajectory=second, plan__status="released")
    assert held.filter(lineage__in=ActionNote.objects.values("lineage")).count() == 6


def test_an_evaluation_comes_out_as_it_went_in() -> None:
    data = full()
    said = {"text": " Zo was het.\r\n", "by": "researcher"}
    data["evaluations"] = [
        {
            "with": "gsa",
            "held_on": "2021-01-14",
            "respondents": ["gsa"],
            "final": False,
            "guide": "2026.1",
            "answers": {"effect": {"judgement": "unclear", **said}},
            "outcomes": {"calm": {"judgement": "yes", **said}, "outflow": {"judgement": "not-yet"}},
            "components": {"plan": {"rating": 5, **said}},
            "factors": [
                {"kind": "promoting", "factor": "other", **said},
                {"kind": "promoting", "factor": "other", "text": "Nog iets"},
                {"kind": "hindering", "factor": "pandemic", "by": "researcher"},
            ],
            "interventions": [{"intervention": "team-up", "rating": 4, **said}],
            "quotes": [
                {"role": "gsa", "about": "pandemic", "consent": "public", "released": True, **said},
                {"text": "Blijft hier."},
            ],
        },
        *data["evaluations"],
    ]
    data["focus_groups"][0]["quotes"] = [{"text": "Fijn.", "consent": "programme", "released": True}]
    trajectory = imported(data)
    first = exported(trajectory)
    assert first["evaluations"][0] == data["evaluations"][0]
    assert first["focus_groups"][0]["quotes"] == data["focus_groups"][0]["quotes"]
    assert not {step: each for step, each in first["steps"].items() if step == "8" and each["state"] == "done"}
    forget(trajectory)
    assert exported(imported(first)) == first


def test_generating_after_an_import_changes_nothing() -> None:
    trajectory = with_plans()
    first = exported(trajectory)
    forget(trajectory)
    second = imported(first)
    generate_plan(trajectory=second, by=None)
    assert exported(second) == first


def test_a_plan_object_alone_is_enough() -> None:
    trajectory = with_plans()
    first = exported(trajectory)
    keys = plan_schema()["properties"]
    bare = copy.deepcopy(first)
    for plan in bare["plans"]:
        for extra in set(plan) - set(keys):
            del plan[extra]
    forget(trajectory)
    second = exported(imported(bare))
    assert second["plans"] == bare["plans"]


def test_released_plan_queues_its_pdf() -> None:
    trajectory = with_plans()
    first = exported(trajectory)
    forget(trajectory)
    second = imported(first)
    document = Document.objects.get(trajectory=second)
    assert document.object_id == Plan.objects.released().get(trajectory=second).pk
    assert document.state == DocumentState.QUEUED


def test_plan_without_sections_still_has_seven() -> None:
    data = {**small(), "plans": [{"version": 1, "status": "released", "released_on": "2026-11-02"}]}
    plan = exported(imported(data))["plans"][0]
    assert [section["section"] for section in plan["sections"]] == [*plan_sections()]
    assert all(section["status"] == "unknown" and section["unknown"] for section in plan["sections"])


def plan_sections() -> list[str]:
    from pilots.vocabulary import vocabulary

    return list(vocabulary().sections)


# --- Anything at all

texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=30)
days = st.dates(min_value=date(2019, 8, 1), max_value=date(2027, 1, 1)).map(str)
topics = st.lists(st.sampled_from(["env-climate", "care-structure", "par-interpreter", "tr-stress"]), max_size=3)
themes = st.lists(st.sampled_from(["building", "mental", "home"]), max_size=2)


def some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({}, optional=dict(keys))


@st.composite
def groups(draw: st.DrawFn) -> list[Json]:
    found = []
    for index in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["pupils", "parents", "stakeholders"]))
        if draw(st.booleans()):
            found.append({"kind": kind, "not_held_reason": draw(texts)})
            continue
        ideas = [f"i{index}-{number}" for number in range(draw(st.integers(0, 3)))]
        options = [f"o{index}-{number}" for number in range(draw(st.integers(1, 4)))]
        group: Json = {"kind": kind, "held_on": draw(days), **draw(some(minutes=st.integers(1, 600)))}
        group["ideas"] = [
            {"ref": ref, "question": draw(st.sampled_from(["important", "improve"])), "text": draw(texts),
             "topics": draw(topics), "themes": draw(themes)}
            for ref in ideas
        ]  # fmt: skip
        group["options"] = [
            {"ref": ref, "label": draw(texts), "topics": draw(topics),
             "ideas": draw(st.lists(st.sampled_from(ideas), unique=True)) if ideas else []}
            for ref in options
        ]  # fmt: skip
        orders = st.lists(st.sampled_from(options), unique=True)
        counts = st.dictionaries(st.sampled_from(options), st.integers(0, 9))
        group["rankings"] = [
            {"round": number, **draw(st.one_of(
                st.fixed_dictionaries({"method": st.just("order"), "ballots": st.lists(st.builds(lambda order: {"order": order}, orders), max_size=4)}),
                st.fixed_dictionaries({"method": st.just("points"), "ballots": st.lists(st.builds(lambda points: {"points": points}, counts), max_size=4)}),
                st.fixed_dictionaries({"method": st.just("tally"), "tally": counts}),
                st.fixed_dictionaries({"method": st.just("consensus"), "order": orders}, optional={"decision": some(order=orders, reason=texts)}),
            ))}
            for number in range(1, draw(st.integers(0, 3)) + 1)
        ]  # fmt: skip
        group["quotes"] = draw(st.lists(st.fixed_dictionaries({"role": st.just("pupil"), "text": texts}), max_size=2))
        found.append(group)
    return found


@st.composite
def trajectories(draw: st.DrawFn) -> Json:
    codes = ["vo-calm-lessons", "vo-vision-shared", "vo-interpreter", "vo-parent-sport", "vo-sleep-lesson"]
    data: Json = {**small(draw(texts)), "focus_groups": draw(groups())}
    data["school"] |= draw(
        some(question=texts, place=texts, low_dutch=st.booleans(), pupils=st.integers(0, 9999), age_range=st.just([12, 18]),
             home_languages=st.lists(st.sampled_from(["ar", "ti"]), max_size=2), year_1_limit=st.integers(1, 9))
    )  # fmt: skip
    data["team"] = [
        {"role": role, "name": draw(texts), "email": f"{role}@proef.test"}
        for role in draw(st.lists(st.sampled_from(["gsa", "researcher", "director", "coordinator"]), unique=True))
    ]
    data["checklists"] = [
        {"instrument": "VO", "version": "2026.1", "held_on": draw(days), "final": draw(st.booleans()),
         "mode": draw(st.sampled_from(["interview", "self"])),
         "answers": [
             {"item": code, **draw(some(score=st.sampled_from([0, 1, 2, 3, "unknown", "not-applicable"]),
                                        priority=st.sampled_from(["now", "later"]), note=texts))}
             for code in draw(st.lists(st.sampled_from(codes), unique=True))
         ]}
        for _ in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    data["steps"] = draw(some(**{str(number): some(planned=days) for number in range(1, 10)}))
    data["journal"] = draw(
        st.lists(st.fixed_dictionaries({"kind": st.just("note"), "from": days, "text": texts}), max_size=3)
    )
    data["evaluations"] = draw(
        st.lists(st.fixed_dictionaries({"with": st.sampled_from(["gsa", "school"]), "held_on": st.just("2027-06-01")},
                                       optional={"answers": some(care=some(judgement=st.just("yes"), text=texts))}), max_size=2)
    )  # fmt: skip
    return data


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=trajectories(), plan=st.booleans())
def test_round_trip_of_anything(data: Json, plan: bool) -> None:
    Trajectory.objects.all().delete()
    School.objects.all().delete()
    User.objects.all().delete()
    trajectory = imported(data)
    assert same(exported(trajectory)) == same(data)
    if plan:
        generate_plan(trajectory=trajectory, by=None)
    first = exported(trajectory)
    forget(trajectory)
    assert exported(imported(first)) == first


# --- Nothing is left out

# Columns that no file needs: keys and numbers of the database itself, moments of writing, and what follows from others.
TECHNICAL = {
    "id", "uuid", "lineage", "position", "revision", "version", "created_at", "changed_at", "generated_at", "started_with",
    "imported_sha256", "intervention_ids",
}  # fmt: skip
ELSEWHERE: dict[str, set[str]] = {
    # In the file by another name, derived at import, or never for others' eyes.
    "pilots.trajectory": {"school", "age_low", "age_high"},
    "plans.plan": {"document", "body"},
}


def test_every_table_of_a_trajectory_is_in_the_file() -> None:
    """A new table or column that hangs on a trajectory has to be thought of here."""
    from django.apps import apps

    known = {
        "pilots.teammember": {"trajectory", "user", "role", "at_start_meeting"},
        "pilots.stepdate": {"trajectory", "step", "planned", "done"},
        "pilots.partner": {"trajectory", "partner", "state", "contact", "note"},
        "pilots.carerole": {"trajectory", "role", "task", "reach"},
        "pilots.journalentry": {"trajectory", "kind", "start", "end", "reason", "text", "author"},
        "pilots.document": {"trajectory", "kind", "object_id", "state", "attempts", "error", "file", "sha256", "touched_at", "done_at"},
        "focusgroups.focusgroup": {"trajectory", "kind", "held_on", "minutes", "not_held_reason"},
        "focusgroups.participants": {"focus_group", "role", "count"},
        "focusgroups.idea": {"focus_group", "ref", "themes", "topics", "question", "text"},
        "focusgroups.option": {"focus_group", "ref", "themes", "topics", "label", "ideas"},
        "focusgroups.ranking": {"focus_group", "round", "method", "points_each", "tally", "order", "decision_order", "decision_reason", "option_refs"},
        "focusgroups.ballot": {"ranking", "order", "points", "unseen"},
        "focusgroups.draftballot": {"ranking", "line"},
        "focusgroups.quote": {"focus_group", "role", "text", "consent", "released", "author"},
        "checklist.interview": {"trajectory", "instrument", "held_on", "respondents", "mode", "is_final", "final_at"},
        "checklist.answer": {"interview", "item", "score", "no_score", "priority", "note", "changed_by"},
        "plans.plan": {"trajectory", "status", "released_on", "released_by", "names_declared", "names_declared_by", "names_masked", "year_1_reason"},
        "plans.action": {"plan", "section", "topic", "label", "advice", "own", "title", "text", "year", "period", "owner", "first_step", "sign", "status", "support", "partners", "interventions", "edited_by", "edited_fields"},
        "plans.setaside": {"plan", "topic", "reason", "by", "kept"},
        "plans.comment": {"plan", "section", "role", "text", "agrees", "author"},
        "plans.actionnote": {"trajectory", "on", "role", "text", "author"},
        "plans.supportsession": {"trajectory", "component", "planned_on", "held_on", "topic", "people", "note"},
        "evaluation.evaluation": {"trajectory", "side", "held_on", "respondents", "is_final", "guide"},
        "evaluation.line": {"evaluation", "subject", "about", "judgement", "rating", "text", "changed_by"},
        "evaluation.factor": {"evaluation", "kind", "factor", "text", "changed_by"},
        "evaluation.experience": {"evaluation", "intervention", "rating", "text", "changed_by"},
        "evaluation.evaluationquote": {"evaluation", "role", "text", "about", "consent", "released", "author"},
    }  # fmt: skip
    below: set[type[Model]] = {Trajectory}
    grown = True
    while grown:
        more = {
            model
            for label in ("pilots", "checklist", "focusgroups", "plans", "evaluation")
            for model in apps.get_app_config(label).get_models()
            if any(field.related_model in below for field in model._meta.concrete_fields if field.related_model)
        }
        grown = not more <= below
        below |= more
    # The snapshots follow from the rest, and are written anew at an import. Mail and invitations belong to people.
    for model in below - {Trajectory, SectionScore, NamedTheme, Mail, Invitation}:
        label = model._meta.label_lower
        fields = {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
        assert fields - TECHNICAL - ELSEWHERE.get(label, set()) == known.get(label), label


def test_schema_is_valid_and_knows_an_export() -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(trajectory_schema())
    assert list(Draft202012Validator(trajectory_schema()).iter_errors(exported(with_plans()))) == []


def test_builders_use_what_is_published() -> None:
    assert Instrument.objects.filter(sector="VO", version="2026.1").exists()
    assert Item.objects.filter(code="vo-calm-lessons").exists()
    assert not Ballot.objects.exists()
