"""The pages of the focus groups, as people use them."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from focusgroups import actions
from focusgroups.models import Ballot, DraftBallot, FocusGroup, Idea, Ranking
from pilots.figures import steps_now
from pilots.models import Trajectory
from tests.builders import client_of, full_team, make_admin, make_trajectory
from tests.focusgroups.builders import make_idea, make_options, make_ranked, make_round, make_session

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def url(group: FocusGroup, name: str = "focus_group", **more: Any) -> str:
    return reverse(name, kwargs={"trajectory_id": group.trajectory_id, "group_id": group.pk, **more})


@pytest.fixture
def trajectory() -> Trajectory:
    return make_trajectory()


@pytest.fixture
def team(trajectory: Trajectory) -> dict[str, Any]:
    return full_team(trajectory)


@pytest.fixture
def client(team: dict[str, Any]) -> Client:
    return client_of(team["researcher"])


def text_of(response: Any) -> str:
    body = re.sub(r"(?s)<script.*?</script>|<style.*?</style>|<[^>]+>", " ", response.content.decode())
    return " ".join(body.split())


# --- Sessions


def new_session(**more: Any) -> dict[str, Any]:
    return {"uuid": str(uuid4()), "held": "yes", "held_on": "2026-11-05", "minutes": "90", "count-pupil": "8", **more}


def test_a_session_is_written_down_once_however_often_the_form_is_sent(client: Client, trajectory: Trajectory) -> None:
    address = reverse("focus_group_add", kwargs={"trajectory_id": trajectory.pk, "kind": "pupils"})
    data = new_session()
    client.post(address, data)
    response = client.post(address, data)
    assert response.status_code == 302
    group = trajectory.focus_groups.get()
    assert response.headers["Location"] == url(group, "focus_group_ideas")
    assert list(group.participants.values_list("role", "count")) == [("pupil", 8)]
    assert group.minutes == 90


def test_a_second_session_of_a_kind_is_another_one(client: Client, trajectory: Trajectory) -> None:
    address = reverse("focus_group_add", kwargs={"trajectory_id": trajectory.pk, "kind": "pupils"})
    client.post(address, new_session())
    client.post(address, new_session())
    assert trajectory.focus_groups.count() == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"held": "no", "held_on": "", "minutes": "", "count-pupil": ""}, "waarom de sessie niet gehouden is"),
        ({"held_on": ""}, "Vul de datum in waarop de sessie gehouden is"),
        ({"held_on": "gisteren"}, "Vul een datum in, zoals"),
        ({"held_on": (timezone.localdate() + timedelta(days=2)).isoformat()}, "Deze datum moet nog komen"),
        ({"minutes": "anderhalf uur"}, "aantal minuten in als getal"),
        ({"count-pupil": "-2"}, "Leerling: een aantal is 0 of meer"),
        ({"not_held_reason": "ziek"}, "Je koos dat de sessie gehouden is"),
        ({"held": ""}, "Kies of de sessie gehouden is"),
    ],
)
def test_a_session_that_cannot_be_keeps_what_was_typed(
    client: Client, trajectory: Trajectory, data: dict[str, str], said: str
) -> None:
    address = reverse("focus_group_add", kwargs={"trajectory_id": trajectory.pk, "kind": "pupils"})
    response = client.post(address, new_session(**data))
    assert response.status_code == 422
    page = response.content.decode().replace("&#x27;", "'")
    assert said in page
    assert "Kijk dit nog even na" in page
    for value in data.values():
        assert value in page
    assert not trajectory.focus_groups.exists()


def test_not_held_with_a_reason_is_enough(client: Client, trajectory: Trajectory) -> None:
    address = reverse("focus_group_add", kwargs={"trajectory_id": trajectory.pk, "kind": "parents"})
    data = {"uuid": str(uuid4()), "held": "no", "not_held_reason": "Er was geen tolk."}
    assert client.post(address, data).status_code == 302
    page = text_of(client.get(reverse("focus_groups", args=[trajectory.pk])))
    assert "niet gehouden : Er was geen tolk." in page.replace("gehouden:", "gehouden :")


def test_a_session_with_cards_is_held(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    make_idea(group)
    response = client.post(url(group), {"held": "no", "not_held_reason": "toch niet"})
    assert response.status_code == 422
    assert "heeft al kaartjes" in response.content.decode()
    group.refresh_from_db()
    assert group.held_on


def test_only_an_empty_session_goes_away(client: Client, trajectory: Trajectory) -> None:
    empty, full = make_session(trajectory), make_session(trajectory)
    make_idea(full)
    client.post(url(empty, "focus_group_remove"))
    client.post(url(full, "focus_group_remove"))
    assert list(trajectory.focus_groups.all()) == [full]


# --- Cards


def card(**more: Any) -> dict[str, Any]:
    return {"uuid": str(uuid4()), "question": "improve", "text": "Een rustig lokaal", **more}


def test_a_card_that_is_sent_again_hangs_once(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    data = card()
    for _ in range(3):
        response = client.post(url(group, "focus_group_idea_add"), data, headers=JSON)
        assert (response.status_code, response.json()) == (201, {"saved": True})
    assert group.ideas.count() == 1


def test_cards_get_refs_and_places_in_order(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    for text in "abc":
        client.post(url(group, "focus_group_idea_add"), card(text=text))
    assert list(group.ideas.values_list("ref", "text", "position")) == [("i1", "a", 1), ("i2", "b", 2), ("i3", "c", 3)]


def test_html_is_text(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    client.post(url(group, "focus_group_idea_add"), card(text=hostile))
    option = actions.add_option(group=group, uuid=uuid4(), label=hostile, by=None)
    make_round(group, lines=["1"])
    names = ["focus_group_ideas", "focus_group_options"]
    pages = [client.get(url(group, name)) for name in names]
    pages += [client.get(url(group, name, number=1)) for name in ("focus_group_round", "focus_group_screen")]
    pages.append(client.get(url(group, "focus_group_option", uuid=option.uuid)))
    pages.append(client.get(reverse("focus_groups", args=[trajectory.pk])))
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
        assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_twenty_thousand_characters_are_kept_and_one_more_is_said(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    assert client.post(url(group, "focus_group_idea_add"), card(text="x" * 20_000), headers=JSON).status_code == 201
    refused = client.post(url(group, "focus_group_idea_add"), card(text="y" * 20_001), headers=JSON)
    assert refused.status_code == 422
    assert "hoogstens 20000 tekens" in refused.json()["message"]
    page = client.post(url(group, "focus_group_idea_add"), card(text="y" * 20_001))
    assert page.status_code == 422
    assert "y" * 20_001 in page.content.decode()
    assert group.ideas.get().text == "x" * 20_000


def test_a_card_without_text_is_refused(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    response = client.post(url(group, "focus_group_idea_add"), card(text="  "), headers=JSON)
    assert response.status_code == 422
    assert response.json()["message"] == "Typ eerst wat er op het kaartje staat."


def test_a_card_gets_themes_and_topics(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    idea = make_idea(group)
    address = url(group, "focus_group_idea", uuid=idea.uuid)
    page = client.get(address)
    seen = re.search(r'name="seen" value="(\w+)"', page.content.decode())
    assert seen
    data = {
        "seen": seen[1],
        "text": "Een plek om rustig te zijn",
        "question": "important",
        "themes": ["building"],
        "own_theme": "Rust op de gang",
        "topics": ["env-building"],
    }
    assert client.post(address, data).status_code == 302
    idea.refresh_from_db()
    assert (idea.text, idea.question) == ("Een plek om rustig te zijn", "important")
    assert idea.themes == ["building", "Rust op de gang"]
    assert idea.topics == ["env-building"]
    # The theme of the group is there to choose on the next card.
    other = make_idea(group, "Geen drukte")
    assert "Rust op de gang" in client.get(url(group, "focus_group_idea", uuid=other.uuid)).content.decode()


def test_topics_of_the_chosen_themes_come_first(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    idea = make_idea(group, themes=["home"])
    page = client.get(url(group, "focus_group_idea", uuid=idea.uuid)).content.decode()
    assert page.index('data-topic="par-communication"') < page.index('data-topic="pol-vision"')


def test_a_topic_that_does_not_exist_is_refused(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    idea = make_idea(group)
    address = url(group, "focus_group_idea", uuid=idea.uuid)
    seen = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    assert seen
    data = {"seen": seen[1], "text": "x", "question": "improve", "topics": ["verzonnen"]}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "Dit onderwerp bestaat niet" in response.content.decode()


def test_two_who_change_one_card_both_keep_their_text(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    idea = make_idea(group)
    address = url(group, "focus_group_idea", uuid=idea.uuid)
    seen = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    assert seen
    data = {"seen": seen[1], "question": "improve"}
    client.post(address, {**data, "text": "van de eerste"})
    response = client.post(address, {**data, "text": "van de tweede"}, headers={"HX-Request": "true"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "van de eerste" in page
    assert "van de tweede" in page
    idea.refresh_from_db()
    assert idea.text == "van de eerste"
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    client.post(address, {**data, "seen": seen[1], "text": "van de tweede"})
    idea.refresh_from_db()
    assert idea.text == "van de tweede"


def test_a_card_moves_by_button(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    idea = make_idea(group)
    client.post(url(group, "focus_group_idea_move", uuid=idea.uuid), {"question": "going-well"})
    idea.refresh_from_db()
    assert idea.question == "going-well"
    nowhere = client.post(url(group, "focus_group_idea_move", uuid=idea.uuid), {"question": "verzonnen"})
    assert nowhere.status_code == 404


def test_a_card_that_was_taken_away_can_be_hung_back(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    idea = make_idea(group, themes=["home"], topics=["par-communication"])
    option = actions.add_option(group=group, uuid=uuid4(), label="", ideas=[idea], by=None)
    before = Idea.objects.values().get(pk=idea.pk)
    address = url(group, "focus_group_idea_remove", uuid=idea.uuid)
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 302  # a second press of the same button
    assert not group.ideas.exists()
    assert "Zet terug" in client.get(url(group, "focus_group_ideas")).content.decode()
    for _ in range(2):
        response = client.post(url(group, "focus_group_idea_restore", uuid=idea.uuid))
        assert response.status_code == 302
    after = Idea.objects.values().get(uuid=idea.uuid)
    assert {**before, "id": 0} == {**after, "id": 0}
    assert option.ideas.get().uuid == idea.uuid
    assert "Zet terug" not in client.get(url(group, "focus_group_ideas")).content.decode()


def test_a_script_hears_of_cards_of_another_device_and_nothing_when_there_are_none(
    client: Client, trajectory: Trajectory
) -> None:
    group = make_session(trajectory)
    make_idea(group)
    headers = {"HX-Request": "true"}
    first = client.get(url(group, "focus_group_ideas"), headers=headers).content.decode()
    seen = re.search(r'id="seen" name="seen" value="(\w+)"', first)
    assert seen
    assert 'hx-swap-oob="true"' in first
    assert "<textarea" not in first  # what somebody types is never swapped
    address = f"{url(group, 'focus_group_ideas')}?seen={seen[1]}"
    assert client.get(address, headers=headers).status_code == 204
    make_idea(group, "van het andere apparaat")
    assert "van het andere apparaat" in client.get(address, headers=headers).content.decode()


# --- Options


def test_a_script_hears_of_options_and_cards_of_another_device(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    headers = {"HX-Request": "true"}
    first = client.get(url(group, "focus_group_options"), headers=headers).content.decode()
    seen = re.search(r'id="seen" name="seen" value="(\w+)"', first)
    assert seen
    assert "<textarea" not in first
    address = f"{url(group, 'focus_group_options')}?seen={seen[1]}"
    assert client.get(address, headers=headers).status_code == 204
    make_idea(group, "van het andere apparaat")
    assert "van het andere apparaat" in client.get(address, headers=headers).content.decode()
    make_options(group, "een nieuwe optie")
    assert "een nieuwe optie" in client.get(address, headers=headers).content.decode()


def test_an_option_takes_over_what_its_cards_are_about(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    one = make_idea(group, "Sporten na school", themes=["lifestyle"], topics=["env-after-school"])
    two = make_idea(group, "Voetbal", themes=["building", "lifestyle"], topics=["env-play-sport"])
    data = {"uuid": str(uuid4()), "ideas": [two.pk, one.pk], "label": ""}
    for _ in range(2):
        assert client.post(url(group, "focus_group_options"), data).status_code == 302
    option = group.options.get()
    assert (option.ref, option.label, option.position) == ("o1", "Sporten na school", 1)
    assert option.themes == ["lifestyle", "building"]
    assert option.topics == ["env-after-school", "env-play-sport"]
    assert set(option.ideas.all()) == {one, two}


def test_an_option_needs_a_card_or_a_name(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    response = client.post(url(group, "focus_group_options"), {"uuid": str(uuid4()), "label": " "})
    assert response.status_code == 422
    assert "Kies één of meer kaartjes" in response.content.decode()


def test_an_option_that_was_on_the_table_stays_and_numbers_never_shift(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    one, _two, three = make_options(group, "a", "b", "c")
    client.post(url(group, "focus_group_option_remove", uuid=one.uuid))
    assert list(group.options.values_list("label", "position")) == [("b", 2), ("c", 3)]
    make_round(group)
    response = client.post(url(group, "focus_group_option_remove", uuid=three.uuid), follow=True)
    assert "doet mee in ronde 1" in response.content.decode()
    assert group.options.count() == 2
    (new,) = make_options(group, "d")
    assert (new.ref, new.position) == ("o4", 4)


# --- Rounds


def result_of(client: Client, ranking: Ranking) -> list[tuple[int, str]]:
    """Place and label, in the order of the page."""
    page = client.get(url(ranking.focus_group, "focus_group_round", number=ranking.round)).content.decode()
    return [
        (int(rank), label)
        for rank, label in re.findall(
            r'(?s)class="place-rank.*?</span>(\d+)</span>.*?class="place-label">(.*?) <span', page
        )
    ]


def test_a_round_opens_with_the_options_that_are_chosen(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    one, _two, three = make_options(group, "a", "b", "c")
    address = url(group, "focus_group_round_add")
    data = {"number": 1, "method": "order", "options": [one.pk, three.pk]}
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    ranking = group.rankings.get()
    assert ranking.option_refs == ["o1", "o3"]
    refused = client.post(address, {"number": 2, "method": "points", "points_each": "", "options": [one.pk]})
    assert refused.status_code == 422
    assert "Vul in hoeveel stippen ieder krijgt" in refused.content.decode()


def test_orders_end_to_end(client: Client, trajectory: Trajectory) -> None:
    """Three people, three options: 1 2 3; 1=2 3; 3. Mean share (n - r) / (n - 1), with r the mid rank:

    a: (1 + 3/4 + 1/4) / 3 = 2/3; b: (1/2 + 3/4 + 1/4) / 3 = 1/2; c: (0 + 0 + 1) / 3 = 1/3.
    """
    group = make_session(trajectory, participants={"pupil": 4})
    make_options(group, "a", "b", "c")
    ranking = make_round(group)
    for line in ("1 2 3", "1=2, 3", "3", ""):
        data = {"uuid": str(uuid4()), "line": line}
        for _ in range(2):
            response = client.post(url(group, "focus_group_line_add", number=1), data, headers=JSON)
            assert response.status_code == 201
    assert result_of(client, ranking) == [(1, "a"), (2, "b"), (3, "c")]
    page = text_of(client.get(url(group, "focus_group_round", number=1)))
    assert "4 van 4 mensen 1 onthouding" in page
    assert "score 67%" in page
    assert "score 50%" in page
    assert "score 33%" in page
    assert "Onthouding: deze persoon kiest niet." in page
    assert "1. “a” en “b” (gelijk); 3. “c”" in page


def test_points_end_to_end(client: Client, trajectory: Trajectory) -> None:
    """Dots: 2 + 1 + 0 = 3 for a, 1 + 0 + 3 = 4 for b, 0 + 1 + 0 = 1 for c; 8 of 9."""
    group = make_session(trajectory, participants={"pupil": 3})
    make_options(group, "a", "b", "c")
    ranking = make_round(group, "points", points_each=3)
    for line in ("1*2 2", "1 3", "2*3"):
        client.post(url(group, "focus_group_line_add", number=1), {"uuid": str(uuid4()), "line": line})
    assert result_of(client, ranking) == [(1, "b"), (2, "a"), (3, "c")]
    page = text_of(client.get(url(group, "focus_group_round", number=1)))
    assert "8 van 9 stippen" in page
    assert "1 stip niet gebruikt" in page
    assert "score 50%" in page


def test_totals_end_to_end(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory, participants={"pupil": 5})
    make_options(group, "a", "b", "c")
    ranking = make_round(group, "tally", points_each=2)
    address = url(group, "focus_group_tally", number=1)
    assert client.post(address, {"total-1": "3", "total-2": "6", "total-3": ""}).status_code == 302
    assert result_of(client, ranking) == [(1, "b"), (2, "a"), (3, "c")]
    too_many = client.post(address, {"total-1": "9", "total-2": "6", "total-3": ""})
    assert too_many.status_code == 422
    assert "Samen zijn dit 15 stippen" in too_many.content.decode()
    assert 'value="9"' in too_many.content.decode()
    half = client.post(address, {"total-1": "1", "total-2": "drie", "total-3": "2"})
    assert half.status_code == 422
    assert 'value="drie"' in half.content.decode()
    ranking.refresh_from_db()
    assert ranking.tally == {"o1": 1, "o3": 2}


def test_the_order_of_the_group_end_to_end(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    make_options(group, "a", "b", "c")
    ranking = make_round(group, "consensus")
    address = url(group, "focus_group_consensus", number=1)
    client.post(address, {"uuid": str(uuid4()), "line": "3 1=9"})
    page = client.get(url(group, "focus_group_round", number=1)).content.decode()
    assert 'value="3 1=9"' in page
    assert "Kaart 9 doet in deze ronde niet mee" in page
    assert result_of(client, ranking) == []
    client.post(address, {"uuid": str(uuid4()), "line": "3 1=2"})
    assert result_of(client, ranking) == [(1, "c"), (2, "a"), (2, "b")]
    assert not DraftBallot.objects.exists()


@pytest.mark.parametrize(
    ("method", "line", "said"),
    [
        ("order", "1 9", "Kaart 9 doet in deze ronde niet mee"),
        ("order", "1 1", "Kaart 1 staat er twee keer"),
        ("order", "eerst 2", "is geen kaartnummer"),
        ("order", "1 2 ? 2", "staat in de volgorde en ook bij niet gezien"),
        ("points", "1*4", "Dit zijn samen 4 punten"),
        ("points", "1*-1", "Het aantal punten voor kaart 1 is niet goed"),
    ],
)
def test_a_line_that_cannot_be_read_stays_as_typed_and_is_not_counted(
    client: Client, trajectory: Trajectory, method: str, line: str, said: str
) -> None:
    group = make_session(trajectory, participants={"pupil": 3})
    make_options(group, "a", "b")
    ranking = make_round(group, method, ["1"], points_each=3)
    name = str(uuid4())
    response = client.post(url(group, "focus_group_line_add", number=1), {"uuid": name, "line": line}, headers=JSON)
    assert response.status_code == 201
    page = text_of(client.get(url(group, "focus_group_round", number=1)))
    assert line in page
    assert said in page
    assert "1 regel telt nog niet mee" in page
    assert "1 van 3 mensen" in page
    # Mended, it counts, as the same person.
    client.post(url(group, "focus_group_line", number=1, uuid=name), {"uuid": name, "line": "2 1"})
    assert ranking.ballots.count() == 2
    assert str(ranking.ballots.last().uuid) == name  # type: ignore[union-attr]  # just counted
    assert not ranking.drafts.exists()


def test_more_ballots_than_people_is_said_and_mended_by_the_head_count(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory, participants={"pupil": 2})
    make_options(group, "a", "b")
    ranking = make_round(group, lines=["1", "2", "1 2"])
    page = text_of(client.get(url(group, "focus_group_round", number=1)))
    assert "Er zijn al 2 stemmen van 2 mensen." in page
    who = {"held": "yes", "held_on": "2026-11-05", "minutes": ""}
    fewer = client.post(url(group), {**who, "count-pupil": "1"})
    assert fewer.status_code == 422
    assert "minstens 2 mensen" in fewer.content.decode()
    assert client.post(url(group), {**who, "count-pupil": "3"}).status_code == 302
    assert ranking.ballots.count() == 3
    assert not ranking.drafts.exists()


def test_a_line_is_taken_away(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    make_options(group, "a", "b")
    ranking = make_round(group, lines=["1"])
    ballot = ranking.ballots.get()
    address = url(group, "focus_group_line", number=1, uuid=ballot.uuid)
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(address, headers=headers).content.decode()
        assert "Regel van deze persoon" in page
        assert 'value="1"' in page
    client.post(address, {"uuid": str(ballot.uuid), "remove": "1"})
    assert not Ballot.objects.exists()


def test_what_is_understood_is_said_while_typing(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    make_options(group, "Rust", "Sport", "Samen eten")
    make_round(group)
    address = url(group, "focus_group_line_read", number=1)
    assert "1. “Sport”; 2. “Rust”; niet gekozen: 1 andere" in client.post(address, {"line": "2 1"}).content.decode()
    assert "1. “Sport”; niet gekozen: 1 andere; niet gezien: “Samen eten”" in (
        client.post(address, {"line": "2 ? 3"}).content.decode()
    )
    assert "Kaart 7 doet in deze ronde niet mee" in client.post(address, {"line": "7"}).content.decode()
    assert not Ballot.objects.exists()


def test_the_decision_stands_beside_the_count(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    make_options(group, "a", "b")
    ranking = make_round(group, lines=["1 2", "1 2", "2 1"])
    address = url(group, "focus_group_decide", number=1)
    silent = client.post(address, {"decision-line": "2 1", "decision-reason": ""})
    assert silent.status_code == 422
    assert "waarom de groep iets anders besluit" in silent.content.decode()
    assert client.post(address, {"decision-line": "2 1", "decision-reason": "Dit kan meteen."}).status_code == 302
    assert result_of(client, ranking) == [(1, "b"), (2, "a")]
    page = text_of(client.get(url(group, "focus_group_round", number=1)))
    assert "Wat de groep besloot" in page
    assert "Dit kan meteen." in page
    assert "telling: plaats 2" in page
    client.post(address, {"withdraw": "1"})
    assert result_of(client, ranking) == [(1, "a"), (2, "b")]


def test_a_decision_like_the_count_needs_no_reason(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    make_options(group, "a", "b")
    make_round(group, lines=["1 2"])
    address = url(group, "focus_group_decide", number=1)
    assert client.post(address, {"decision-line": "1 2", "decision-reason": ""}).status_code == 302
    wrong = client.post(address, {"decision-line": "1 8", "decision-reason": "x"})
    assert wrong.status_code == 422
    assert 'value="1 8"' in wrong.content.decode()


def test_rounds_are_kept_and_only_an_empty_last_one_goes(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    make_options(group, "a", "b")
    make_round(group, lines=["1"])
    make_round(group)
    client.post(url(group, "focus_group_round_remove", number=1))
    assert group.rankings.count() == 2
    client.post(url(group, "focus_group_round_remove", number=2))
    assert list(group.rankings.values_list("round", flat=True)) == [1]


def test_the_big_screen_hides_until_somebody_shows(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    make_options(group, "a", "b")
    make_round(group, lines=["2 1", "2 1"])
    address = url(group, "focus_group_screen", number=1)
    hidden = text_of(client.get(address))
    assert "Wat heeft nu prioriteit?" in hidden
    assert "Dit kozen wij" not in hidden
    shown = text_of(client.get(f"{address}?toon=1"))
    assert shown.index("1 b") < shown.index("2 a")


# --- Who sees what


def test_the_director_sees_the_outcome_but_no_quotes_and_no_single_votes(
    client: Client, team: dict[str, Any], trajectory: Trajectory
) -> None:
    group = make_session(trajectory)
    make_options(group, "a", "b")
    make_round(group, lines=["1 2", "2 1", "1"])
    said = {"uuid": str(uuid4()), "role": "pupil", "text": "Ik wil rust.", "consent": "trajectory"}
    client.post(url(group, "focus_group_quotes"), said)
    assert "Ik wil rust." in client.get(url(group, "focus_group_quotes")).content.decode()
    director = client_of(team["director"])
    assert director.get(url(group, "focus_group_quotes")).status_code == 404
    pages = [director.get(url(group, name)) for name in ("focus_group", "focus_group_ideas", "focus_group_options")]
    pages.append(director.get(url(group, "focus_group_round", number=1)))
    for page in pages:
        assert page.status_code == 200
        assert "Citaten" not in page.content.decode()
        assert "Ik wil rust." not in page.content.decode()
        assert "Opslaan" not in page.content.decode()
    outcome = text_of(pages[-1])
    assert "Er stemden maar een paar mensen." in outcome
    assert "score" not in outcome
    assert "1 2" not in outcome
    assert "Kendalls W" not in outcome
    assert "Kendalls W" in text_of(client.get(url(group, "focus_group_round", number=1)))
    assert "Kendalls W" not in text_of(client_of(team["gsa"]).get(url(group, "focus_group_round", number=1)))


def test_who_may_not_record_changes_nothing(team: dict[str, Any], trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    for user in (team["director"], team["coordinator"], make_admin()):
        outsider = client_of(user)
        assert outsider.post(url(group, "focus_group_idea_add"), card()).status_code == 404
        assert outsider.post(url(group), new_session()).status_code == 404
        assert outsider.post(url(group, "focus_group_options"), {"uuid": str(uuid4()), "label": "x"}).status_code == 404
    assert client_of(team["gsa"]).post(url(group, "focus_group_idea_add"), card()).status_code == 302
    assert group.ideas.count() == 1


def test_what_is_of_another_trajectory_or_session_is_not_there(client: Client, trajectory: Trajectory) -> None:
    mine, beside, foreign = make_session(trajectory), make_session(trajectory), make_session()
    idea = make_idea(beside)
    other = make_idea(foreign)
    (option,) = make_options(beside, "a")
    make_round(beside)
    assert client.get(url(foreign)).status_code == 404
    stolen = reverse("focus_group", kwargs={"trajectory_id": trajectory.pk, "group_id": foreign.pk})
    assert client.get(stolen).status_code == 404
    for uuid in (idea.uuid, other.uuid, uuid4()):
        assert client.get(url(mine, "focus_group_idea", uuid=uuid)).status_code == 404
        assert client.post(url(mine, "focus_group_idea_remove", uuid=uuid)).status_code == 404
        assert client.post(url(mine, "focus_group_idea_restore", uuid=uuid)).status_code == 404
    assert client.get(url(mine, "focus_group_option", uuid=option.uuid)).status_code == 404
    assert client.get(url(mine, "focus_group_round", number=1)).status_code == 404
    # A card of another session cannot be drawn into an option.
    data = {"uuid": str(uuid4()), "label": "x", "ideas": [idea.pk]}
    assert client.post(url(mine, "focus_group_options"), data).status_code == 422
    # Nor can the name of a card elsewhere be taken.
    taken = client.post(url(mine, "focus_group_idea_add"), card(uuid=str(other.uuid)), headers=JSON)
    assert taken.status_code == 422


def test_a_quote_is_kept_once_and_can_be_changed(client: Client, trajectory: Trajectory) -> None:
    group = make_session(trajectory)
    data = {"role": "parent", "text": "Wij begrijpen de brieven niet.", "consent": "trajectory"}
    for _ in range(2):
        client.post(url(group, "focus_group_quotes"), {**data, "uuid": "6a5a0f1e-52a1-4f44-93ab-5a3c1ad51b0c"})
    quote = group.quotes.get()
    assert "Schrijf geen namen op" in client.get(url(group, "focus_group_quotes")).content.decode()
    address = url(group, "focus_group_quote", uuid=quote.uuid)
    client.post(address, {**data, "text": "De brieven zijn moeilijk."})
    quote.refresh_from_db()
    assert quote.text == "De brieven zijn moeilijk."
    assert client.post(address, {**data, "role": "buurman"}).status_code == 422
    client.post(address, {"remove": "1"})
    assert not group.quotes.exists()


# --- All sessions


def test_step_three_is_done_when_each_kind_is_settled(trajectory: Trajectory) -> None:
    def done() -> bool:
        steps = steps_now(trajectory, timezone.localdate())
        return str(steps[2].state) == "done"

    make_ranked(trajectory, "parents", [("a", [], [])], ["1"])
    make_ranked(trajectory, "pupils", [("a", [], [])], ["1"])
    assert not done()
    make_session(trajectory, "stakeholders")
    assert not done()
    make_session(trajectory, "stakeholders", held_on=None, not_held_reason="Niemand kon.")
    assert done()


PAGES = ("focus_groups", "voices", "trajectory")


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_does_not_grow(client: Client, trajectory: Trajectory, name: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name, args=[trajectory.pk])).status_code == 200
        return len(captured)

    options = [("Rust", ["mental"], ["env-climate"]), ("Sport", ["lifestyle"], ["env-play-sport"])]
    make_idea(make_ranked(trajectory, "parents", options, ["1 2"]))
    queries()  # caches fill
    one = queries()
    for kind in ("pupils", "stakeholders"):
        group = make_ranked(trajectory, kind, options, ["2 1", "1 2", "1"])
        for _ in range(3):
            make_idea(group)
        make_round(group, lines=["1 2"])
    assert queries() == one
    assert one <= 30


@pytest.mark.parametrize("name", ["focus_group_ideas", "focus_group_options", "focus_group_round"])
def test_the_pages_of_a_session_ask_the_same_with_one_and_many(
    client: Client, trajectory: Trajectory, name: str
) -> None:
    def queries(group: FocusGroup) -> int:
        more = {"number": 1} if name == "focus_group_round" else {}
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(group, name, **more)).status_code == 200
        return len(captured)

    small, large = make_session(trajectory), make_session(trajectory, participants={"pupil": 25})
    for group, size in ((small, 1), (large, 12)):
        ideas = [make_idea(group, f"kaart {n}") for n in range(size)]
        for idea in ideas:
            actions.add_option(group=group, uuid=uuid4(), label="", ideas=[idea], by=None)
        make_round(group, lines=["1", "1", "99"][: size + 1])
    queries(small)
    one = queries(small)
    assert queries(large) <= one + (1 if name == "focus_group_round" else 0)
    assert one <= 30
