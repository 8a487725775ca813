"""Mail that goes out: the row is written with the change that asks for it, and a worker is told afterwards."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from pilots.audit import record
from pilots.enums import MailState
from pilots.models import Invitation, Mail, Trajectory, User
from pilots.outbox import nudge_mail


@transaction.atomic
def queue_mail(
    *, key: str, kind: str, to: str, subject: str, body: str, user: User | None = None,
    trajectory: Trajectory | None = None,
) -> Mail:  # fmt: skip
    """The mail of one event: goes out when the caller's transaction is committed, and not when it is rolled back.

    key: names the event, at most 200 characters; asked again it is the same mail, whatever the other arguments.
    kind: groups mails in lists; only a kind in `pilots.emails.READABLE_KINDS` may be read by an admin in production.
    user, trajectory: whom and what it is about. Never fails because the queue or the mail server is away.
    """
    mail, is_new = Mail.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind, "to": to, "subject": " ".join(subject.split())[:200], "body": body, "user": user,
            "trajectory": trajectory,
        },
    )  # fmt: skip
    if is_new:
        transaction.on_commit(partial(nudge_mail, mail.pk))
    return mail


def may_send_again(mail: Mail) -> bool:
    """Whether it makes sense to try this mail again: it failed, and what it carries is still good."""
    if mail.state != MailState.FAILED:
        return False
    carried = Invitation.objects.filter(mail=mail).first()
    return carried is None or carried.is_open


@transaction.atomic
def send_again(*, mail: Mail, by: User | None) -> bool:
    """Try a failed mail again, from the first attempt; another one is left alone. Whether it was tried."""
    if not may_send_again(mail):
        return False
    again = Mail.objects.filter(pk=mail.pk, state=MailState.FAILED).update(
        state=MailState.QUEUED, attempts=0, error="", touched_at=timezone.now(), next_attempt_at=timezone.now()
    )
    if again:
        record("mail-sent-again", mail, by=by, trajectory_id=mail.trajectory_id)
        transaction.on_commit(partial(nudge_mail, mail.pk))
    return bool(again)
