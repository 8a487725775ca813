"""Writes the audit trail; called by actions inside their transaction."""

from typing import Any

from django.db.models import Model

from pilots.models import AuditEvent, User


def record(
    verb: str, subject: Model, *, by: User | None, trajectory_id: int | None = None, **detail: Any
) -> AuditEvent:
    """Record that `by` (None: the program) did `verb` to `subject`. `detail` must be JSON and hold no answers."""
    made = event(verb, subject, by=by, trajectory_id=trajectory_id, **detail)
    made.save()
    return made


def event(verb: str, subject: Model, *, by: User | None, trajectory_id: int | None = None, **detail: Any) -> AuditEvent:
    """The row of `record`, for whoever writes many at once."""
    return AuditEvent(
        actor=by.email if by else "",
        verb=verb,
        subject=subject._meta.label_lower,  # noqa: SLF001 Django documents it
        subject_id=str(subject.pk or ""),
        trajectory_id=trajectory_id,
        detail=detail,
    )
