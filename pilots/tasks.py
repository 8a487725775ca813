"""Work of the workers: documents are made here, and lost ones found again."""

import hashlib
import logging
from pathlib import PurePosixPath

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from pilots.enums import DocumentState
from pilots.models import Document
from pilots.outbox import find_waiting_mail, send_mail
from pilots.registry import registry

__all__ = ["find_lost_documents", "find_waiting_mail", "nudge", "render_document", "send_mail"]

log = logging.getLogger(__name__)

# A document that killed its worker so many times will kill the next one too.
MAX_ATTEMPTS = 5


@shared_task
def render_document(document_id: int) -> None:
    """Make document `document_id`, unless it is done already. Safe to run twice, also at the same time."""
    if not Document.objects.claim(document_id):
        return
    document = Document.objects.select_related("trajectory__school").get(pk=document_id)
    try:
        content = registry.documents[document.kind].render(document)
        _keep(document, content)
    except SoftTimeLimitExceeded:
        log.exception("document %s took too long", document_id)
        _fail(document_id, _("Het maken duurde te lang. Probeer het later opnieuw."))
    except Exception:
        log.exception("document %s failed", document_id)
        _fail(document_id, _("Er ging iets mis bij het maken. Probeer het opnieuw; blijft het misgaan, meld het dan."))


@shared_task
def find_lost_documents() -> None:
    """Offer again what was queued or begun so long ago that its message or its worker must be gone."""
    now = timezone.now()
    lost = Document.objects.lost()
    for document_id in lost.filter(attempts__gte=MAX_ATTEMPTS).values_list("pk", flat=True):
        log.error("document %s given up after %s attempts", document_id, MAX_ATTEMPTS)
        _fail(document_id, _("Het maken lukte na een paar keer niet. Meld dit bij de programmabeheerder."))
    for document_id in list(lost.order_by("touched_at").values_list("pk", flat=True)[:500]):
        # Of two beats only one gets the row, and the next round leaves it alone.
        if Document.objects.lost().filter(pk=document_id).update(touched_at=now) and not nudge(document_id):
            return


def nudge(document_id: int, *, queue: str = "celery") -> bool:
    """Tell a worker, through `queue`, that a document waits.

    False when the broker is away; `find_lost_documents` then finds the row.
    """
    try:
        render_document.apply_async((document_id,), retry=False, queue=queue)
    except (OperationalError, RedisError, OSError):
        log.warning("document %s waits until the broker is back", document_id, exc_info=True)
        return False
    return True


def _keep(document: Document, content: bytes) -> None:
    """Write the file and say so in the row, under the row's lock.

    A kill at any moment leaves a running row that is found again; the file it left is overwritten by the next one,
    for the name follows from the document alone.
    """
    with transaction.atomic():
        row = Document.objects.select_for_update().get(pk=document.pk)
        if row.state == DocumentState.DONE:
            return
        suffix = PurePosixPath(registry.documents[document.kind].filename(document)).suffix
        name = f"documents/{row.created_at:%Y}/{row.kind}-{row.object_id}{suffix}"
        if default_storage.exists(name):
            default_storage.delete(name)
        row.file.name = default_storage.save(name, ContentFile(content))
        row.sha256 = hashlib.sha256(content).hexdigest()
        row.state = DocumentState.DONE
        row.error = ""
        row.done_at = row.touched_at = timezone.now()
        row.save()


def _fail(document_id: int, reason: str) -> None:
    """Say what a person may know; one that was made in the meantime stays made."""
    Document.objects.filter(pk=document_id, state__in=[DocumentState.QUEUED, DocumentState.RUNNING]).update(
        state=DocumentState.FAILED, error=reason, touched_at=timezone.now()
    )
