"""What was said, by role."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from focusgroups import actions
from focusgroups.forms import NewQuoteForm, QuoteForm
from focusgroups.models import Quote
from focusgroups.views.frame import UNPROCESSABLE, address, faults_to, session_of, session_page
from pilots.decorators import in_trajectory
from pilots.enums import Consent
from pilots.models import Trajectory
from pilots.quotes import DECISIONS, decide_on_quote
from pilots.roles import May
from pilots.vocabulary import vocabulary
from welbevinden.http import AuthenticatedRequest


@in_trajectory(May.SEE_QUOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def quotes(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int) -> HttpResponse:
    """What was said, by role."""
    group = session_of(trajectory, group_id, held=True)
    page = session_page(trajectory, group, "quotes")
    if request.method == "POST" and not page["may_record"]:
        raise Http404
    sector = trajectory.school.sector
    form = NewQuoteForm(request.POST if request.method == "POST" else None, kind=group.kind, sector=sector)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.add_quote(group=group, by=request.user, **values)
        except ValidationError as error:
            faults_to(form, error)
        else:
            return redirect("focus_group_quotes", trajectory_id=trajectory.pk, group_id=group.pk)
    words = vocabulary()
    listed = [
        {
            "quote": quote,
            "by": words.person(quote.role, sector) if quote.role else _("iemand"),
            "may_be_released": not quote.released and quote.consent != Consent.TRAJECTORY,
        }
        for quote in group.quotes.all()
    ]
    may_release = May.RELEASE_QUOTES in trajectory.may
    return render(
        request,
        "focusgroups/quotes.html",
        {**page, "form": form, "quotes": listed, "may_release": may_release},
        status=UNPROCESSABLE if form.errors else 200,
    )


@in_trajectory(May.RECORD_GROUPS)
@require_http_methods(["GET", "HEAD", "POST"])
def quote_edit(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, uuid: UUID) -> HttpResponse:
    """Change a quote, or take it away."""
    group = session_of(trajectory, group_id, held=True)
    quote = get_object_or_404(Quote, uuid=uuid, focus_group=group)
    url = address("focus_group_quotes", group)
    form = QuoteForm(
        request.POST if request.method == "POST" else None,
        initial={"role": quote.role, "text": quote.text, "consent": quote.consent},
        kind=group.kind,
        sector=trajectory.school.sector,
    )
    if request.method == "POST":
        if "remove" in request.POST:
            actions.remove_quote(quote=quote, by=request.user)
            messages.success(request, _("Het citaat is verwijderd."))
            return redirect(url)
        if form.is_valid():
            actions.change_quote(quote=quote, by=request.user, **form.cleaned_data)
            return redirect(url)
    page = session_page(trajectory, group, "quotes")
    return render(
        request,
        "focusgroups/quote.html",
        {**page, "form": form, "quote": quote, "back": url},
        status=UNPROCESSABLE if form.errors else 200,
    )


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def quote_release(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, uuid: UUID) -> HttpResponse:
    """Release a quote, take it back, or withdraw the consent for it."""
    group = session_of(trajectory, group_id, held=True)
    quote = get_object_or_404(Quote, uuid=uuid, focus_group=group)
    what = request.POST.get("do", "")
    if what not in DECISIONS or (what == "release" and May.RELEASE_QUOTES not in trajectory.may):
        raise Http404
    try:
        messages.success(request, decide_on_quote(quote=quote, what=what, trajectory=trajectory, by=request.user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(address("focus_group_quotes", group) + f"#citaat-{quote.uuid}")
