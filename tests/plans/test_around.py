"""What the school says of itself, its partners and the groups' own proposals: in the plan, on its page and on paper."""

import copy
from pathlib import Path

import page as pdf_checker
import pytest
from django.urls import reverse

from focusgroups.models import Idea
from pilots.models import CareRole, Partner, Trajectory, User
from plans import document, pdf
from plans.actions import release_plan
from plans.figures import methods_of, names_in, partners_asked, sources_of
from plans.models import Plan
from tests.builders import client_of
from tests.plans.builders import ready_plan
from tests.plans.test_pdf import text_of

pytestmark = pytest.mark.django_db
NEW_KEYS = ("vision", "care_time", "care_roles", "partner_map")


def described(sector: str = "PO") -> tuple[Plan, dict[str, User]]:
    """A draft for a school that wrote down everything, and whose groups proposed ways themselves."""
    plan, team = ready_plan(sector)
    trajectory = plan.trajectory
    trajectory.vision = "Hier wordt iedereen gezien.\n\nElke dag opnieuw."
    trajectory.care_people, trajectory.care_days, trajectory.care_note = 3, 9, "Dat kost handen in de lokalen."
    trajectory.save()
    Partner.objects.create(trajectory=trajectory, partner="youth-nurse", state="in", contact="wijkverpleegkundige")
    Partner.objects.create(trajectory=trajectory, partner="jogg", state="missing", note="In het voorjaar bellen")
    CareRole.objects.create(trajectory=trajectory, role="coordinator", task="Kijkt mee in het lokaal")
    CareRole.objects.create(trajectory=trajectory, role="caretaker", task="Begroet iedereen", reach="Bij de voordeur")
    pupils = trajectory.focus_groups.get(kind="pupils")
    for ref, text, topics in (
        ("m1", "Elke ochtend samen stretchen", ["edu-relax", "edu-stress"]),
        ("m2", "Een brievenbus voor zorgen", []),
    ):
        Idea.objects.create(focus_group=pupils, ref=ref, question="methods", text=text, topics=topics, position=9)
    return Plan.objects.select_related("trajectory__school").get(pk=plan.pk), team


def test_all_of_it_is_printed_and_readable_for_everybody(tmp_path: Path) -> None:
    plan, _team = described("VO")

    content = pdf.render_now(plan)

    (tmp_path / "plan.pdf").write_bytes(content)
    checked = pdf_checker.validate_pdf(str(tmp_path / "plan.pdf"), profile=pdf_checker.ValidationProfile.PDF_UA_1)
    assert [(fault.rule_id, fault.message) for fault in checked.failures] == []
    text = text_of(content)
    for words in (
        "Hier wordt iedereen gezien.",
        "3 mensen, samen 9 dagen per week",
        "Dat kost handen in de lokalen.",
        "De groep stelt zelf voor",
        "Elke ochtend samen stretchen",
        "Een brievenbus voor zorgen",
        "In het voorjaar bellen",
        "Bij de voordeur",
        "Zorgcoördinator",
    ):
        assert words in text, words
    assert text.index("Begroet iedereen") < text.index("Kijkt mee in het lokaal")


def test_a_proposal_stands_once_in_the_section_of_its_topic() -> None:
    plan, _team = described()
    found = methods_of(plan.trajectory)
    assert {section: [each.text for each in methods] for section, methods in found.items()} == {
        "education": ["Elke ochtend samen stretchen"],
        "other": ["Een brievenbus voor zorgen"],
    }


def test_what_is_released_stays_as_it_was() -> None:
    plan, team = described()
    release_plan(plan=plan, by=team["researcher"], names_declared=[])
    plan.refresh_from_db()
    first = plan.document
    assert first is not None
    assert first["vision"].startswith("Hier wordt")
    trajectory = plan.trajectory
    trajectory.vision = "Iets heel anders"
    trajectory.save()
    trajectory.partner_map.all().delete()
    trajectory.care_roles.all().delete()
    Idea.objects.filter(question="methods").delete()
    assert Plan.objects.get(pk=plan.pk).document == first


def test_a_document_from_before_this_still_prints() -> None:
    plan, _team = described()
    older = copy.deepcopy(document.build(plan))
    for key in NEW_KEYS:
        del older[key]
    for section in older["sections"]:
        del section["methods"]
    older["form"] = 1
    text = text_of(pdf.render(older))
    assert "De visie van de school" not in text
    assert "Bijlage" not in text
    assert "Planning over drie jaar" in text


@pytest.mark.parametrize("where", ["vision", "care_note", "partner", "role", "method", "question"])
def test_a_name_anywhere_is_found_before_the_release(where: str) -> None:
    plan, _team = described()
    trajectory = plan.trajectory
    name = "Vraag het aan mevrouw Slotemaker."
    if where in {"vision", "care_note", "question"}:
        setattr(trajectory, where, name)
        trajectory.save()
    elif where == "partner":
        trajectory.partner_map.update(contact=name)
    elif where == "role":
        trajectory.care_roles.update(task=name)
    else:
        Idea.objects.filter(question="methods").update(text=name)
    found = names_in(plan, sources_of(trajectory))
    assert [each.name for each in found] == ["Slotemaker"]
    assert all(place.url for place in found[0].places)
    plan.names_masked = ["Slotemaker"]
    assert "Slotemaker" not in str(document.build(plan))


def test_the_plan_page_shows_vision_proposals_and_who_is_in() -> None:
    plan, team = described()
    action = plan.actions.exclude(partners=[]).first()
    assert action is not None
    trajectory = Trajectory.objects.get(pk=plan.trajectory_id)
    trajectory.partner_map.all().delete()
    Partner.objects.create(trajectory=trajectory, partner=action.partners[0], state="in")
    client = client_of(team["director"])

    page = " ".join(client.get(reverse("plan", kwargs={"trajectory_id": trajectory.pk})).content.decode().split())

    assert "Hier wordt iedereen gezien." in page
    assert "De groep stelt zelf voor" in page
    assert "Een brievenbus voor zorgen" in page
    assert "(doet al mee)" in page


def test_the_map_offers_whom_the_plan_asks_for() -> None:
    plan, team = described()
    trajectory = plan.trajectory
    asked = [each for each in partners_asked(trajectory) if each == "youth-nurse" or each in {"district-team", "nidos"}]
    assert partners_asked(trajectory)
    page = client_of(team["gsa"]).get(reverse("surroundings", kwargs={"trajectory_id": trajectory.pk})).content.decode()
    offered = page[page.index("Het plan vraagt ook om") :]
    for each in asked:
        assert (f'value="{each}"' in offered) == (each != "youth-nurse")
    plan.actions.update(status="stopped")
    assert partners_asked(trajectory) == []
