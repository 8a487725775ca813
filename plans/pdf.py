"""The plan as a PDF: a document (see `plans.document`) and a template."""

from typing import Any

from django.utils.text import slugify

from pilots.models import Document
from plans import document as documents
from plans.figures import masked
from plans.models import Plan
from welbevinden import pdf


def render(document: dict[str, Any], *, draft: bool = False) -> bytes:
    """The PDF (PDF/UA-1) of a document as `plans.document.build` makes it; the same document gives the same bytes."""
    return pdf.render("pdf/plan.html", {"doc": document, "draft": draft})


def filename(document: dict[str, Any]) -> str:
    """What the download is called."""
    school = slugify(document["school"]["name"])[:60] or "school"
    return f"plan-van-aanpak-{school}-v{document['version']}.pdf"


def printed(plan: Plan) -> dict[str, Any]:
    """What the PDF of `plan` prints: fixed at its release; made now for a draft, and for a made-up plan (empty)."""
    return plan.document or masked(documents.build(plan), plan.names_masked)


def render_released(order: Document) -> bytes:
    """For the worker: the PDF of the released plan that `order` asks for."""
    return render(printed(Plan.objects.get(pk=order.object_id)))


def filename_of(order: Document) -> str:
    """The name of the file that `order` made."""
    return filename(printed(Plan.objects.get(pk=order.object_id)))


def render_now(plan: Plan) -> bytes:
    """For the command: the newest state of `plan`, without the queue. A draft is marked."""
    return render(printed(plan), draft=documents.is_draft(plan))
