"""Logging in with the account of an organisation, at a real provider on loopback."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from pilots.models import User
from tests.builders import PASSWORD, make_user
from tests.pilots.logging_in import add_app, logged_in, newest_mail, quick_hash
from welbevinden import services

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(quick_hash.__name__)]

START = "/inloggen/organisatie/"


@dataclass
class Provider:
    url: str

    def knows(self, number: str, email: str, *, verified: bool = True) -> None:
        claims: dict[str, str | bool] = {"email": email, "email_verified": verified, "name": "Naam Daar"}
        requests.put(f"{self.url}/users/{number}", json=claims, timeout=5).raise_for_status()

    def log_in(self, client: Client, number: str, **data: str) -> HttpResponse:
        """All the way: our button, their page, and back to ours."""
        away = client.post(START, data).headers["Location"]
        assert away.startswith(self.url)
        assert "code_challenge_method=S256" in away
        back = requests.post(away, data={"sub": number}, allow_redirects=False, timeout=5).headers["Location"]
        assert urlsplit(back).path == "/inloggen/organisatie/terug/"
        return client.get(back.removeprefix("http://testserver"))  # type: ignore[return-value]  # the test client's own answer


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    provider = services.Service("oidc")
    provider.spawn([sys.executable, "-m", "oidc_provider_mock", "--port", str(port)])
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                requests.get(f"http://localhost:{port}/.well-known/openid-configuration", timeout=5)
                break
            except requests.ConnectionError:
                assert provider.alive()
                assert time.monotonic() < deadline, "the provider does not answer"
                time.sleep(0.1)
        yield f"http://localhost:{port}"
    finally:
        provider.stop(5)


@pytest.fixture
def provider(server: str, settings) -> Provider:  # type: ignore[no-untyped-def]  # pytest-django's own fixture
    settings.OIDC_URL, settings.OIDC_NAME = server, "GGD Kust"
    app = {"provider_id": "organisatie", "name": "GGD Kust", "client_id": "wij", "secret": "geheim"}
    app["settings"] = {"server_url": server}  # type: ignore[assignment]  # a dictionary in it
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return Provider(server)


@pytest.fixture
def user() -> User:
    return make_user("gsa@ggd.test", password=PASSWORD)


def said(answer: HttpResponse, client: Client) -> str:
    assert answer.headers["Location"] == "/inloggen/"
    return client.get("/inloggen/").content.decode()


def test_who_has_an_account_comes_in(provider: Provider, user: User) -> None:
    assert "Inloggen met GGD Kust" in Client().get("/inloggen/").content.decode()
    provider.knows("17", "GSA@ggd.test")
    client = Client()
    assert provider.log_in(client, "17", next="/account/naam/").headers["Location"] == "/account/naam/"
    assert client.get("/account/").status_code == 200
    assert newest_mail("gsa@ggd.test").kind == "organisation-connected"
    kept = SocialAccount.objects.get(user=user)
    assert (kept.uid, kept.extra_data) == ("17", {})
    # From now on the number counts, whatever the address is over there.
    provider.knows("17", "heel-anders@ggd.test", verified=False)
    assert provider.log_in(Client(), "17").headers["Location"] == "/"
    assert SocialAccount.objects.get(user=user).extra_data == {}


def test_a_stranger_is_told_and_gets_no_account(provider: Provider, user: User) -> None:
    make_user("wacht@ggd.test")
    make_user("weg@ggd.test", password=PASSWORD, is_active=False, closed_at=timezone.now())
    provider.knows("1", "niemand@ggd.test")
    provider.knows("2", "gsa@ggd.test", verified=False)
    provider.knows("3", "wacht@ggd.test")
    provider.knows("4", "weg@ggd.test")
    for number in "1234":
        client = Client()
        assert "hoort hier geen account" in said(provider.log_in(client, number), client)
        assert client.get("/account/").status_code == 302
    assert User.objects.count() == 3
    assert not SocialAccount.objects.exists()


def test_a_closed_account_stays_closed(provider: Provider, user: User) -> None:
    provider.knows("17", "gsa@ggd.test")
    provider.log_in(Client(), "17")
    User.objects.filter(pk=user.pk).update(is_active=False, closed_at=timezone.now())
    client = Client()
    assert "kun je niet meer inloggen" in said(provider.log_in(client, "17"), client)


def test_the_second_step_is_asked_here_too(provider: Provider, user: User) -> None:
    add_app(logged_in(user))
    provider.knows("17", "gsa@ggd.test")
    client = Client()
    assert provider.log_in(client, "17").headers["Location"] == "/inloggen/tweede-stap/"
    assert client.get("/account/").status_code == 302


def test_an_answer_nobody_asked_for_and_one_that_says_no(provider: Provider) -> None:
    client = Client()
    assert "niet gelukt" in said(client.get(f"{START}terug/?code=abc&state=xyz"), client)  # type: ignore[arg-type]  # as above
    away = client.post(START).headers["Location"]
    state = re.search(r"state=([^&]+)", away)
    assert state
    assert "niet gelukt" in said(client.get(f"{START}terug/?error=access_denied&state={state[1]}"), client)  # type: ignore[arg-type]  # as above


def test_a_provider_that_is_away(provider: Provider, settings) -> None:  # type: ignore[no-untyped-def]  # pytest-django's own fixture
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://localhost:9"
    client = Client()
    assert "geen antwoord" in said(client.post(START), client)  # type: ignore[arg-type]  # as above


def test_settings_name_what_is_missing_and_let_the_browser_go_there() -> None:
    def read(**environment: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", "from django.conf import settings; print(settings.CONTENT_SECURITY_POLICY)"]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "welbevinden.settings", **environment}
        return subprocess.run(
            words, env=environment, cwd=services.BASE_DIR, capture_output=True, text=True, check=False
        )

    half = read(OIDC_URL="https://login.ggd.test/oidc", OIDC_NAME="GGD Kust")
    assert "OIDC_CLIENT_ID" in half.stderr
    whole = read(OIDC_URL="https://login.ggd.test/oidc", OIDC_NAME="GGD", OIDC_CLIENT_ID="wij", OIDC_CLIENT_SECRET="x")
    assert "'form-action': [\"'self'\", 'https://login.ggd.test']" in whole.stdout, whole


def test_without_a_provider_there_is_no_such_door() -> None:
    assert "Inloggen met een organisatie" not in Client().get("/inloggen/").content.decode()
    assert Client().post(START).headers["Location"] == "/inloggen/"
    assert Client().get(f"{START}terug/?code=a&state=b").headers["Location"] == "/inloggen/"
