"""Every page of the demo that a person can reach by clicking: it answers, everybody can use it, nothing is dead."""

from collections.abc import Callable
from urllib.parse import urldefrag, urlsplit

import pytest
from django.core.management import call_command
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from pilots.models import User

pytestmark = pytest.mark.django_db(transaction=True)

#: Of pages that are alike (a trajectory, a domain of a checklist, …) this many are opened: the researcher sees most.
ALIKE = {"onderzoeker": 2}
ACCOUNTS = ["beheer", "onderzoeker", "gsa", "directeur", "ib", "directeur2"]

# Gives all addresses on the page, and what looks as if it can be pressed but does nothing.
LOOK_AROUND = """() => {
  const links = [...document.querySelectorAll("a[href]")].map((each) => each.href);
  const dead = [];
  for (const link of document.querySelectorAll("a:not([href]), a[href=''], a[href='#'], a[href^='javascript:']"))
    dead.push(link.outerHTML.slice(0, 120));
  for (const link of document.querySelectorAll("a[href^='#']"))
    if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) dead.push(link.outerHTML.slice(0, 120));
  for (const button of document.querySelectorAll("button")) {
    const script = [...button.attributes].some((each) => each.name.startsWith("hx-") || each.name.startsWith("data-"));
    if (!script && !(button.type === "submit" && button.form)) dead.push(button.outerHTML.slice(0, 120));
  }
  const tooWide = document.documentElement.scrollWidth > innerWidth;
  return { links, dead, tooWide };
}"""


@pytest.fixture
def demo(transactional_db: None) -> None:
    call_command("load_instruments", verbosity=0)
    call_command("load_demo", verbosity=0)


def kind_of(path: str) -> str:
    """The name of the page at `path`; pages with one name are alike. Empty for an address that is nobody's."""
    try:
        return str(resolve(path).url_name)
    except Resolver404:
        return ""


def faults_of(page: Page, axe: Callable[[Page], list[str]]) -> tuple[list[str], list[str]]:
    """What is wrong with the page at 1280 and at 390 pixels, and the addresses on it."""
    faults = axe(page)
    found = page.evaluate(LOOK_AROUND)
    faults += [f"does nothing: {each}" for each in found["dead"]]
    size = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    if page.evaluate(LOOK_AROUND)["tooWide"]:
        faults.append("scrolls sideways at 390 pixels")
    if size is not None:
        page.set_viewport_size(size)
    return faults, [str(link) for link in found["links"]]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_page_of_the_demo(
    demo: None, sign_in: Callable[..., Page], axe: Callable[[Page], list[str]], account: str
) -> None:
    page = sign_in(User.objects.get(email=f"{account}@demo.test"), dark=account in {"gsa", "directeur2"})
    page.goto("/")
    site = urlsplit(page.url)
    todo, seen, opened = ["/"], {"/"}, dict[str, int]()
    wrong: list[str] = []
    while todo:
        path = todo.pop(0)
        kind = kind_of(urlsplit(path).path)
        if opened.get(kind, 0) >= ALIKE.get(account, 1):
            # Alike, but its link must not be dead.
            answer = page.request.get(path, max_redirects=3)
            if answer.status >= 400 and not waits(answer.status, kind):
                wrong.append(f"{path}: {answer.status}")
            continue
        opened[kind] = opened.get(kind, 0) + 1
        answer = page.request.get(path, max_redirects=5)
        if answer.status >= 400:
            if not waits(answer.status, kind):
                wrong.append(f"{path}: {answer.status}")
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.goto(path)
        faults, links = faults_of(page, axe)
        if kind == "gallery":  # shows what buttons look like; there they lead nowhere
            faults = [fault for fault in faults if not fault.startswith("does nothing")]
        wrong += [f"{path}: {fault}" for fault in faults]
        for link in links:
            parts = urlsplit(urldefrag(link).url)
            if parts.netloc != site.netloc:
                continue
            path_of = parts.path + (f"?{parts.query}" if parts.query else "")
            if path_of not in seen:
                seen.add(path_of)
                todo.append(path_of)
    assert wrong == []
    # The second director has no trajectory yet: a start page and an empty list.
    assert len(opened) > (1 if account == "directeur2" else 5), opened


def waits(status: int, kind: str) -> bool:
    """Whether this is a PDF that no worker has made yet: there is none in this test."""
    return status == 503 and kind == "plan_pdf"
