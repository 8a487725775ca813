"""Logging in as a person does, for the tests of accounts."""

import re
import time
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.test import Client

from pilots.models import Mail, User
from tests.builders import PASSWORD

PUBLIC_ROUTES = {
    "account_login",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "password_forgotten",
    "password_forgotten_sent",
    "password_reset",
    "address_confirm",
}


def _nothing(user: User | None) -> dict[str, Any]:
    return {"uid": "MQ", "token": "abc-def"}


def _token(user: User | None) -> dict[str, Any]:
    return {"token": "MQ:abc:def"}


def _session(user: User | None) -> dict[str, Any]:
    row = user and UserSession.objects.create(user=user, session_key="x", ip="192.0.2.1", user_agent="")
    return {"session_id": row.pk if row else 1}


def _app(user: User | None) -> dict[str, Any]:
    if user is not None:
        totp.TOTP.activate(user, totp.generate_totp_secret())
    return {}


def _passkey(user: User | None) -> dict[str, Any]:
    data = {"name": "Laptop", "credential": {}}
    row = user and Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    return {"pk": row.pk if row else 1}


def _codes(user: User | None) -> dict[str, Any]:
    if user is not None:
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "", "used_mask": 0}
        )
    return {}


def _provider(user: User | None) -> dict[str, Any]:
    return {"provider_id": "organisatie"}


def _person(user: User | None) -> dict[str, Any]:
    return {"user_id": user.pk if user else 1}


# Name of a route → what must exist for its page to be there for this person, and the arguments of its address.
ROUTES = {
    "password_reset": _nothing,
    "address_confirm": _token,
    "session_end": _session,
    "person_second_factor": _person,
    "mfa_deactivate_totp": _app,
    "mfa_remove_webauthn": _passkey,
    "mfa_view_recovery_codes": _codes,
    "openid_connect_login": _provider,
    "openid_connect_callback": _provider,
}


def route_arguments(name: str, user: User | None) -> dict[str, Any]:
    """For `tests/test_access.py`."""
    return ROUTES[name](user)


def log_in(email: str, password: str = PASSWORD, client: Client | None = None, **data: str) -> HttpResponse:
    """The answer of the login page."""
    return (client or Client()).post("/inloggen/", {"username": email, "password": password, **data})  # type: ignore[return-value]  # the test client's own answer


def logged_in(user: User, **options: str) -> Client:
    """A browser in which `user` logged in with their password a moment ago."""
    client = Client(**options)  # type: ignore[arg-type]  # headers
    assert log_in(user.email, client=client).status_code == 302
    return client


def grow_stale(client: Client) -> None:
    """The password was given an hour ago."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**record, "at": time.time() - 3600} for record in session[AUTHENTICATION_METHODS_SESSION_KEY]
    ]
    session.save()


def code_of(secret: str) -> str:
    """What an app for codes shows now."""
    code: str = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    return code


def add_app(client: Client) -> str:
    """Set up an app as somebody does who is logged in; gives its secret."""
    secret: str = client.get("/account/tweede-stap/app/").context["form"].secret
    answer = client.post("/account/tweede-stap/app/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/account/tweede-stap/herstelcodes/"
    return secret


def newest_mail(to: str) -> Mail:
    """The last mail to this address; fails when there is none."""
    found = Mail.objects.filter(to=to).first()
    assert found is not None, f"no mail to {to}"
    return found


def link_in(mail: Mail) -> str:
    """The path of the link in a mail."""
    found = re.search(r"http://testserver(\S+)", mail.body)
    assert found, mail.body
    return found[1]


@pytest.fixture
def quick_hash(settings) -> None:  # type: ignore[no-untyped-def]  # pytest-django's own fixture
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
