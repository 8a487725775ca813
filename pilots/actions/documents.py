"""Documents that a worker makes."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from pilots.audit import record
from pilots.enums import DocumentState
from pilots.models import Document, Trajectory, User
from pilots.registry import registry
from pilots.tasks import nudge


@transaction.atomic
def order_document(*, trajectory: Trajectory, kind: str, object_id: int, by: User | None) -> Document:
    """The document of one object: made by a worker as soon as this transaction is committed, once for each object.

    Never fails because the queue is away: the row waits, and beat finds it. Raises KeyError for an unknown kind.
    """
    registry.documents[kind]
    document, ordered = Document.objects.get_or_create(
        kind=kind, object_id=object_id, defaults={"trajectory": trajectory}
    )
    if ordered:
        record("document-ordered", document, by=by, trajectory_id=trajectory.pk, kind=kind, object_id=object_id)
        # Nobody waits for what an import or a command orders.
        transaction.on_commit(partial(nudge, document.pk, queue="celery" if by else "import"))
    return document


@transaction.atomic
def retry_document(*, document: Document, by: User | None) -> None:
    """Try a failed document again; another one is left alone."""
    again = Document.objects.filter(pk=document.pk, state=DocumentState.FAILED).update(
        state=DocumentState.QUEUED, attempts=0, error="", touched_at=timezone.now()
    )
    if again:
        record("document-retried", document, by=by, trajectory_id=document.trajectory_id)
        transaction.on_commit(partial(nudge, document.pk))
