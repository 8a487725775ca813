"""A real browser on a real server: Debian's chromium, pages per person, and axe to see whether everybody can use them.

`sign_in(user)` gives a page in a browser of their own, `open_page()` one of somebody who still has to log in; several
people and devices are several calls. A fault in a script of ours, something the content policy stops, a style or script
that is not there, or a request to another machine fails the test.
"""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from pilots.models import User

#: Milliseconds in which a page on a busy machine has long answered.
PATIENCE = 20_000
ARGUMENTS = ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=arguments
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """`open_page(width=1280, dark=False, **options)` gives a page of a new browser in which nobody is logged in.

    options: further ones of Playwright's `new_context`, such as `java_script_enabled`.
    """
    contexts = []
    faults: list[str] = []

    def said(message: ConsoleMessage) -> None:
        # The browser itself reports each answer above 399 and each lost connection; those are what tests provoke.
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            faults.append(f"asks {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type in {"stylesheet", "script", "font", "image"}:
            faults.append(f"{response.status} for {response.url}")

    def new_page(width: int = 1280, *, dark: bool = False, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="nl-NL",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", said)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", asked)
        page.on("response", answered)
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def sign_in(open_page: Callable[..., Page], live_server: LiveServer) -> Callable[..., Page]:
    """`sign_in(user, …)` gives what `open_page(…)` gives, with `user` logged in."""

    def open_as(user: "User", *arguments: Any, **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        page = open_page(*arguments, **options)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return page

    return open_as


# Marks the elements with text in colours and sizes that are not in `known`, and gives those: what decides about their
# contrast is the same on every page.
MARK_NEW_COLOURS = """(known) => {
  const grounds = new Map();
  const ground = (each) => {
    if (each === null) return "";
    if (!grounds.has(each)) {
      const style = getComputedStyle(each);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity].join(" ");
      grounds.set(each, (own === "rgba(0, 0, 0, 0) none 1" ? "" : `${own}, `) + ground(each.parentElement));
    }
    return grounds.get(each);
  };
  const fresh = new Set(), old = new Set(known);
  for (const each of document.body.querySelectorAll("*")) {
    each.removeAttribute("data-axe-new");
    const text = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text && !each.matches("input, select, textarea")) continue;
    if (!each.checkVisibility()) continue;
    const style = getComputedStyle(each);
    const look = [style.color, style.fontSize, style.fontWeight, style.textShadow, ground(each)].join(" ");
    if (old.has(look)) continue;
    if (!fresh.has(look)) each.setAttribute("data-axe-new", "");
    fresh.add(look);
  }
  return [...fresh];
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
RUN_AXE = """async ([part, options]) => {
  const found = await axe.run(part || document, { resultTypes: ["violations"], ...options });
  return found.violations.flatMap((each) =>
    each.nodes.map((node) => `${each.id}: ${each.help}: ${node.target} ${node.failureSummary}`));
}"""


class Eyes:
    """What is wrong on a page for people with a disability: `eyes(page)`, empty when nothing is.

    Three quarters of axe's time goes to the contrast of every word. Words in the same colours and size on the same
    ground are therefore measured once in a run.
    """

    def __init__(self) -> None:
        self._script = Axe().axe_script
        self._good: set[str] = set()

    def __call__(self, page: Page) -> list[str]:
        return self.structure(page) + self.contrast(page)

    def structure(self, page: Page) -> list[str]:
        """Names, labels, headings, roles: all but colours."""
        return self._run(page, "", {"runOnly": RULES, "rules": {"color-contrast": {"enabled": False}}})

    def contrast(self, page: Page) -> list[str]:
        """Words that are too pale."""
        fresh: list[str] = page.evaluate(MARK_NEW_COLOURS, list(self._good))
        if not fresh:
            return []
        pale = self._run(page, "[data-axe-new]", {"runOnly": ["color-contrast"]})
        if not pale:
            self._good.update(fresh)
        return pale

    def _run(self, page: Page, part: str, options: dict[str, Any]) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(self._script)
        return [str(fault) for fault in page.evaluate(RUN_AXE, [part, options])]


@pytest.fixture(scope="session")
def axe() -> Eyes:
    """`axe(page)` gives what is wrong on the page for people with a disability, empty when nothing is."""
    return Eyes()


#: Pixels of a small phone: below this no page may need scrolling sideways.
SMALL = 390


@pytest.fixture(scope="session")
def check(axe: Callable[[Page], list[str]]) -> Callable[[Page], None]:
    """`check(page)` fails when somebody cannot use the page as it is now: axe, and its width on a phone."""

    def look(page: Page) -> None:
        assert axe(page) == [], page.url
        size = page.viewport_size
        assert size is not None
        if size["width"] > SMALL:
            page.set_viewport_size({"width": SMALL, "height": size["height"]})
        width = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size(size)
        assert width <= min(SMALL, size["width"]), f"{page.url} is {width} pixels wide"

    return look
