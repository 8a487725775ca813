"""Every page of the demo that a person can reach by clicking: it answers, everybody can use it, nothing is dead."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.urls import Resolver404, resolve
from playwright.sync_api import APIResponse, Page

from pilots.models import Trajectory, User
from tests.browser.conftest import Eyes

pytestmark = pytest.mark.django_db(transaction=True)

#: Of pages that are alike (of two schools, two domains of a checklist) one is asked for, and two by who works at many.
ALIKE = {"onderzoeker": 2, "gsa": 2}
#: The start page leads to schools that are busy; these have done all nine steps, and people look there first.
FINISHED = {
    "onderzoeker": "demo-overhaal",
    "gsa": "demo-overhaal",
    "directeur": "demo-kastanje",
    "ib": "demo-kastanje",
    "directeur2": "demo-waterrad",
}
#: Who looks around, on what: a screen of 1280 pixels by day, or a phone of 390 in the dark.
WIDE: dict[str, Any] = {"width": 1280, "dark": False}
PHONE: dict[str, Any] = {"width": 390, "dark": True}
ACCOUNTS = {
    "": PHONE,
    "beheer": WIDE,
    "onderzoeker": PHONE,
    "gsa": WIDE,
    "directeur": PHONE,
    "ib": WIDE,
    "directeur2": PHONE,
}

# Gives what looks as if it can be pressed but does nothing, and whether the page is too wide.
LOOK_AROUND = """() => {
  const dead = [];
  for (const link of document.querySelectorAll("a:not([href]), a[href=''], a[href='#'], a[href^='javascript:']"))
    dead.push(link.outerHTML.slice(0, 120));
  for (const link of document.querySelectorAll("a[href^='#']"))
    if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) dead.push(link.outerHTML.slice(0, 120));
  for (const button of document.querySelectorAll("button")) {
    const script = [...button.attributes].some((each) => /^(hx-|data-|popovertarget)/.test(each.name));
    if (!script && !(button.type === "submit" && button.form)) dead.push(button.outerHTML.slice(0, 120));
  }
  return { dead, tooWide: document.documentElement.scrollWidth > innerWidth };
}"""


class Read(HTMLParser):
    """The links of a page, and the kinds of elements that it is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.made: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.made.add(" ".join(str(known.get(name, "")) for name in ("class", "role", "type", "hidden")) + tag)
        if tag == "a" and (link := known.get("href")):
            self.links.append(urldefrag(link).url)


@dataclass
class Crawl:
    """What was found so far, of all accounts."""

    axe: Eyes
    wrong: list[str] = field(default_factory=list)
    #: What was seen on pages of a kind, on this screen: a page with nothing new is not opened in the browser again.
    known: defaultdict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    #: The same on whatever screen: names, labels and headings are as good on a wide one as on a phone.
    heard: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def look(self, page: Page, address: str, kind: str, made: set[str], width: int) -> list[str]:
        """What is wrong with the page at `address`."""
        known = self.known[kind, width]
        if known.issuperset(made):
            return []
        known.update(made)
        page.goto(address)
        found = page.evaluate(LOOK_AROUND)
        # The gallery shows what buttons look like; there they lead nowhere.
        faults = [] if kind == "gallery" else [f"does nothing: {each}" for each in found["dead"]]
        if found["tooWide"]:
            faults.append("scrolls sideways")
        if not self.heard[kind].issuperset(made):
            self.heard[kind].update(made)
            faults += self.axe.structure(page)
        return faults + self.axe.contrast(page)


def kind_of(address: str) -> str:
    """The name of the page at `address`; pages with one name are alike. Empty for an address that is nobody's."""
    try:
        return str(resolve(urlsplit(address).path).url_name)
    except Resolver404:
        return ""


def is_wrong(answer: APIResponse, kind: str) -> bool:
    """Whether something is broken; a PDF that no worker has made yet is not: there is none in this test."""
    return answer.status >= 400 and not (answer.status == 503 and kind == "plan_pdf")


def crawl_as(account: str, page: Page, crawl: Crawl, width: int) -> set[str]:
    """Goes wherever one can come by clicking; gives the names of the pages."""
    finished = Trajectory.objects.filter(reference=FINISHED.get(account, ""))
    todo = [*(f"/trajecten/{each.pk}/" for each in finished), "/"]
    seen, asked = set(todo), defaultdict[str, int](int)
    while todo:
        address = todo.pop(0)
        kind = kind_of(address)
        if asked[kind] == ALIKE.get(account, 1):
            continue
        asked[kind] += 1
        answer = page.request.get(address)
        who = f"{account or 'nobody'}: {address}"
        if not kind or is_wrong(answer, kind):
            crawl.wrong.append(f"{who}: {answer.status}")
        elif answer.ok and "text/html" in answer.headers.get("content-type", ""):
            read = Read(answer.text())
            crawl.wrong += [f"{who}: {fault}" for fault in crawl.look(page, address, kind, read.made, width)]
            for link in (urljoin(address, each) for each in read.links):
                if link.startswith("/") and link not in seen:
                    seen.add(link)
                    todo.append(link)
    return set(asked)


def test_every_page_of_the_demo(
    transactional_db: None, open_page: Callable[..., Page], sign_in: Callable[..., Page], axe: Eyes
) -> None:
    call_command("load_instruments", verbosity=0)
    call_command("load_demo", verbosity=0)
    crawl = Crawl(axe)
    reached = {}
    for account, screen in ACCOUNTS.items():
        page = sign_in(User.objects.get(email=f"{account}@demo.test"), **screen) if account else open_page(**screen)
        reached[account] = crawl_as(account, page, crawl, screen["width"])
        page.context.close()
    assert crawl.wrong == []
    # Who stays at the door finds no faults.
    assert {"login", "password_forgotten"} <= reached[""]
    assert {"dashboard", "mailbox", "person", "school_edit"} <= reached["beheer"]
    assert {"dashboard", "plan", "evaluation_sides", "focus_group_round"} <= reached["onderzoeker"]
    assert {"checklist_domain", "follow_up", "evaluation_record"} <= reached["gsa"]
    assert all({"plan", "evaluation_record"} <= reached[account] for account in ("directeur", "ib", "directeur2"))
