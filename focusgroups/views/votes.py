"""What is written down in a round: a line per person, totals, the order of the group, its decision."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from focusgroups import actions
from focusgroups.counting import BallotLineError
from focusgroups.enums import Method
from focusgroups.figures import in_words, line_of_ballot, read_line, round_of
from focusgroups.forms import DecisionForm, LineForm, TallyForm
from focusgroups.models import DraftBallot
from focusgroups.views.frame import UNPROCESSABLE, address, done, faults_to, refusal, session_of, session_page
from focusgroups.views.rounds import ranking_of, show_round
from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest, wants_no_page


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def line_add(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, number: int) -> HttpResponse:
    """Write down one person's line. It is kept as typed, also when it cannot be counted."""
    group = session_of(trajectory, group_id, held=True)
    ranking = ranking_of(group, number, Method.ORDER, Method.POINTS)
    form = LineForm(request.POST)
    if form.is_valid():
        try:
            actions.record_line(
                ranking=ranking, uuid=form.cleaned_data["uuid"], line=form.cleaned_data["line"], by=request.user
            )
        except ValidationError as error:
            faults_to(form, error)
    if wants_no_page(request):
        return refusal(form) if form.errors else JsonResponse({"saved": True}, status=201)
    if form.errors:
        return show_round(request, trajectory, group, number, line=form)
    return redirect(f"{address('focus_group_round', group, number=number)}#id_line")


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def line_read(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, number: int) -> HttpResponse:
    """What is understood of a line while it is typed. Keeps nothing."""
    group = session_of(trajectory, group_id, held=True)
    ranking = ranking_of(group, number)
    line = request.POST.get("line", "")
    numbers = round_of(ranking, list(group.options.all())).numbers
    words, fault = "", ""
    if line.strip():
        try:
            words = in_words(
                read_line(ranking.method, line, numbers, ranking.points_each), numbers, ranking.points_each
            )
        except BallotLineError as error:
            fault = str(error)
    return render(request, "focusgroups/round.html#preview", {"words": words, "fault": fault})


@in_trajectory(May.RECORD_GROUPS)
@require_http_methods(["GET", "HEAD", "POST"])
def line_edit(
    request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, number: int, uuid: UUID
) -> HttpResponse:
    """Change or take away one person's line."""
    group = session_of(trajectory, group_id, held=True)
    ranking = ranking_of(group, number, Method.ORDER, Method.POINTS)
    url = address("focus_group_round", group, number=number)
    ballot = ranking.ballots.filter(uuid=uuid).first()
    draft = ranking.drafts.filter(uuid=uuid).first()
    if ballot is None and draft is None:
        raise Http404
    numbers = round_of(ranking, list(group.options.all())).numbers
    typed = line_of_ballot(ballot, numbers) if ballot else draft.line if draft else ""
    # The page below the dialog has a field for the next person: its names are taken.
    form = LineForm(
        request.POST if request.method == "POST" else None, initial={"uuid": uuid, "line": typed}, auto_id="edit-%s"
    )
    fault = actions.why_not_counted(ranking, draft.line, len(ranking.ballots.all())) if draft else ""
    if request.method == "POST":
        if "remove" in request.POST:
            actions.remove_line(ranking=ranking, uuid=uuid, by=request.user)
            return done(request, url)
        if form.is_valid():
            try:
                kept = actions.record_line(ranking=ranking, uuid=uuid, line=form.cleaned_data["line"], by=request.user)
            except ValidationError as error:
                faults_to(form, error)
            else:
                # A line that still cannot be counted is kept all the same; once more is only asked here.
                if draft is None or not isinstance(kept, DraftBallot):
                    return done(request, url)
                fault = actions.why_not_counted(ranking, kept.line, ranking.ballots.count())
    template = "focusgroups/line.html#form" if request.htmx else "focusgroups/line.html"
    page = session_page(trajectory, group, "ranking")
    return render(
        request,
        template,
        {**page, "form": form, "ranking": ranking, "uuid": uuid, "fault": fault, "back": url},
        status=UNPROCESSABLE if form.errors else 200,
    )


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def tally(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, number: int) -> HttpResponse:
    """Write down the totals: what can be read is kept, the rest stays in its field."""
    group = session_of(trajectory, group_id, held=True)
    ranking = ranking_of(group, number, Method.TALLY)
    form = TallyForm(request.POST, options=round_of(ranking, list(group.options.all())).numbers)
    form.is_valid()
    try:
        actions.record_tally(ranking=ranking, tally=form.tally, by=request.user)
    except ValidationError as error:
        faults_to(form, error)
    if form.errors:
        return show_round(request, trajectory, group, number, tally=form)
    messages.success(request, _("De totalen zijn opgeslagen."))
    return redirect(f"{address('focus_group_round', group, number=number)}#outcome")


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def consensus(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, number: int) -> HttpResponse:
    """Write down the order that the group laid together; a line that cannot be read stays as it was typed."""
    group = session_of(trajectory, group_id, held=True)
    ranking = ranking_of(group, number, Method.CONSENSUS)
    form = LineForm(request.POST)
    if not form.is_valid():
        return show_round(request, trajectory, group, number, line=form)
    actions.record_consensus(ranking=ranking, line=form.cleaned_data["line"], by=request.user)
    return redirect(f"{address('focus_group_round', group, number=number)}#outcome")


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def decide(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, number: int) -> HttpResponse:
    """Write down what the group decided, or take that back."""
    group = session_of(trajectory, group_id, held=True)
    ranking = ranking_of(group, number)
    url = f"{address('focus_group_round', group, number=number)}#outcome"
    if "withdraw" in request.POST:
        actions.withdraw_decision(ranking=ranking, by=request.user)
        messages.success(request, _("Het besluit is weg. De telling geldt weer."))
        return redirect(url)
    form = DecisionForm(request.POST, counted=round_of(ranking, list(group.options.all())), prefix="decision")
    if not form.is_valid():
        return show_round(request, trajectory, group, number, decision=form)
    actions.decide(ranking=ranking, order=form.order, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Het besluit van de groep is vastgelegd. De telling blijft ernaast staan."))
    return redirect(url)
