"""What people do with a plan, through the actions: what survives, what stops, what never changes."""

import uuid

import jsonschema
import pytest
from django.db import IntegrityError, transaction

from checklist.models import Answer
from pilots.models import AuditEvent, Document
from plans import actions
from plans.figures import NAME_LEFT_OUT, changes, newest, plan_object
from plans.generator import plan_schema
from plans.models import Action, Plan
from tests.plans.builders import overfull_trajectory, ready_plan, ready_trajectory, small_trajectory

pytestmark = pytest.mark.django_db


def action_at(plan: Plan, topic: str) -> Action:
    return Action.objects.select_related("plan__trajectory__school").filter(plan=plan, topic=topic)[0]


def in_json(plan: Plan, topic: str) -> list[dict[str, object]]:
    """The actions at a topic in the plan object."""
    fresh = newest(plan.trajectory)
    assert fresh is not None
    for section in plan_object(fresh)["sections"]:
        for entry in section["attention"]:
            if entry["topic"] == topic:
                found: list[dict[str, object]] = entry["actions"]
                return found
    return []


@pytest.mark.parametrize("make", [ready_trajectory, overfull_trajectory, small_trajectory])
@pytest.mark.parametrize("sector", ["PO", "VO"])
def test_plan_object_follows_the_schema_and_misses_nothing(make, sector):  # type: ignore[no-untyped-def]
    trajectory, team = make(sector)
    made = plan_object(actions.generate_plan(trajectory=trajectory, by=team["researcher"]))
    jsonschema.validate(made, plan_schema())
    assert made["coverage"]["missed"] == 0
    assert made["coverage"]["signals"] > 0


def test_same_input_changes_nothing() -> None:
    plan, team = ready_plan()
    before = (plan.generated_at, list(Action.objects.values().order_by("pk")))
    again = actions.generate_plan(trajectory=plan.trajectory, by=team["researcher"])
    assert again.pk == plan.pk
    assert (again.generated_at, list(Action.objects.values().order_by("pk"))) == before
    assert AuditEvent.objects.filter(verb="plan-renewed").count() == 0


def test_edits_survive_a_new_draft_as_theirs() -> None:
    plan, team = ready_plan()
    action = action_at(plan, "edu-nonverbal")
    first_step = action.first_step
    values = {"title": "Onze titel", "text": "Onze tekst", "year": 3, "owner": "director"}
    actions.edit_action(action=action, values=values, revision=action.revision, by=team["researcher"])
    Answer.objects.filter(item__topics__contains=["pol-vision"]).update(score=0)
    actions.generate_plan(trajectory=plan.trajectory, by=team["researcher"])
    action.refresh_from_db()
    assert (action.title, action.text, action.year, action.owner) == ("Onze titel", "Onze tekst", 3, "director")
    assert (action.edited_by, action.first_step) == ("researcher", first_step)
    assert in_json(plan, "edu-nonverbal")[0]["edited_by"] == "researcher"


def test_an_edit_stays_when_nothing_asks_for_it_any_more_and_undo_lets_it_go() -> None:
    plan, team = ready_plan()
    action = action_at(plan, "pol-vision")
    actions.edit_action(action=action, values={"text": "Ons"}, revision=action.revision, by=team["researcher"])
    Answer.objects.filter(item__topics__contains=["pol-vision"]).update(score=3)
    actions.generate_plan(trajectory=plan.trajectory, by=None)
    action.refresh_from_db()
    assert action.text == "Ons"
    actions.undo_edit(action=action, by=team["researcher"])
    assert not Action.objects.filter(pk=action.pk).exists()


def test_everything_that_people_can_keep_goes_through_the_generator() -> None:
    plan, team = ready_plan()
    action = action_at(plan, "edu-nonverbal")
    offers = action.interventions
    assert offers
    Action.objects.filter(pk=action.pk).update(
        edited_fields=["interventions", "partners", "support"], edited_by="gsa", partners=["nidos"], support=[]
    )
    actions.generate_plan(trajectory=plan.trajectory, by=team["researcher"])
    action.refresh_from_db()
    assert (action.interventions, action.partners, action.support) == (offers, ["nidos"], [])


def test_undo_brings_the_advice_back() -> None:
    plan, team = ready_plan()
    action = action_at(plan, "care-check-in")
    before = action.text
    actions.edit_action(action=action, values={"text": "Anders"}, revision=1, by=team["researcher"])
    actions.undo_edit(action=action, by=team["researcher"])
    action.refresh_from_db()
    assert (action.text, action.edited_by, action.edited_fields) == (before, "", [])


def test_two_people_who_edit_the_same_action() -> None:
    plan, team = ready_plan()
    action = action_at(plan, "care-check-in")
    actions.edit_action(action=action, values={"text": "Eerst"}, revision=1, by=team["researcher"])
    with pytest.raises(actions.ConflictError) as conflict:
        actions.edit_action(action=action, values={"text": "Later"}, revision=1, by=team["researcher"])
    assert conflict.value.current.text == "Eerst"
    # The same form sent twice is no conflict.
    actions.edit_action(action=action, values={"text": "Eerst"}, revision=1, by=team["researcher"])


def test_line_ends_of_a_browser_are_no_edit() -> None:
    plan, team = ready_plan()
    action = action_at(plan, "care-check-in")
    actions.edit_action(action=action, values={"text": "Een\nTwee"}, revision=1, by=team["researcher"])
    after = actions.edit_action(action=action, values={"text": "Een\r\nTwee"}, revision=1, by=team["researcher"])
    assert (after.text, after.revision) == ("Een\nTwee", 2)


def test_set_aside_counts_and_comes_back_with_its_edits() -> None:
    plan, team = ready_plan()
    by = team["researcher"]
    action = action_at(plan, "care-check-in")
    actions.edit_action(action=action, values={"text": "Ons"}, revision=1, by=by)
    before = plan_object(newest(plan.trajectory) or plan)["coverage"]
    plan = actions.set_aside(plan=plan, topic="care-check-in", reason="Geen tijd", by=by)
    made = plan_object(plan)
    assert made["coverage"]["set_aside"] == 1
    assert made["coverage"]["signals"] == before["signals"]
    assert made["coverage"]["missed"] == 0
    assert {"topic": "care-check-in", "reason": "Geen tijd", "by": "researcher"} in made["set_aside"]
    assert not in_json(plan, "care-check-in")
    assert actions.generate_plan(trajectory=plan.trajectory, by=by).set_aside.count() == 1
    plan = actions.take_back(plan=plan, topic="care-check-in", by=by)
    assert [each["text"] for each in in_json(plan, "care-check-in")] == ["Ons"]
    assert plan_object(plan)["coverage"] == before


def test_own_actions_are_kept_once_and_can_be_removed() -> None:
    plan, team = ready_plan()
    by = team["researcher"]
    number = uuid.uuid4()
    values = {"title": "Samen koken", "text": "Elke maand", "year": 2, "owner": "teacher"}
    own = None
    for _ in range(2):
        own = actions.add_own_action(plan=plan, uuid=number, topic="env-food", label="", values=values, by=by)
    other = actions.add_own_action(plan=plan, uuid=uuid.uuid4(), topic="", label="Tuin", values=values, by=by)
    actions.generate_plan(trajectory=plan.trajectory, by=by)
    assert own is not None
    assert (own.section, own.edited_by, other.section) == ("environment", "researcher", "other")
    assert Action.objects.filter(plan=plan, own=True).count() == 2
    jsonschema.validate(plan_object(newest(plan.trajectory) or plan), plan_schema())
    actions.remove_own_action(action=own, by=by)
    assert not in_json(plan, "env-food")
    with pytest.raises(actions.ClosedPlanError):
        actions.remove_own_action(action=action_at(plan, "edu-nonverbal"), by=by)


def test_release_is_fixed_for_everybody() -> None:
    plan, team = ready_plan()
    by = team["researcher"]
    action = action_at(plan, "edu-nonverbal")
    released = actions.release_plan(plan=plan, by=by)
    assert (released.status, released.released_by) == ("released", "researcher")
    assert released.document
    assert Document.objects.filter(kind="plan", object_id=plan.pk).count() == 1
    assert actions.release_plan(plan=plan, by=by).released_on == released.released_on
    assert AuditEvent.objects.filter(verb="plan-released").count() == 1
    with pytest.raises(actions.ClosedPlanError):
        actions.edit_action(action=action, values={"text": "Toch"}, revision=1, by=by)
    with pytest.raises(actions.ClosedPlanError):
        actions.set_aside(plan=plan, topic="edu-nonverbal", reason="Nee", by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(text="Buitenom")
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(body={})
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(status="draft", released_on=None, document=None)


def test_a_second_release_supersedes_and_tells_what_changed() -> None:
    plan, team = ready_plan()
    by = team["researcher"]
    actions.release_plan(plan=plan, by=by)
    chosen = action_at(plan, "edu-nonverbal")
    actions.choose_action(action=chosen, status="started", year=chosen.year, by=team["director"])
    second = actions.generate_plan(trajectory=plan.trajectory, by=by)
    assert (second.version, second.status) == (2, "draft")
    copy = action_at(second, "edu-nonverbal")
    assert (copy.status, copy.lineage) == ("started", chosen.lineage)
    actions.edit_action(action=copy, values={"text": "Nieuw"}, revision=copy.revision, by=by)
    # What happens to the version that holds goes along in the draft.
    actions.follow_action(action=chosen, status="done", by=team["coordinator"])
    copy.refresh_from_db()
    assert copy.status == "done"
    before, after = Plan.objects.get(pk=plan.pk), Plan.objects.get(pk=second.pk)
    before.trajectory = after.trajectory = plan.trajectory
    assert copy.title in changes(before, after).rewritten
    actions.release_plan(plan=second, by=by)
    plan.refresh_from_db()
    assert (plan.status, Plan.objects.released().count()) == ("superseded", 1)
    with pytest.raises(actions.NotReleasedError):
        actions.follow_action(action=chosen, status="stopped", by=team["coordinator"])


def test_a_name_stops_the_release_until_it_is_masked() -> None:
    plan, team = ready_plan()
    by = team["researcher"]
    action = action_at(plan, "edu-nonverbal")
    actions.edit_action(action=action, values={"text": "Vraag Fatima Yilmaz erbij."}, revision=1, by=by)
    with pytest.raises(actions.NamesFoundError) as found:
        actions.release_plan(plan=plan, by=by)
    assert [each.name for each in found.value.names] == ["Fatima Yilmaz"]
    assert Plan.objects.get(pk=plan.pk).status == "draft"
    actions.mask_name(plan=plan, name="Fatima Yilmaz", by=by)
    released = actions.release_plan(plan=plan, by=by)
    action.refresh_from_db()
    assert action.text == f"Vraag {NAME_LEFT_OUT} erbij."
    assert "Fatima" not in str(released.document)
    assert "Fatima" not in str(plan_object(newest(plan.trajectory) or plan))
    assert "Fatima" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_a_name_on_a_card_is_masked_wherever_it_comes_through() -> None:
    trajectory, team = ready_trajectory()
    trajectory.focus_groups.get(kind="pupils").options.filter(ref="o3").update(label="Een tuin met meester Karel")
    plan = actions.generate_plan(trajectory=trajectory, by=None)
    with pytest.raises(actions.NamesFoundError) as found:
        actions.release_plan(plan=plan, by=team["researcher"])
    assert [each.name for each in found.value.names] == ["Karel"]
    actions.mask_name(plan=plan, name="Karel", by=team["researcher"])
    actions.generate_plan(trajectory=trajectory, by=None)
    released = actions.release_plan(plan=plan, by=team["researcher"])
    assert "Karel" not in str(released.document)
    assert "Karel" not in str(plan_object(newest(trajectory) or plan))


def test_a_declaration_lets_it_through_on_record() -> None:
    plan, team = ready_plan()
    by = team["researcher"]
    actions.set_aside(
        plan=plan, topic="care-check-in", reason="Net als in de Karel Doormanschool van Piet Heijn", by=by
    )
    with pytest.raises(actions.NamesFoundError) as found:
        actions.release_plan(plan=plan, by=by)
    names = [each.name for each in found.value.names]
    released = actions.release_plan(plan=plan, by=by, names_declared=names)
    assert released.names_declared == sorted(names)
    assert released.names_declared_by == by.email


def test_more_in_year_1_than_fits_asks_why() -> None:
    plan, team = ready_plan(year_1_limit=1)
    director = team["director"]
    plan = actions.release_plan(plan=plan, by=team["researcher"])
    first, second = Action.objects.select_related("plan__trajectory__school").filter(plan=plan)[:2]
    actions.choose_action(action=first, status="chosen", year=1, by=director)
    with pytest.raises(actions.FullYearError) as full:
        actions.choose_action(action=second, status="chosen", year=1, by=director)
    assert (full.value.limit, full.value.chosen) == (1, 2)
    for _ in range(2):
        actions.choose_action(action=second, status="chosen", year=1, reason="We hebben geld", by=director)
    plan.refresh_from_db()
    assert plan.year_1_reason == "We hebben geld"
    # One reason is enough for all that is chosen beyond the limit, and it goes along to the next version.
    third = Action.objects.select_related("plan__trajectory__school").filter(plan=plan)[2]
    actions.choose_action(action=third, status="chosen", year=1, by=director)
    assert actions.generate_plan(trajectory=plan.trajectory, by=None).year_1_reason == "We hebben geld"
    # Further on the way is not choosing more.
    actions.choose_action(action=second, status="started", year=1, by=director)
    second.refresh_from_db()
    assert second.status == "started"


def test_nothing_is_chosen_in_a_draft_and_open_is_no_follow_up() -> None:
    plan, team = ready_plan()
    action = action_at(plan, "edu-nonverbal")
    with pytest.raises(actions.NotReleasedError):
        actions.choose_action(action=action, status="chosen", year=1, by=team["director"])
    actions.release_plan(plan=plan, by=team["researcher"])
    with pytest.raises(actions.NotReleasedError):
        actions.follow_action(action=action, status="done", by=team["coordinator"])
