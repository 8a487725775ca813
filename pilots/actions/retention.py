"""What is thrown away when its time is over. The periods stand in docs/retention.md; a test holds both together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from pilots.account_actions import outdated_addresses
from pilots.enums import MailState
from pilots.models import AuditEvent, Invitation, Mail, User

INVITATION_KEPT = timedelta(days=90)
MAIL_TEXT_KEPT = timedelta(days=90)
MAIL_KEPT = timedelta(days=730)
AUDIT_PERSON_KEPT = timedelta(days=730)
IDLE_AFTER = timedelta(days=365)

WIPED = "Gewist: de bewaartermijn is voorbij."
#: Keys in the detail of an audit row that name a person.
PERSONAL_DETAIL = ("user", "before", "name", "email")


@dataclass(frozen=True, slots=True)
class Rule:
    """What to throw away: which rows at a moment, and how. Returns of both are numbers of rows."""

    name: str
    count: Callable[[datetime], int]
    apply: Callable[[datetime], int]


def _deletes(name: str, which: Callable[[datetime], QuerySet[Any]]) -> Rule:
    return Rule(name, lambda now: which(now).count(), lambda now: which(now).delete()[0])


def _old_texts(now: datetime) -> QuerySet[Mail]:
    gone = Q(state__in=[MailState.SENT, MailState.FAILED])
    return Mail.objects.filter(gone, created_at__lt=now - MAIL_TEXT_KEPT).exclude(body=WIPED)


def _old_acts(now: datetime) -> QuerySet[AuditEvent]:
    named = Q(detail__has_any_keys=PERSONAL_DETAIL) | ~Q(actor="")
    return AuditEvent.objects.filter(named, at__lt=now - AUDIT_PERSON_KEPT)


def _forget_actors(now: datetime) -> int:
    """The act stays, without who did it and to whom."""
    number = 0
    for event in _old_acts(now).only("pk", "detail").iterator():
        kept = {key: value for key, value in event.detail.items() if key not in PERSONAL_DETAIL}
        number += AuditEvent.objects.filter(pk=event.pk).update(actor="", detail=kept)
    return number


RULES = (
    _deletes(
        "invitations that were not accepted",
        lambda now: Invitation.objects.filter(created_at__lt=now - INVITATION_KEPT, accepted_at__isnull=True),
    ),
    Rule(
        "texts of mail", lambda now: _old_texts(now).count(), lambda now: _old_texts(now).update(body=WIPED, error="")
    ),
    _deletes(
        "mail",
        lambda now: Mail.objects.filter(created_at__lt=now - MAIL_KEPT, state__in=[MailState.SENT, MailState.FAILED]),
    ),
    Rule("names in the audit trail", lambda now: _old_acts(now).count(), _forget_actors),
    _deletes("sessions that are over", lambda now: Session.objects.filter(expire_date__lt=now)),
    # They hold an IP address, and would else go only at the next login of that person.
    _deletes(
        "devices of sessions that are over",
        lambda now: UserSession.objects.exclude(
            session_key__in=Session.objects.filter(expire_date__gte=now).values("session_key")
        ),
    ),
    _deletes("address changes that were not confirmed", outdated_addresses),
)


def idle_accounts(now: datetime) -> QuerySet[User]:
    """Accounts that nobody used for a year: told to the admin, who decides; nothing is closed by itself."""
    used = Coalesce("last_login", "created_at")
    return User.objects.annotate(used=used).filter(is_active=True, used__lt=now - IDLE_AFTER).order_by("used")


def apply_rules(now: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Throw away what is too old at `now`, each rule in its own transaction. The number of rows of each rule."""
    done = {}
    for rule in RULES:
        with transaction.atomic():
            done[rule.name] = rule.count(now) if dry_run else rule.apply(now)
    return done
