"""A focus group as it goes: one types while the room talks, a second note taker beside them, all by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from focusgroups.models import FocusGroup
from pilots.models import Trajectory, User
from tests.builders import full_team, make_trajectory
from tests.focusgroups.builders import make_idea, make_options, make_ranked, make_round, make_session

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[..., Page]
Axe = Callable[[Page], list[str]]


@pytest.fixture
def trajectory(db: None) -> Trajectory:
    return make_trajectory()


@pytest.fixture
def team(trajectory: Trajectory) -> dict[str, User]:
    return full_team(trajectory)


@pytest.fixture
def group(trajectory: Trajectory) -> FocusGroup:
    return make_session(trajectory, participants={"pupil": 3})


def address(group: FocusGroup, part: str = "") -> str:
    return f"/trajecten/{group.trajectory_id}/focusgroepen/{group.pk}/{part}"


def test_from_cards_to_a_decision_by_keyboard(
    sign_in: SignIn, axe: Axe, team: dict[str, User], group: FocusGroup
) -> None:
    page = sign_in(team["researcher"])
    page.goto(address(group, "ideeen/"))
    field = page.locator("#improve-text")
    field.focus()
    for text in ("Rust in het lokaal", "Sporten na school", "Samen eten"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    cards = page.locator("#cards-improve .idea-card")
    expect(cards).to_have_count(3)
    expect(page.locator("#pending-improve .idea-card")).to_have_count(0)
    expect(field).to_be_focused()
    expect(page.locator("[data-save-status]")).to_have_attribute("data-state", "saved")

    # A theme, in the dialog; the keyboard comes back where it was.
    page.locator("#cards-improve .card-tools > a").first.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#editor")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Psychisch welbevinden en veerkracht").focus()
    page.keyboard.press("Space")
    dialog.get_by_label("Zoek een onderwerp").fill("pedagogisch klimaat")
    dialog.get_by_label("Veilig pedagogisch klimaat en rust").focus()
    page.keyboard.press("Space")
    assert axe(page) == []
    dialog.get_by_role("button", name="Opslaan").focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(cards.first).to_contain_text("Veilig pedagogisch klimaat en rust")
    expect(page.locator("#cards-improve .card-tools > a").first).to_be_focused()
    assert axe(page) == []

    # Options: two cards as they are, and one that was not on a card.
    page.get_by_role("link", name="Opties", exact=True).focus()
    page.keyboard.press("Enter")
    for text in ("Rust in het lokaal", "Sporten na school"):
        page.get_by_role("checkbox", name=re.compile(text)).focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Maak deze optie").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".option-list")).to_contain_text(text)
    page.get_by_label("Hoe noemen jullie deze optie?").focus()
    page.keyboard.type("Een maatje voor nieuwe leerlingen")
    page.get_by_role("button", name="Maak deze optie").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".option-row")).to_have_count(3)
    assert axe(page) == []

    page.get_by_role("link", name="Ranking").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Ieder een eigen volgorde").focus()
    assert axe(page) == []
    page.get_by_role("button", name="Begin deze ronde").focus()
    page.keyboard.press("Enter")

    # A line per person; the second one is wrong, stays, and does not count.
    line = page.get_by_label("Volgende persoon")
    line.focus()
    page.keyboard.type("2 1=3")
    expect(page.locator("#preview")).to_contain_text("1. “Sporten na school”")
    page.keyboard.press("Enter")
    for typed in ("2 8", "1 2"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(page.locator(".line-row")).to_have_count(3)
    expect(page.locator(".line-row.is-fault")).to_contain_text("Kaart 8 doet in deze ronde niet mee")
    expect(page.locator(".check")).to_contain_text("2 van 3 mensen")
    expect(page.locator(".check")).to_contain_text("1 regel telt nog niet mee")
    expect(page.locator(".place").first).to_contain_text("Sporten na school")
    assert axe(page) == []
    page.locator(".line-row.is-fault a").focus()
    page.keyboard.press("Enter")
    dialog.get_by_label("Regel van deze persoon").fill("1 2")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator(".line-row.is-fault")).to_have_count(0)
    expect(page.locator(".check")).to_contain_text("3 van 3 mensen")
    expect(page.locator(".place").first).to_contain_text("Rust in het lokaal")

    # What the group decides, beside the count.
    page.get_by_text("Leg het besluit van de groep vast").focus()
    page.keyboard.press("Enter")
    page.get_by_label("De volgorde die de groep vaststelt").fill("2 1 3")
    page.get_by_label("Waarom?").fill("Sporten kan meteen beginnen.")
    page.get_by_role("button", name="Leg vast").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#outcome-part")).to_contain_text("Wat de groep besloot")
    expect(page.locator(".place").first).to_contain_text("telling: plaats 2")
    assert axe(page) == []

    # On the big screen nothing is told before somebody shows it.
    page.get_by_role("link", name="Groot scherm").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Wat heeft nu prioriteit?")
    page.keyboard.press("Space")
    expect(page.locator("h1")).to_have_text("Dit hebben wij besloten")
    assert axe(page) == []
    page.keyboard.press("ArrowLeft")
    expect(page.locator("h1")).to_have_text("Wat heeft nu prioriteit?")


def test_cards_of_another_device_come_in_without_touching_what_is_typed(
    sign_in: SignIn, team: dict[str, User], group: FocusGroup
) -> None:
    page, other = sign_in(team["researcher"]), sign_in(team["gsa"], 390)
    page.goto(address(group, "ideeen/"))
    page.locator("#important-text").focus()
    page.keyboard.type("Nog niet af")
    other.goto(address(group, "ideeen/"))
    other.locator("#important-text").fill("Van het andere apparaat")
    other.get_by_role("button", name="Voeg toe").first.click()
    expect(page.locator("#cards-important")).to_contain_text("Van het andere apparaat")
    expect(page.locator("#important-text")).to_have_value("Nog niet af")
    expect(page.locator("#important-text")).to_be_focused()


def test_a_card_of_another_device_can_be_chosen_and_what_was_ticked_stays(
    sign_in: SignIn, team: dict[str, User], group: FocusGroup
) -> None:
    make_idea(group, "Rust in het lokaal")
    page = sign_in(team["researcher"])
    page.goto(address(group, "opties/"))
    page.get_by_role("checkbox", name="Rust in het lokaal").focus()
    page.keyboard.press("Space")
    make_idea(group, "Samen eten")
    expect(page.get_by_role("checkbox", name="Samen eten")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("checkbox", name="Rust in het lokaal")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Rust in het lokaal")).to_be_focused()


@pytest.mark.parametrize("width", [390, 820])
def test_the_outcome_needs_no_scrolling_past_all_lines(
    sign_in: SignIn, team: dict[str, User], group: FocusGroup, width: int
) -> None:
    make_options(group, "Rust", "Sport")
    make_round(group, lines=["1 2", "2 1", "1"])
    page = sign_in(team["researcher"], width)
    page.goto(address(group, "ranking/1/"))

    def top(selector: str) -> float:
        box = page.locator(selector).bounding_box()
        assert box is not None
        return box["y"]

    assert top("#id_line") < top("#check") < top("#lines")
    assert top("#outcome-part") < top("#lines")


def test_cards_wait_for_the_network_and_hang_once(sign_in: SignIn, team: dict[str, User], group: FocusGroup) -> None:
    page = sign_in(team["researcher"])
    page.goto(address(group, "ideeen/"))
    page.context.set_offline(True)
    page.locator("#improve-text").focus()
    for number in range(3):
        page.keyboard.type(f"kaart {number}")
        page.keyboard.press("Enter")
    expect(page.locator("#pending-improve .idea-card")).to_have_count(3)
    expect(page.locator("[data-save-status]")).to_have_attribute("data-state", "offline")
    page.context.set_offline(False)
    expect(page.locator("#cards-improve .idea-card")).to_have_count(3)
    expect(page.locator("#pending-improve .idea-card")).to_have_count(0)
    assert list(group.ideas.values_list("text", flat=True)) == ["kaart 0", "kaart 1", "kaart 2"]


def test_a_card_goes_away_and_comes_back(sign_in: SignIn, team: dict[str, User], group: FocusGroup) -> None:
    make_idea(group, "Een groter plein")
    page = sign_in(team["researcher"])
    page.goto(address(group, "ideeen/"))
    page.locator(".card-more summary").click()
    page.get_by_role("button", name="Verwijder").click()
    expect(page.locator(".idea-card")).to_have_count(0)
    page.get_by_role("button", name="Zet terug").click()
    expect(page.locator("#cards-improve")).to_contain_text("Een groter plein")


def test_everything_works_without_scripts(sign_in: SignIn, team: dict[str, User], group: FocusGroup) -> None:
    page = sign_in(team["researcher"], java_script_enabled=False)
    page.goto(address(group, "ideeen/"))
    page.locator("#improve-text").fill("Rust")
    page.locator("#question-improve ~ form button").click()
    expect(page.locator("#cards-improve")).to_contain_text("Rust")
    page.get_by_role("link", name="Geef een thema").click()
    page.get_by_label("Inclusiviteit").check(force=True)
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#cards-improve .tag")).to_have_text("Inclusiviteit")
    make_options(group, "a", "b")
    page.goto(address(group, "ranking/"))
    page.get_by_role("button", name="Begin deze ronde").click()
    page.locator("#id_line").fill("2 1")
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.locator(".place").first).to_contain_text("b")


@pytest.mark.parametrize("dark", [False, True])
def test_pages_are_for_everybody_and_fit_a_phone(
    sign_in: SignIn, axe: Axe, team: dict[str, User], trajectory: Trajectory, *, dark: bool
) -> None:
    options = [("Rust", ["mental"], ["env-climate"]), ("Sport", ["lifestyle"], ["env-play-sport"])]
    make_ranked(trajectory, "parents", options, ["1 2", "2"])
    group = make_ranked(trajectory, "pupils", options, ["2 1"])
    make_session(trajectory, "stakeholders", held_on=None, not_held_reason="Niemand kon komen.")
    make_idea(group, "Een heel lang woord zoals meervoudigepersoonlijkheidsstoornissenbehandelcentrum", themes=["home"])
    make_round(group, "tally", points_each=3)
    page = sign_in(team["researcher"], 320, dark=dark)
    start = f"/trajecten/{trajectory.pk}/focusgroepen/"
    session = f"{start}{group.pk}/"
    parts = ("", "ideeen/", "opties/", "ranking/1/", "ranking/2/", "ranking/nieuw/", "ranking/1/scherm/", "citaten/")
    for at in (start, f"{start}stemmen/", f"{start}nieuw/pupils/", *(session + part for part in parts)):
        page.goto(at)
        assert axe(page) == [], at
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, at
