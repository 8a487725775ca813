"""The second factor: setting it up, logging in with it, and who cannot do without."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from pilots.models import User
from tests.builders import PASSWORD, client_of, join, make_admin, make_trajectory, make_user
from tests.pilots.logging_in import add_app, code_of, grow_stale, log_in, logged_in, newest_mail, quick_hash

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(quick_hash.__name__)]

STEP = "/inloggen/tweede-stap/"


@pytest.fixture
def user() -> User:
    return make_user("gsa@ggd.test", password=PASSWORD)


def with_password(email: str = "gsa@ggd.test", **data: str) -> Client:
    """A browser in which the password was right, and the second step is still to come."""
    client = Client()
    assert log_in(email, client=client, **data).headers["Location"] == STEP
    assert client.get("/").status_code == 302, "a password alone must not be enough"
    return client


def test_an_app_is_asked_for_at_the_next_login(user: User, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]  # pytest-django's own fixture
    here = logged_in(user)
    here.get("/account/tweede-stap/app/")
    wrong = here.post("/account/tweede-stap/app/", {"code": "000000"})
    assert "Deze code klopt niet" in wrong.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        secret = add_app(here)
    assert newest_mail("gsa@ggd.test").kind == "app-added"
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in stored, "the secret must be encrypted"

    browser = with_password(next="/account/naam/")
    assert "Deze code klopt niet" in browser.post(STEP, {"code": "000000"}).content.decode()
    code = code_of(secret)
    assert browser.post(STEP, {"code": f"{code[:3]} {code[3:]}"}).headers["Location"] == "/account/naam/"
    assert browser.get("/").status_code == 200
    seen = with_password()
    assert "Deze code klopt niet" in seen.post(STEP, {"code": code}).content.decode(), "a code must work once"


def test_a_recovery_code_works_once(user: User) -> None:
    here = logged_in(user)
    add_app(here)
    codes = here.get("/account/tweede-stap/herstelcodes/").context["unused_codes"]
    assert len(set(codes)) == 10
    assert with_password().post(STEP, {"code": codes[0]}).status_code == 302
    assert with_password().post(STEP, {"code": codes[0]}).status_code == 200
    here.post("/account/tweede-stap/herstelcodes/nieuw/")
    assert with_password().post(STEP, {"code": codes[1]}).status_code == 200, "new codes must replace the old"


def test_guessing_codes_stops(user: User) -> None:
    secret = add_app(logged_in(user))
    browser = with_password()
    for number in range(5):
        browser.post(STEP, {"code": f"{number:06}"})
    assert "Wacht vijf minuten" in browser.post(STEP, {"code": code_of(secret)}).content.decode()


def test_a_new_password_does_not_go_round_the_second_step(user: User) -> None:
    add_app(logged_in(user))
    with_password()
    assert Client().get(STEP).headers["Location"] == "/inloggen/", "no second step without a first"


def test_changing_the_second_factor_asks_once_more(user: User) -> None:
    here = logged_in(user)
    secret = add_app(here)
    grow_stale(here)
    for path in ("app/weg/", "passkey/", "herstelcodes/", "herstelcodes/nieuw/"):
        assert here.get(f"/account/tweede-stap/{path}").headers["Location"].startswith("/account/bevestigen/")
    here.post("/account/bevestigen/code/?next=/account/tweede-stap/app/weg/", {"code": code_of(secret)})
    here.post("/account/tweede-stap/app/weg/")
    assert not Authenticator.objects.filter(user=user).exists(), "recovery codes go with the last factor"
    assert newest_mail("gsa@ggd.test").kind == "app-removed"


@pytest.mark.parametrize(
    "answer", ["", "geen json", "[]", "null", '{"id": 5}', '{"id": "a", "rawId": "a", "response": {}}']
)
def test_what_no_device_answered_is_refused(user: User, answer: str) -> None:
    here = logged_in(user)
    here.get("/account/tweede-stap/passkey/")
    made = here.post("/account/tweede-stap/passkey/", {"name": "x", "passwordless": "on", "credential": answer})
    assert made.status_code == 200
    assert not Authenticator.objects.filter(user=user).exists()
    browser = Client()
    browser.get("/inloggen/passkey/", headers={"Accept": "application/json"})
    page = browser.post("/inloggen/passkey/", {"credential": answer}, follow=True)
    assert "Deze passkey herkennen we niet" in page.content.decode()
    add_app(here)
    assert with_password().post(STEP, {"credential": answer}).status_code == 200


# Who cannot do without


@pytest.fixture
def required(settings) -> None:  # type: ignore[no-untyped-def]  # pytest-django's own fixture
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.mark.parametrize(("role", "stopped"), [("researcher", 1), ("gsa", 1), ("director", 0), ("coordinator", 0)])
def test_some_roles_set_one_up_before_anything_else(required: None, role: str, stopped: int) -> None:
    trajectory = make_trajectory()
    client = client_of(join(trajectory, role))
    for path in ("/", f"/trajecten/{trajectory.pk}/", "/account/"):
        answer = client.get(path)
        assert (answer.headers.get("Location") == "/account/tweede-stap/") == bool(stopped), path
    script = client.get("/", headers={"HX-Request": "true"})
    assert script.status_code == (401 if stopped else 200)


def test_an_admin_sets_one_up_and_goes_on(required: None) -> None:
    admin = make_user("beheer@pharos.test", password=PASSWORD, is_admin=True)
    here = logged_in(admin)
    assert here.get("/beheer/").headers["Location"] == "/account/tweede-stap/"
    assert "Stel eerst een tweede stap in" in here.get("/account/tweede-stap/").content.decode()
    secret = add_app(here)
    assert here.get("/beheer/").status_code == 200
    page = here.post("/account/tweede-stap/app/weg/").content.decode()
    assert "Zet er eerst een andere bij" in page
    assert Authenticator.objects.filter(user=admin, type="totp").exists()
    assert client_of(make_admin()).post("/uitloggen/").headers["Location"] == "/inloggen/"
    browser = with_password("beheer@pharos.test")
    browser.post(STEP, {"code": code_of(secret)})
    assert browser.get("/beheer/").status_code == 200


def test_who_lost_everything_starts_again(required: None) -> None:
    user = make_user("gsa@ggd.test", password=PASSWORD)
    admin = logged_in(make_user("beheer@pharos.test", password=PASSWORD, is_admin=True))
    add_app(admin)
    join(make_trajectory(), "gsa", user)
    here = logged_in(user)
    add_app(here)
    page = f"/beheer/mensen/{user.pk}/"
    assert "Haal de tweede stap weg" in admin.get(page).content.decode()
    assert admin.post(f"{page}tweede-stap/").headers["Location"] == page
    assert "Haal de tweede stap weg" not in admin.get(page).content.decode()
    assert here.get("/").status_code == 302
    assert logged_in(user).get("/").headers["Location"] == "/account/tweede-stap/"
    assert newest_mail("gsa@ggd.test").kind == "second-factor-removed"


def test_a_secret_from_under_another_key_opens_nothing(user: User, settings) -> None:  # type: ignore[no-untyped-def]  # pytest-django's own fixture
    secret = add_app(logged_in(user))
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "n" * 60
    assert with_password().post(STEP, {"code": code_of(secret)}).status_code == 200
    settings.SECRET_KEY_FALLBACKS = [old]
    assert with_password().post(STEP, {"code": code_of(secret)}).status_code == 302
