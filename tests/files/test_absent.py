"""What a file leaves out is kept as unknown, and stays so on every page, on paper and in an export."""

import subprocess
from typing import Any

import pytest
from django.urls import reverse

from checklist.models import Instrument, Item
from focusgroups.figures.sessions import people
from focusgroups.models import FocusGroup, Idea, Participants, Quote, Ranking
from pilots import reading
from pilots.actions import start_trajectory
from pilots.models import School, Trajectory, User
from pilots.trajectory_files import RefusedError, import_trajectory
from plans import pdf
from plans.actions import generate_plan
from tests.builders import client_of, full_team, make_admin
from tests.files.builders import Json, content, exported, full, imported, small
from welbevinden.management.commands.up import DEMO_ACCOUNTS

pytestmark = pytest.mark.django_db


def same(data: Json) -> Any:
    """A file without what means nothing and without what an export adds."""
    plain, faults = reading.read(content(data))
    assert faults == []
    plain.pop("steps", None)
    return reading.canonical(plain)


def comes_back(data: Json) -> Trajectory:
    """The trajectory of a file that comes out as it went in, and whose own export changes nothing."""
    trajectory = imported(data)
    first = exported(trajectory)
    assert same(first) == same(data)
    assert not import_trajectory(content=content(first), by=None).changed
    return trajectory


def held(**fields: Any) -> Json:
    """A file with one session."""
    return {**small(), "focus_groups": [{"kind": "pupils", "held_on": "2026-11-05", **fields}]}


def with_client(trajectory: Trajectory) -> Any:
    return client_of(full_team(trajectory)["researcher"])


def page(client: Any, group: FocusGroup, name: str = "focus_group", **more: Any) -> str:
    answer = client.get(reverse(name, kwargs={"trajectory_id": group.trajectory_id, "group_id": group.pk, **more}))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# --- How many took part

OPTIONS = [{"ref": "o1", "label": "Plein"}, {"ref": "o2", "label": "Rust"}]


@pytest.mark.parametrize("entry", [{"role": "pupil"}, {"role": "pupil", "count": None}])
def test_how_many_is_unknown(entry: Json) -> None:
    # More ballots than the teachers, of whom the number is known: not too many, for nobody knows how many pupils.
    ballots = [{"order": ["o1"]}, {"order": ["o2"]}, {"order": ["o2"]}]
    trajectory = comes_back(
        held(
            participants=[entry, {"role": "teacher", "count": 1}],
            options=OPTIONS,
            rankings=[{"round": 1, "method": "order", "ballots": ballots}],
        )
    )
    group = FocusGroup.objects.get()
    assert people(group) is None
    assert list(Participants.objects.values_list("role", "count")) == [("pupil", None), ("teacher", 1)]
    assert exported(trajectory)["focus_groups"][0]["participants"][0] == {"role": "pupil"}


def test_unknown_number_on_pages_and_paper() -> None:
    trajectory = imported(held(participants=[{"role": "parent"}, {"role": "pupil", "count": 0}]))
    team = full_team(trajectory)
    group = FocusGroup.objects.get()
    seen = page(client_of(team["director"]), group)
    assert '<th scope="row">Ouder of verzorger</th><td class="number">niet opgeschreven</td>' in seen
    form = page(client_of(team["researcher"]), group)
    assert "Het aantal is niet opgeschreven" in form
    assert "None" not in seen + form
    assert client_of(team["researcher"]).get(f"/trajecten/{trajectory.pk}/focusgroepen/").status_code == 200
    plan = generate_plan(trajectory=trajectory, by=None)
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf.render_now(plan), capture_output=True, check=True).stdout
    assert "ouder of verzorger (aantal niet opgeschreven)" in " ".join(text.decode().split())


@pytest.mark.parametrize(("typed", "kept"), [("", [("pupil", None)]), ("0", []), ("7", [("pupil", 7)])])
def test_unknown_number_in_the_form(typed: str, kept: list[tuple[str, int | None]]) -> None:
    trajectory = imported(held(participants=[{"role": "pupil"}]))
    group = FocusGroup.objects.get()
    answer = with_client(trajectory).post(
        reverse("focus_group", kwargs={"trajectory_id": trajectory.pk, "group_id": group.pk}),
        {"held": "yes", "held_on": "2026-11-05", "minutes": "45", "count-pupil": typed},
    )
    assert answer.status_code == 302
    assert list(group.participants.values_list("role", "count")) == kept


@pytest.mark.parametrize("counts", [(5, None), (None, 5), (None, None)])
def test_a_number_is_never_lost_beside_an_unknown_one(counts: tuple[int | None, ...]) -> None:
    with pytest.raises(RefusedError) as refused:
        imported(held(participants=[{"role": "pupil", "count": count} for count in counts]))
    (fault,) = refused.value.faults
    assert fault.json_path == "$.focus_groups[0].participants[1]"
    assert "elke rol één keer" in fault.message


def test_a_role_listed_twice_stays_a_number_that_can_be() -> None:
    with pytest.raises(RefusedError) as refused:
        imported(held(participants=[{"role": "pupil", "count": 32_767}, {"role": "pupil", "count": 1}]))
    assert [fault.json_path for fault in refused.value.faults] == ["$.focus_groups[0].participants[1].count"]


# --- Long names

LONG = {"a word": "x" * 20_000, "words": ("De Lange School " * 1250)[:19_999] + "!"}


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
def test_long_names(name: str) -> None:
    data = small()
    data["school"] |= {"name": name, "place": name}
    data["team"] = [{"role": "gsa", "name": name, "email": "lang@proef.test"}]
    trajectory = comes_back(data)
    again = imported({**data, "reference": "klein-2", "cohort": "2025-2026"})
    assert again.school == trajectory.school
    admin = client_of(make_admin())
    for address in (
        "/", "/trajecten/", f"/trajecten/{trajectory.pk}/", f"/trajecten/{trajectory.pk}/team/", "/beheer/mensen/",
        "/beheer/scholen/", f"/trajecten/{trajectory.pk}/plan/",
    ):  # fmt: skip
        assert admin.get(address).status_code == 200, address
    assert client_of(User.objects.get(email="lang@proef.test")).get("/").status_code == 200
    plan = generate_plan(trajectory=trajectory, by=None)
    made = pdf.render_now(plan)
    text = subprocess.run(["pdftotext", "-l", "1", "-", "-"], input=made, capture_output=True, check=True).stdout
    assert "Versie 1" in text.decode(), "the cover is one page"


@pytest.mark.parametrize("key", ["name", "place"])
def test_names_that_are_too_long(key: str) -> None:
    data = small()
    data["school"][key] = "x" * 20_001
    with pytest.raises(RefusedError) as refused:
        imported(data)
    assert [fault.json_path for fault in refused.value.faults] == [f"$.school.{key}"]


def test_what_is_typed_is_shorter() -> None:
    admin = client_of(make_admin())
    typed = {"name": "x" * 501, "sector": "PO", "place": "y" * 201}
    assert admin.post("/beheer/scholen/nieuw/", {**typed, "name": "a\0b"}).context["form"].errors["name"]
    answer = admin.post("/beheer/scholen/nieuw/", typed)
    assert {"name", "place"} <= set(answer.context["form"].errors)
    assert not School.objects.exists()
    data = small()
    data["school"] |= {"name": "z" * 600, "place": "Zeedorp"}
    school = imported(data).school
    answer = admin.post(f"/beheer/scholen/{school.pk}/", {"name": "z" * 600, "sector": "VO", "place": "Elders"})
    assert answer.status_code == 302
    assert School.objects.get(pk=school.pk).place == "Elders"


# --- Who said it, what was asked


@pytest.mark.parametrize("quote", [{"text": "Fijn hier."}, {"role": None, "text": "Fijn hier."}])
def test_quote_without_a_role(quote: Json) -> None:
    trajectory = comes_back(held(quotes=[quote]))
    kept = Quote.objects.get()
    assert kept.role == ""
    assert exported(trajectory)["focus_groups"][0]["quotes"] == [{"text": "Fijn hier."}]
    client = with_client(trajectory)
    assert "iemand" in page(client, kept.focus_group, "focus_group_quotes")
    assert "Niet opgeschreven" in page(client, kept.focus_group, "focus_group_quote", uuid=kept.uuid)
    at = {"trajectory_id": trajectory.pk, "group_id": kept.focus_group_id, "uuid": kept.uuid}
    changed = {"role": "", "text": "Heel fijn hier.", "consent": "trajectory"}
    client.post(reverse("focus_group_quote", kwargs=at), changed)
    kept.refresh_from_db()
    assert (kept.role, kept.text) == ("", "Heel fijn hier.")


@pytest.mark.parametrize("quote", [{"text": "Het loopt."}, {"role": None, "text": "Het loopt.", "about": ""}])
def test_quote_of_an_evaluation_without_a_role(quote: Json) -> None:
    data = {**small(), "evaluations": [{"with": "school", "held_on": "2027-01-20", "quotes": [quote]}]}
    assert exported(comes_back(data))["evaluations"][0]["quotes"] == [{"text": "Het loopt."}]


@pytest.mark.parametrize(
    "idea", [{"ref": "i1", "text": "Een hond"}, {"ref": "i1", "question": None, "text": "Een hond"}]
)
def test_idea_without_a_question(idea: Json) -> None:
    trajectory = comes_back(held(ideas=[idea]))
    kept = Idea.objects.get()
    assert kept.question == ""
    assert exported(trajectory)["focus_groups"][0]["ideas"] == [{"ref": "i1", "text": "Een hond"}]
    client, group = with_client(trajectory), kept.focus_group
    assert "Zonder vraag" in page(client, group, "focus_group_ideas")
    assert "Zonder vraag" in page(client, group, "focus_group_options")
    assert "Zonder vraag" in page(client, group, "focus_group_idea", uuid=kept.uuid)
    at = {"trajectory_id": trajectory.pk, "group_id": group.pk}
    seen = client.get(reverse("focus_group_idea", kwargs={**at, "uuid": kept.uuid})).context["form"]["seen"].value()
    client.post(
        reverse("focus_group_idea", kwargs={**at, "uuid": kept.uuid}),
        {"question": "", "text": "Een grote hond", "seen": seen},
    )
    kept.refresh_from_db()
    assert (kept.question, kept.text) == ("", "Een grote hond")
    client.post(reverse("focus_group_idea_remove", kwargs={**at, "uuid": kept.uuid}))
    client.post(reverse("focus_group_idea_restore", kwargs={**at, "uuid": kept.uuid}))
    client.post(reverse("focus_group_idea_move", kwargs={**at, "uuid": kept.uuid}), {"question": "improve"})
    assert Idea.objects.get().question == "improve"
    # The column stays on a page that shows it, so that the card is seen to leave it.
    cards = client.get(reverse("focus_group_ideas", kwargs=at), {"column": ""}, HTTP_HX_REQUEST="true")
    assert 'id="cards-none"' in cards.content.decode()
    assert "Zonder vraag" not in page(client, group, "focus_group_ideas")


# --- Numbers and versions that follow


@pytest.mark.parametrize("given", [{}, {"round": None}])
def test_round_is_its_place(given: Json) -> None:
    consensus = {"method": "consensus", "order": ["o1", "o2"]}
    trajectory = imported(held(options=OPTIONS, rankings=[{**given, **consensus}, {**given, **consensus}]))
    assert list(Ranking.objects.order_by("pk").values_list("round", flat=True)) == [1, 2]
    assert not import_trajectory(content=content(exported(trajectory)), by=None).changed


def test_round_that_stands_there_already() -> None:
    consensus = {"method": "consensus", "order": ["o1", "o2"]}
    with pytest.raises(RefusedError) as refused:
        imported(held(options=OPTIONS, rankings=[{"round": 2, **consensus}, consensus]))
    assert [fault.json_path for fault in refused.value.faults] == ["$.focus_groups[0].rankings[1].round"]


@pytest.mark.parametrize("given", [{}, {"version": None}, {"version": ""}])
def test_version_is_the_newest(given: Json) -> None:
    data = full()
    checklist = data["checklists"][0]
    del checklist["version"]
    newest = Instrument.objects.create(sector="VO", version="2030.1", title="Nieuw", sha256="")
    for item in Item.objects.filter(instrument__version="2026.1", instrument__sector="VO"):
        item.pk, item.instrument = None, newest
        item.save()
    data["checklists"] = [{**checklist, **given}]
    trajectory = imported(data)
    assert exported(trajectory)["checklists"][0]["version"] == "2030.1"
    assert not import_trajectory(content=content(data), by=None).changed
    assert not import_trajectory(content=content(exported(trajectory)), by=None).changed


def test_version_without_any_checklist() -> None:
    data = full()
    del data["checklists"][0]["version"]
    Item.objects.all().delete()
    Instrument.objects.all().delete()
    with pytest.raises(RefusedError) as refused:
        imported(data)
    assert [fault.json_path for fault in refused.value.faults] == ["$.checklists[0].version"]


def test_factor_has_to_be_named() -> None:
    data = full()
    del data["evaluations"][0]["factors"][0]["factor"]
    with pytest.raises(RefusedError) as refused:
        imported(data)
    assert [fault.json_path for fault in refused.value.faults] == ["$.evaluations[0].factors[0].factor"]


# --- The demo


@pytest.mark.parametrize("name", ["Demo", "demo-school", "DEMO De Vlinderhof"])
def test_what_people_start_is_never_marked_as_fictional(name: str) -> None:
    school = School.objects.create(name=name, sector="VO")
    trajectory, _new = start_trajectory(
        trajectory=Trajectory(school=school, cohort="2026-2027", setting="isk"), by=None
    )
    assert trajectory.reference.startswith("school-demo-")
    assert not trajectory.is_demo


def test_demo_accounts_promise_no_numbers() -> None:
    words = " ".join(DEMO_ACCOUNTS.values()).split()
    assert not {"twee", "drie", "zeven", "twaalf"} & set(words)
