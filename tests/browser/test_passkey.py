"""A passkey, made and used in a real browser with an authenticator of software."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_made_and_is_enough_to_log_in(
    open_page: Callable[..., Page], check: Callable[[Page], None]
) -> None:
    make_user("gsa@ggd.test", name="Gea Groen", password=PASSWORD)
    page = open_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    number = device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    page.goto("/inloggen/")
    check(page)
    page.get_by_label("E-mailadres").fill("gsa@ggd.test")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    for path in ("sessies/", "adres/", "wachtwoord/", "tweede-stap/app/", "bevestigen/"):
        page.goto(f"/account/{path}")
        check(page)
    page.get_by_role("link", name="Gea Groen").click()
    check(page)
    page.get_by_role("link", name="Stel een tweede stap in").click()
    page.get_by_role("link", name="Maak een passkey").click()
    page.get_by_label("Naam van deze passkey").fill("Mijn laptop")
    check(page)
    page.get_by_role("button", name="Maak de passkey").click()
    expect(page.get_by_role("heading", name="Herstelcodes")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Ik heb ze bewaard").click()
    expect(page.get_by_text("Mijn laptop", exact=False).first).to_be_visible()
    check(page)

    # As the second step after a password.
    page.get_by_role("button", name="Uitloggen").click()
    page.get_by_label("E-mailadres").fill("gsa@ggd.test")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    check(page)
    page.get_by_role("button", name="Gebruik je passkey").click()
    expect(page).to_have_url(re.compile(r"/$"))

    # Alone.
    page.get_by_role("button", name="Uitloggen").click()
    page.get_by_role("button", name="Inloggen met een passkey").click()
    expect(page.get_by_role("link", name="Gea Groen")).to_be_visible()

    # On a device that has none there is another way, and it is said.
    page.get_by_role("button", name="Uitloggen").click()
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": number})
    refusing = {**AUTHENTICATOR, "isUserVerified": False}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": refusing})
    page.get_by_role("button", name="Inloggen met een passkey").click()
    expect(page.get_by_text("log in met je wachtwoord")).to_be_visible()
