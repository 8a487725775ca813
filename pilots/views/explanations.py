"""Pages that explain, for everybody with an account."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pilots.abbreviations import abbreviations
from pilots.decorators import everyone
from pilots.explanations import explanations as pages
from welbevinden.http import AuthenticatedRequest


@everyone
@require_safe
def explanations(request: AuthenticatedRequest) -> HttpResponse:
    """All pages, and the abbreviations of the field."""
    return render(
        request, "pilots/explanations.html", {"pages": pages().values(), "abbreviations": abbreviations().items()}
    )


@everyone
@require_safe
def explanation(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """One page."""
    page = pages().get(slug)
    if page is None:
        raise Http404
    return render(
        request,
        "pilots/explanation.html",
        {"page": page, "pages": pages().values(), "see": [pages()[each] for each in page.see]},
    )
