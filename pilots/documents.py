"""Documents on their way to a person."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from pilots.enums import DocumentState
from pilots.models import Document
from pilots.registry import registry

RETRY_AFTER = 5  # seconds; most documents take less


def document_response(document: Document) -> HttpResponseBase:
    """The file as a download under its right name; 503 with Retry-After while it is not there.

    The caller has looked whether the person may have it.
    """
    if document.state != DocumentState.DONE or not document.file:
        text = (
            _("Het document kon niet worden gemaakt. Probeer het opnieuw via de pagina waar je vandaan komt.")
            if document.state == DocumentState.FAILED
            else _("Het document wordt nog gemaakt. Probeer het over een paar tellen opnieuw.")
        )
        return HttpResponse(
            text, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": str(RETRY_AFTER)}
        )
    name = registry.documents[document.kind].filename(document)
    return FileResponse(default_storage.open(document.file.name), as_attachment=True, filename=name)
