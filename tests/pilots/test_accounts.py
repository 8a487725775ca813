"""The own account: forgotten and changed passwords, another address, sessions, and asking once more."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from pilots import account_actions
from pilots.models import AuditEvent, Mail, User
from tests.builders import PASSWORD, client_of, make_user
from tests.pilots.logging_in import grow_stale, link_in, log_in, logged_in, newest_mail, quick_hash

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(quick_hash.__name__)]

NEW = "twee koeien in het gras"


@pytest.fixture
def user() -> User:
    return make_user("ib@school.test", name="Ida Bakker", password=PASSWORD)


# A forgotten password


def ask_reset(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).post("/wachtwoord-vergeten/", {"email": address}, follow=True)
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())  # without tokens, which are new on every page


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(user: User) -> None:
    make_user("wacht@school.test")
    make_user("weg@school.test", password=PASSWORD, is_active=False, closed_at=timezone.now())
    addresses = ["IB@school.test", "wacht@school.test", "weg@school.test", "niemand@school.test"]
    assert len({ask_reset(address, Client(REMOTE_ADDR=f"192.0.2.{n}")) for n, address in enumerate(addresses)}) == 1
    assert [mail.to for mail in Mail.objects.all()] == ["ib@school.test"]


def test_the_link_is_for_one_new_password(user: User) -> None:
    there = logged_in(user)
    ask_reset("ib@school.test")
    link = link_in(newest_mail("ib@school.test"))
    browser = Client()
    for _scanner in range(3):
        assert "ib@school.test" in browser.get(link).content.decode()
    for weak, said in [
        ("kort", "minstens 12 tekens"),
        ("Wachtwoord2026!", "makkelijk te raden"),
        ("123456789012", "makkelijk te raden"),
        ("ida.bakker.01", "lijkt op je naam"),
    ]:
        assert said in browser.post(link, {"new_password": weak}).content.decode()
    assert browser.post(link, {"new_password": NEW}).headers["Location"] == "/inloggen/"
    assert "werkt niet meer" in browser.post(link, {"new_password": PASSWORD}).content.decode()
    assert log_in("ib@school.test", NEW).status_code == 302
    assert there.get("/").status_code == 302, "the other session must have ended"
    assert newest_mail("ib@school.test").kind == "password-changed"


def test_a_link_that_is_altered_or_too_old_says_so(user: User, settings) -> None:  # type: ignore[no-untyped-def]  # pytest-django's own fixture
    ask_reset("ib@school.test")
    link = link_in(newest_mail("ib@school.test"))
    for altered in (link[:-2] + "/", "/wachtwoord-vergeten/OTk5OTk5/abc-def/", "/wachtwoord-vergeten/_/x/"):
        assert "werkt niet meer" in Client().get(altered).content.decode()
    settings.PASSWORD_RESET_TIMEOUT = -1
    page = Client().post(link, {"new_password": NEW})
    assert "werkt niet meer" in page.content.decode()
    assert log_in("ib@school.test", NEW).status_code == 200


def test_somebody_else_gets_no_flood_of_mail(user: User) -> None:
    for _time in range(5):
        ask_reset("ib@school.test")
    page = Client().post("/wachtwoord-vergeten/", {"email": "ib@school.test"})
    assert page.status_code == 429
    assert "te vaak gevraagd" in page.content.decode()
    assert Mail.objects.count() == 5


def test_too_many_wrong_passwords_and_then_a_new_one(user: User) -> None:
    for _attempt in range(10):
        log_in("ib@school.test", "fout")
    ask_reset("ib@school.test")
    Client().post(link_in(newest_mail("ib@school.test")), {"new_password": NEW})
    assert log_in("ib@school.test", NEW).status_code == 302


# Another password


def test_another_password_ends_the_other_sessions_and_keeps_this_one(user: User) -> None:
    here, there = logged_in(user), logged_in(user)
    new = {"new_password": NEW}
    assert "klopt niet" in here.post("/account/wachtwoord/", {"current": "fout", **new}).content.decode()
    assert here.post("/account/wachtwoord/", {"current": PASSWORD, **new}).headers["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert log_in("ib@school.test", NEW).status_code == 302
    assert "wachtwoord van je account is veranderd" in newest_mail("ib@school.test").body
    assert AuditEvent.objects.filter(verb="password-changed", actor="ib@school.test").exists()


# Another address


def test_another_address_counts_once_its_owner_confirms_it(user: User) -> None:
    here = logged_in(user)
    assert here.post("/account/adres/", {"email": "Nieuw@School.test"}).headers["Location"] == "/account/"
    assert "nieuw@school.test" in here.get("/account/").content.decode()
    link = link_in(newest_mail("nieuw@school.test"))
    for _scanner in range(3):
        assert "nieuw@school.test" in Client().get(link).content.decode()
    assert log_in("nieuw@school.test").status_code == 200, "opening the link must change nothing"
    Client().post(link)
    assert log_in("nieuw@school.test").status_code == 302
    assert log_in("ib@school.test").status_code == 200
    assert newest_mail("ib@school.test").kind == "address-changed"
    assert "werkt niet meer" in Client().post(link).content.decode()


def test_only_the_newest_link_to_a_new_address_works(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    here = logged_in(user)
    here.post("/account/adres/", {"email": "een@school.test"})
    first = link_in(newest_mail("een@school.test"))
    here.post("/account/adres/", {"email": "twee@school.test"})
    second = link_in(newest_mail("twee@school.test"))
    assert "werkt niet meer" in Client().post(first).content.decode()
    assert "werkt niet meer" in Client().post(second[:-2] + "/").content.decode()
    monkeypatch.setattr(account_actions, "ADDRESS_LINK_AGE", -1)
    assert "werkt niet meer" in Client().post(second).content.decode()
    assert "twee@school.test" not in here.get("/account/").content.decode(), "no waiting for what is over"
    monkeypatch.undo()
    assert "twee@school.test" in here.get("/account/").content.decode()
    here.post("/account/adres/houden/")
    assert "werkt niet meer" in Client().post(second).content.decode()
    user.refresh_from_db()
    assert user.email == "ib@school.test"


def test_the_address_of_somebody_else_looks_free_and_is_not_given(user: User) -> None:
    make_user("gsa@ggd.test", password=PASSWORD)
    here = logged_in(user)
    taken = here.post("/account/adres/", {"email": "GSA@ggd.test"}, follow=True)
    assert "gsa@ggd.test" in taken.content.decode()
    mail = newest_mail("gsa@ggd.test")
    assert "http" not in mail.body
    assert "al een account" in mail.body


def test_an_address_that_was_taken_in_the_meantime(user: User) -> None:
    logged_in(user).post("/account/adres/", {"email": "nieuw@school.test"})
    make_user("nieuw@school.test")
    assert "werkt niet meer" in Client().post(link_in(newest_mail("nieuw@school.test"))).content.decode()
    user.refresh_from_db()
    assert user.email == "ib@school.test"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Vul het nieuwe e-mailadres in"), ("geen adres", "zoals naam@school.nl"), ("IB@school.test", "is al het")],
)
def test_what_is_no_new_address(user: User, typed: str, said: str) -> None:
    assert said in logged_in(user).post("/account/adres/", {"email": typed}).content.decode()


# Once more


def test_what_matters_asks_for_the_password_again_and_keeps_what_was_posted(user: User) -> None:
    here = logged_in(user)
    grow_stale(here)
    asked = here.post("/account/adres/", {"email": "nieuw@school.test"})
    again = asked.headers["Location"]
    assert unquote(again) == "/account/bevestigen/?next=/account/adres/"
    assert "Dit wachtwoord klopt niet" in here.post(again, {"password": "fout"}).content.decode()
    assert not Mail.objects.exists()
    here.post(again, {"password": PASSWORD})
    assert newest_mail("nieuw@school.test").kind == "address-confirm"
    assert here.get("/account/adres/").status_code == 200, "now it is recent"


def test_asking_again_leads_to_pages_of_ours_only(user: User) -> None:
    here = logged_in(user)
    answer = here.post("/account/bevestigen/?next=https://elders.test/", {"password": PASSWORD})
    assert answer.headers["Location"] == "/"


# Sessions


def test_sessions_are_seen_and_ended(user: User) -> None:
    here = logged_in(user, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    there = logged_in(
        user, HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Safari/605", REMOTE_ADDR="192.0.2.9"
    )
    third = logged_in(user)
    page = here.get("/account/sessies/").content.decode()
    assert "Firefox op Windows" in page
    assert "Safari op iPhone" in page
    assert "192.0.2.9" in page
    assert page.count("Dit apparaat") == 1
    number = next(
        each["number"] for each in here.get("/account/sessies/").context["sessions"] if each["ip"] == "192.0.2.9"
    )
    stranger = logged_in(make_user("ander@school.test", password=PASSWORD))
    assert stranger.post(f"/account/sessies/{number}/").status_code == 404
    here.post(f"/account/sessies/{number}/")
    assert there.get("/").status_code == 302
    assert third.get("/").status_code == 200
    here.post("/account/sessies/andere/")
    assert third.get("/").status_code == 302
    assert [each["here"] for each in here.get("/account/sessies/").context["sessions"]] == [True]


def test_a_closed_account_loses_its_session_at_once(user: User) -> None:
    here = logged_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False, closed_at=timezone.now())
    assert here.get("/account/").status_code == 302
    assert log_in("ib@school.test").status_code == 200


def test_a_page_costs_no_query_more_for_who_logged_in(user: User, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]  # pytest-django's own fixture
    real, bare = logged_in(user), client_of(user)
    real.get("/account/naam/")
    bare.get("/account/naam/")
    with django_assert_num_queries(2):  # the person, and their roles for the menu
        bare.get("/account/naam/")
    with django_assert_num_queries(2):
        real.get("/account/naam/")
    with django_assert_num_queries(0):
        Client().get("/inloggen/")


# Name and mail


def test_name_and_weekly_mail(user: User) -> None:
    here = logged_in(user)
    assert "Vul je naam in" in here.post("/account/naam/", {"name": " "}).content.decode()
    here.post("/account/naam/", {"name": "Ida de Bakker"})
    here.post("/account/weekmail/", {"wanted": "no"})
    user.refresh_from_db()
    assert (user.name, user.wants_digest) == ("Ida de Bakker", False)


def test_nothing_of_allauth_is_there_but_what_we_chose() -> None:
    for path in ("/accounts/signup/", "/accounts/login/", "/account/signup/", "/inloggen/organisatie/signup/"):
        assert Client().get(path).status_code == 404
