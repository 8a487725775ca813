"""What the application exists for, as people do it: from three focus groups and a checklist to the plan as a PDF."""

import datetime
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from checklist.models import Instrument
from focusgroups.models import FocusGroup
from pilots.models import Trajectory, User
from plans.models import Plan
from tests.builders import PASSWORD, join, make_school, make_trajectory, make_user
from welbevinden.services import Service

pytestmark = pytest.mark.django_db(transaction=True)

#: Milliseconds in which a worker on two busy cores has long made a PDF.
PATIENCE = 60_000
CARDS = [
    "Een rustige plek op het plein",
    "Iedereen zegt gedag bij de deur",
    "Meer tijd om te vertellen hoe het gaat",
    "Ouders horen wat er in de klas gebeurt",
]
SCORES = ["Nog niet", "Deels", "Grotendeels", "Helemaal", "Deels", "Weet niet", "Helemaal", "Niet van toepassing"]
KEYS = {
    "Nog niet": "0",
    "Deels": "1",
    "Grotendeels": "2",
    "Helemaal": "3",
    "Weet niet": "w",
    "Niet van toepassing": "x",
}
#: The group's own order after the count, by the numbers of its cards.
DECISION = "2 1 3=4"


@dataclass(frozen=True)
class Case:
    """A school and its three people, and how they look at the application."""

    trajectory: Trajectory
    people: dict[str, User]
    width: int = 1280
    dark: bool = False


def make_case(sector: str, name: str, *, width: int = 1280, dark: bool = False) -> Case:
    call_command("load_instruments", verbosity=0)
    trajectory = make_trajectory(make_school(name=name, sector=sector), low_dutch=True, pupils=180, newcomers=40)
    people = {role: make_user(name=f"Iemand, {role}", password=PASSWORD) for role in ("researcher", "gsa", "director")}
    for role, user in people.items():
        join(trajectory, role, user)
    return Case(trajectory, people, width, dark)


def log_in(page: Page, user: User) -> None:
    page.goto("/")
    expect(page).to_have_url("/inloggen/?next=/")
    page.get_by_label("E-mailadres").fill(user.email)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page).to_have_url("/")


def address(case: Case, *parts: str) -> str:
    return f"/trajecten/{case.trajectory.pk}/" + "".join(f"{part}/" for part in parts)


# Focus groups


def begin_session(page: Page, case: Case, kind: str) -> None:
    page.goto(address(case, "focusgroepen"))
    page.get_by_role("region", name=kind).get_by_role("link", name="Sessie toevoegen").click()


def hold_session(page: Page, case: Case, kind: str, counts: dict[str, int]) -> None:
    begin_session(page, case, kind)
    page.get_by_label("Ja, gehouden").check()
    page.get_by_label("Gehouden op").fill(days_ago(7))
    page.get_by_label("Hoeveel minuten").fill("90")
    for role, count in counts.items():
        page.get_by_label(role, exact=True).fill(str(count))
    page.get_by_role("button", name="Sessie opslaan").click()
    expect(page.get_by_text("De sessie staat klaar")).to_be_visible()


def days_ago(days: int) -> str:
    return (timezone.localdate() - datetime.timedelta(days=days)).isoformat()


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Onderdelen van deze sessie").get_by_role("link", name=name).click()


def hang_cards(page: Page, *, script: bool = True) -> None:
    field = page.get_by_label("Nieuw kaartje bij: Wat kan beter?")
    for number, text in enumerate(CARDS, start=1):
        field.fill(text)
        if script:
            field.press("Enter")
        else:
            page.get_by_role("region", name="Wat kan beter?").get_by_role("button", name="Voeg toe").click()
            expect(page.locator("#cards-improve .idea-card")).to_have_count(number)
    expect(page.locator("#cards-improve .idea-card")).to_have_count(len(CARDS))


def make_options(page: Page) -> None:
    for number, text in enumerate(CARDS, start=1):
        page.get_by_role("group", name="Welke kaartjes horen erbij?").get_by_label(text).first.check()
        page.get_by_role("button", name="Maak deze optie").click()
        expect(page.locator(".option-row")).to_have_count(number)


def begin_round(page: Page, method: str) -> None:
    tab(page, "Ranking")
    page.get_by_label(method).check()
    page.get_by_role("button", name="Begin deze ronde").click()
    expect(page.get_by_role("heading", name="Ronde 1")).to_be_visible()


def count_lines(page: Page, lines: list[str], *, script: bool = True) -> None:
    field = page.get_by_label("Volgende persoon")
    for number, line in enumerate(lines, start=1):
        field.fill(line)
        if script:
            field.press("Enter")
        else:
            page.get_by_role("button", name="Voeg toe").click()
            expect(page.locator(".line-row")).to_have_count(number)
    expect(page.locator(".line-row")).to_have_count(len(lines))


def decide(page: Page) -> None:
    page.get_by_text("Leg het besluit van de groep vast").click()
    page.get_by_label("De volgorde die de groep vaststelt").fill(DECISION)
    page.get_by_label("Waarom?").fill("De groep wil iedereen eerst leren kennen.")
    page.get_by_role("button", name="Leg vast").click()
    expect(page.get_by_role("heading", name="Wat de groep besloot")).to_be_visible()


def record_by_lines(page: Page, case: Case, kind: str, counts: dict[str, int], look: Callable[[Page], None]) -> None:
    """A session with a line for every person, and a decision of its own."""
    hold_session(page, case, kind, counts)
    hang_cards(page)
    look(page)
    tab(page, "Opties")
    make_options(page)
    look(page)
    begin_round(page, "Ieder een eigen volgorde")
    count_lines(page, ["1 2 3 4", "1 2=3", "2 1 ? 4", "4 1 2 3", "1 4", "2 1 3 4", "1 3", "3 1 2 4"])
    decide(page)
    look(page)


def record_by_points(page: Page, case: Case, kind: str, counts: dict[str, int]) -> None:
    hold_session(page, case, kind, counts)
    hang_cards(page)
    tab(page, "Opties")
    make_options(page)
    begin_round(page, "Stippen per persoon")
    count_lines(page, ["1*2 3", "3 4", "4*3", "1 2 4"])


def record_by_totals(page: Page, case: Case, kind: str, counts: dict[str, int]) -> None:
    hold_session(page, case, kind, counts)
    hang_cards(page)
    tab(page, "Opties")
    make_options(page)
    begin_round(page, "Alleen de totalen")
    for text, total in zip(CARDS, (9, 7, 2, 0), strict=True):
        page.get_by_label(text).fill(str(total))
    page.get_by_role("button", name="Totalen opslaan").click()
    expect(page.locator(".place")).to_have_count(len(CARDS))


def record_not_held(page: Page, case: Case, kind: str) -> None:
    begin_session(page, case, kind)
    page.get_by_label("Nee, niet gehouden").check()
    page.get_by_label("Waarom niet gehouden?").fill("Er kwamen te weinig ouders die dezelfde taal spreken.")
    page.get_by_role("button", name="Sessie opslaan").click()
    expect(page.get_by_role("region", name=kind)).to_contain_text("te weinig ouders")


# The checklist


def begin_interview(page: Page, case: Case) -> None:
    page.goto(address(case, "checklist"))
    page.get_by_role("link", name="Start het gesprek").click()
    page.get_by_label("Directeur").first.check()
    page.get_by_role("button", name="Start het gesprek").click()
    expect(page.get_by_text("Onderdeel 1 van 6")).to_be_visible()


def answer_by_keys(page: Page, number: int) -> None:
    """The item that the next key goes to, without the mouse."""
    word = SCORES[number % len(SCORES)]
    page.keyboard.press("j")
    page.keyboard.press(KEYS[word])
    if number % 5 == 0:
        page.keyboard.press("p")
    if number == 1:
        page.keyboard.press("n")
        page.keyboard.type("Staat in het schoolplan.")
        page.keyboard.press("Escape")


def answer_by_hand(item: Locator, number: int) -> None:
    item.get_by_label(SCORES[number % len(SCORES)], exact=True).check(force=True)
    if number % 5 == 0:
        item.get_by_label("Nu", exact=True).check(force=True)


def fill_in_everything(page: Page, look: Callable[[Page], None] | None, *, by_keys: int) -> int:
    """All six domains, the first `by_keys` of them with the keyboard; gives the number of items."""
    answered = 0
    for domain in range(6):
        heading = page.get_by_role("heading", level=1)
        expect(page.get_by_text(f"Onderdeel {domain + 1} van 6")).to_be_visible()
        items = page.locator("[data-item]")
        for item in items.all():
            if domain < by_keys:
                answer_by_keys(page, answered)
            else:
                answer_by_hand(item, answered)
            answered += 1
        if look is not None and domain == 0:
            look(page)
        here = heading.inner_text()
        page.get_by_role("button", name="Verder" if domain < 5 else "Naar de controle").click()
        expect(heading).not_to_have_text(here)
    expect(page.get_by_text("Alles is ingevuld.")).to_be_visible()
    return answered


def make_final(page: Page) -> None:
    page.get_by_role("button", name="Definitief maken").click()
    expect(page.get_by_role("heading", name="Zo staat het ervoor")).to_be_visible()


# The plan


def make_plan(page: Page, case: Case) -> None:
    page.goto(address(case, "plan"))
    page.get_by_role("button", name="Maak het plan").click()
    expect(page.get_by_text("Dit is een concept.")).to_be_visible()


def edit_first_action(page: Page, text: str) -> None:
    card = page.locator(".plan-action").first
    name = card.get_attribute("id")
    card.get_by_role("link", name="Aanpassen").click()
    page.get_by_label("Titel").fill("Samen beginnen")
    page.get_by_label("Wat gaan we doen").fill(text)
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator(f"#{name} .plan-action-title")).to_have_text("Samen beginnen")


def set_one_aside(page: Page) -> None:
    page.get_by_role("link", name="Bewust niet nu").last.click()
    page.locator("textarea").fill("Eerst rust in de school, volgend jaar kijken we opnieuw.")
    page.get_by_role("button", name="Zet bij “bewust niet nu”").click()
    expect(page.locator("#niet-nu")).to_contain_text("Eerst rust in de school")


def release(page: Page) -> None:
    page.get_by_role("button", name="vaststellen").click()
    expect(page.get_by_text("Versie 1 is vastgesteld.")).to_be_visible()


def download(page: Page) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Plan als PDF ophalen").click()
    return waiting.value.path()


def holds_the_plan_of(file: Path, name: str) -> None:
    with pikepdf.open(file) as document:
        assert len(document.pages) > 3
        assert name in str(document.docinfo["/Title"])


@pytest.fixture
def paused(worker: Service) -> Iterator[Callable[[signal.Signals], None]]:
    """Holds the worker still (SIGSTOP) and lets it go (SIGCONT), so that people see what waiting looks like."""

    def send(how: signal.Signals) -> None:
        assert worker.process is not None
        os.kill(worker.process.pid, how)

    yield send
    send(signal.SIGCONT)


@pytest.mark.parametrize(
    ("sector", "name", "width", "dark"),
    [("PO", "Basisschool De Kade", 1280, False), ("VO", "Schakelcollege Noord", 390, True)],
)
def test_from_focus_groups_to_a_plan_on_paper(
    *,
    open_page: Callable[..., Page],
    check: Callable[[Page], None],
    paused: Callable[[signal.Signals], None],
    sector: str,
    name: str,
    width: int,
    dark: bool,
) -> None:
    case = make_case(sector, name, width=width, dark=dark)
    pages = {role: open_page(width, dark=dark) for role in case.people}
    for role, page in pages.items():
        log_in(page, case.people[role])

    page = pages["researcher"]
    check(page)
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    check(page)
    record_by_lines(page, case, "Leerlingen", {"Leerling": 8}, check)
    if sector == "PO":
        record_by_points(page, case, "Ouders en verzorgers", {"Ouder of verzorger": 4})
    else:
        record_not_held(page, case, "Ouders en verzorgers")
    record_by_totals(
        page, case, "Overige betrokkenen", {"GSA": 1, "NT2-docent" if sector == "VO" else "NT2-leerkracht": 5}
    )
    page.goto(address(case, "focusgroepen"))
    check(page)
    page.get_by_role("link", name="Drie stemmen").click()
    check(page)
    held = FocusGroup.objects.filter(trajectory=case.trajectory, held_on__isnull=False)
    assert held.count() == (3 if sector == "PO" else 2)

    page = pages["gsa"]
    begin_interview(page, case)
    answered = fill_in_everything(page, check, by_keys=2 if sector == "PO" else 0)
    assert answered == Instrument.objects.newest_for(sector).items.count()
    check(page)
    make_final(page)
    check(page)

    page = pages["researcher"]
    make_plan(page, case)
    check(page)
    edit_first_action(page, "We beginnen elke week samen. Khadija vertelt hoe dat thuis gaat.")
    set_one_aside(page)
    page.get_by_role("link", name="Drie jaren").click()
    check(page)
    page.goto(address(case, "plan"))
    page.get_by_role("link", name="Nakijken en vaststellen").click()
    check(page)
    # A name keeps the plan back, until it is left out.
    page.get_by_role("button", name="vaststellen").click()
    expect(page.get_by_role("heading", name="“Khadija”")).to_be_visible()
    page.get_by_role("button", name="Laat “Khadija” overal weg").click()
    expect(page.get_by_text("De naam is weggelaten uit het plan.")).to_be_visible()
    paused(signal.SIGSTOP)
    release(page)
    expect(page.get_by_role("progressbar", name="De PDF wordt gemaakt")).to_be_visible()
    check(page)
    paused(signal.SIGCONT)
    # Nobody touches the page: it ends on the result by itself.
    expect(page.get_by_role("link", name="Plan als PDF ophalen")).to_be_visible(timeout=PATIENCE)
    holds_the_plan_of(download(page), name)

    page = pages["director"]
    page.goto("/")
    page.get_by_role("link", name=name).first.click()
    page.goto(address(case, "plan"))
    check(page)
    expect(page.get_by_text("Eerst rust in de school")).to_be_visible()
    expect(page.get_by_text("Khadija")).to_have_count(0)
    holds_the_plan_of(download(page), name)
    assert Plan.objects.get(trajectory=case.trajectory).version == 1


def test_the_same_without_javascript(open_page: Callable[..., Page], worker: Service) -> None:
    case = make_case("PO", "Basisschool Zonder Script")
    page = open_page(java_script_enabled=False)
    log_in(page, case.people["researcher"])
    record_not_held(page, case, "Overige betrokkenen")
    hold_session(page, case, "Leerlingen", {"Leerling": 3})
    hang_cards(page, script=False)
    tab(page, "Opties")
    make_options(page)
    begin_round(page, "Ieder een eigen volgorde")
    count_lines(page, ["1 2 3 4", "2 1", "2 1=3"], script=False)
    decide(page)
    record_not_held(page, case, "Ouders en verzorgers")

    gsa = open_page(java_script_enabled=False)
    log_in(gsa, case.people["gsa"])
    begin_interview(gsa, case)
    fill_in_everything(gsa, None, by_keys=0)
    make_final(gsa)

    make_plan(page, case)
    edit_first_action(page, "We beginnen elke week samen.")
    set_one_aside(page)
    page.get_by_role("link", name="Nakijken en vaststellen").click()
    release(page)
    ready = page.get_by_role("link", name="Plan als PDF ophalen")
    for _ in range(PATIENCE // 500):
        if ready.is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    director = open_page(java_script_enabled=False)
    log_in(director, case.people["director"])
    director.goto(address(case, "plan"))
    holds_the_plan_of(download(director), "Basisschool Zonder Script")
