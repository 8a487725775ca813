"""What people do in the application, one piece of work at a time: the steps of which the journeys are made."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pikepdf
from django.core.management import call_command
from django.urls import resolve
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from checklist.actions import Save, save_answers
from checklist.models import AnswerContent, Interview
from pilots.models import Trajectory, User
from tests.builders import PASSWORD, join, make_school, make_trajectory, make_user

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

Look = Callable[[Page], None]


@dataclass
class Looks:
    """Looks at a page as `check` does, once for each kind of page: `look(page)`, or always with `again`."""

    check: Look
    seen: set[str] = field(default_factory=set)

    def __call__(self, page: Page, *, again: bool = False) -> None:
        kind = str(resolve(urlsplit(page.url).path).url_name)
        if again or kind not in self.seen:
            self.seen.add(kind)
            self.check(page)


@dataclass(frozen=True)
class Case:
    """A school and its people, all of whom can log in."""

    trajectory: Trajectory
    people: dict[str, User]


def make_case(sector: str, name: str) -> Case:
    call_command("load_instruments", verbosity=0)
    trajectory = make_trajectory(make_school(name=name, sector=sector), low_dutch=True, pupils=180, newcomers=40)
    people = {role: make_user(name=f"Iemand, {role}", password=PASSWORD) for role in ("researcher", "gsa", "director")}
    for role, user in people.items():
        join(trajectory, role, user)
    return Case(trajectory, people)


def log_in(page: Page, email: str) -> None:
    page.goto("/")
    expect(page).to_have_url("/inloggen/?next=/")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page).to_have_url("/")


def address(trajectory: Trajectory, *parts: str) -> str:
    return f"/trajecten/{trajectory.pk}/" + "".join(f"{part}/" for part in parts)


def days_ago(days: int) -> str:
    return (timezone.localdate() - datetime.timedelta(days=days)).isoformat()


# Focus groups


def begin_session(page: Page, trajectory: Trajectory, kind: str) -> None:
    page.goto(address(trajectory, "focusgroepen"))
    page.get_by_role("region", name=kind).get_by_role("link", name="Sessie toevoegen").click()


def hold_session(page: Page, trajectory: Trajectory, kind: str, counts: dict[str, int]) -> None:
    begin_session(page, trajectory, kind)
    page.get_by_label("Ja, gehouden").check()
    page.get_by_label("Gehouden op").fill(days_ago(7))
    page.get_by_label("Hoeveel minuten").fill("90")
    for role, count in counts.items():
        page.get_by_label(role, exact=True).fill(str(count))
    page.get_by_role("button", name="Sessie opslaan").click()
    expect(page.get_by_text("De sessie staat klaar")).to_be_visible()


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Onderdelen van deze sessie").get_by_role("link", name=name).click()


def hang_cards(page: Page, *, script: bool = True) -> None:
    typed = page.get_by_label("Nieuw kaartje bij: Wat kan beter?")
    for number, text in enumerate(CARDS, start=1):
        typed.fill(text)
        if script:
            typed.press("Enter")
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
    typed = page.get_by_label("Volgende persoon")
    for number, line in enumerate(lines, start=1):
        typed.fill(line)
        if script:
            typed.press("Enter")
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


def record_by_lines(page: Page, trajectory: Trajectory, kind: str, counts: dict[str, int], look: Look) -> None:
    """A session with a line for every person, and a decision of its own."""
    hold_session(page, trajectory, kind, counts)
    hang_cards(page)
    look(page)
    tab(page, "Opties")
    make_options(page)
    look(page)
    begin_round(page, "Ieder een eigen volgorde")
    count_lines(page, ["1 2 3 4", "1 2=3", "2 1 ? 4", "4 1 2 3", "1 4", "2 1 3 4", "1 3", "3 1 2 4"])
    decide(page)
    look(page)


def record_by_points(page: Page, trajectory: Trajectory, kind: str, counts: dict[str, int], look: Look) -> None:
    hold_session(page, trajectory, kind, counts)
    hang_cards(page)
    look(page)
    tab(page, "Opties")
    make_options(page)
    look(page)
    begin_round(page, "Stippen per persoon")
    count_lines(page, ["1*2 3", "3 4", "4*3", "1 2 4"])
    look(page)


def record_by_totals(page: Page, trajectory: Trajectory, kind: str, counts: dict[str, int]) -> None:
    hold_session(page, trajectory, kind, counts)
    hang_cards(page)
    tab(page, "Opties")
    make_options(page)
    begin_round(page, "Alleen de totalen")
    for text, total in zip(CARDS, (9, 7, 2, 0), strict=True):
        page.get_by_label(text).fill(str(total))
    page.get_by_role("button", name="Totalen opslaan").click()
    expect(page.locator(".place")).to_have_count(len(CARDS))


def record_not_held(page: Page, trajectory: Trajectory, kind: str) -> None:
    begin_session(page, trajectory, kind)
    page.get_by_label("Nee, niet gehouden").check()
    page.get_by_label("Waarom niet gehouden?").fill("Er kwamen te weinig ouders die dezelfde taal spreken.")
    page.get_by_role("button", name="Sessie opslaan").click()
    expect(page.get_by_role("region", name=kind)).to_contain_text("te weinig ouders")


# The checklist


def begin_interview(page: Page, trajectory: Trajectory) -> None:
    page.goto(address(trajectory, "checklist"))
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


def saved(page: Page, answers: int) -> None:
    """So many answers of this part have reached the server."""
    expect(page.locator("[aria-current=page] [data-answered]")).to_have_text(str(answers))
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def answer_the_rest(trajectory: Trajectory, by: User) -> None:
    """What has no answer yet gets one, without the browser: more than a hundred pages would say the same again."""
    interview = Interview.objects.get(trajectory=trajectory)
    open_items = interview.instrument.items.exclude(answers__interview=interview)
    saves = [
        Save(item, AnswerContent(number % 4, "" if number % 6 else "now", ""), 0)
        for number, item in enumerate(open_items)
    ]
    assert not any(each.conflict for each in save_answers(interview=interview, saves=saves, by=by))


def fill_in_everything(page: Page) -> None:
    """All six domains, by hand."""
    answered = 0
    for domain in range(6):
        heading = page.get_by_role("heading", level=1)
        expect(page.get_by_text(f"Onderdeel {domain + 1} van 6")).to_be_visible()
        for item in page.locator("[data-item]").all():
            answer_by_hand(item, answered)
            answered += 1
        here = heading.inner_text()
        page.get_by_role("button", name="Verder" if domain < 5 else "Naar de controle").click()
        expect(heading).not_to_have_text(here)
    expect(page.get_by_text("Alles is ingevuld.")).to_be_visible()


def make_final(page: Page) -> None:
    page.get_by_role("button", name="Definitief maken").click()
    expect(page.get_by_role("heading", name="Zo staat het ervoor")).to_be_visible()


# The plan


def make_plan(page: Page, trajectory: Trajectory) -> None:
    page.goto(address(trajectory, "plan"))
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
    page.locator(".plan-entry").get_by_role("link", name="Bewust niet nu").last.click()
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
