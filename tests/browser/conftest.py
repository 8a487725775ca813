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
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from pilots.models import User

ARGUMENTS = ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
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
        page.set_default_timeout(10_000)
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


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)` gives what is wrong on the page for people with a disability, empty when nothing is."""

    def look(page: Page) -> list[str]:
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
        found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
        return [
            f"{violation['id']}: {violation['help']}: {node['target']}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]

    return look


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
