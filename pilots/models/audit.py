"""Who did what, when. Written in the transaction of the change, without foreign keys, so it outlives everything."""

from django.db import models
from django.utils import timezone


class AuditEvent(models.Model):
    """One act of one person."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(
        max_length=254, blank=True, default="", db_default=""
    )  # e-mail at that moment; empty: the program
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64, blank=True, default="", db_default="")
    trajectory_id = models.BigIntegerField(null=True, db_index=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.subject} {self.subject_id}"
