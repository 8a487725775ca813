"""Logging in and out, and the limit on guessing."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_hash(settings) -> None:  # type: ignore[no-untyped-def]  # the fixture of pytest-django
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def log_in(email: str, password: str = PASSWORD, client: Client | None = None, **data: str):  # type: ignore[no-untyped-def]  # the test client's own answer
    return (client or Client()).post("/inloggen/", {"username": email, "password": password, **data})


def test_capitals_and_spaces_in_the_address_do_not_matter() -> None:
    make_user("ib@school.test", password=PASSWORD)
    assert log_in(" IB@School.test ").headers["Location"] == "/"


def test_one_message_for_whatever_is_wrong() -> None:
    make_user("ib@school.test", password=PASSWORD)
    make_user("weg@school.test", password=PASSWORD, is_active=False, closed_at=timezone.now())
    make_user("wacht@school.test")
    texts = {
        str(log_in(email, password).context["form"].non_field_errors())
        for email, password in [
            ("ib@school.test", "fout"),
            ("niemand@school.test", PASSWORD),
            ("weg@school.test", PASSWORD),
            ("wacht@school.test", PASSWORD),
        ]
    }
    assert len(texts) == 1
    assert "horen niet bij elkaar" in texts.pop()


def test_what_was_typed_stays_but_not_the_password() -> None:
    page = log_in("niemand@school.test", "geheim-woord").content.decode()
    assert "niemand@school.test" in page
    assert "geheim-woord" not in page


def test_ten_wrong_passwords_are_enough() -> None:
    make_user("ib@school.test", password=PASSWORD)
    for _attempt in range(10):
        assert log_in("ib@school.test", "fout").status_code == 200
    blocked = log_in("IB@school.test")
    assert blocked.status_code == 429
    assert "Wacht vijf minuten" in blocked.content.decode()
    # Nobody locks out somebody else: another address of the sender, and another account, are free.
    elsewhere = log_in("ib@school.test", client=Client(REMOTE_ADDR="192.0.2.7"))
    assert elsewhere.status_code == 302
    make_user("gsa@ggd.test", password=PASSWORD)
    assert log_in("gsa@ggd.test").status_code == 302


def test_one_password_is_not_tried_on_everybody() -> None:
    make_user("ib@school.test", password=PASSWORD)
    for number in range(50):
        log_in(f"persoon{number}@school.test", "Zomer2026!")
    assert log_in("ib@school.test").status_code == 429


def test_a_right_password_clears_the_count() -> None:
    make_user("ib@school.test", password=PASSWORD)
    for _round in range(3):
        for _attempt in range(5):
            log_in("ib@school.test", "fout")
        assert log_in("ib@school.test").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/trajecten/", "/trajecten/"),
        ("https://elders.test/", "/"),
        ("//elders.test/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_the_next_page_is_one_of_ours(wanted: str, given: str) -> None:
    make_user("ib@school.test", password=PASSWORD)
    assert log_in("ib@school.test", next=wanted).headers["Location"] == given


def test_who_is_logged_in_goes_to_the_start_page() -> None:
    assert client_of(make_user()).get("/inloggen/").headers["Location"] == "/"


def test_the_session_gets_another_key_and_ends_at_logout() -> None:
    make_user("ib@school.test", password=PASSWORD)
    client = Client()
    client.get("/inloggen/")
    log_in("ib@school.test", client=client)
    key = client.cookies["sessionid"].value
    assert client.get(reverse("logout")).status_code == 405
    answer = client.post(reverse("logout"))
    assert answer.headers["Location"] == "/inloggen/"
    assert "storage" in answer.headers["Clear-Site-Data"]
    old = Client()
    old.cookies["sessionid"] = key
    assert old.get("/").status_code == 302


def test_the_demo_shows_its_accounts_and_production_does_not(settings) -> None:  # type: ignore[no-untyped-def]  # pytest-django's fixture
    settings.DEMO = True
    assert "beheer@demo.test" in Client().get("/inloggen/").content.decode()
    settings.DEMO = False
    assert "beheer@demo.test" not in Client().get("/inloggen/").content.decode()


def test_the_first_admin_of_an_installation_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="Eerste@Voorbeeld.test", name="Eerste Beheerder", interactive=False)

    browser = Client()
    browser.post("/inloggen/", {"username": "eerste@voorbeeld.test", "password": PASSWORD})

    assert browser.get("/beheer/").status_code == 200
