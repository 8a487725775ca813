"""Documents that a worker makes: the row is the truth, a message on the queue only a nudge."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilots.enums import DocumentState
from pilots.models.trajectories import Trajectory
from welbevinden.constraints import one_of, set_exactly_when


class DocumentQuerySet(models.QuerySet["Document"]):
    def lost(self) -> "DocumentQuerySet":
        """Queued or running for so long that the message or the worker must be gone."""
        before = timezone.now() - timedelta(seconds=settings.DOCUMENT_LOST_AFTER)
        return self.filter(state__in=[DocumentState.QUEUED, DocumentState.RUNNING], touched_at__lt=before)

    def claim(self, pk: int) -> bool:
        """Take the work on document `pk`. True for exactly one of all who ask at the same time.

        A running document can be claimed again: its message comes back only when its worker died.
        """
        return bool(
            self.filter(pk=pk)
            .exclude(state__in=[DocumentState.DONE])
            .update(state=DocumentState.RUNNING, touched_at=timezone.now(), attempts=models.F("attempts") + 1, error="")
        )


class Document(models.Model):
    """One file to be made of one object, such as the PDF of a released plan."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=DocumentState.choices, default=DocumentState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    error = models.TextField(blank=True, default="", db_default="")
    file = models.FileField(upload_to="documents/%Y", blank=True)
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[DocumentQuerySet] = DocumentQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs types as_manager as Manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "object_id"), name="document_once_per_object"),
            one_of("state", DocumentState.values, "document_state"),
            set_exactly_when(
                "done_at", Q(state=DocumentState.DONE), "document_done_at", _("Klaar hoort bij een tijdstip.")
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.get_state_display()}"
