"""Every field that can hold something about a person has a period in docs/retention.md, and the program keeps to it."""

import re
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.utils import timezone

from pilots.actions import account_for, apply_rules, idle_accounts, invite
from pilots.actions.retention import WIPED
from pilots.audit import record
from pilots.enums import MailState
from pilots.mail_actions import queue_mail
from pilots.models import AuditEvent, Invitation, Mail, TeamMember, User
from tests.builders import client_of, make_admin, make_trajectory, make_user

TABLE = Path(__file__).resolve().parent.parent / "docs" / "retention.md"
HOLDS_TEXT = (
    models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField, models.FileField,
    models.BinaryField,
)  # fmt: skip


def test_every_field_has_a_place_in_the_table() -> None:
    expected = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if (isinstance(field, HOLDS_TEXT) and not field.choices) or field.related_model is User:
                expected.add(f"{model._meta.label_lower}.{field.name}")
    people, _heading, others = TABLE.read_text("utf-8").partition("## Fields of text without people")
    named, harmless = (re.findall(r"`([a-z]+\.[a-z]+\.[a-z_0-9]+)`", part) for part in (people, others))
    assert sorted(named + harmless) == sorted(set(named + harmless)), "a field stands in two places"
    assert set(named + harmless) == expected
    rows = [line for line in people.splitlines() if line.startswith("| `")]
    assert all(len(line.strip("|").split("|")) == 4 for line in rows)


@pytest.mark.django_db
def test_what_is_too_old_goes_and_the_rest_stays() -> None:
    admin, trajectory = make_admin(), make_trajectory()
    waiting = account_for(email="iris@voorbeeld.test", name="Iris", by=admin)
    member = TeamMember.objects.create(trajectory=trajectory, user=waiting, role="director")
    invite(member=member, by=admin, link=lambda token: f"https://voorbeeld.test/{token}")
    mail = queue_mail(key="oud", kind="member-added", to=admin.email, subject="Welkom", body="Hallo", user=admin)
    queue_mail(key="wacht", kind="member-added", to=admin.email, subject="Wacht", body="Hallo")
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=timezone.now())
    record("member-added", member, by=admin, user="iris@voorbeeld.test", role="director")

    def after(days: int) -> datetime:
        return timezone.now() + timedelta(days=days)

    assert not any(apply_rules(after(89)).values())
    assert (Invitation.objects.count(), Mail.objects.get(key="oud").body) == (1, "Hallo")

    would = apply_rules(after(91), dry_run=True)
    assert (would["invitations that were not accepted"], would["texts of mail"]) == (1, 1)
    assert Invitation.objects.exists()
    apply_rules(after(91))
    assert not Invitation.objects.exists()
    assert Mail.objects.get(key="oud").body == WIPED
    assert Mail.objects.get(key="wacht").body == "Hallo"
    assert AuditEvent.objects.filter(actor=admin.email).exists()

    apply_rules(after(731))
    assert not Mail.objects.filter(key="oud").exists()
    assert not AuditEvent.objects.filter(actor=admin.email).exists()
    event = AuditEvent.objects.filter(verb="member-added").latest("pk")
    assert event.detail == {"role": "director"}


@pytest.mark.django_db
def test_idle_accounts_are_told_and_not_closed() -> None:
    idle, fresh = make_user(), make_user()
    User.objects.filter(pk=idle.pk).update(created_at=timezone.now() - timedelta(days=500))
    User.objects.filter(pk=fresh.pk).update(
        created_at=timezone.now() - timedelta(days=500), last_login=timezone.now() - timedelta(days=3)
    )
    assert list(idle_accounts(timezone.now())) == [idle]
    said = StringIO()
    call_command("apply_retention", "--dry-run", stdout=said)
    assert f"account {idle.pk}: not used since" in said.getvalue()
    idle.refresh_from_db()
    assert idle.is_active


@pytest.mark.django_db
def test_a_device_goes_with_its_session() -> None:
    """It holds the address of somebody's computer."""
    user = make_user()
    UserSession.objects.create(
        user=user, ip="192.0.2.1", session_key="voorbij", user_agent="", last_seen_at=timezone.now()
    )
    client = client_of(user)
    here = client.session.session_key
    UserSession.objects.create(user=user, ip="192.0.2.2", session_key=here, user_agent="", last_seen_at=timezone.now())
    apply_rules(timezone.now())
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [here]
