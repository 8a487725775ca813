"""Pages of the checklist: hold an interview, check it, make it final, see what it says."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from checklist import actions
from checklist.figures import (
    AnswerLine,
    DomainFigures,
    answers_of,
    domain_figures,
    leading_interview,
    questions_of,
    result_of,
    who_answered,
)
from checklist.forms import AnswerForm, InterviewForm
from checklist.loading import offers
from checklist.models import Answer, Instrument, Interview, Item
from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from pilots.vocabulary import vocabulary
from welbevinden.http import AuthenticatedRequest

# More than this many "now" is more than a school can take up in a year; a hint, no bound.
MANY_NOW = 10


def _interview(trajectory: Trajectory, interview_id: int) -> Interview:
    return get_object_or_404(Interview.objects.select_related("instrument"), pk=interview_id, trajectory=trajectory)


def _may_answer(trajectory: Trajectory) -> bool:
    return May.ANSWER_CHECKLIST in trajectory.may


def _people(interview: Interview, trajectory: Trajectory) -> list[str]:
    """Who were there, as the school calls them."""
    words = vocabulary()
    known = {**words.helpers, **words.owners}
    return [words.person(role, trajectory.school.sector) if role in known else role for role in interview.respondents]


def _url(name: str, interview: Interview, **more: str) -> str:
    """The address of a page of `interview`."""
    numbers = {"trajectory_id": interview.trajectory_id, "interview_id": interview.pk}
    return reverse(name, kwargs={**numbers, **more})


def _domain_url(interview: Interview, domain: str) -> str:
    return _url("checklist_domain", interview, domain=domain)


def _is_final(request: AuthenticatedRequest, interview: Interview) -> HttpResponse:
    """What anybody gets who wants to change a final interview with a page."""
    messages.warning(
        request,
        _(
            "Deze checklist is definitief en verandert niet meer. Wil je iets anders vastleggen? Start dan een nieuwe, "
            "met deze antwoorden als begin."
        ),
    )
    return redirect(_url("checklist_result", interview))


@dataclass(frozen=True, slots=True)
class Row:
    """An interview in the overview."""

    interview: Interview
    people: list[str]
    leads: bool


@in_trajectory(May.SEE)
@require_GET
def overview(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    interviews = list(
        Interview.objects.filter(trajectory=trajectory).with_progress().select_related("instrument").leading()
    )
    rows = [
        Row(interview, _people(interview, trajectory), leads=number == 0) for number, interview in enumerate(interviews)
    ]
    has_instrument = Instrument.objects.filter(sector=trajectory.school.sector).exists()
    context = {
        "trajectory": trajectory,
        "rows": rows,
        "may_answer": _may_answer(trajectory),
        "has_instrument": has_instrument,
    }
    return render(request, "checklist/overview.html", context)


@in_trajectory(May.ANSWER_CHECKLIST)
@require_http_methods(["GET", "POST"])
def start(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    form = InterviewForm(request.POST or None, trajectory=trajectory)
    if request.method == "POST" and form.is_valid():
        try:
            interview = actions.start_interview(
                trajectory=trajectory,
                by=request.user,
                token=form.cleaned_data["token"],
                held_on=form.cleaned_data["held_on"],
                respondents=form.cleaned_data["respondents"],
                mode=form.cleaned_data["mode"],
                copy_from=form.cleaned_data.get("copy_from"),
            )
        except Instrument.DoesNotExist:
            form.add_error(None, _("Er is nog geen checklist voor deze sector. Vraag de programmabeheerder erom."))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(_url("checklist_interview", interview))
    status = 422 if form.is_bound else 200
    context = {"trajectory": trajectory, "form": form, "interview": None}
    return render(request, "checklist/details.html", context, status=status)


@in_trajectory(May.ANSWER_CHECKLIST)
@require_http_methods(["GET", "POST"])
def details(request: AuthenticatedRequest, trajectory: Trajectory, interview_id: int) -> HttpResponse:
    interview = _interview(trajectory, interview_id)
    if interview.is_final:
        return _is_final(request, interview)
    form = InterviewForm(request.POST or None, trajectory=trajectory, interview=interview)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_interview(
                interview=interview,
                by=request.user,
                held_on=form.cleaned_data["held_on"],
                respondents=form.cleaned_data["respondents"],
                mode=form.cleaned_data["mode"],
            )
        except actions.InterviewIsFinalError:
            return _is_final(request, interview)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("De gegevens van het gesprek zijn opgeslagen."))
            return redirect("checklist", trajectory_id=trajectory.pk)
    context = {
        "trajectory": trajectory,
        "form": form,
        "interview": interview,
        "is_empty": not interview.answers.exists(),
    }
    return render(request, "checklist/details.html", context, status=422 if form.is_bound else 200)


@in_trajectory(May.ANSWER_CHECKLIST)
@require_POST
def remove(request: AuthenticatedRequest, trajectory: Trajectory, interview_id: int) -> HttpResponse:
    interview = Interview.objects.filter(pk=interview_id, trajectory=trajectory).first()
    if interview is None:
        # A second press, or somebody else was first: what was asked is so. A foreign one was never in this list.
        return redirect("checklist", trajectory_id=trajectory.pk)
    try:
        removed = actions.remove_interview(interview=interview, by=request.user)
    except actions.InterviewIsFinalError:
        return _is_final(request, interview)
    if removed:
        messages.success(request, _("Het lege gesprek is verwijderd."))
    else:
        messages.warning(request, _("In dit gesprek is al iets ingevuld; daarom blijft het staan."))
    return redirect("checklist", trajectory_id=trajectory.pk)


@in_trajectory(May.SEE)
@require_GET
def interview(request: AuthenticatedRequest, trajectory: Trajectory, interview_id: int) -> HttpResponse:
    """To where work goes on: the first domain with something open, the check page, or the result."""
    found = _interview(trajectory, interview_id)
    if found.is_final or not _may_answer(trajectory):
        return redirect(_url("checklist_result", found))
    for figures in domain_figures(found):
        if not figures.complete:
            return redirect(_domain_url(found, figures.domain))
    return redirect(_url("checklist_check", found))


@dataclass(frozen=True, slots=True)
class ItemField:
    """An item on the page of its domain: the statement, what is in its fields, and what somebody else made of it."""

    line: AnswerLine
    value: str
    priority: str
    note: str
    version: int
    was: str
    errors: list[str]
    other: AnswerLine | None = None
    other_by: str = ""

    @property
    def code(self) -> str:
        return self.line.item


def _fields(lines: list[AnswerLine]) -> list[ItemField]:
    return [
        ItemField(
            line=line,
            value="" if line.score is None else str(line.score),
            priority=line.priority,
            note=line.note,
            version=line.version,
            was=line.content.fingerprint,
            errors=[],
        )
        for line in lines
    ]


@in_trajectory(May.SEE)
@require_http_methods(["GET", "POST"])
def domain(request: AuthenticatedRequest, trajectory: Trajectory, interview_id: int, domain: str) -> HttpResponse:
    interview = _interview(trajectory, interview_id)
    if domain not in vocabulary().checklist_domains:
        raise Http404
    if request.method == "POST":
        if not _may_answer(trajectory):
            raise Http404
        return _save_page(request, trajectory, interview, domain)
    if interview.is_final or not _may_answer(trajectory):
        result = _url("checklist_result", interview)
        return redirect(f"{result}#domein-{domain}")
    return _show_page(request, trajectory, interview, domain, _fields(answers_of(interview, domain)))


def _save_page(
    request: AuthenticatedRequest, trajectory: Trajectory, interview: Interview, domain: str
) -> HttpResponse:
    """Save all answers of a page at once: what a browser without JavaScript sends."""
    lines = answers_of(interview, domain)
    forms = {line.item: AnswerForm(request.POST, prefix=line.item) for line in lines}
    if [form for form in forms.values() if not form.is_valid()]:
        fields = [_typed(line, forms[line.item]) for line in lines]
        return _show_page(request, trajectory, interview, domain, fields, status=422)
    # What was not touched is not saved, so that an old page never stands in the way of somebody else's answers; and
    # what did not come along at all says nothing.
    touched = [
        line
        for line in lines
        if f"{line.item}-note" in request.POST
        and f"{line.item}-take" not in request.POST
        and forms[line.item].content.fingerprint != request.POST.get(f"{line.item}-was", "")
    ]
    items = Item.objects.in_bulk([line.item_id for line in touched])
    saves = [actions.Save(items[line.item_id], forms[line.item].content, forms[line.item].based_on) for line in touched]
    try:
        saved = actions.save_answers(interview=interview, saves=saves, by=request.user)
    except actions.InterviewIsFinalError:
        return _is_final(request, interview)
    conflicts = {line.item: outcome.answer for line, outcome in zip(touched, saved, strict=True) if outcome.conflict}
    if conflicts:
        now = answers_of(interview, domain)
        fields = [
            _typed(line, forms[line.item], trajectory, conflicts[line.item]) if line.item in conflicts else field
            for line, field in zip(now, _fields(now), strict=True)
        ]
        return _show_page(request, trajectory, interview, domain, fields, status=409)
    figures = domain_figures(interview)
    messages.success(request, _("Opgeslagen om %(time)s.") % {"time": _clock()})
    if "stay" in request.POST:
        return redirect(_domain_url(interview, domain))
    following = _following([each.domain for each in figures], domain)
    return redirect(_domain_url(interview, following) if following else _check_url(interview))


def _typed(
    line: AnswerLine, form: AnswerForm, trajectory: Trajectory | None = None, other: Answer | None = None
) -> ItemField:
    """The field with what was typed in it, beside its faults or what somebody else made of it meanwhile."""
    data = form.data
    key = f"{line.item}-"
    version = int(form.cleaned_data.get("version") or 0)
    return ItemField(
        line=line,
        value=data.get(f"{key}value", ""),
        priority=data.get(f"{key}priority", ""),
        note=data.get(f"{key}note", ""),
        # Whoever saves again after seeing the other's answer means it.
        version=other.version if other else version,
        was=data.get(f"{key}was", ""),
        errors=[str(error) for errors in form.errors.values() for error in errors],
        other=line if other else None,
        other_by=who_answered(trajectory, other) if other and trajectory else "",
    )


def _show_page(
    request: AuthenticatedRequest,
    trajectory: Trajectory,
    interview: Interview,
    domain: str,
    fields: list[ItemField],
    *,
    status: int = 200,
) -> HttpResponse:
    figures = domain_figures(interview)
    domains = [each.domain for each in figures]
    following = _following(domains, domain)
    context = {
        "trajectory": trajectory,
        "interview": interview,
        "domain": domain,
        "number": domains.index(domain) + 1,
        "figures": figures,
        "answered": sum(each.answered for each in figures),
        "item_count": sum(each.items for each in figures),
        "intro": interview.instrument.intros.get(domain, ""),
        "fields": fields,
        "offers": offers()[domain],
        "wrong": [field for field in fields if field.errors],
        "conflicts": [field for field in fields if field.other],
        "following": following,
        "next_url": _domain_url(interview, following) if following else _check_url(interview),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    return render(request, "checklist/domain.html", context, status=status)


def _following(domains: list[str], domain: str) -> str:
    """The domain after this one; empty after the last."""
    place = domains.index(domain) + 1
    return domains[place] if place < len(domains) else ""


def _check_url(interview: Interview) -> str:
    return _url("checklist_check", interview)


def _clock() -> str:
    return date_format(timezone.localtime(), "H:i")


@in_trajectory(May.ANSWER_CHECKLIST)
@require_POST
def answer(request: AuthenticatedRequest, trajectory: Trajectory, interview_id: int, item: str) -> JsonResponse:
    """Save one answer as it is given; JSON for the module of the page.

    200: it stands there now. 409: somebody else was first (`other`), the interview is final (`final`), or somebody
    else is logged in by now (`other_user`); nothing changed. 422: this can never be saved, and why.
    """
    interview = _interview(trajectory, interview_id)
    found = get_object_or_404(Item, instrument=interview.instrument_id, code=item)
    if request.POST.get("user", str(request.user.pk)) != str(request.user.pk):
        return JsonResponse({"other_user": True}, status=409)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        faults = [str(fault) for faults in form.errors.values() for fault in faults]
        return JsonResponse({"error": " ".join(faults)}, status=422)
    save = actions.Save(found, form.content, form.based_on)
    try:
        [saved] = actions.save_answers(interview=interview, saves=[save], by=request.user)
    except actions.InterviewIsFinalError:
        message = _("Deze checklist is intussen definitief gemaakt; er verandert niets meer.")
        return JsonResponse({"final": True, "error": message}, status=409)
    if saved.conflict and saved.answer is not None:
        return JsonResponse({"other": _other(trajectory, saved.answer)}, status=409)
    figures = domain_figures(interview)
    mine = next(each for each in figures if each.domain == found.domain)
    return JsonResponse(
        {
            "version": saved.version,
            "at": _clock(),
            "domain": {"id": mine.domain, "answered": mine.answered, "items": mine.items},
            "answered": sum(each.answered for each in figures),
        }
    )


def _other(trajectory: Trajectory, answer: Answer) -> dict[str, Any]:
    return {
        "version": answer.version,
        "value": "" if answer.value is None else str(answer.value),
        "priority": answer.priority,
        "note": answer.note,
        "by": who_answered(trajectory, answer),
        "at": date_format(timezone.localtime(answer.changed_at), "H:i"),
    }


@dataclass(frozen=True, slots=True)
class OpenDomain:
    """A domain on the check page, with the items that have no answer."""

    figures: DomainFigures
    lines: list[AnswerLine]

    @property
    def is_short(self) -> bool:
        """Few enough to show at once."""
        return len(self.lines) <= 5


@in_trajectory(May.ANSWER_CHECKLIST)
@require_GET
def check(request: AuthenticatedRequest, trajectory: Trajectory, interview_id: int) -> HttpResponse:
    interview = _interview(trajectory, interview_id)
    if interview.is_final:
        return redirect(_url("checklist_result", interview))
    return _show_check(request, trajectory, interview)


def _show_check(
    request: AuthenticatedRequest, trajectory: Trajectory, interview: Interview, *, error: str = "", status: int = 200
) -> HttpResponse:
    lines = answers_of(interview)
    figures = domain_figures(interview)
    now = [line for line in lines if line.priority == "now"]
    context = {
        "trajectory": trajectory,
        "interview": interview,
        "people": _people(interview, trajectory),
        "domains": [
            OpenDomain(each, [line for line in lines if line.domain == each.domain and line.is_open])
            for each in figures
        ],
        "answered": sum(each.answered for each in figures),
        "item_count": len(lines),
        "open_count": sum(each.open for each in figures),
        "now": now,
        "later_count": sum(each.later for each in figures),
        "many_now": len(now) > MANY_NOW,
        "error": error,
    }
    return render(request, "checklist/check.html", context, status=status)


@in_trajectory(May.ANSWER_CHECKLIST)
@require_POST
def final(request: AuthenticatedRequest, trajectory: Trajectory, interview_id: int) -> HttpResponse:
    interview = _interview(trajectory, interview_id)
    try:
        made = actions.make_final(interview=interview, by=request.user)
    except ValidationError as error:
        return _show_check(request, trajectory, interview, error=" ".join(error.messages), status=422)
    if made:
        messages.success(request, _("De checklist is definitief."))
    return redirect(_url("checklist_result", interview))


@in_trajectory(May.SEE)
@require_GET
def result(request: AuthenticatedRequest, trajectory: Trajectory, interview_id: int) -> HttpResponse:
    interview = _interview(trajectory, interview_id)
    leading = leading_interview(trajectory)
    context = {
        "trajectory": trajectory,
        "interview": interview,
        "people": _people(interview, trajectory),
        "result": result_of(interview),
        "leads": leading is not None and leading.pk == interview.pk,
        "may_answer": _may_answer(trajectory),
    }
    return render(request, "checklist/result.html", context)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A domain on paper."""

    label: str
    intro: str
    lines: list[AnswerLine]


def _chapters(instrument: Instrument, lines: list[AnswerLine]) -> list[Chapter]:
    return [
        Chapter(label, instrument.intros.get(domain, ""), [line for line in lines if line.domain == domain])
        for domain, label in vocabulary().checklist_domains.items()
    ]


@in_trajectory(May.SEE)
@require_GET
def record(request: AuthenticatedRequest, trajectory: Trajectory, interview_id: int) -> HttpResponse:
    """The whole interview in the order of the questions, to print and to keep."""
    interview = _interview(trajectory, interview_id)
    context = {
        "trajectory": trajectory,
        "interview": interview,
        "instrument": interview.instrument,
        "people": _people(interview, trajectory),
        "chapters": _chapters(interview.instrument, answers_of(interview)),
    }
    return render(request, "checklist/paper.html", context)


@in_trajectory(May.SEE)
@require_GET
def empty(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """The empty form on paper."""
    try:
        instrument = Instrument.objects.newest_for(trajectory.school.sector)
    except Instrument.DoesNotExist:
        # The overview says what is missing and who can help.
        return redirect("checklist", trajectory_id=trajectory.pk)
    context = {
        "trajectory": trajectory,
        "interview": None,
        "instrument": instrument,
        "people": [],
        "chapters": _chapters(instrument, questions_of(instrument)),
    }
    return render(request, "checklist/paper.html", context)
