"""Mail that goes out: a row per mail, written with the change that asks for it, and sent by a worker."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilots.enums import InvitationState, MailState
from pilots.models.people import User
from pilots.models.trajectories import Trajectory
from welbevinden.constraints import one_of, set_exactly_when


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self) -> "MailQuerySet":
        """Waiting mail whose moment has come, and mail whose worker must have died while sending it."""
        now = timezone.now()
        lost = now - timedelta(seconds=settings.MAIL_LOST_AFTER)
        return self.filter(
            Q(state=MailState.QUEUED, next_attempt_at__lte=now) | Q(state=MailState.SENDING, touched_at__lt=lost)
        )


class Mail(models.Model):
    """One mail to one person. The row is the truth; the message on the queue only a nudge."""

    # Names what the mail is about, so that the same event asked twice is one mail.
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    to = models.EmailField(_("aan"))
    subject = models.CharField(_("onderwerp"), max_length=200)
    body = models.TextField(_("tekst"))
    # About whom and what, for the lists of the admin and for the export of what is known about a person.
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="mails")
    trajectory = models.ForeignKey(Trajectory, on_delete=models.SET_NULL, null=True, related_name="mails")
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    error = models.TextField(blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar[MailQuerySet] = MailQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs types as_manager as Manager

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            one_of("state", MailState.values, "mail_state"),
            set_exactly_when(
                "sent_at", Q(state=MailState.SENT), "mail_sent_at", _("Verstuurd hoort bij een tijdstip.")
            ),
        )
        indexes = (
            models.Index(
                fields=("next_attempt_at",), name="mail_waiting", condition=Q(state__in=["queued", "sending"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.to}: {self.get_state_display()}"


class Invitation(models.Model):
    """The question to someone to come in. The link holds a secret of which only the hash is kept here."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, null=True, related_name="invitations")
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    mail = models.OneToOneField(Mail, on_delete=models.SET_NULL, null=True, related_name="invitation")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    # A newer invitation, or somebody who took it back.
    voided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(accepted_at__isnull=True, voided_at__isnull=True),
                name="invitation_one_open",
                violation_error_message=_("Er staat al een uitnodiging open."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """The link works."""
        return self.accepted_at is None and self.voided_at is None and timezone.now() < self.expires_at

    @property
    def state(self) -> InvitationState:
        """How it stands, with the mail that carries it (fetch it along in lists)."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.voided_at is not None:
            return InvitationState.VOIDED
        if timezone.now() >= self.expires_at:
            return InvitationState.EXPIRED
        if self.opened_at is not None:
            return InvitationState.OPENED
        if self.mail is None or self.mail.state == MailState.SENT:
            return InvitationState.SENT
        return InvitationState.UNSENT if self.mail.state == MailState.FAILED else InvitationState.SENDING
