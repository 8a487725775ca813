"""Takes the pictures of the manual: starts a throw-away site with the demo and looks at it in a browser.

    python docs/handleiding/screenshots.py [NAME…]

Without names all pictures are made. They go to `beelden/`, which git ignores: a picture that is made anew with every
version never shows what the application no longer looks like. Besides the demo there is one school, made here the way
the manual tells it, with one person who can be reached by mail and one whose address the mail server refuses.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

# The tests read PICTURES, without a browser.
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
PICTURES_DIR = HERE / "beelden"
PASSWORD = "Welbevinden!demo"  # noqa: S105 of the demo, known to all
WIDTH = 1080  # pixels: the menu fits, and text stays readable at the width of a page of paper
HIGHEST = 1250  # pixels: more does not fit on a page
UNREACHABLE = "sam@vurtoren.test"  # the mail server refuses it

#: Debian's browser speaks English alone and shows 12/31/2026 in a field for a date; a Dutch browser shows this.
DUTCH_DATES = """document.querySelectorAll("input[type=date]").forEach(field => {
  const width = field.offsetWidth, day = field.value.split("-").reverse().join("-")
  field.type = "text"
  field.style.width = `${width}px`
  field.value = day || "dd-mm-jjjj"
})"""

NOBODY, ADMIN, RESEARCHER, GSA, DIRECTOR, COORDINATOR = "", "beheer", "onderzoeker", "gsa", "directeur", "ib"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a page.

    name: of the file, without `.png`. account: who looks, the first half of an address of the demo. path: words between
    braces are numbers that are only known when the site is there. selector: shows this element alone; without it the
    page from its top. height: pixels at most. press: what to click first, a selector.
    """

    name: str
    account: str
    path: str
    selector: str = ""
    height: int = 760
    press: str = ""


PICTURES = (
    Picture("inloggen", NOBODY, "/inloggen/", ".login-form"),
    Picture("uitnodiging", NOBODY, "/uitnodiging/{link}/", "main", 860),
    Picture(
        "uitnodiging-account", NOBODY, "/uitnodiging/{link}/", "main", 700, "text=Ga verder en kies een wachtwoord"
    ),
    Picture("start-beheer", ADMIN, "/"),
    Picture("beheer", ADMIN, "/beheer/", height=480),
    Picture("scholen", ADMIN, "/beheer/scholen/?q=vuurtoren", height=480),
    Picture("school-toevoegen", ADMIN, "/beheer/scholen/nieuw/", "main", 1050),
    Picture("traject-beginnen", ADMIN, "/beheer/scholen/{school}/traject/", "main"),
    Picture("traject", ADMIN, "/trajecten/{new}/", height=850),
    Picture("profiel", ADMIN, "/trajecten/{new}/profiel/", "main", 800),
    Picture("team", ADMIN, "/trajecten/{new}/team/", "main", 700),
    Picture("trajecten", ADMIN, "/trajecten/", height=700),
    Picture("stappen", ADMIN, "/trajecten/{zwaluw}/stappen/", "main", 800),
    Picture("journaal", ADMIN, "/trajecten/{vlinderhof}/journaal/", "main", 800),
    Picture("vervangen", ADMIN, "/trajecten/{new}/team/{member}/vervangen/", "main"),
    Picture("overdracht", ADMIN, "/trajecten/{vlinderhof}/overdracht/", "main", 850),
    Picture("mensen", ADMIN, "/beheer/mensen/?q=vuurtoren", "main"),
    Picture("persoon", ADMIN, "/beheer/mensen/{person}/", "main", 1000),
    Picture("account-sluiten", ADMIN, "/beheer/mensen/{person}/sluiten/", "main"),
    Picture("persoon-wissen", ADMIN, "/beheer/mensen/{person}/wissen/", "main", 1050),
    Picture("postvak", ADMIN, "/beheer/postvak/", "main"),
    Picture("mail-mislukt", ADMIN, "/beheer/postvak/{mail}/", "main"),
    Picture("overzicht", ADMIN, "/dashboard/", height=900),
    Picture("overzicht-checklist", ADMIN, "/dashboard/?cohort=2019-2020", "#checklist", 950),
    Picture("overzicht-stemmen", ADMIN, "/dashboard/?cohort=2019-2020", "#stemmen", 700),
    Picture("overzicht-opbrengst", ADMIN, "/dashboard/?cohort=2019-2020", "#opbrengst", 900),
    Picture("overzicht-achter", ADMIN, "/dashboard/?cohort=2019-2020", "main", 700, "#stand .stack-words a >> nth=0"),
    Picture("account", ADMIN, "/account/", "main", 1000),
    Picture("tweede-stap", ADMIN, "/account/tweede-stap/", "main"),
    Picture("gsa-start", GSA, "/"),
    Picture("gsa-stelling", GSA, "/trajecten/{kompas}/checklist/", "", 860, "text=Ga verder"),
    Picture("onderzoeker-focusgroepen", RESEARCHER, "/trajecten/{vlinderhof}/focusgroepen/", "main"),
    Picture("onderzoeker-plan-maken", RESEARCHER, "/trajecten/{vlinderhof}/plan/", "main"),
    Picture("directeur-plan", DIRECTOR, "/trajecten/{kastanje}/plan/", height=820),
    Picture("directeur-kiezen", DIRECTOR, "/trajecten/{kastanje}/plan/kiezen/", "main", 800),
    Picture("ib-voortgang", COORDINATOR, "/trajecten/{kastanje}/voortgang/", "main", 800),
)


def main() -> None:
    wanted = set(sys.argv[1:])
    if unknown := wanted - {each.name for each in PICTURES}:
        sys.exit(f"Onbekend: {', '.join(sorted(unknown))}")
    PICTURES_DIR.mkdir(exist_ok=True)
    from playwright.sync_api import sync_playwright

    arguments = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    arguments += ["--disable-sync", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with mail_server() as mails, site(mails.port) as (address, numbers), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=arguments
        )
        known = numbers | prepare(page_of(browser, address, ADMIN), mails)
        account, page = None, None
        # Who opens the invitation comes last: on the pages of the admin it has only been sent.
        for picture in sorted(PICTURES, key=lambda each: each.account, reverse=True):
            if wanted and picture.name not in wanted:
                continue
            if page is None or picture.account != account:
                if page is not None:
                    page.context.close()
                account, page = picture.account, page_of(browser, address, picture.account)
            take(page, picture, known)
            sys.stdout.write(f"{picture.name}.png\n")
        browser.close()


# The site


class Mails:
    """What a mail server took, and where it listens."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[tuple[str, str]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 aiosmtpd asks for this name
        if address == UNREACHABLE:
            return "550 5.1.1 Dit adres bestaat hier niet"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 as above
        message = message_from_bytes(envelope.content, EmailMessage, policy=policy.default)
        self.taken += [(address, message.get_content()) for address in envelope.rcpt_tos]
        return "250 OK"

    def link(self, address: str) -> str:
        """The secret in the newest invitation to `address`; empty while there is none."""
        texts = [text for to, text in self.taken if to == address]
        found = re.search(r"/uitnodiging/([^/\s]+)/", texts[-1]) if texts else None
        return found.group(1) if found else ""


@contextlib.contextmanager
def mail_server() -> Iterator[Mails]:
    """A mail server on loopback for as long as the block lasts."""
    from aiosmtpd.controller import Controller

    mails = Mails()
    controller = Controller(mails, hostname="127.0.0.1", port=mails.port)
    controller.start()
    try:
        yield mails
    finally:
        controller.stop()


@contextlib.contextmanager
def site(mail_port: int) -> Iterator[tuple[str, dict[str, str]]]:
    """The application with the demo in a folder of its own; yields its address and the numbers of the demo."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="handleiding-") as folder:
        log = Path(folder, "up.log")
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL", "PRODUCTION", "HTTPS", "OIDC_URL", "MAKELEVEL", "SITE_NAME"}
        }
        environment |= {
            "DATA_DIR": str(Path(folder, "data")),
            "PORT": str(port),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "REQUIRE_SECOND_FACTOR": "false",
        }
        with log.open("w") as output:
            up = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=HERE.parent.parent,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            deadline = time.monotonic() + 600
            while "Welbevinden draait" not in log.read_text():
                if up.poll() is not None or time.monotonic() > deadline:
                    sys.exit("De site start niet.")
                time.sleep(0.5)
            numbers = dict(re.findall(r"^demo-([a-z-]+) → (\d+)$", log.read_text(), re.MULTILINE))
            yield f"http://localhost:{port}", numbers
        except BaseException:
            sys.stderr.write(log.read_text()[-3000:])
            raise
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(60)


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


# The browser


def page_of(browser: "Browser", address: str, account: str) -> "Page":
    """A page of a new browser, with this person logged in."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": WIDTH, "height": HIGHEST},
        device_scale_factor=1.5,
        locale="nl-NL",
        color_scheme="light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    if account:
        page.goto("/inloggen/")
        page.get_by_label("E-mailadres").fill(f"{account}@demo.test")
        page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Inloggen", exact=True).click()
        page.wait_for_url("**/")
    return page


def prepare(page: "Page", mails: Mails) -> dict[str, str]:
    """A school that begins, as chapters 4 and 5 tell it; the numbers that the paths of the pictures ask for."""
    page.goto("/beheer/scholen/nieuw/")
    page.get_by_label("Naam").fill("Basisschool De Vuurtoren")
    page.get_by_label("Primair onderwijs").check()
    page.get_by_label("Plaats", exact=True).fill("Zeedorp")
    page.locator("main form button[type=submit]").click()
    page.goto("/beheer/scholen/?q=vuurtoren")
    page.get_by_role("link", name="Begin een traject").click()
    school = number_in(page.url, "scholen")
    page.get_by_label("Cohort").fill("2026-2027")
    page.get_by_label("Reguliere basisschool met taalklas(sen)").check()
    page.get_by_role("button", name="Begin het traject").click()
    page.wait_for_url("**/trajecten/*/**")
    new = number_in(page.url, "trajecten")
    for email, name, role in (
        ("gsa@demo.test", "Gea van der Gezonde", "gsa"),
        ("noor@vuurtoren.test", "Noor Directeur", "director"),
        (UNREACHABLE, "Sam Begeleider", "coordinator"),
    ):
        page.goto(f"/trajecten/{new}/team/")
        page.locator("#id_email").fill(email)
        page.locator("#id_name").fill(name)
        page.locator("#id_role").select_option(role)
        page.get_by_role("button", name="Voeg toe aan het team").click()
        page.wait_for_load_state()
    page.get_by_role("button", name="Nodig iedereen uit die nog wacht").click()
    deadline = time.monotonic() + 300
    while True:
        page.goto(f"/trajecten/{new}/team/")
        text = page.locator("main").inner_text()
        if "Uitnodiging verstuurd" in text and "Uitnodiging niet verstuurd" in text:
            break
        if time.monotonic() > deadline:
            sys.exit("De uitnodigingen gaan niet weg.")
        time.sleep(1)
    member = page.locator("a[href$='/vervangen/']").first.get_attribute("href") or ""
    person = page.get_by_role("link", name="Noor Directeur", exact=True).get_attribute("href") or ""
    page.goto("/beheer/postvak/?staat=failed")
    mail = page.locator("main td a").first.get_attribute("href") or ""
    found = {
        "school": school,
        "new": new,
        "member": number_in(member, "team"),
        "person": number_in(person, "mensen"),
        "mail": number_in(mail, "postvak"),
        "link": mails.link("noor@vuurtoren.test"),
    }
    page.context.close()
    return found


def number_in(address: str, after: str) -> str:
    found = re.search(rf"/{after}/(\d+)/", address)
    if found is None:
        sys.exit(f"Geen nummer na /{after}/ in {address}")
    return found.group(1)


def take(page: "Page", picture: Picture, numbers: dict[str, str]) -> None:
    """One picture: opens the page, waits until it is calm, and cuts out what the picture is about."""
    path = picture.path.format(**numbers)
    answer = page.goto(path)
    if answer is None or answer.status != 200:
        sys.exit(f"{picture.name}: {path} geeft {answer.status if answer else 'niets'}")
    if picture.press:
        page.locator(picture.press).first.click()
        page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    page.evaluate(DUTCH_DATES)
    whole = page.evaluate("document.documentElement.scrollHeight")
    box: Any = {"x": 0, "y": 0, "width": WIDTH, "height": min(whole, picture.height)}
    if picture.selector:
        element = page.locator(picture.selector).first
        found = element.bounding_box()
        if found is None:
            sys.exit(f"{picture.name}: {picture.selector} is niet te zien op {path}")
        top = max(0.0, found["y"] + page.evaluate("window.scrollY") - 12)
        # An element can be higher than what is in it.
        inside = element.evaluate(
            "e => Math.max(...Array.from(e.querySelectorAll('*'), x => x.getBoundingClientRect().bottom))"
            " - e.getBoundingClientRect().top"
        )
        height = min(min(inside, found["height"]) + 24, picture.height, whole - top)
        left = max(0.0, found["x"] - 12)
        box = {"x": left, "y": top, "width": min(found["width"] + 24, WIDTH - left), "height": height}
    page.screenshot(path=PICTURES_DIR / f"{picture.name}.png", clip=box, full_page=True, animations="disabled")


if __name__ == "__main__":
    main()
