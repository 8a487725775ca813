"""Rounds of ranking: opening one, and its page with entry, check and outcome."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from focusgroups import actions
from focusgroups.counting import BallotLineError
from focusgroups.enums import Method
from focusgroups.figures import (
    Round,
    agreement_words,
    firmness,
    in_words,
    line_of_ballot,
    line_of_order,
    numbered,
    people,
    read_line,
    round_of,
)
from focusgroups.forms import DecisionForm, LineForm, RoundForm, TallyForm, counted_line
from focusgroups.models import FocusGroup, Option, Ranking
from focusgroups.views.frame import UNPROCESSABLE, address, faults_to, mark, session_of, session_page
from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest

DEFAULT_POINTS = 3


def rounds_of(group: FocusGroup) -> list[Ranking]:
    """All rounds of a session with what was typed in them."""
    return list(group.rankings.prefetch_related("ballots", "drafts"))


def round_numbered(rounds: Sequence[Ranking], number: int) -> Ranking:
    """Round `number` among those that were read."""
    for each in rounds:
        if each.round == number:
            return each
    raise Http404


def ranking_of(group: FocusGroup, number: int, *methods: str) -> Ranking:
    """Round `number` of a session; with `methods` only one that was voted in one of those ways."""
    found = get_object_or_404(
        Ranking.objects.select_related("focus_group").prefetch_related("ballots"), round=number, focus_group=group
    )
    if methods and found.method not in methods:
        raise Http404
    return found


@in_trajectory(May.SEE)
@require_safe
def ranking(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int) -> HttpResponse:
    """The last round; before there is one, how to begin."""
    group = session_of(trajectory, group_id, held=True)
    last = group.rankings.last()
    if last is not None:
        return redirect(address("focus_group_round", group, number=last.round))
    if May.RECORD_GROUPS in trajectory.may and group.options.exists():
        return redirect("focus_group_round_add", trajectory_id=trajectory.pk, group_id=group.pk)
    page = session_page(trajectory, group, "ranking")
    return render(request, "focusgroups/no_round.html", {**page, "options_url": address("focus_group_options", group)})


@in_trajectory(May.RECORD_GROUPS)
@require_http_methods(["GET", "HEAD", "POST"])
def round_add(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int) -> HttpResponse:
    """Open a round: how people choose, and what is on the table."""
    group = session_of(trajectory, group_id, held=True)
    all_options = list(group.options.all())
    last = group.rankings.last()
    on_table = set(last.option_refs) if last else set()
    later = [option.pk for option in all_options if not on_table or option.ref in on_table]
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        initial={
            "number": last.round + 1 if last else 1,
            "method": last.method if last else Method.ORDER,
            "points_each": (last.points_each if last else None) or DEFAULT_POINTS,
            "options": later,
        },
        options=group.options.all(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_round(group=group, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            faults_to(form, error)
        else:
            return redirect(address("focus_group_round", group, number=opened.round))
    chosen = {str(each) for each in form["options"].value() or []}
    return render(
        request,
        "focusgroups/round_add.html",
        {
            **session_page(trajectory, group, "ranking"),
            "form": form,
            "rounds": list(group.rankings.all()),
            "number": form["number"].value(),
            "choices": [
                {"number": number, "option": option, "checked": str(option.pk) in chosen}
                for number, option in numbered(all_options).items()
            ],
        },
        status=UNPROCESSABLE if form.errors else 200,
    )


def outcome_of(trajectory: Trajectory, counted: Round) -> dict[str, Any]:
    """The outcome of a round, as far as this person may see it."""
    may_record = May.RECORD_GROUPS in trajectory.may
    agreement = counted.result.agreement
    return {
        "counted": counted,
        # In a small group a spread shows who said what: only those who were there see it.
        "spread": may_record or not counted.few,
        "firmness": firmness(counted),
        "agreement": agreement_words(counted),
        "w": float(agreement.w) if agreement.w is not None and "researcher" in trajectory.roles else None,
        "mean_correlation": float(agreement.mean_correlation) if agreement.mean_correlation is not None else None,
        "has_ballots": counted.ranking.method in {Method.ORDER, Method.POINTS},
        "amount_word": _("stippen") if counted.ranking.method != Method.ORDER else _("genoemd"),
    }


def _check(counted: Round, present: int | None, drafts: int) -> tuple[str, ...]:
    """The running check of a round with ballots, in short sentences."""
    ranking = counted.ranking
    votes = len(ranking.ballots.all())
    if present is None:
        said = [ngettext("%(n)s stem", "%(n)s stemmen", votes) % {"n": votes}]
    else:
        said = [_("%(votes)s van %(people)s mensen") % {"votes": votes, "people": present}]
    if ranking.method == Method.POINTS and ranking.points_each:
        used = sum(place.amount or 0 for place in counted.places)
        available = (present or votes) * ranking.points_each
        said.append(_("%(used)s van %(all)s stippen") % {"used": used, "all": available})
    if counted.result.abstentions:
        count = counted.result.abstentions
        said.append(ngettext("%(n)s onthouding", "%(n)s onthoudingen", count) % {"n": count})
    if drafts:
        said.append(
            ngettext("%(n)s regel telt nog niet mee", "%(n)s regels tellen nog niet mee", drafts) % {"n": drafts}
        )
    return tuple(said)


def _round_state(
    trajectory: Trajectory, group: FocusGroup, ranking: Ranking, options: Sequence[Option]
) -> dict[str, Any]:
    """Everything about a round that changes while people vote."""
    counted = round_of(ranking, options)
    drafts = list(ranking.drafts.all())
    votes = len(ranking.ballots.all())
    lines: list[dict[str, Any]] = []
    if May.RECORD_GROUPS in trajectory.may:
        for ballot in ranking.ballots.all():
            line = line_of_ballot(ballot, counted.numbers)
            try:
                words = in_words(
                    read_line(ranking.method, line, counted.numbers, None), counted.numbers, ranking.points_each
                )
            except BallotLineError:
                # From a file with options that a line cannot name.
                words = line
            lines.append({"uuid": ballot.uuid, "position": ballot.position, "line": line, "words": words, "fault": ""})
        for draft in drafts:
            fault = actions.why_not_counted(ranking, draft.line, votes)
            lines.append(
                {"uuid": draft.uuid, "position": draft.position, "line": draft.line, "words": "", "fault": fault}
            )
        lines.sort(key=lambda each: each["position"])
        for number, each in enumerate(lines, start=1):
            each["number"] = number
    return {
        **outcome_of(trajectory, counted),
        "ranking": ranking,
        "lines": lines,
        "check": _check(counted, people(group), len(drafts)),
        "drafts": drafts,
        "mark": mark(
            [(each["uuid"], each["line"], each["fault"]) for each in lines],
            ranking.tally,
            ranking.order,
            ranking.decision_order,
            ranking.decision_reason,
            people(group),
        ),
    }


def show_round(
    request: AuthenticatedRequest,
    trajectory: Trajectory,
    group: FocusGroup,
    number: int,
    *,
    tally: TallyForm | None = None,
    line: LineForm | None = None,
    decision: DecisionForm | None = None,
) -> HttpResponse:
    """The page of a round; a form that was refused is shown as it was sent."""
    rounds = rounds_of(group)
    ranking = round_numbered(rounds, number)
    state = _round_state(trajectory, group, ranking, list(group.options.all()))
    counted: Round = state["counted"]
    page = session_page(trajectory, group, "ranking")
    faulty = [form for form in (tally, line, decision) if form is not None and form.errors]
    if page["may_record"]:
        if ranking.method == Method.TALLY and tally is None:
            totals = ranking.tally or {}
            tally = TallyForm(
                options=counted.numbers,
                initial={f"total-{each}": totals.get(option.ref) for each, option in counted.numbers.items()},
            )
        if decision is None:
            decided = ranking.decision_order or None
            decision = DecisionForm(
                counted=counted,
                prefix="decision",
                initial={
                    "line": line_of_order(decided, counted.numbers) if decided else counted_line(counted),
                    "reason": ranking.decision_reason,
                },
            )
    consensus = line_of_order(ranking.order, counted.numbers)
    if ranking.method == Method.CONSENSUS and state["drafts"]:
        consensus = state["drafts"][0].line
    return render(
        request,
        "focusgroups/round.html",
        {
            **page,
            **state,
            "rounds": rounds,
            "tally_form": tally,
            "tally_rows": [
                {"number": each, "option": option, "field": tally[f"total-{each}"]}
                for each, option in counted.numbers.items()
            ]
            if tally
            else [],
            "line_form": line or LineForm(),
            "decision_form": decision,
            "consensus": consensus,
            "consensus_fault": state["lines"][0]["fault"] if state["drafts"] and state["lines"] else "",
            "faulty": faulty[0] if faulty else None,
            "can_remove": not counted.begun and not state["drafts"] and ranking.round == rounds[-1].round,
            "example": "4*2 1" if ranking.method == Method.POINTS else "4 1=7 2",
        },
        status=UNPROCESSABLE if faulty else 200,
    )


@in_trajectory(May.SEE)
@require_safe
def round_page(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, number: int) -> HttpResponse:
    """One round: entry, check and outcome. A script asks for what changed alone."""
    group = session_of(trajectory, group_id, held=True)
    if not request.htmx:
        return show_round(request, trajectory, group, number)
    ranking = round_numbered(rounds_of(group), number)
    state = _round_state(trajectory, group, ranking, list(group.options.all()))
    if request.GET.get("seen") == state["mark"]:
        return HttpResponse(status=204)
    page = session_page(trajectory, group, "ranking")
    return render(request, "focusgroups/round.html#state", {**page, **state, "oob": True})


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def round_remove(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, number: int) -> HttpResponse:
    """Take away a round that was opened by mistake."""
    group = session_of(trajectory, group_id, held=True)
    try:
        actions.remove_round(ranking=ranking_of(group, number), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(address("focus_group_round", group, number=number))
    messages.success(request, _("De ronde is weg."))
    return redirect(address("focus_group_ranking", group))
