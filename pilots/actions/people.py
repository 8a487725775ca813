"""Accounts at the end of their life: closed, reopened, and erased in a way that keeps trajectories whole."""

import json
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from pilots.account_actions import end_sessions
from pilots.actions.invitations import withdraw_invitation
from pilots.audit import record
from pilots.enums import DocumentState
from pilots.models import AuditEvent, Document, Invitation, Mail, User

ERASED_NAME = "Verwijderde gebruiker"
ERASED_DOMAIN = "verwijderd.invalid"


class NotThisAccountError(Exception):
    """This account must stay; the message is a sentence for the admin."""


def is_erased(user: User) -> bool:
    """Whether nothing is left of this person but an empty account."""
    return user.email.endswith(f"@{ERASED_DOMAIN}")


def refuse_to_close(user: User, by: User) -> None:
    """Raise NotThisAccountError for the own account and for the last admin."""
    if user.pk == by.pk:
        raise NotThisAccountError(_("Je eigen account kun je niet sluiten. Vraag een andere programmabeheerder."))
    if user.is_admin and not User.objects.filter(is_admin=True, is_active=True).exclude(pk=user.pk).exists():
        raise NotThisAccountError(_("Dit is de laatste programmabeheerder. Maak eerst iemand anders beheerder."))


@transaction.atomic
def close_account(*, user: User, by: User) -> None:
    """Nobody gets in with this account any more; all its sessions end and its invitation is void.

    Roles stay, for history: somebody must be named for each. Raises NotThisAccountError.
    """
    # Two admins who close each other wait here, and the second finds the last one.
    list(User.objects.select_for_update().filter(is_admin=True).order_by("pk"))
    user = User.objects.select_for_update().get(pk=user.pk)
    refuse_to_close(user, by)
    if not user.is_active:
        return
    withdraw_invitation(user=user, by=by)
    end_sessions(user=user)
    user.is_active, user.closed_at = False, timezone.now()
    user.save(update_fields=["is_active", "closed_at"])
    record("account-closed", user, by=by)


@transaction.atomic
def reopen_account(*, user: User, by: User) -> None:
    """The account can be used again, with the password it had. Raises NotThisAccountError for one that was erased."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if is_erased(user):
        raise NotThisAccountError(_("Dit account is gewist. Voeg de persoon opnieuw toe aan een team."))
    if user.is_active:
        return
    user.is_active, user.closed_at = True, None
    user.save(update_fields=["is_active", "closed_at"])
    record("account-reopened", user, by=by)


@dataclass(frozen=True, slots=True)
class Remains:
    """What erasing does not reach: documents made before, to be looked through by a person."""

    documents: tuple[Document, ...]


def remains_of(user: User) -> Remains:
    """The finished documents of trajectories in whose team `user` is."""
    documents = Document.objects.filter(state=DocumentState.DONE, trajectory__team__user=user).distinct()
    return Remains(tuple(documents.select_related("trajectory__school").order_by("pk")))


@transaction.atomic
def erase_person(*, user: User, by: User) -> None:
    """Take a person out of the data and leave the trajectories whole.

    The account stays as an empty one, so that each text, answer and role still has somebody behind it; name, address,
    password, second factor, invitations and mail texts go, and address and name go from the audit trail and from mail
    to others. Raises NotThisAccountError.
    """
    close_account(user=user, by=by)
    user = User.objects.select_for_update().get(pk=user.pk)
    if is_erased(user):
        return
    email, name = user.email, user.name
    user.email, user.name = f"verwijderd-{user.pk}@{ERASED_DOMAIN}", ERASED_NAME
    user.is_admin = user.wants_digest = False
    user.set_unusable_password()
    user.last_login = None
    user.save()
    for model in (EmailAddress, Authenticator, SocialAccount, Invitation):
        model.objects.filter(user=user).delete()
    Mail.objects.filter(Q(user=user) | Q(to__iexact=email)).update(
        to=user.email, subject=ERASED_NAME, body=_("Gewist."), error=""
    )
    _rename_in_mail(email, name, user)
    _rename_in_audit(email, user)
    record("account-erased", user, by=by)


def _rename_in_mail(email: str, name: str, user: User) -> None:
    """Mail to others in which this person is named, such as whom to call."""
    for mail in Mail.objects.filter(Q(body__icontains=email) | Q(body__contains=name) | Q(error__icontains=email)):
        for field in ("body", "error", "subject"):
            text = getattr(mail, field).replace(email, user.email)
            setattr(mail, field, text.replace(name, user.name) if name else text)
        mail.save(update_fields=["body", "error", "subject"])


def _rename_in_audit(email: str, user: User) -> None:
    """Who did what stays, under the empty account."""
    AuditEvent.objects.filter(actor__iexact=email).update(actor=user.email)
    named = AuditEvent.objects.annotate(words=Cast("detail", TextField())).filter(words__icontains=email)
    for event in named:
        event.detail = json.loads(json.dumps(event.detail).replace(email, user.email))
        event.save(update_fields=["detail"])


@transaction.atomic
def note_export(*, user: User, by: User) -> None:
    """Somebody took everything that is known about `user`."""
    record("person-exported", user, by=by)
