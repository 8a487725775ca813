"""What the application exists for, as people do it: a whole year, from an invitation to what other schools learn."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from evaluation.models import Evaluation
from focusgroups.models import FocusGroup
from pilots.enums import MailState
from pilots.figures import steps_now
from pilots.models import Mail, Trajectory, User
from plans.models import Plan
from tests.browser.walking import (
    PATIENCE,
    Look,
    Looks,
    address,
    answer_by_hand,
    answer_by_keys,
    answer_the_rest,
    begin_interview,
    begin_round,
    count_lines,
    days_ago,
    decide,
    download,
    edit_first_action,
    fill_in_everything,
    hang_cards,
    hold_session,
    holds_the_plan_of,
    log_in,
    make_case,
    make_final,
    make_options,
    make_plan,
    record_by_lines,
    record_by_points,
    record_by_totals,
    record_not_held,
    release,
    saved,
    set_one_aside,
    tab,
)
from tests.builders import PASSWORD, make_user
from tests.evaluation.builders import say
from welbevinden.services import Service

pytestmark = pytest.mark.django_db(transaction=True)

SCHOOL = "Basisschool De Kade"
RESEARCHER, GSA = ("riet@pharos.test", "Riet Onderzoek"), ("gea@ggd.test", "Gea Gezond")
DIRECTOR, COORDINATOR = ("dirk@kade.test", "Dirk Leiding"), ("ineke@kade.test", "Ineke Begeleiding")
SAID = "Sinds we elke dag samen beginnen, is het stil op de gang."
ONLY_FOR_RESEARCHERS = "De GSA vond dat de directie traag besliste."


@pytest.fixture
def paused(worker: Service) -> Iterator[Callable[[signal.Signals], None]]:
    """Holds the worker still (SIGSTOP) and lets it go (SIGCONT), so that people see what waiting looks like."""

    def send(how: signal.Signals) -> None:
        assert worker.process is not None
        os.kill(worker.process.pid, how)

    yield send
    send(signal.SIGCONT)


# Getting in


def set_up_school(admin: Page, look: Look) -> Trajectory:
    """The admin makes a school, begins a trajectory, and asks three people in."""
    admin.get_by_role("link", name="Beheer", exact=True).first.click()
    look(admin)
    admin.get_by_role("link", name="Scholen").click()
    admin.get_by_role("link", name="Voeg een school toe").click()
    look(admin)
    admin.get_by_label("Naam").fill(SCHOOL)
    admin.get_by_label("Primair onderwijs").check()
    admin.get_by_label("Plaats").fill("Zeedorp")
    admin.get_by_role("button", name="Bewaar").click()
    expect(admin.get_by_role("heading", name="Traject beginnen")).to_be_visible()
    look(admin)
    admin.get_by_role("group", name="Soort school").get_by_role("radio").first.check()
    admin.get_by_role("button", name="Begin het traject").click()
    for (email, name), role in ((RESEARCHER, "researcher"), (GSA, "gsa"), (DIRECTOR, "director")):
        admin.get_by_label("E-mailadres").fill(email)
        admin.get_by_label("Naam").fill(name)
        admin.get_by_label("Rol").select_option(role)
        admin.get_by_role("button", name="Voeg toe aan het team").click()
        expect(admin.get_by_text(f"{name} hoort nu bij het team")).to_be_visible()
    look(admin)
    admin.get_by_role("button", name="Nodig iedereen uit die nog wacht").click()
    expect(admin.get_by_text("Er gaan 3 uitnodigingen op weg.")).to_be_visible()
    return Trajectory.objects.get(school__name=SCHOOL)


def invitation_of(admin: Page, email: str, look: Look) -> str:
    """The link in somebody's mail: in the demo the admin reads it in the mailbox."""
    admin.goto("/beheer/postvak/")
    look(admin)
    admin.get_by_role("row").filter(has_text=email).get_by_role("link").click()
    look(admin)
    link = admin.locator(".mail-text a[href*='/uitnodiging/']").first.get_attribute("href")
    assert link is not None
    return link


def accept(page: Page, link: str, look: Look) -> None:
    """From the link in the mail to the page of the trajectory."""
    page.goto(link)
    expect(page.get_by_role("heading", name="Je bent uitgenodigd")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Ga verder en kies een wachtwoord").click()
    page.get_by_label("Kies een wachtwoord").fill(PASSWORD)
    look(page)
    page.get_by_role("button", name="Maak mijn account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SCHOOL)


def choose_a_password_that_is_too_short(page: Page, link: str, check: Look) -> None:
    page.goto(f"{link}account/")
    page.get_by_label("Kies een wachtwoord").fill("kort")
    page.get_by_role("button", name="Maak mijn account").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("12 tekens")
    check(page)


# The year


def plan_the_start(page: Page, trajectory: Trajectory, look: Look) -> None:
    """Step 2 was today, and the school gets its profile."""
    page.goto(address(trajectory, "stappen"))
    look(page)
    page.get_by_label("Gehouden op").fill(days_ago(8))
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_role("link", name="Profiel aanpassen").click()
    look(page)
    page.get_by_label("Spreken veel leerlingen nog weinig Nederlands?").select_option(label="Ja")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SCHOOL)


def hold_the_interview(gsa: Page, coordinator: Page, trajectory: Trajectory, look: Look, look_small: Look) -> None:
    """The GSA asks with keys, the coordinator answers along on a phone; then all of it is looked over."""
    begin_interview(gsa, trajectory)
    for number in range(4):
        answer_by_keys(gsa, number)
    saved(gsa, 4)
    look(gsa)
    coordinator.goto(address(trajectory, "checklist"))
    look_small(coordinator)
    coordinator.get_by_role("link", name="Ga verder").click()
    items = coordinator.locator("[data-item]")
    answer_by_hand(items.nth(4), 0)
    answer_by_hand(items.nth(5), 1)
    look_small(coordinator)
    saved(coordinator, 6)
    answer_the_rest(trajectory, User.objects.get(email=GSA[0]))
    gsa.get_by_role("link", name="Controle").click()
    look(gsa)
    make_final(gsa)
    look(gsa)


def release_the_plan(page: Page, paused: Callable[[signal.Signals], None], look: Looks) -> None:
    """A name keeps the plan back until it is left out; then the PDF comes by itself."""
    page.get_by_role("link", name="Nakijken en vaststellen").click()
    expect(page.get_by_text("De directeur is akkoord.")).to_be_visible()
    page.get_by_role("button", name="vaststellen").click()
    expect(page.get_by_role("heading", name="“Khadija”")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Laat “Khadija” overal weg").click()
    expect(page.get_by_text("De naam is weggelaten uit het plan.")).to_be_visible()
    paused(signal.SIGSTOP)
    release(page)
    expect(page.get_by_role("progressbar", name="De PDF wordt gemaakt")).to_be_visible()
    look(page, again=True)
    paused(signal.SIGCONT)
    # Nobody touches the page: it ends on the result by itself.
    expect(page.get_by_role("link", name="Plan als PDF ophalen")).to_be_visible(timeout=PATIENCE)


def choose_what_goes_first(page: Page, trajectory: Trajectory, look: Look) -> None:
    page.goto(address(trajectory, "plan", "kiezen"))
    look(page)
    first, second = page.locator(".year-column").nth(0), page.locator(".year-column").nth(1)
    for number in (1, 2):
        first.get_by_role("button", name="Kies voor jaar 1").first.click()
        expect(first.locator(".load")).to_contain_text(f"{number} gekozen")
    first.get_by_role("button", name="Kies voor jaar 2").first.click()
    expect(second.locator(".load")).to_contain_text("1 gekozen")


def write_how_it_goes(page: Page, trajectory: Trajectory, look: Look) -> None:
    page.goto(address(trajectory, "voortgang"))
    look(page)
    page.get_by_role("link", name="Schrijf hoe het gaat").first.click()
    page.get_by_label("Hoe gaat het?").fill("De eerste week ging het in drie groepen.")
    page.get_by_label("Bezig").check()
    look(page)
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#stand")).to_contain_text("3 gekozen: 1 bezig")
    expect(page.get_by_text("De eerste week ging het in drie groepen.")).to_be_visible()


def hold_support(page: Page, trajectory: Trajectory, look: Look) -> None:
    """A session that was held; with that step 7 can be closed."""
    page.goto(address(trajectory, "ondersteuning"))
    page.get_by_role("link", name="Nieuwe bijeenkomst").click()
    look(page)
    page.get_by_label("Welke ondersteuning?").select_option(index=1)
    page.get_by_label("Gehouden op").fill(days_ago(1))
    page.get_by_label("Hoeveel mensen").fill("9")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("9 mensen")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Rond stap 7 af").click()
    expect(page.get_by_text("Stap 7 is afgerond.")).to_be_visible()


def evaluate(
    page: Page, trajectory: Trajectory, look: Look, *, side: str, judgement: str, note: str, rest: dict[str, Any]
) -> None:
    """One talk: the first part in the browser, what the other parts brought (`rest`) without, then looked over."""
    page.goto(address(trajectory, "evaluatie", "nieuw", side))
    look(page)
    page.get_by_role("button", name="Start het gesprek").click()
    expect(page.get_by_text("onderdeel 1 van 12")).to_be_visible()
    part = page.locator("#item-question_school-wide")
    part.get_by_label(judgement, exact=True).check(force=True)
    part.get_by_label("Toelichting").fill(note)
    if side == "school":
        quote = page.locator(".quote-field").first
        quote.get_by_label("Directeur").check(force=True)
        quote.get_by_label("Citaat, in hun eigen woorden").fill(SAID)
        quote.get_by_label("Ook in het overzicht over scholen").check(force=True)
    look(page)
    page.get_by_role("button", name="Verder naar").click()
    expect(page.get_by_text("onderdeel 2 van 12")).to_be_visible()
    evaluation = Evaluation.objects.select_related("trajectory__school").get(trajectory=trajectory, side=side)
    by = User.objects.get(email=RESEARCHER[0])
    for code, value in rest.items():
        say(evaluation, code, value, by=by)
    page.get_by_role("link", name="Nakijken en afronden").click()
    look(page)
    page.get_by_role("button", name="Afronden").click()
    expect(page.get_by_text("Afgerond").first).to_be_visible()


def figures(admin: Page) -> dict[str, Any]:
    """What the dashboard counts, as its export gives it."""
    answer = admin.request.get("/dashboard/export.json")
    assert answer.ok
    return dict(answer.json())


def counted(found: dict[str, Any], *path: str) -> int:
    """The number at this place; zeros are left out."""
    here: Any = found
    for name in path:
        here = here.get(name, {})
    return here or 0


def test_a_year_from_the_invitation_to_the_dashboard(
    open_page: Callable[..., Page], check: Look, paused: Callable[[signal.Signals], None]
) -> None:
    call_command("load_instruments", verbosity=0)
    call_command("seed_schools", count=6, without_documents=True, verbosity=0)  # others to compare with
    look, look_small = Looks(check), Looks(check)

    admin = open_page()
    log_in(admin, make_user("bo@pharos.test", is_admin=True, password=PASSWORD).email)
    before = figures(admin)
    trajectory = set_up_school(admin, look)
    researcher, gsa, director, coordinator = open_page(), open_page(), open_page(), open_page(390, dark=True)
    link = invitation_of(admin, RESEARCHER[0], look)
    researcher.goto(link)
    researcher.get_by_role("button", name="Ga verder en kies een wachtwoord").click()
    choose_a_password_that_is_too_short(researcher, link, check)
    accept(researcher, link, look)
    look(researcher)
    researcher.goto(link)
    expect(researcher.get_by_role("heading", name="Deze link werkt niet")).to_be_visible()
    check(researcher)
    gsa_link = invitation_of(admin, GSA[0], look)
    researcher.goto(gsa_link)
    expect(researcher.get_by_role("heading", name="Deze uitnodiging is voor iemand anders")).to_be_visible()
    check(researcher)
    accept(gsa, gsa_link, look)
    accept(director, invitation_of(admin, DIRECTOR[0], look), look)
    director.goto(address(trajectory, "team"))
    director.get_by_label("E-mailadres").fill(COORDINATOR[0])
    director.get_by_label("Naam").fill(COORDINATOR[1])
    director.get_by_role("button", name="Nodig uit").click()
    expect(director.get_by_text(f"Er gaat een mail naar {COORDINATOR[0]}.")).to_be_visible()
    check(director)
    accept(coordinator, invitation_of(admin, COORDINATOR[0], look), look_small)
    look_small(coordinator)

    plan_the_start(researcher, trajectory, look)
    record_by_lines(researcher, trajectory, "Leerlingen", {"Leerling": 8}, look)
    record_not_held(researcher, trajectory, "Ouders en verzorgers")
    record_by_totals(researcher, trajectory, "Overige betrokkenen", {"GSA": 1, "NT2-leerkracht": 5})
    look(researcher)
    hold_the_interview(gsa, coordinator, trajectory, look, look_small)

    make_plan(researcher, trajectory)
    look(researcher)
    edit_first_action(researcher, "We beginnen elke week samen. Khadija vertelt hoe dat thuis gaat.")
    set_one_aside(researcher)
    director.goto("/")
    look(director)
    director.get_by_role("link", name=SCHOOL).first.click()
    director.goto(address(trajectory, "plan"))
    director.get_by_role("button", name="Ik ben akkoord met dit plan").click()
    expect(director.get_by_text("Directeur is akkoord")).to_be_visible()
    researcher.goto(address(trajectory, "plan"))
    release_the_plan(researcher, paused, look)

    director.goto(address(trajectory, "plan"))
    expect(director.get_by_text("Eerst rust in de school")).to_be_visible()
    expect(director.get_by_text("Khadija")).to_have_count(0)
    holds_the_plan_of(download(director), SCHOOL)
    choose_what_goes_first(director, trajectory, look)
    write_how_it_goes(coordinator, trajectory, look_small)
    hold_support(gsa, trajectory, look)

    rest: dict[str, Any] = {"question_care": "partly"}
    evaluate(researcher, trajectory, look, side="gsa", judgement="Deels", note=ONLY_FOR_RESEARCHERS, rest=rest)
    rest = {"question_care": "yes", "component_plan": 5, "promoting_director": "yes", "improvement_parents": "partly"}
    evaluate(
        researcher, trajectory, look, side="school", judgement="Ja", note="Het staat in het schoolplan.", rest=rest
    )
    researcher.goto(address(trajectory, "evaluatie", "naast-elkaar"))
    expect(researcher.get_by_text(ONLY_FOR_RESEARCHERS)).to_be_visible()
    look(researcher)
    researcher.goto(address(trajectory, "evaluatie", "citaten"))
    look(researcher)
    researcher.get_by_role("button", name="Geef vrij").click()
    expect(researcher.get_by_text("Vrijgegeven", exact=True)).to_be_visible()

    director.goto(address(trajectory, "evaluatie"))
    expect(director.get_by_text("Gesprek met de GSA")).to_have_count(0)
    director.get_by_role("link", name="Verslag").click()
    expect(director.get_by_text("Het staat in het schoolplan.")).to_be_visible()
    expect(director.get_by_text(ONLY_FOR_RESEARCHERS)).to_have_count(0)
    look(director)
    director.goto(address(trajectory, "vergelijking"))
    expect(director.get_by_role("heading", name="Waar de school staat")).to_be_visible()
    look(director)

    admin.goto("/dashboard/")
    look(admin)
    expect(admin.get_by_text(SAID)).to_be_visible()
    after = figures(admin)
    for path in (
        ("trajectories",),
        *(("steps", str(number), "done") for number in range(1, 10)),
        ("outcomes", "school-wide", "school", "yes"),
        ("outcomes", "school-wide", "gsa", "partly"),
        ("improvements", "parents", "school", "partly"),
        ("factors", "promoting", "director"),
    ):
        assert counted(after, *path) == counted(before, *path) + 1, path
    admin.goto("/trajecten/?q=Kade")
    expect(admin.get_by_text("Afgerond")).to_be_visible()

    assert all(step.state == "done" for step in steps_now(trajectory, timezone.localdate()))
    # Every mail went, once: four invitations.
    assert list(Mail.objects.values_list("kind", "state")) == [("invitation", MailState.SENT)] * 4


def test_a_school_for_older_pupils_on_a_phone_in_the_dark(open_page: Callable[..., Page], check: Look) -> None:
    case = make_case("VO", "Schakelcollege Noord")
    trajectory, look = case.trajectory, Looks(check)
    pages = {role: open_page(390, dark=True) for role in case.people}
    page, gsa, director = pages["researcher"], pages["gsa"], pages["director"]
    log_in(page, case.people["researcher"].email)
    look(page)
    page.get_by_role("link", name="Schakelcollege Noord").first.click()
    look(page)
    record_by_points(page, trajectory, "Leerlingen", {"Leerling": 4}, look)
    record_not_held(page, trajectory, "Ouders en verzorgers")
    hold_session(page, trajectory, "Overige betrokkenen", {"GSA": 1, "NT2-docent": 5})
    page.goto(address(trajectory, "focusgroepen"))
    look(page)
    page.get_by_role("link", name="Drie stemmen").click()
    look(page)

    log_in(gsa, case.people["gsa"].email)
    begin_interview(gsa, trajectory)
    items = gsa.locator("[data-item]")
    for number in range(6):
        answer_by_hand(items.nth(number), number)
    look(gsa)
    saved(gsa, 6)
    answer_the_rest(trajectory, case.people["gsa"])
    gsa.goto(gsa.url.replace("/policy/", "/controle/"))
    make_final(gsa)
    look(gsa)

    make_plan(page, trajectory)
    look(page)
    page.get_by_role("link", name="Drie jaren").click()
    look(page)
    page.goto(address(trajectory, "plan", "vaststellen"))
    look(page)
    release(page)

    log_in(director, case.people["director"].email)
    choose_what_goes_first(director, trajectory, look)
    director.goto(address(trajectory, "terugkoppeling"))
    expect(director.get_by_text("leerkracht")).to_have_count(0)
    look(director)
    assert Plan.objects.get(trajectory=trajectory).version == 1
    assert FocusGroup.objects.filter(trajectory=trajectory, held_on__isnull=False).count() == 2


def test_the_same_without_javascript(open_page: Callable[..., Page], worker: Service) -> None:
    case = make_case("PO", "Basisschool Zonder Script")
    trajectory = case.trajectory
    page = open_page(java_script_enabled=False)
    log_in(page, case.people["researcher"].email)
    record_not_held(page, trajectory, "Overige betrokkenen")
    hold_session(page, trajectory, "Leerlingen", {"Leerling": 3})
    hang_cards(page, script=False)
    tab(page, "Opties")
    make_options(page)
    begin_round(page, "Ieder een eigen volgorde")
    count_lines(page, ["1 2 3 4", "2 1", "2 1=3"], script=False)
    decide(page)
    record_not_held(page, trajectory, "Ouders en verzorgers")

    gsa = open_page(java_script_enabled=False)
    log_in(gsa, case.people["gsa"].email)
    begin_interview(gsa, trajectory)
    fill_in_everything(gsa)
    make_final(gsa)

    make_plan(page, trajectory)
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
    log_in(director, case.people["director"].email)
    director.goto(address(trajectory, "plan"))
    holds_the_plan_of(download(director), "Basisschool Zonder Script")
