"""Sends the mail that waits: exactly one worker at a time takes a row, and the row says at every moment how it stands.

What is promised: a mail is sent at least once or shown as failed with a reason, and never by two workers at once. SMTP
has no transaction, so there is one moment in which a death leaves a doubt: after the server took the mail and before
the row says so. That moment is written in the row before it begins. A mail found in it is sent once more, with the
same Message-ID, by which mail programs and servers know the second copy; found in it a second time it is left to a
person. A death at any other moment costs nothing, however often.
"""

import hashlib
import logging
import smtplib
from datetime import timedelta
from email.utils import parseaddr

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import sanitize_address
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from pilots.emails import without_secrets
from pilots.enums import MailState
from pilots.models import Mail

log = logging.getLogger(__name__)

#: Minutes until the next attempt, after each attempt that failed: two days in all.
DELAYS = (1, 5, 15, 60, 120, 240, 480, 960, 960)
#: Seconds before a row is offered to a worker again; until then its message is believed to be on its way.
OFFERED_AGAIN_AFTER = 55
#: Seconds that the server gets to say that it took the mail: the longest it may think, because giving up here leaves
#: a doubt. Less than the time limit of a task.
ANSWER_TIMEOUT = 80

# Written before the moment of doubt, and true when nobody comes back to take it away.
INTERRUPTED = "Het versturen brak af; misschien is de mail al aangekomen."
INTERRUPTED_TWICE = (
    "Het versturen brak twee keer af. Vraag of de mail is aangekomen, en verstuur hem anders zelf opnieuw."
)


class _RefusedError(Exception):
    """The server says that it will never take this mail; the message is a sentence for a person."""


@shared_task(name="pilots.tasks.send_mail")
def send_mail(mail_id: int) -> None:
    """Send mail `mail_id` if it is its time. Safe to run twice, also at the same time."""
    mail = _claim(mail_id)
    if mail is None:
        return
    try:
        sent = _deliver(mail)
    except _RefusedError as refused:
        _note(mail, state=MailState.FAILED, error=str(refused))
    except SoftTimeLimitExceeded:
        _later(mail, _("De mailserver deed er te lang over."))
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail %s waits: %s", mail_id, error)
        _later(mail, _reason(error))
    except (ValueError, UnicodeError):
        log.exception("mail %s cannot be written", mail_id)
        _note(mail, state=MailState.FAILED, error=_("Met dit adres of deze tekst is geen mail te maken."))
    except Exception:
        log.exception("mail %s failed", mail_id)
        _later(mail, _("Er ging iets mis bij het versturen."))
    else:
        if not sent:
            log.warning("mail %s was taken over by another worker", mail_id)


@shared_task(name="pilots.tasks.find_waiting_mail")
def find_waiting_mail() -> None:
    """Offer what is due to the workers: mail to be tried again, and mail whose message or worker is gone."""
    now = timezone.now()
    Mail.objects.due().filter(state=MailState.SENDING, error=INTERRUPTED_TWICE).update(
        state=MailState.FAILED, touched_at=now
    )
    quiet = Q(state=MailState.SENDING) | Q(touched_at__lt=now - timedelta(seconds=OFFERED_AGAIN_AFTER))
    for mail_id, state in list(Mail.objects.due().filter(quiet).order_by("pk").values_list("pk", "state")[:500]):
        # Of two beats only one gets the row. One that is being sent keeps its moment, by which it is claimed.
        if state == MailState.QUEUED:
            mine = Mail.objects.due().filter(quiet, pk=mail_id, state=state).update(touched_at=now)
            if not mine:
                continue
        if not nudge_mail(mail_id):
            return


def nudge_mail(mail_id: int) -> bool:
    """Tell a worker that a mail waits. False when the broker is away; `find_waiting_mail` then finds the row."""
    try:
        send_mail.apply_async((mail_id,), retry=False)
    except (OperationalError, RedisError, OSError):
        log.warning("mail %s waits until the broker is back", mail_id, exc_info=True)
        return False
    return True


def message_id(mail: Mail) -> str:
    """The Message-ID of a mail, the same for every attempt."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{mail.pk}.{hashlib.sha256(mail.key.encode()).hexdigest()[:24]}@{domain}>"


def _claim(mail_id: int) -> Mail | None:
    """Take the work on a mail. For exactly one of all who ask at the same time; `attempts` is the token of that one."""
    taken = (
        Mail.objects.due()
        .filter(pk=mail_id)
        .exclude(state=MailState.SENDING, error=INTERRUPTED_TWICE)
        .update(state=MailState.SENDING, touched_at=timezone.now(), attempts=F("attempts") + 1)
    )
    return Mail.objects.get(pk=mail_id) if taken else None


def _note(mail: Mail, **fields: object) -> bool:
    """Write how it stands, unless another worker took the mail over since."""
    return bool(
        Mail.objects.filter(pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts).update(
            touched_at=timezone.now(), **fields
        )
    )


def _later(mail: Mail, reason: str) -> None:
    """Try again after a while, or give up after two days."""
    if mail.error == INTERRUPTED_TWICE:
        _note(mail, state=MailState.FAILED)
        return
    if mail.attempts > len(DELAYS):
        last = _("Na twee dagen proberen opgegeven. %(reason)s") % {"reason": reason}
        _note(mail, state=MailState.FAILED, error=last)
        return
    # That the mail may have arrived already stays known.
    doubt = f"{INTERRUPTED} " if mail.error.startswith(INTERRUPTED) else ""
    next_attempt = timezone.now() + timedelta(minutes=DELAYS[mail.attempts - 1])
    _note(mail, state=MailState.QUEUED, error=doubt + reason, next_attempt_at=next_attempt)


def _deliver(mail: Mail) -> bool:
    """Hand the mail to the server and write that down before anything else. False: it was no longer ours to send."""
    message = EmailMessage(
        mail.subject,
        mail.body,
        to=[mail.to],
        headers={"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated"},
    )
    content = message.message().as_bytes(linesep="\r\n")
    before = mail.error
    connection = get_connection()
    try:
        connection.open()
        smtp = getattr(connection, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            smtp.ehlo_or_helo_if_needed()
            _expect_yes(*smtp.mail(sanitize_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], "utf-8")))
            _expect_yes(*smtp.rcpt(sanitize_address(mail.to, "utf-8")))
        mail.error = INTERRUPTED_TWICE if before.startswith(INTERRUPTED) else INTERRUPTED
        if not _note(mail, error=mail.error):
            return False
        if isinstance(smtp, smtplib.SMTP):
            assert smtp.sock is not None  # noqa: S101 for the type checker: it is open
            smtp.sock.settimeout(ANSWER_TIMEOUT)
            try:
                _expect_yes(*smtp.data(content))
            except (smtplib.SMTPResponseException, _RefusedError):
                mail.error = before  # a clear no leaves no doubt
                raise
        else:  # the backend of the demo or of a test
            connection.send_messages([message])
        return _note(
            mail, state=MailState.SENT, sent_at=timezone.now(), error="", body=without_secrets(mail.kind, mail.body)
        )
    finally:
        try:
            connection.close()
        except (smtplib.SMTPException, OSError):  # it hung up after the mail was taken
            log.info("the mail server hung up", exc_info=True)


def _expect_yes(code: int, said: bytes) -> None:
    """Raise what a refusal means: never, or not now."""
    if 500 <= code < 600:
        raise _RefusedError(_("De mailserver weigert de mail: %(answer)s") % {"answer": _answer(code, said)})
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, said)


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:500]


def _reason(error: Exception) -> str:
    """Why it did not work this time, for the admin's list."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("De mailserver weigert onze aanmelding: %(answer)s") % {
            "answer": _answer(error.smtp_code, error.smtp_error)
        }
    if isinstance(error, smtplib.SMTPResponseException):
        return _("De mailserver neemt de mail nu niet aan: %(answer)s") % {
            "answer": _answer(error.smtp_code, error.smtp_error)
        }
    # smtplib tells of a server that was too slow as of one that hung up.
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return _("De mailserver geeft geen antwoord.")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return _("De mailserver verbrak de verbinding.")
    if isinstance(error, smtplib.SMTPException):
        return _("De mailserver werkt niet mee: %(answer)s") % {"answer": str(error)[:500]}
    return _("De mailserver is niet te bereiken.")
