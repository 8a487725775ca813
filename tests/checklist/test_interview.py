"""Holding an interview, seen from outside: saving, conflicts, what is final, who may."""

import datetime
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checklist import actions
from checklist.figures import answers_of, leading_interview
from checklist.models import Answer, Instrument, Interview
from pilots.models import AuditEvent, Trajectory, User
from pilots.registry import registry
from tests.builders import client_of, full_team, join, make_admin, make_trajectory
from tests.checklist.builders import give, make_instrument, make_interview

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


def where(answer: Any) -> str:
    """Where a redirect goes."""
    return str(answer.headers["Location"])


class World:
    """A trajectory with its team and an interview that has begun."""

    def __init__(self, sector: str = "PO") -> None:
        self.trajectory: Trajectory = make_trajectory(sector=sector)
        self.team: dict[str, User] = full_team(self.trajectory)
        self.interview: Interview = make_interview(self.trajectory, self.team["gsa"])
        self.gsa: Client = client_of(self.team["gsa"])
        self.coordinator: Client = client_of(self.team["coordinator"])

    def url(self, *parts: object) -> str:
        return f"/trajecten/{self.trajectory.pk}/checklist/" + "".join(f"{part}/" for part in parts)

    @property
    def pk(self) -> int:
        return self.interview.pk

    def save(self, client: Client, item: str, **fields: object) -> Any:
        data = {"value": "", "priority": "", "note": "", "version": 0, **fields}
        return client.post(self.url(self.pk, "antwoord", item), data, headers=JSON)

    def page(self, item: str, **fields: object) -> dict[str, object]:
        """What the form of the page sends for one item."""
        return {f"{item}-{name}": value for name, value in fields.items()}

    def line(self, item: str) -> Any:
        return next(line for line in answers_of(self.interview) if line.item == item)


@pytest.fixture
def world() -> World:
    return World()


# Starting


def test_starts_once_however_often_the_button_is_pressed(world: World) -> None:
    Interview.objects.all().delete()
    form = world.gsa.get(world.url("nieuw")).context["form"]
    data = {
        "token": form["token"].value(),
        "held_on": "2026-11-12",
        "respondents": ["director", "coordinator"],
        "mode": "interview",
    }
    first = world.gsa.post(world.url("nieuw"), data)
    second = world.gsa.post(world.url("nieuw"), data)
    interview = Interview.objects.get()
    assert where(first) == where(second) == world.url(interview.pk)
    assert interview.respondents == ["director", "coordinator"]
    assert AuditEvent.objects.filter(verb="checklist.start", trajectory_id=world.trajectory.pk).count() == 2


def test_start_form_keeps_what_was_typed_and_says_what_is_missing(world: World) -> None:
    future = timezone.localdate() + datetime.timedelta(days=30)
    data = {"token": uuid.uuid4(), "held_on": future.isoformat(), "mode": "self"}
    answer = world.gsa.post(world.url("nieuw"), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Kies wie er aan tafel zitten." in page
    assert "ligt in de toekomst" in page
    assert f'value="{future.isoformat()}"' in page
    assert Interview.objects.count() == 1


def test_roles_are_called_as_the_school_calls_them() -> None:
    for sector, ours, theirs in (
        ("PO", "Intern begeleider", "Zorgcoördinator"),
        ("VO", "Zorgcoördinator", "Intern begeleider"),
    ):
        world = World(sector)
        page = world.gsa.get(world.url("nieuw")).content.decode()
        assert ours in page
        assert theirs not in page


def test_goes_on_from_earlier_answers(world: World) -> None:
    give(world.interview, world.team["gsa"], "policy-1", 2, priority="now", note="zo is het")
    data = {
        "token": uuid.uuid4(),
        "held_on": "2026-11-19",
        "respondents": ["director"],
        "mode": "interview",
        "copy_from": world.pk,
    }
    world.gsa.post(world.url("nieuw"), data)
    new = Interview.objects.exclude(pk=world.pk).get()
    line = answers_of(new)[0]
    assert (line.score, line.priority, line.note) == (2, "now", "zo is het")


def test_an_interview_of_another_school_is_no_beginning(world: World) -> None:
    other = World()
    data = {
        "token": uuid.uuid4(),
        "held_on": "2026-11-19",
        "respondents": ["director"],
        "mode": "interview",
        "copy_from": other.pk,
    }
    assert world.gsa.post(world.url("nieuw"), data).status_code == 422


def test_without_an_instrument_nothing_starts() -> None:
    trajectory = make_trajectory()
    client = client_of(full_team(trajectory)["gsa"])
    url = f"/trajecten/{trajectory.pk}/checklist/"
    assert "nog geen checklist klaar" in client.get(url).content.decode()
    data = {"token": uuid.uuid4(), "held_on": "2026-11-19", "respondents": ["director"], "mode": "interview"}
    assert client.post(f"{url}nieuw/", data).status_code == 422
    assert where(client.get(f"{url}leeg/")) == url


def test_date_and_people_can_be_corrected_until_it_is_final(world: World) -> None:
    url = world.url(world.pk, "gegevens")
    data = {"held_on": "2026-11-04", "respondents": ["director", "gsa"], "mode": "self"}
    assert world.gsa.post(url, data).status_code == 302
    world.interview.refresh_from_db()
    assert (str(world.interview.held_on), world.interview.mode) == ("2026-11-04", "self")
    give(world.interview, world.team["gsa"], "policy-1", 2)
    actions.make_final(interview=world.interview, by=world.team["gsa"])
    world.gsa.post(url, {**data, "mode": "interview"})
    world.interview.refresh_from_db()
    assert world.interview.mode == "self"


def test_only_an_empty_interview_can_be_removed(world: World) -> None:
    give(world.interview, world.team["gsa"], "policy-1", note="toch iets")
    world.gsa.post(world.url(world.pk, "verwijderen"))
    assert Interview.objects.filter(pk=world.pk).exists()
    empty = make_interview(world.trajectory, world.team["gsa"])
    for _ in range(2):
        assert world.gsa.post(world.url(empty.pk, "verwijderen")).status_code == 302
    assert not Interview.objects.filter(pk=empty.pk).exists()


# Saving one answer


def test_saves_each_answer_as_it_is_given(world: World) -> None:
    saved = world.save(world.gsa, "policy-1", value="2", priority="now", note="goed geregeld")
    assert saved.status_code == 200
    assert saved.json()["version"] == 1
    assert saved.json()["domain"] == {"id": "policy", "answered": 1, "items": 2}
    line = world.line("policy-1")
    assert (line.score, line.priority, line.note) == (2, "now", "goed geregeld")
    world.save(world.gsa, "policy-1", value="unknown", version=1)
    assert world.line("policy-1").score == "unknown"
    world.save(world.gsa, "policy-1", value="", version=2)
    assert world.line("policy-1").score is None


def test_the_same_save_twice_is_the_same_save(world: World) -> None:
    first = world.save(world.gsa, "policy-1", value="0", note="regel\nregel")
    again = world.save(world.gsa, "policy-1", value="0", note="regel\r\nregel")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["version"] == again.json()["version"] == 1
    assert Answer.objects.count() == 1
    assert AuditEvent.objects.filter(verb="checklist.answer").count() == 1


def test_a_late_repeat_of_an_older_save_changes_nothing(world: World) -> None:
    world.save(world.gsa, "policy-1", value="1")
    world.save(world.gsa, "policy-1", value="2", version=1)
    assert world.save(world.gsa, "policy-1", value="1").status_code == 409
    assert world.line("policy-1").score == 2


def test_conflict_keeps_both(world: World) -> None:
    world.save(world.coordinator, "policy-1", value="3", note="van de ib'er")
    conflict = world.save(world.gsa, "policy-1", value="0", note="van de gsa")
    assert conflict.status_code == 409
    other = conflict.json()["other"]
    assert (other["value"], other["note"], other["version"]) == ("3", "van de ib'er", 1)
    assert other["by"].startswith("de intern begeleider (")
    assert world.line("policy-1").score == 3
    # Who has seen the other's answer may put their own in its place.
    assert world.save(world.gsa, "policy-1", value="0", note="van de gsa", version=1).status_code == 200
    assert world.line("policy-1").note == "van de gsa"


def test_a_conflict_names_people_as_vo_does() -> None:
    world = World("VO")
    world.save(world.coordinator, "policy-1", value="3")
    other = world.save(world.gsa, "policy-1", value="0").json()["other"]
    assert other["by"].startswith("de zorgcoördinator (")


def test_only_the_one_who_gave_an_answer_saves_it(world: World) -> None:
    answer = world.save(world.coordinator, "policy-1", value="3", user=world.team["gsa"].pk)
    assert (answer.status_code, answer.json()) == (409, {"other_user": True})
    assert not Answer.objects.exists()


def test_note_of_20000_characters_fits_and_one_more_does_not(world: World) -> None:
    assert world.save(world.gsa, "policy-1", note="é" * 20_000).status_code == 200
    refused = world.save(world.gsa, "policy-2", note="é" * 20_001)
    assert refused.status_code == 422
    assert "20001" in refused.json()["error"].replace(".", "")
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("fields", [{"value": "4"}, {"priority": "soon"}, {"version": "-1"}, {"note": "a\0b"}])
def test_what_can_never_be_saved_is_refused(world: World, fields: dict[str, str]) -> None:
    assert world.save(world.gsa, "policy-1", **fields).status_code == 422
    assert not Answer.objects.exists()


def test_html_in_a_note_is_text(world: World) -> None:
    world.save(world.gsa, "policy-1", value="1", note="</textarea><script>alert(1)</script>")
    for page in (("policy",), ("resultaat",), ("verslag",)):
        text = world.gsa.get(world.url(world.pk, *page)).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_script_gets_401_and_a_page_goes_to_login(world: World) -> None:
    nobody = client_of(None)
    assert world.save(nobody, "policy-1", value="1").status_code == 401
    page = nobody.get(world.url(world.pk, "policy"))
    assert page.status_code == 302
    assert where(page).startswith("/inloggen/?next=")


def test_foreign_items_and_interviews_do_not_exist(world: World) -> None:
    other = World("VO")
    assert world.save(world.gsa, "bestaat-niet", value="1").status_code == 404
    for name in ("", "gegevens", "controle", "resultaat", "verslag", "policy"):
        parts = [name] if name else []
        assert world.gsa.get(world.url(other.pk, *parts)).status_code == 404, name
    assert world.gsa.get(world.url(world.pk, "weather")).status_code == 404
    assert world.gsa.post(world.url(other.pk, "definitief")).status_code == 404
    assert other.save(world.gsa, "policy-1", value="1").status_code == 404
    assert not Answer.objects.exists()


# Saving a page without JavaScript


def test_page_saves_everything_and_goes_on(world: World) -> None:
    data = {
        **world.page("policy-1", value="2", priority="later", note="een", version=0),
        **world.page("policy-2", value="", priority="", note="", version=0),
    }
    answer = world.gsa.post(world.url(world.pk, "policy"), data)
    assert where(answer) == world.url(world.pk, "team")
    assert world.line("policy-1").note == "een"
    # An item on which nothing was said has no row.
    assert Answer.objects.count() == 1


def test_page_with_a_fault_keeps_all_that_was_typed(world: World) -> None:
    data = {
        **world.page("policy-1", value="2", priority="now", note="dit blijft staan", version=0),
        **world.page("policy-2", value="1", priority="", note="x" * 20_001, version=0),
    }
    answer = world.gsa.post(world.url(world.pk, "policy"), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "dit blijft staan" in page
    assert "x" * 20_001 in page
    assert page.count(" checked") >= 4
    assert "<title>Fout:" in page
    assert not Answer.objects.exists()


def test_page_conflict_shows_both_and_saves_the_rest(world: World) -> None:
    opened = {field.code: field for field in world.gsa.get(world.url(world.pk, "policy")).context["fields"]}
    give(world.interview, world.team["coordinator"], "policy-1", 3, note="hun tekst")
    data = {
        **world.page("policy-1", value="0", priority="", note="mijn tekst", version=0, was=opened["policy-1"].was),
        **world.page("policy-2", value="1", priority="", note="", version=0, was=opened["policy-2"].was),
    }
    answer = world.gsa.post(world.url(world.pk, "policy"), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "hun tekst" in page
    assert "mijn tekst" in page
    assert "de intern begeleider" in page
    assert world.line("policy-1").note == "hun tekst"
    assert world.line("policy-2").score == 1
    # Saved once more, now knowing the other's answer: mine stands. Or theirs, when that is chosen.
    field = answer.context["fields"][0]
    again = {**data, **world.page("policy-1", value="0", note="mijn tekst", version=field.version, was=field.was)}
    assert world.gsa.post(world.url(world.pk, "policy"), {**again, "policy-1-take": "1"}).status_code == 302
    assert world.line("policy-1").note == "hun tekst"
    assert world.gsa.post(world.url(world.pk, "policy"), again).status_code == 302
    assert world.line("policy-1").note == "mijn tekst"


def test_an_old_page_does_not_undo_what_others_did_elsewhere(world: World) -> None:
    opened = {field.code: field for field in world.gsa.get(world.url(world.pk, "policy")).context["fields"]}
    give(world.interview, world.team["coordinator"], "policy-1", 3, note="hun tekst")
    data = {
        **world.page("policy-1", value="", priority="", note="", version=0, was=opened["policy-1"].was),
        **world.page("policy-2", value="1", priority="", note="", version=0, was=opened["policy-2"].was),
    }
    assert world.gsa.post(world.url(world.pk, "policy"), data).status_code == 302
    assert world.line("policy-1").note == "hun tekst"
    assert world.line("policy-2").score == 1


# Final


def test_final_is_final_for_everyone(world: World) -> None:
    give(world.interview, world.team["gsa"], "policy-1", 2, note="zo was het")
    for _ in range(2):
        answer = world.gsa.post(world.url(world.pk, "definitief"))
        assert where(answer) == world.url(world.pk, "resultaat")
    assert AuditEvent.objects.filter(verb="checklist.final").count() == 1
    for role in ("gsa", "researcher", "coordinator"):
        client = client_of(world.team[role])
        refused = world.save(client, "policy-1", value="0", version=1)
        assert refused.status_code == 409
        assert "definitief" in refused.json()["error"]
        page = client.post(
            world.url(world.pk, "policy"), world.page("policy-1", value="0", note="", version=1), follow=True
        )
        assert "verandert niet meer" in page.content.decode()
        assert where(client.get(world.url(world.pk, "policy"))).endswith("/resultaat/#domein-policy")
        client.post(world.url(world.pk, "verwijderen"))
    line = world.line("policy-1")
    assert (line.score, line.note, line.version) == (2, "zo was het", 1)


def test_an_empty_checklist_is_not_made_final(world: World) -> None:
    answer = world.gsa.post(world.url(world.pk, "definitief"))
    assert answer.status_code == 422
    assert "nog niets ingevuld" in answer.content.decode()
    world.interview.refresh_from_db()
    assert not world.interview.is_final


def test_check_page_leads_to_what_is_open(world: World) -> None:
    give(world.interview, world.team["gsa"], "policy-1", 2)
    page = world.gsa.get(world.url(world.pk, "controle")).content.decode()
    assert f"{world.url(world.pk, 'policy')}#item-policy-2" in page
    assert "#item-policy-1" not in page
    assert "1 van 12 stellingen hebben een antwoord" in page


def test_many_priorities_are_met_with_a_hint() -> None:
    make_instrument(per_domain=3)
    world = World()
    items = [line.item for line in answers_of(world.interview)]
    for item in items[:10]:
        give(world.interview, world.team["gsa"], item, 1, priority="now")
    assert "veel voor één jaar" not in world.gsa.get(world.url(world.pk, "controle")).content.decode()
    give(world.interview, world.team["gsa"], items[10], 1, priority="now")
    assert "veel voor één jaar" in world.gsa.get(world.url(world.pk, "controle")).content.decode()


# Result


def test_result_says_where_things_stand(world: World) -> None:
    gsa = world.team["gsa"]
    give(world.interview, gsa, "policy-1", 3, note="mooi geregeld")
    give(world.interview, gsa, "policy-2", 0, priority="now")
    give(world.interview, gsa, "team-1", "unknown")
    give(world.interview, gsa, "team-2", "not-applicable")
    answer = world.gsa.get(world.url(world.pk, "resultaat"))
    page = answer.content.decode()
    assert "Voorlopig" in page
    result = answer.context["result"]
    assert [line.item for line in result.now] == ["policy-2"]
    policy, team = result.domains[:2]
    assert ([line.item for line in policy.strengths], [line.item for line in policy.attention]) == (
        ["policy-1"],
        ["policy-2"],
    )
    assert [line.item for line in team.not_known] == ["team-1"]
    assert (team.figures.answered, team.figures.open, policy.figures.strengths) == (2, 0, 1)
    assert "1 gaat goed, 1 vraagt aandacht" in page
    # Each item stands there once, so that a link to it leads to one place.
    for line in answers_of(world.interview):
        assert page.count(f'id="item-{line.item}"') == 1
    actions.make_final(interview=world.interview, by=gsa)
    assert "Voorlopig" not in world.gsa.get(world.url(world.pk, "resultaat")).content.decode()


def test_self_filled_is_said(world: World) -> None:
    interview = make_interview(world.trajectory, world.team["coordinator"], mode="self")
    for name in ("resultaat", "verslag"):
        assert "elf ingevuld" in world.gsa.get(world.url(interview.pk, name)).content.decode()


def test_newest_final_leads(world: World) -> None:
    gsa = world.team["gsa"]
    give(world.interview, gsa, "policy-1", 2)
    newer = make_interview(world.trajectory, gsa, held_on=datetime.date(2026, 11, 10))
    assert leading_interview(world.trajectory) == newer
    actions.make_final(interview=world.interview, by=gsa)
    assert leading_interview(world.trajectory) == world.interview
    page = world.gsa.get(world.url()).content.decode()
    assert page.count("Deze telt voor het plan") == 1
    assert "andere checklist die voor het plan telt" in world.gsa.get(world.url(newer.pk, "resultaat")).content.decode()


def test_empty_form_has_every_statement(world: World) -> None:
    page = world.gsa.get(world.url("leeg")).content.decode()
    assert page.count('class="tick-list"') == 12
    assert "Stelling 2 over participation." in page


# Who may


@pytest.mark.parametrize(
    ("role", "reads", "fills"),
    [
        ("gsa", True, True),
        ("researcher", True, True),
        ("coordinator", True, True),
        ("director", True, False),
        ("admin", True, False),
        ("stranger", False, False),
    ],
)
def test_who_reads_and_who_fills(world: World, role: str, reads: bool, fills: bool) -> None:
    give(world.interview, world.team["gsa"], "policy-1", 2)
    people = {**world.team, "admin": make_admin(), "stranger": join(make_trajectory(), "gsa")}
    client = client_of(people[role])
    seen = 200 if reads else 404
    for parts in ((), ("leeg",), (world.pk, "resultaat"), (world.pk, "verslag")):
        assert client.get(world.url(*parts)).status_code == seen
    for parts in (("nieuw",), (world.pk, "gegevens"), (world.pk, "controle")):
        assert client.get(world.url(*parts)).status_code == (200 if fills else 404)
    page = client.get(world.url(world.pk, "policy"))
    assert page.status_code == (200 if fills else 302 if reads else 404)
    writes = 200 if fills else 404
    assert world.save(client, "policy-1", value="1", version=1).status_code == writes
    assert client.post(world.url(world.pk, "policy"), {}).status_code == (302 if fills else 404)
    assert client.post(world.url(world.pk, "definitief")).status_code == (302 if fills else 404)
    assert world.line("policy-1").score == (None if fills else 2) or fills


# Cost


def test_pages_cost_the_same_however_many_there_are(world: World) -> None:
    gsa = world.team["gsa"]
    give(world.interview, gsa, "policy-1", 2)

    def cost(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert world.gsa.get(url).status_code == 200
        return len(queries)

    urls = [
        world.url(),
        world.url("nieuw"),
        *(world.url(world.pk, name) for name in ("policy", "controle", "resultaat", "verslag")),
    ]
    before = [cost(url) for url in urls]
    for _ in range(2):
        interview = make_interview(world.trajectory, gsa)
        for line in answers_of(interview):
            give(interview, gsa, line.item, 2, note="tekst")
    for line in answers_of(world.interview):
        give(world.interview, gsa, line.item, 1, priority="now", note="tekst")
    after = [cost(url) for url in urls]
    assert after == before
    assert max(after) <= 30


def test_a_page_of_answers_saves_within_bounds(world: World, django_assert_max_num_queries: Any) -> None:
    Instrument.objects.filter(interviews=None).delete()
    data: dict[str, object] = {}
    for item in ("policy-1", "policy-2"):
        data |= world.page(item, value="2", priority="", note="tekst", version=0)
    with django_assert_max_num_queries(30):
        world.gsa.post(world.url(world.pk, "policy"), data)


# What other apps see


def test_step_four_is_done_with_a_final_checklist(world: World) -> None:
    def done() -> bool:
        return Trajectory.objects.annotate(done=registry.steps[4]()).filter(pk=world.trajectory.pk, done=True).exists()

    assert not done()
    give(world.interview, world.team["gsa"], "policy-1", 2)
    assert not done()
    actions.make_final(interview=world.interview, by=world.team["gsa"])
    assert done()


def test_trajectory_page_shows_the_checklist(world: World) -> None:
    give(world.interview, world.team["gsa"], "policy-1", 2)
    page = client_of(world.team["director"]).get(f"/trajecten/{world.trajectory.pk}/").content.decode()
    assert "1 van 12 stellingen beantwoord" in page
    assert f"{world.url(world.pk, 'resultaat')}#domein-policy" in page
