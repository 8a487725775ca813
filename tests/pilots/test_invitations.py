"""Getting in: from the mail of an invitation to the trajectory, and every way in which a link can be wrong."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pilots.enums import InvitationState, MailState
from pilots.models import AuditEvent, Invitation, Mail, TeamMember, Trajectory, User
from tests.builders import client_of, join, make_admin, make_trajectory, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "vijf kippen op een rij"
VOID = "Deze link werkt niet"


@pytest.fixture
def trajectory() -> Trajectory:
    made = make_trajectory()
    join(made, "gsa", make_user("gea@ggd.test", name="Gea de Adviseur", password=None))
    User.objects.filter(email="gea@ggd.test").update(password="argon2$een-wachtwoord")
    return made


@pytest.fixture
def admin() -> Client:
    return client_of(make_admin())


def waiting_member(trajectory: Trajectory, role: str = "director", email: str = "iris@school.test") -> TeamMember:
    user = User.objects.create_user(email, "Iris Bakker")
    return TeamMember.objects.create(trajectory=trajectory, user=user, role=role)


def send(client: Client, member: TeamMember, after: str = "") -> str:
    """Presses the button; the address in the newest mail."""
    client.post(f"/trajecten/{member.trajectory_id}/team/{member.pk}/uitnodigen/", {"after": after})
    found = re.search(r"https?://testserver(/uitnodiging/\S+)", member.user.mails.order_by("-pk")[0].body)
    assert found is not None
    return found[1]


def test_from_mail_to_trajectory(trajectory: Trajectory, admin: Client) -> None:
    member = waiting_member(trajectory)
    link = send(admin, member)
    mail = Mail.objects.get(kind="invitation")
    for words in ("Iris Bakker", trajectory.school.name, "directeur", "Gea de Adviseur", "gea@ggd.test",
                  "nooit om je wachtwoord", "Ik ben dit niet"):  # fmt: skip
        assert words in mail.body
    invitation = Invitation.objects.get()
    assert invitation.token_hash not in link
    assert timedelta(days=13, hours=23) < invitation.expires_at - timezone.now() < timedelta(days=14)

    somebody = Client()
    for _ in range(3):  # a mail scanner too
        page = somebody.get(link)
        assert page.status_code == 200
        assert "Je bent uitgenodigd" in page.content.decode()
    assert somebody.head(link).status_code == 200
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.SENDING
    Mail.objects.update(state=MailState.SENT, sent_at=timezone.now())
    assert "Uitnodiging verstuurd" in admin.get(f"/trajecten/{trajectory.pk}/team/").content.decode()

    assert somebody.post(f"{link}verder/").headers["Location"] == f"{link}account/"
    assert "Uitnodiging geopend" in admin.get(f"/trajecten/{trajectory.pk}/team/").content.decode()
    wrong = somebody.post(f"{link}account/", {"name": "Iris", "password": "kort"})
    assert wrong.status_code == 200
    assert "password" in wrong.context["form"].errors
    done = somebody.post(f"{link}account/", {"name": "Iris de Bakker", "password": PASSWORD})
    assert done.headers["Location"] == f"/trajecten/{trajectory.pk}/"
    assert somebody.get(f"/trajecten/{trajectory.pk}/").status_code == 200
    member.user.refresh_from_db()
    assert member.user.name == "Iris de Bakker"
    assert member.user.check_password(PASSWORD)
    assert Client().login(username="iris@school.test", password=PASSWORD)
    assert "Kan inloggen" in admin.get(f"/trajecten/{trajectory.pk}/team/").content.decode()
    # Pressed twice: already in. Opened again by somebody else: used.
    twice = somebody.post(f"{link}account/", {"name": "Iris", "password": PASSWORD})
    assert twice.headers["Location"] == "/"
    assert VOID in Client().get(link).content.decode()
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"invitation-sent", "invitation-opened", "invitation-accepted"} <= verbs


def test_all_wrong_links_look_the_same(trajectory: Trajectory, admin: Client) -> None:
    member = waiting_member(trajectory)
    old = send(admin, member)
    expired = send(admin, member)
    Invitation.objects.filter(voided_at=None).update(expires_at=timezone.now())
    taken_back = send(admin, member)
    admin.post(f"/trajecten/{trajectory.pk}/team/{member.pk}/intrekken/")
    closed = send(admin, member)
    User.objects.filter(pk=member.user_id).update(is_active=False, closed_at=timezone.now())
    altered = closed[:-3] + "xx/"
    seen = set()
    for link in (old, expired, taken_back, closed, altered, "/uitnodiging/bestaat-niet/"):
        for page in (Client().get(link), Client().post(f"{link}account/", {"name": "x", "password": PASSWORD})):
            text = page.content.decode()
            assert page.status_code == 404
            assert VOID in text
            seen.add(re.sub(r"[A-Za-z0-9]{64}", "", text))
    assert len(seen) == 1
    text = seen.pop()
    assert not [secret for secret in ("Iris", trajectory.school.name, "iris@school.test") if secret in text]
    member.user.refresh_from_db()
    assert member.user.is_waiting


def test_a_resend_voids_and_a_double_press_does_not(trajectory: Trajectory, admin: Client) -> None:
    member = waiting_member(trajectory)
    first = send(admin, member, after="0")
    assert send(admin, member, after="0") == first  # the same page, pressed twice
    second = send(admin, member, after=str(Invitation.objects.get().pk))
    assert VOID in Client().get(first).content.decode()
    assert Client().get(second).status_code == 200
    # What had not gone yet does not go any more, and is not sent again either.
    stale = Mail.objects.order_by("pk")[0]
    assert stale.state == MailState.FAILED
    admin.post(f"/beheer/postvak/{stale.pk}/opnieuw/")
    stale.refresh_from_db()
    assert stale.state == MailState.FAILED


def test_this_is_not_me(trajectory: Trajectory) -> None:
    sender = make_admin()
    User.objects.filter(pk=sender.pk).update(password="argon2$een-wachtwoord")
    admin = client_of(User.objects.get(pk=sender.pk))
    member = waiting_member(trajectory)
    link = send(admin, member)
    stranger = Client()
    stranger.get(link)
    assert "we weten het" in stranger.post(f"{link}niet/").content.decode()
    assert VOID in stranger.get(link).content.decode()
    assert "ik ben dit niet" in admin.get(f"/trajecten/{trajectory.pk}/team/").content.decode()
    assert "ik ben dit niet" in admin.get("/beheer/mensen/?q=iris").content.decode()
    assert Mail.objects.get(kind="invitation-refused").to == sender.email


def test_somebody_else_is_asked_to_log_out(trajectory: Trajectory, admin: Client) -> None:
    link = send(admin, waiting_member(trajectory))
    admin.get("/")  # reads the message about the invitation
    page = admin.get(link).content.decode()
    assert "voor iemand anders" in page
    assert "Iris" not in page
    admin.post(f"{link}account/", {"name": "x", "password": PASSWORD})
    assert Invitation.objects.get().accepted_at is None


def test_everybody_who_waits_at_once(trajectory: Trajectory, admin: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(3):
        waiting_member(trajectory, email=f"persoon{number}@school.test")
    left = waiting_member(trajectory, email="weg@school.test")
    User.objects.filter(pk=left.user_id).update(is_active=False, closed_at=timezone.now())
    for _ in range(2):
        admin.post(f"/trajecten/{trajectory.pk}/team/uitnodigen/")
    assert sorted(Mail.objects.values_list("to", flat=True)) == [f"persoon{number}@school.test" for number in range(3)]
    with django_assert_max_num_queries(16):
        assert admin.get(f"/trajecten/{trajectory.pk}/team/").status_code == 200


def test_who_has_an_account_gets_word(trajectory: Trajectory, admin: Client) -> None:
    known = User.objects.create_user("dora@school.test", "Dora", "een lang wachtwoord 1")
    data = {"email": "dora@school.test", "name": "Dora", "role": "director"}
    for _ in range(2):
        admin.post(f"/trajecten/{trajectory.pk}/team/", data)
    mail = Mail.objects.get()
    assert (mail.kind, mail.to, mail.user) == ("member-added", "dora@school.test", known)
    assert f"/trajecten/{trajectory.pk}/" in mail.body


# By a director


def test_a_director_invites_the_coordinator_and_nobody_else(trajectory: Trajectory) -> None:
    director = join(trajectory, "director")
    client = client_of(director)
    address = f"/trajecten/{trajectory.pk}/team/"
    for _ in range(2):
        answer = client.post(address, {"email": "cor@school.test", "name": "Cor", "role": "researcher"})
        assert answer.status_code == 302
    member = TeamMember.objects.get(user__email="cor@school.test")
    assert member.role == "coordinator"
    assert Mail.objects.filter(kind="invitation").count() == 1
    gsa = TeamMember.objects.get(role="gsa")
    assert client.post(f"{address}{gsa.pk}/uitnodigen/").status_code == 404
    assert client.post(f"{address}{gsa.pk}/vervangen/").status_code == 404
    assert (
        client_of(join(trajectory, "coordinator")).post(address, {"email": "x@y.test", "name": "X"}).status_code == 404
    )
    assert client_of(join(make_trajectory(), "director")).get(address).status_code == 404


def test_a_director_learns_nothing_of_an_address(trajectory: Trajectory) -> None:
    elsewhere = make_trajectory()
    User.objects.create_user("bekend@school.test", "Bekende Persoon", "een lang wachtwoord 1")
    TeamMember.objects.create(trajectory=elsewhere, role="director", user=User.objects.get(email="bekend@school.test"))
    client = client_of(join(trajectory, "director"))
    said = []
    for email in ("bekend@school.test", "nieuw@school.test"):
        page = client.post(f"/trajecten/{trajectory.pk}/team/", {"email": email, "name": "Cor"}, follow=True)
        said.append([str(message).replace(email, "") for message in page.context["messages"]])
        text = page.content.decode()
        assert elsewhere.school.name not in text
        assert "Bekende Persoon" not in text
        assert email in text
    assert said[0] == said[1]
    assert set(Mail.objects.values_list("kind", flat=True)) == {"colleague-asked", "invitation"}
    # Who has an account decides for themselves.
    assert not trajectory.team.filter(user__email="bekend@school.test").exists()
    assert "Bekende Persoon" in Mail.objects.get(kind="colleague-asked").body


def test_a_director_does_not_ask_in_who_is_there(trajectory: Trajectory) -> None:
    director = join(trajectory, "director")
    page = client_of(director).post(f"/trajecten/{trajectory.pk}/team/", {"email": director.email, "name": "Ik"})
    assert "zit al in het team" in page.content.decode()
    assert trajectory.team.filter(user=director).count() == 1


def test_a_director_cannot_fill_mailboxes(trajectory: Trajectory) -> None:
    director = join(trajectory, "director")
    client = client_of(director)
    address = f"/trajecten/{trajectory.pk}/team/"
    for number in range(20):
        assert client.post(address, {"email": f"p{number}@school.test", "name": "Cor"}).status_code == 302
    page = client.post(address, {"email": "p20@school.test", "name": "Cor"})
    assert "heel veel mensen uitgenodigd" in page.content.decode()
    assert Mail.objects.count() == 20
    assert not User.objects.filter(email="p20@school.test").exists()


# Handing over


def test_a_successor_is_told_where_it_stands(trajectory: Trajectory, admin: Client) -> None:
    join(trajectory, "researcher")
    member = TeamMember.objects.get(role="researcher")
    User.objects.create_user("opvolger@pharos.test", "Otto Opvolger", "een lang wachtwoord 1")
    address = f"/trajecten/{trajectory.pk}/team/{member.pk}/vervangen/"
    admin.post(address, {"email": "opvolger@pharos.test", "name": "Otto"})
    assert f"/trajecten/{trajectory.pk}/overdracht/" in Mail.objects.get().body
    again = TeamMember.objects.get(role="researcher")
    admin.post(
        f"/trajecten/{trajectory.pk}/team/{again.pk}/vervangen/", {"email": "nieuw@pharos.test", "name": "Nina Nieuw"}
    )
    newest = TeamMember.objects.get(role="researcher")
    link = send(admin, newest)
    assert "neemt deze rol over" in Mail.objects.get(kind="invitation").body
    somebody = Client()
    done = somebody.post(f"{link}account/", {"name": "Nina", "password": PASSWORD})
    assert done.headers["Location"] == f"/trajecten/{trajectory.pk}/overdracht/"
    page = somebody.get(done.headers["Location"]).content.decode()
    for words in ("De stappen", "Laatste aantekeningen", "Wie is wie", "gea@ggd.test"):
        assert words in page
