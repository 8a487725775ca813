"""Asking people in: invitations to who has no password yet, and word to who has."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pilots import emails
from pilots.audit import record
from pilots.enums import MailState, RoleName
from pilots.mail_actions import queue_mail
from pilots.models import AuditEvent, Invitation, Mail, TeamMember, Trajectory, User

VALID_FOR = timedelta(days=14)
#: How many people somebody may ask in within a day; an admin begins with whole cohorts.
PER_DAY, PER_DAY_OF_ADMIN = 20, 500

#: Makes the address of a page from the secret of an invitation.
Link = Callable[[str], str]


class TooManyError(Exception):
    """Somebody asked in as many people as they may in a day."""


class ClosedAccountError(Exception):
    """This account is closed: nobody can be asked in through it."""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_invitation(token: str) -> Invitation | None:
    """The invitation whose link holds `token`; None when it is used, expired, void or never was."""
    found = (
        Invitation.objects.select_related("user", "invited_by", "trajectory__school")
        .filter(token_hash=_hash(token), user__is_active=True)
        .first()
    )
    return found if found is not None and found.is_open and found.user.is_waiting else None


def asked_today(by: User) -> int:
    """How many people `by` asked in during the last day, those included who had an account already."""
    since = timezone.now() - timedelta(days=1)
    asked = AuditEvent.objects.filter(verb="colleague-asked", actor=by.email, at__gte=since)
    return Invitation.objects.filter(invited_by=by, created_at__gte=since).count() + asked.count()


def refuse_too_many(by: User) -> None:
    """Raise TooManyError when `by` has asked in as many people as they may in a day."""
    if asked_today(by) >= (PER_DAY_OF_ADMIN if by.is_admin else PER_DAY):
        raise TooManyError


def is_successor(member: TeamMember) -> bool:
    """Whether this person took over the role from somebody."""
    return AuditEvent.objects.filter(
        trajectory_id=member.trajectory_id, verb="member-replaced", subject_id=str(member.pk)
    ).exists()


@transaction.atomic
def invite(*, member: TeamMember, by: User, link: Link, after: int | None = None) -> Invitation | None:
    """Ask a member of a team in. A link sent before does not work any more.

    link: makes the address from the secret, of which only a hash is kept. after: the number of the newest invitation
    that `by` saw (0: none); when there is a newer one by now, the same button was pressed twice and nothing is sent.
    None: this person has a password already, or is no longer asked. Raises TooManyError, ClosedAccountError.
    """
    user = User.objects.select_for_update().get(pk=member.user_id)
    if not user.is_active:
        raise ClosedAccountError
    if not user.is_waiting:
        return None
    newest = user.invitations.first()
    if after is not None and (newest.pk if newest else 0) != after:
        return newest
    refuse_too_many(by)
    _void(Q(user=user))
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        user=user,
        trajectory=member.trajectory,
        invited_by=by,
        token_hash=_hash(token),
        expires_at=timezone.now() + VALID_FOR,
    )
    subject, body = emails.invitation(
        invitation, member, link=link(token), gsa=_contact(member.trajectory, user), takes_over=is_successor(member)
    )
    invitation.mail = queue_mail(
        key=f"invitation-{invitation.pk}", kind="invitation", to=user.email, subject=subject, body=body, user=user,
        trajectory=member.trajectory,
    )  # fmt: skip
    invitation.save(update_fields=["mail"])
    record("invitation-sent", invitation, by=by, trajectory_id=member.trajectory_id, user=user.email)
    return invitation


@transaction.atomic
def welcome(*, member: TeamMember, by: User, page: str, handover: str = "") -> None:
    """Tell somebody who can log in already that they belong to a team now.

    page, handover: the addresses of the trajectory and, for a successor, of the page that tells where it stands.
    """
    user = member.user
    if user.is_waiting or not user.is_active or user.pk == by.pk:
        return
    subject, body = emails.member_added(
        member, by=by, page=page, handover=handover, gsa=_contact(member.trajectory, user)
    )
    queue_mail(
        key=f"member-added-{member.pk}", kind="member-added", to=user.email, subject=subject, body=body, user=user,
        trajectory=member.trajectory,
    )  # fmt: skip


@transaction.atomic
def ask_known(*, trajectory: Trajectory, email: str, name: str, by: User) -> bool:
    """A director asks in somebody who has an account: that person decides, and until then nothing changes.

    name: as the director typed it; what stands in the account is not theirs to know. False: this address has no
    account yet, or one that waits for its first invitation, and nothing was done. Raises TooManyError.
    """
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None or (user.is_active and user.is_waiting):
        return False
    refuse_too_many(by)
    record("colleague-asked", trajectory, by=by, trajectory_id=trajectory.pk, email=email, name=name)
    contact = _contact(trajectory, user) or by
    if user.is_active:
        subject, body = emails.colleague_asked(user, trajectory, by=by, contact=contact)
        queue_mail(
            key=f"colleague-asked-{trajectory.pk}-{user.pk}", kind="colleague-asked", to=user.email, subject=subject,
            body=body, user=user, trajectory=trajectory,
        )  # fmt: skip
    return True


def asked_by_director(trajectory: Trajectory) -> list[tuple[str, str]]:
    """Name and address, as typed, of those whom the director asked and who are not in the team yet."""
    there = {email.lower() for email in trajectory.team.values_list("user__email", flat=True)}
    events = AuditEvent.objects.filter(trajectory_id=trajectory.pk, verb="colleague-asked").order_by("at", "pk")
    asked = {str(each.detail.get("email", "")).lower(): str(each.detail.get("name", "")) for each in events}
    return [(name, email) for email, name in asked.items() if email not in there]


def _contact(trajectory: Trajectory, user: User) -> User | None:
    """Whom this person can ask: the GSA of the trajectory, unless that is themselves."""
    gsa = trajectory.team.filter(role=RoleName.GSA, user__is_active=True).exclude(user=user).select_related("user")
    first = gsa.first()
    return first.user if first is not None else None


def _void(which: Q) -> int:
    """These invitations do not work any more; mail that has not gone yet does not go."""
    open_ones = Invitation.objects.filter(which, accepted_at__isnull=True, voided_at__isnull=True)
    mails = list(open_ones.exclude(mail=None).values_list("mail", flat=True))
    number = open_ones.update(voided_at=timezone.now())
    for mail in Mail.objects.filter(pk__in=mails).exclude(state__in=[MailState.SENT, MailState.SENDING]):
        Mail.objects.filter(pk=mail.pk, state=mail.state).update(
            state=MailState.FAILED,
            error=_("Niet meer nodig: de uitnodiging is ingetrokken of er is een nieuwere."),
            body=emails.without_secrets(mail.kind, mail.body),
            touched_at=timezone.now(),
        )
    return number


@transaction.atomic
def withdraw_invitation(*, user: User, by: User) -> bool:
    """Take back the open invitation of `user`. Whether there was one."""
    open_one = user.invitations.filter(accepted_at__isnull=True, voided_at__isnull=True).first()
    if open_one is None or not _void(Q(pk=open_one.pk)):
        return False
    record("invitation-withdrawn", open_one, by=by, trajectory_id=open_one.trajectory_id, user=user.email)
    return True


@transaction.atomic
def open_invitation(*, invitation: Invitation) -> None:
    """The person looked at it and went on."""
    if Invitation.objects.filter(pk=invitation.pk, opened_at__isnull=True).update(opened_at=timezone.now()):
        record("invitation-opened", invitation, by=None, trajectory_id=invitation.trajectory_id)


@transaction.atomic
def refuse_invitation(*, invitation: Invitation) -> None:
    """Whoever got the link says that they are somebody else: it stops working, and who sent it is told."""
    if not _void(Q(pk=invitation.pk)):
        return
    record("invitation-refused", invitation, by=None, trajectory_id=invitation.trajectory_id)
    sender = invitation.invited_by
    if sender is not None and sender.is_active and not sender.is_waiting:
        subject, body = emails.invitation_refused(invitation)
        queue_mail(
            key=f"invitation-refused-{invitation.pk}", kind="invitation-refused", to=sender.email, subject=subject,
            body=body, user=sender, trajectory=invitation.trajectory,
        )  # fmt: skip


def refused(invitations: list[Invitation]) -> set[int]:
    """The numbers of those of which somebody said that they are not meant."""
    trajectories = {each.trajectory_id for each in invitations if each.voided_at is not None}
    if not trajectories:
        return set()
    events = AuditEvent.objects.filter(
        trajectory_id__in=trajectories, verb="invitation-refused", subject_id__in=[str(each.pk) for each in invitations]
    )
    return {int(number) for number in events.values_list("subject_id", flat=True)}


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str) -> User | None:
    """The person chooses a name and a password and can log in from now on. None: the link does not work any more."""
    found = find_invitation(token)
    if found is None:
        return None
    user = User.objects.select_for_update().get(pk=found.user_id)
    now = timezone.now()
    still_open = Q(pk=found.pk, accepted_at__isnull=True, voided_at__isnull=True)
    if not user.is_waiting or not Invitation.objects.filter(still_open).update(accepted_at=now):
        return None
    Invitation.objects.filter(pk=found.pk, opened_at__isnull=True).update(opened_at=now)
    user.name = name
    user.set_password(password)
    user.save(update_fields=["name", "password"])
    record("invitation-accepted", found, by=user, trajectory_id=found.trajectory_id)
    return user
