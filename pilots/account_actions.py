"""What people do to their own account: one transaction each, with an audit row and the mail about it in it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.functional import Promise
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilots.audit import record
from pilots.mail_actions import queue_mail
from pilots.models import AuditEvent, User

ADDRESS_LINK_AGE = 24 * 60 * 60  # seconds
_ADDRESS_LINK = "pilots.address"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the owner of an account is told by mail, in case it was somebody else."""

    verb: str
    subject: str | Promise
    sentence: str | Promise


EVENTS = {
    event.verb: event
    for event in (
        Event(
            "password-changed",
            gettext_lazy("Je wachtwoord is veranderd"),
            gettext_lazy("Het wachtwoord van je account is veranderd."),
        ),
        Event(
            "address-changed",
            gettext_lazy("Je e-mailadres is veranderd"),
            gettext_lazy(
                "Het e-mailadres van je account is veranderd. Dit oude adres werkt niet meer om in te loggen."
            ),
        ),
        Event(
            "app-added",
            gettext_lazy("Je tweede stap staat aan"),
            gettext_lazy("Bij het inloggen vragen we voortaan ook een code uit je app."),
        ),
        Event(
            "app-removed",
            gettext_lazy("De app voor je tweede stap is weg"),
            gettext_lazy("De app die codes maakt hoort niet meer bij je account."),
        ),
        Event(
            "passkey-added",
            gettext_lazy("Er is een passkey bij je account gezet"),
            gettext_lazy("Met deze passkey kun je inloggen."),
        ),
        Event(
            "passkey-removed",
            gettext_lazy("Er is een passkey weggehaald"),
            gettext_lazy("Met deze passkey kun je niet meer inloggen."),
        ),
        Event(
            "recovery-codes-made",
            gettext_lazy("Je hebt nieuwe herstelcodes"),
            gettext_lazy("Er zijn nieuwe herstelcodes gemaakt. De oude werken niet meer."),
        ),
        Event(
            "second-factor-removed",
            gettext_lazy("Je tweede stap is weggehaald"),
            gettext_lazy("De programmabeheerder heeft je tweede stap weggehaald. Stel hem opnieuw in als je inlogt."),
        ),
        Event(
            "organisation-connected",
            gettext_lazy("Je logt nu in met je organisatie"),
            gettext_lazy("Het account van je organisatie hoort nu bij je account hier."),
        ),
    )
}


@transaction.atomic
def note(*, user: User, event: str, by: User | None, to: str = "") -> None:
    """Record that `event` (a key of EVENTS) happened to the account of `user`, and mail it to them.

    to: another address than the one of the account, such as the one it had before.
    """
    what = EVENTS[event]
    record(what.verb, user, by=by)
    _mail(
        user,
        kind=what.verb,
        to=to or user.email,
        subject=str(what.subject),
        template="notice",
        sentence=what.sentence,
    )


def _mail(user: User, *, kind: str, to: str, subject: str, template: str, **words: object) -> None:
    body = render_to_string(
        f"account/email/{template}.txt", {"name": user.name, "site_name": settings.SITE_NAME, **words}
    )
    queue_mail(to=to, subject=subject, body=body.strip() + "\n", kind=kind, key=f"{kind}-{uuid.uuid4()}", user=user)


# Sessions


def end_sessions(*, user: User, keep: str | None = None) -> int:
    """End every session of `user` except the one with key `keep`. The number of those ended."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def end_session(*, session: UserSession, by: User) -> None:
    """End one session."""
    record("session-ended", by, by=by)
    session.end()


@transaction.atomic
def end_other_sessions(*, user: User, keep: str | None) -> None:
    """End all sessions of `user` but the one they are in."""
    record("sessions-ended", user, by=user, number=end_sessions(user=user, keep=keep))


# Password


@transaction.atomic
def change_password(*, user: User, password: str, by: User | None, keep: str | None = None) -> None:
    """Another password. All other sessions end; the one with key `keep` is for the view to carry over."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user, keep=keep)
    note(user=user, event="password-changed", by=by)


@transaction.atomic
def send_password_reset(*, address: str, link: Callable[[str, str], str]) -> None:
    """Mail a link to choose another password, when `address` is that of somebody who can log in; else do nothing.

    link: makes the link of the number of the account and the token.
    """
    user = User.objects.filter(email__iexact=address.strip(), is_active=True).first()
    if user is None or user.is_waiting:
        return
    record("password-reset-asked", user, by=None)
    _mail(
        user,
        kind="password-reset",
        to=user.email,
        subject=_("Een nieuw wachtwoord kiezen"),
        template="password_reset",
        link=link(urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)),
        hours=settings.PASSWORD_RESET_TIMEOUT // 3600,
    )


# Address and name


@transaction.atomic
def ask_address(*, user: User, address: str, link: Callable[[str], str]) -> None:
    """Mail a link to the new address; the account keeps its own until that is used. The newest request counts.

    Who has the address of somebody else gets no link, and whoever asks sees no difference. link: makes the link of
    the token.
    """
    EmailAddress.objects.filter(user=user).delete()
    waiting = EmailAddress.objects.create(user=user, email=address, verified=False, primary=False)
    record("address-change-asked", user, by=user)
    holder = User.objects.filter(email__iexact=address).exclude(pk=user.pk).first()
    _mail(
        # A mail belongs to whom it is about: in an export of the asker it would tell whose address this is.
        holder or user,
        kind="address-taken" if holder else "address-confirm",
        to=address,
        subject=_("Bevestig je nieuwe e-mailadres"),
        template="address_taken" if holder else "address_confirm",
        link="" if holder else link(signing.dumps(waiting.pk, salt=_ADDRESS_LINK)),
        hours=ADDRESS_LINK_AGE // 3600,
    )


def asked_address(token: str) -> EmailAddress | None:
    """The request that the link with `token` belongs to; None when it is used, too old, altered or overtaken."""
    try:
        number = signing.loads(token, salt=_ADDRESS_LINK, max_age=ADDRESS_LINK_AGE)
    except signing.BadSignature:
        return None
    return EmailAddress.objects.select_related("user").filter(pk=number, user__is_active=True).first()


def outdated_addresses(now: datetime) -> QuerySet[Any]:
    """Requests for another address whose link is too old at `now`."""
    asked = AuditEvent.objects.filter(
        verb="address-change-asked",
        subject_id=Cast(OuterRef("user_id"), CharField()),
        at__gte=now - timedelta(seconds=ADDRESS_LINK_AGE),
    )
    found: QuerySet[Any] = EmailAddress.objects.filter(~Exists(asked))
    return found


@transaction.atomic
def change_address(*, waiting: EmailAddress) -> bool:
    """The account gets the address that was asked for. False when somebody else took it in the meantime."""
    user = User.objects.select_for_update().get(pk=waiting.user_id)
    before, user.email = user.email, waiting.email
    if User.objects.filter(email__iexact=waiting.email).exclude(pk=user.pk).exists():
        return False
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    note(user=user, event="address-changed", by=user, to=before)
    return True


@transaction.atomic
def forget_asked_address(*, user: User) -> None:
    """Take back a change of address that was not confirmed yet."""
    if EmailAddress.objects.filter(user=user).delete()[0]:
        record("address-change-withdrawn", user, by=user)


@transaction.atomic
def rename(*, user: User, name: str) -> None:
    """Another name."""
    user.name = name
    user.save(update_fields=["name"])
    record("name-changed", user, by=user)


@transaction.atomic
def choose_digest(*, user: User, wanted: bool) -> None:
    """Whether the weekly mail comes."""
    user.wants_digest = wanted
    user.save(update_fields=["wants_digest"])
    record("digest-on" if wanted else "digest-off", user, by=user)


# Second factor


@transaction.atomic
def remove_second_factor(*, user: User, by: User) -> None:
    """For who lost phone and recovery codes: an admin takes the second factor away, and all sessions end."""
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user=user)
    note(user=user, event="second-factor-removed", by=by)
