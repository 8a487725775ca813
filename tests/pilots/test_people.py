"""One person: what is known, closing, reopening and erasing, with the trajectory whole."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pilots.actions import (
    NotThisAccountError,
    add_member,
    close_account,
    erase_person,
    invite,
    refuse_invitation,
    write_entry,
)
from pilots.enums import JournalKind
from pilots.mail_actions import queue_mail
from pilots.models import AuditEvent, Invitation, JournalEntry, Mail, User
from pilots.personal import everything_about, relations_to_people
from pilots.registry import registry
from tests.builders import client_of, make_admin, make_trajectory, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "een-lang-wachtwoord-9"


def logged_in(user: User) -> Client:
    """Through the login page, so that the password counts as recent."""
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.post("/inloggen/", {"username": user.email, "password": PASSWORD})
    return client


def somebody_busy() -> tuple[User, User]:
    """A GSA who did a bit of everything, and the admin who asked her."""
    admin, trajectory = make_admin(), make_trajectory()
    member, _new = add_member(trajectory=trajectory, email="gea@ggd.test", name="Gea Geheim", role="gsa", by=admin)
    invite(member=member, by=admin, link=lambda token: f"https://voorbeeld.test/{token}")
    other, _new = add_member(trajectory=trajectory, email="d@school.test", name="Dora", role="director", by=admin)
    queue_mail(key="noemt", kind="member-added", to="d@school.test", subject="Team", body="Vraag het Gea Geheim: gea@ggd.test.", user=other.user)  # fmt: skip  # noqa: E501
    note = JournalEntry(trajectory=trajectory, kind=JournalKind.NOTE, start=timezone.localdate(), text="Nieuw lokaal")
    write_entry(entry=note, by=member.user)
    return member.user, admin


def test_every_relation_to_people_is_told_about() -> None:
    names = {name for name, _model, _field in relations_to_people()}
    assert names == set(registry.traces), "say in the app's apps.py what an export tells of it (registry.trace)"
    for name, model, field in relations_to_people():
        list(model._default_manager.filter(**{f"{field}__pk": 1}).values("pk", *registry.traces[name]))


def test_everything_about_a_person() -> None:
    user, admin = somebody_busy()
    everything = everything_about(user)
    assert everything["account"]["email"] == "gea@ggd.test"
    assert [row["role"] for row in everything["rows"]["pilots.teammember.user"]] == ["gsa"]
    assert [row["text"] for row in everything["rows"]["pilots.journalentry.author"]] == ["Nieuw lokaal"]
    assert "token" not in str(everything)
    assert [act["verb"] for act in everything["acts"]] == ["note-added"]
    assert {"account-added", "member-added", "invitation-sent"} <= {act["verb"] for act in everything["acts_about"]}
    assert admin.email not in str(everything)

    user.refresh_from_db()
    own = logged_in(user).get("/account/gegevens.json")
    assert own.json()["account"]["name"] == "Gea Geheim"
    by_admin = logged_in(admin).get(f"/beheer/mensen/{user.pk}/gegevens.json")
    assert by_admin.json()["account"]["email"] == "gea@ggd.test"
    assert AuditEvent.objects.filter(verb="person-exported").count() == 2
    assert client_of(user).get(f"/beheer/mensen/{admin.pk}/gegevens.json").status_code == 404
    # Not after a while, without the password again.
    assert client_of(user).get("/account/gegevens.json").status_code == 302


def test_closing_ends_everything_and_can_be_undone() -> None:
    user, admin = somebody_busy()
    theirs, client = logged_in(User.objects.get(pk=user.pk)), logged_in(admin)
    assert theirs.get("/").status_code == 200
    page = client.get(f"/beheer/mensen/{user.pk}/sluiten/").content.decode()
    assert "Gezonde School-adviseur" in page or "GSA" in page
    client.post(f"/beheer/mensen/{user.pk}/sluiten/")
    assert theirs.get("/").status_code == 302
    assert "Account gesloten" in client.get(f"/beheer/mensen/{user.pk}/").content.decode()
    assert (
        "Kies wie deze rol overneemt"
        in client.get(f"/trajecten/{user.memberships.get().trajectory_id}/team/").content.decode()
    )
    client.post(f"/beheer/mensen/{user.pk}/heropenen/")
    user.refresh_from_db()
    assert (user.is_active, user.closed_at) == (True, None)


def test_an_invitation_ends_with_the_account() -> None:
    user, admin = somebody_busy()
    close_account(user=user, by=admin)
    assert Invitation.objects.get().voided_at is not None


def test_the_last_admin_and_the_own_account_stay() -> None:
    admin = make_admin()
    with pytest.raises(NotThisAccountError):
        close_account(user=admin, by=make_user())
    other = make_admin()
    close_account(user=admin, by=other)
    for close in (close_account, erase_person):
        with pytest.raises(NotThisAccountError):
            close(user=other, by=other)
    client = logged_in(other)
    assert client.post(f"/beheer/mensen/{other.pk}/sluiten/").status_code == 302
    other.refresh_from_db()
    assert other.is_active


def test_erasing_leaves_the_trajectory_whole_and_nothing_of_the_person() -> None:
    user, admin = somebody_busy()
    client = logged_in(admin)
    trajectory = user.memberships.get().trajectory
    address = f"/beheer/mensen/{user.pk}/wissen/"
    for wrong in ({}, {"email": "iemand@anders.test", "sure": "on"}, {"email": "gea@ggd.test"}):
        assert client.post(address, wrong).status_code == 200
    assert User.objects.get(pk=user.pk).is_active
    assert client.post(address, {"email": "Gea@GGD.test", "sure": "on"}).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.is_active, user.has_usable_password()) == ("Verwijderde gebruiker", False, False)
    assert user.memberships.count() == 1
    assert JournalEntry.objects.get().author == user
    assert not Invitation.objects.exists()
    page = client.get(f"/trajecten/{trajectory.pk}/").content.decode()
    assert "Nieuw lokaal" in page
    assert "Verwijderde gebruiker" in page
    everywhere = "".join(str(list(model.objects.values())) for model in (User, Mail, AuditEvent, JournalEntry))
    assert "gea@ggd.test" not in everywhere
    assert "Gea Geheim" not in everywhere
    assert "Vraag het Verwijderde gebruiker" in Mail.objects.get(key="noemt").body
    client.post(f"/beheer/mensen/{user.pk}/heropenen/")
    assert not User.objects.get(pk=user.pk).is_active
    # The address is free again.
    assert User.objects.create_user("gea@ggd.test", "Een ander").pk != user.pk


def test_what_happened_lately_is_on_the_page() -> None:
    user, admin = somebody_busy()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    page = logged_in(admin).get(f"/beheer/mensen/{user.pk}/").content.decode()
    for words in ("Uitnodiging verlopen", "Uitnodiging: meedoen", "gea@ggd.test"):
        assert words in page


def test_the_list_costs_the_same_for_many(django_assert_num_queries: Any) -> None:
    admin = make_admin()
    client = client_of(admin)

    def one_more(number: int) -> None:
        member, _new = add_member(
            trajectory=make_trajectory(), email=f"p{number}@school.test", name="Persoon", role="director", by=admin
        )
        invitation = invite(member=member, by=admin, link=lambda token: f"https://voorbeeld.test/{token}")
        assert invitation is not None
        refuse_invitation(invitation=invitation)

    one_more(1)
    with CaptureQueriesContext(connection) as first:
        client.get("/beheer/mensen/?q=school")
    one_more(2)
    one_more(3)
    with django_assert_num_queries(len(first)):
        assert "p3@school.test" in client.get("/beheer/mensen/?q=school").content.decode()
