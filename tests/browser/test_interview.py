"""The interview as a GSA holds it: with keys, with bad wifi, and with a colleague who answers at the same moment."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Dialog, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from checklist import actions
from checklist.figures import AnswerLine, answers_of
from checklist.models import Interview
from pilots.models import Trajectory, User
from tests.builders import full_team, make_trajectory
from tests.checklist.builders import give, make_instrument, make_interview

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trajectory(db: None) -> Trajectory:
    make_instrument(per_domain=6)
    return make_trajectory()


@pytest.fixture
def team(trajectory: Trajectory) -> dict[str, User]:
    return full_team(trajectory)


@pytest.fixture
def interview(trajectory: Trajectory, team: dict[str, User]) -> Interview:
    return make_interview(trajectory, team["gsa"])


def address(interview: Interview, *parts: str) -> str:
    return f"/trajecten/{interview.trajectory_id}/checklist/{interview.pk}/" + "".join(f"{part}/" for part in parts)


def stored(interview: Interview) -> dict[str, AnswerLine]:
    return {line.item: line for line in answers_of(interview)}


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def choose(page: Page, item: str, word: str) -> None:
    page.locator(f"#item-{item}").get_by_label(word, exact=True).check(force=True)


def test_interview_by_keyboard(sign_in: Callable[..., Page], team: dict[str, User], interview: Interview) -> None:
    page = sign_in(team["gsa"])
    page.goto(address(interview, "policy"))
    page.keyboard.press("j")
    page.keyboard.press("2")
    page.keyboard.press("p")
    page.keyboard.press("n")
    page.keyboard.type("3 keer per jaar, w x p")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("w")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("0")
    page.keyboard.press("0")
    page.keyboard.press("k")
    page.keyboard.press("p")
    page.keyboard.press("p")
    saved(page)
    expect(page.locator('[data-domain="policy"] [data-answered]')).to_have_text("3")
    lines = stored(interview)
    first = lines["policy-1"]
    assert (first.score, first.priority, first.note) == (2, "now", "3 keer per jaar, w x p")
    assert lines["policy-2"].score == "unknown"
    assert (lines["policy-3"].score, lines["policy-3"].priority) == ("not-applicable", "later")
    assert lines["policy-4"].score is None
    # Keys can be put off.
    page.get_by_text("Werk met toetsen").click()
    page.get_by_label("Toetsen gebruiken").uncheck()
    page.locator("#item-policy-5").focus()
    page.keyboard.press("3")
    page.wait_for_timeout(200)
    assert stored(interview)["policy-5"].score is None


def test_offline_answers_wait_and_are_saved(
    sign_in: Callable[..., Page], team: dict[str, User], interview: Interview
) -> None:
    page = sign_in(team["gsa"], 820)
    page.goto(address(interview, "policy"))
    choose(page, "policy-1", "Deels")
    saved(page)
    page.context.set_offline(True)
    for number in range(2, 6):
        choose(page, f"policy-{number}", "Helemaal")
    page.locator("#item-policy-6 textarea").fill("zonder verbinding\nopgeschreven")
    page.locator("#item-policy-6 textarea").blur()
    status = page.locator("[data-save-state]")
    expect(status.locator("[data-more]")).to_be_visible()
    assert status.inner_text().strip() == "Geen verbinding, 5 antwoorden wachten"
    assert stored(interview)["policy-2"].score is None
    page.context.set_offline(False)
    saved(page)
    lines = stored(interview)
    assert [lines[f"policy-{number}"].score for number in range(1, 6)] == [1, 3, 3, 3, 3]
    assert lines["policy-6"].note == "zonder verbinding\nopgeschreven"
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('welbevinden-interview'))") == []


def test_unsent_answers_outlive_a_reload_and_the_browser_asks_before_leaving(
    sign_in: Callable[..., Page], team: dict[str, User], interview: Interview
) -> None:
    page = sign_in(team["gsa"])
    page.goto(address(interview, "policy"))
    page.route("**/antwoord/**", lambda route: route.abort())
    choose(page, "policy-1", "Grotendeels")
    expect(page.locator("[data-one]")).to_be_visible()
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.locator("#item-policy-1").get_by_label("Grotendeels", exact=True)).to_be_checked()
    expect(page.locator("[data-one]")).to_be_visible()
    page.unroute("**/antwoord/**")
    saved(page)
    assert stored(interview)["policy-1"].score == 2


def test_lost_answer_of_the_server_is_no_conflict(
    sign_in: Callable[..., Page], team: dict[str, User], interview: Interview
) -> None:
    page = sign_in(team["gsa"])
    page.goto(address(interview, "policy"))
    lost: list[int] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/antwoord/**", lose_first)
    choose(page, "policy-1", "Deels")
    choose(page, "policy-1", "Helemaal")
    saved(page)
    assert lost == [200]
    assert (stored(interview)["policy-1"].score, stored(interview)["policy-1"].version) == (3, 2)


@pytest.mark.parametrize(
    ("button", "score", "note"),
    [
        ("Laat dit antwoord staan", 3, "van de ib'er"),
        ("Zet mijn antwoord ervoor in de plaats", 0, "van de gsa"),
        ("Mijn antwoord, met beide notities", 0, "van de ib'er\n\nvan de gsa"),
    ],
)
def test_conflict_lets_choose(
    *,
    sign_in: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    team: dict[str, User],
    interview: Interview,
    button: str,
    score: int,
    note: str,
) -> None:
    page = sign_in(team["gsa"])
    page.goto(address(interview, "policy"))
    give(interview, team["coordinator"], "policy-1", 3, note="van de ib'er")
    item = page.locator("#item-policy-1")
    item.locator("textarea").fill("van de gsa")
    choose(page, "policy-1", "Nog niet")
    expect(item.locator(".other")).to_contain_text("De intern begeleider")
    expect(item.locator(".other")).to_contain_text("van de ib'er")
    expect(item.locator(".other")).to_contain_text("Helemaal")
    expect(item.locator("textarea")).to_have_value("van de gsa")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "conflict")
    assert stored(interview)["policy-1"].note == "van de ib'er"
    assert axe(page) == []
    # Other answers go on being saved meanwhile.
    choose(page, "policy-2", "Deels")
    expect(page.locator('[data-domain="policy"] [data-answered]')).to_have_text("2")
    page.get_by_role("button", name=button).click()
    expect(item.locator(".other")).to_have_count(0)
    saved(page)
    line = stored(interview)["policy-1"]
    assert (line.score, line.note) == (score, note)


def test_who_is_logged_out_loses_nothing(
    sign_in: Callable[..., Page], live_server: LiveServer, team: dict[str, User], interview: Interview
) -> None:
    page = sign_in(team["gsa"])
    page.goto(address(interview, "policy"))
    page.context.clear_cookies(name="sessionid")
    choose(page, "policy-1", "Deels")
    status = page.locator("[data-save-state]")
    expect(status).to_contain_text("Je bent niet meer ingelogd")
    expect(status.get_by_role("link", name="Log opnieuw in")).to_be_visible()

    def log_in(user: User) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.evaluate("window.dispatchEvent(new Event('focus'))")

    # Somebody else on the same tablet does not save what is not theirs.
    log_in(team["coordinator"])
    expect(status).to_contain_text("als iemand anders ingelogd")
    assert stored(interview)["policy-1"].score is None
    log_in(team["gsa"])
    saved(page)
    assert stored(interview)["policy-1"].score == 1


def test_what_was_made_final_meanwhile_stays(
    sign_in: Callable[..., Page], team: dict[str, User], interview: Interview
) -> None:
    page = sign_in(team["gsa"])
    give(interview, team["coordinator"], "policy-1", 3)
    page.goto(address(interview, "policy"))
    actions.make_final(interview=interview, by=team["coordinator"])
    choose(page, "policy-1", "Nog niet")
    expect(page.locator("[data-save-state]")).to_contain_text("intussen definitief gemaakt")
    assert stored(interview)["policy-1"].score == 3


def test_without_javascript_a_page_is_saved_at_once(
    sign_in: Callable[..., Page], team: dict[str, User], interview: Interview
) -> None:
    page = sign_in(team["gsa"], java_script_enabled=False)
    page.goto(address(interview, "policy"))
    choose(page, "policy-1", "Helemaal")
    page.locator("#item-policy-1 textarea").fill("geen script")
    page.get_by_role("button", name="Verder naar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welbevinden van het team")
    line = stored(interview)["policy-1"]
    assert (line.score, line.note) == (3, "geen script")


def test_goes_on_only_when_all_is_saved(
    sign_in: Callable[..., Page], team: dict[str, User], interview: Interview
) -> None:
    page = sign_in(team["gsa"], 390)
    page.goto(address(interview, "policy"))
    page.locator("#item-policy-1 textarea").fill("nog maar net getypt")
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welbevinden van het team")
    assert stored(interview)["policy-1"].note == "nog maar net getypt"


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (820, True), (390, False), (320, True)])
def test_everybody_can_use_every_page(
    *,
    sign_in: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    team: dict[str, User],
    interview: Interview,
    width: int,
    dark: bool,
) -> None:
    scores: list[int | str] = [0, 1, 2, 3, "unknown", "not-applicable"]
    for number, score in enumerate(scores, start=1):
        give(interview, team["gsa"], f"policy-{number}", score, priority="now" if number < 3 else "", note="notitie")
    page = sign_in(team["gsa"], width, dark=dark)
    overview = f"/trajecten/{interview.trajectory_id}/checklist/"
    addresses = [overview, f"{overview}nieuw/", f"{overview}leeg/"]
    addresses += [
        address(interview, name) for name in ("policy", "team", "gegevens", "controle", "resultaat", "verslag")
    ]
    for each in addresses:
        page.goto(each)
        assert axe(page) == [], each
        assert page.evaluate("document.documentElement.scrollWidth") <= width, each
