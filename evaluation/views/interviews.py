"""Pages on which an evaluation interview is held: start, the parts of the talk, finish."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evaluation import actions
from evaluation.enums import Side
from evaluation.figures.interviews import (
    Field,
    Row,
    Talk,
    TalkPart,
    content_of,
    find_place,
    people_of,
    talk_of,
    who_said,
)
from evaluation.figures.lookback import look_back
from evaluation.forms import EvaluationForm, SaidForm
from evaluation.models import RATINGS, Evaluation
from evaluation.reading import QUOTE, Place, part_of
from evaluation.rules import may_write
from evaluation.views.frame import CONFLICT, UNPROCESSABLE, address, evaluation_of, is_over
from pilots.decorators import in_trajectory
from pilots.enums import Consent
from pilots.models import Trajectory
from pilots.roles import May
from pilots.vocabulary import vocabulary
from welbevinden.http import AuthenticatedRequest


@in_trajectory(May.EVALUATE)
@require_http_methods(["GET", "POST"])
def start(request: AuthenticatedRequest, trajectory: Trajectory, side: str) -> HttpResponse:
    if side not in Side.values or not may_write(trajectory.may, side):
        raise Http404
    form = EvaluationForm(request.POST or None, trajectory=trajectory, side=side)
    if request.method == "POST" and form.is_valid():
        try:
            evaluation = actions.start_evaluation(
                trajectory=trajectory, side=side, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(address("evaluation_interview", evaluation))
    context = {
        "trajectory": trajectory,
        "form": form,
        "side": side,
        "evaluation": None,
        "has_plan": _has_plan(trajectory),
    }
    return render(request, "evaluation/interview_start.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _has_plan(trajectory: Trajectory) -> bool:
    return trajectory.plans.exists()


@in_trajectory(May.EVALUATE)
@require_http_methods(["GET", "POST"])
def details(request: AuthenticatedRequest, trajectory: Trajectory, evaluation_id: int) -> HttpResponse:
    evaluation = evaluation_of(trajectory, evaluation_id, write=True)
    if evaluation.is_final:
        return is_over(request, evaluation)
    side = evaluation.side
    form = EvaluationForm(request.POST or None, trajectory=trajectory, side=side, evaluation=evaluation)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.change_evaluation(
                evaluation=evaluation, held_on=values["held_on"], respondents=values["respondents"], by=request.user
            )
        except actions.EvaluationIsFinalError:
            return is_over(request, evaluation)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("De gegevens van het gesprek zijn opgeslagen."))
            return redirect("evaluation", trajectory_id=trajectory.pk)
    context = {
        "trajectory": trajectory,
        "form": form,
        "side": side,
        "evaluation": evaluation,
        "is_empty": actions.is_untouched(evaluation),
        "has_plan": True,
    }
    return render(request, "evaluation/interview_start.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@in_trajectory(May.EVALUATE)
@require_POST
def remove(request: AuthenticatedRequest, trajectory: Trajectory, evaluation_id: int) -> HttpResponse:
    evaluation = Evaluation.objects.filter(pk=evaluation_id, trajectory=trajectory).first()
    # A second press, or somebody else was first: what was asked is so.
    if evaluation is not None:
        if not may_write(trajectory.may, evaluation.side):
            raise Http404
        try:
            removed = actions.remove_evaluation(evaluation=evaluation, by=request.user)
        except actions.EvaluationIsFinalError:
            return is_over(request, evaluation)
        if removed:
            messages.success(request, _("Het lege gesprek is verwijderd."))
        else:
            messages.warning(request, _("In dit gesprek staat al iets; daarom blijft het staan."))
    return redirect("evaluation", trajectory_id=trajectory.pk)


@in_trajectory(May.SEE)
@require_GET
def interview(request: AuthenticatedRequest, trajectory: Trajectory, evaluation_id: int) -> HttpResponse:
    """To where work goes on: the first part with something open, the page to finish, or the record."""
    evaluation = evaluation_of(trajectory, evaluation_id, rows=True)
    if evaluation.is_final or not may_write(trajectory.may, evaluation.side):
        return redirect(address("evaluation_record", evaluation))
    for part in talk_of(evaluation).parts.values():
        if not part.complete:
            return redirect(address("evaluation_part", evaluation, part=part.id))
    return redirect(address("evaluation_finish", evaluation))


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: what is sent, and how it reads."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class OpenField:
    """A field on the page that is written in: what is in it, its faults, and what somebody else made of it."""

    field: Field
    value: str
    priority: str
    note: str
    version: int
    was: str
    options: list[Option]
    errors: list[str]
    other: Field | None = None
    other_by: str = ""

    @property
    def code(self) -> str:
        return self.field.code

    @property
    def is_new_quote(self) -> bool:
        return self.field.place.kind == QUOTE and not self.field.version and not self.note


def _options(place: Place, evaluation: Evaluation) -> list[Option]:
    words = vocabulary()
    if place.kind == QUOTE:
        sector = evaluation.trajectory.school.sector
        people = [role for role in evaluation.respondents if role in words.owners]
        return [Option(role, words.person(role, sector)) for role in people]
    if place.is_factor:
        return []
    if place.kind in {"question", "improvement", "outcome"}:
        return [Option(value, label) for value, label in words.evaluation_judgements.items()]
    return [Option(str(rating), str(rating)) for rating in RATINGS]


def _open(field: Field, evaluation: Evaluation) -> OpenField:
    content = field.content
    options = _options(field.place, evaluation)
    value = "" if content.value is None else str(content.value)
    if field.place.kind == QUOTE and value and value not in {option.value for option in options}:
        options.append(Option(value, vocabulary().person(value, evaluation.trajectory.school.sector)))
    return OpenField(
        field=field,
        value=value,
        priority=content.priority or (Consent.TRAJECTORY.value if field.place.kind == QUOTE else ""),
        note=content.note,
        version=field.version,
        was=content.fingerprint,
        options=options,
        errors=[],
    )


@in_trajectory(May.EVALUATE)
@require_http_methods(["GET", "POST"])
def part(request: AuthenticatedRequest, trajectory: Trajectory, evaluation_id: int, part: str) -> HttpResponse:
    evaluation = evaluation_of(trajectory, evaluation_id, write=True, rows=True)
    if evaluation.is_final:
        return is_over(request, evaluation)
    talk = talk_of(evaluation, blank=True)
    if part not in talk.parts:
        raise Http404
    if request.method == "POST":
        return _save_page(request, talk, talk.parts[part])
    return _show_page(request, talk, talk.parts[part])


def _sent(data: Mapping[str, Any], talk: Talk, part: TalkPart) -> dict[str, Field]:
    """The fields that came with the page, new quotes and own factors included, in the order of the page."""
    known = {field.code: field for field in (*part.fields, *part.quotes) if field.version or not field.place.uuid}
    found = {}
    for name in data:
        code, dash, what = name.rpartition("-")
        place = find_place(code) if dash and what == "note" else None
        if place is None or (part_of(place.about) if place.kind == QUOTE else part.id) != part.id:
            continue
        label = _("Eigen punt") if place.is_own_factor else ""
        found[code] = known.get(code) or Field(place, label, "", content_of(None), 0)
    return found


def _save_page(request: AuthenticatedRequest, talk: Talk, part: TalkPart) -> HttpResponse:
    """Save all fields of a page at once: what a browser without JavaScript sends."""
    evaluation = talk.evaluation
    fields = _sent(request.POST, talk, part)
    forms = {code: SaidForm(request.POST, prefix=code, place=field.place) for code, field in fields.items()}
    typed = {code: _typed(field, forms[code], evaluation) for code, field in fields.items()}
    if any(each.errors for each in typed.values()):
        return _show_page(request, talk, part, typed, status=UNPROCESSABLE)
    # What was not touched is not saved, so that an old page never stands in the way of somebody else's words.
    touched = [
        code
        for code in fields
        if f"{code}-take" not in request.POST and forms[code].content.fingerprint != request.POST.get(f"{code}-was", "")
    ]
    saves = [actions.Save(fields[code].place, forms[code].content, forms[code].based_on) for code in touched]
    try:
        saved = actions.save_fields(evaluation=evaluation, saves=saves, by=request.user)
    except actions.EvaluationIsFinalError:
        return is_over(request, evaluation)
    conflicts = {code: outcome.row for code, outcome in zip(touched, saved, strict=True) if outcome.conflict}
    if conflicts:
        now = talk_of(evaluation_of(evaluation.trajectory, evaluation.pk, write=True, rows=True), blank=True)
        for code, row in conflicts.items():
            typed[code] = _typed(fields[code], forms[code], evaluation, row, conflict=True)
        mine = {code: each for code, each in typed.items() if code in conflicts}
        return _show_page(request, now, now.parts[part.id], mine, status=CONFLICT)
    messages.success(request, _("Opgeslagen om %(time)s.") % {"time": _clock()})
    if "stay" in request.POST:
        return redirect(address("evaluation_part", evaluation, part=part.id))
    return redirect(_next(talk, part.id))


def _next(talk: Talk, part: str) -> str:
    following = talk.following(part)
    if following:
        return address("evaluation_part", talk.evaluation, part=following)
    return address("evaluation_finish", talk.evaluation)


def _typed(
    field: Field, form: SaidForm, evaluation: Evaluation, row: Row | None = None, *, conflict: bool = False
) -> OpenField:
    """The field with what was typed in it, beside its faults or what somebody else made of it meanwhile."""
    data, key = form.data, f"{field.code}-"
    is_good = form.is_valid()
    version = int(form.cleaned_data.get("version") or 0)
    other = None
    if conflict:
        # Whoever saves again after seeing the other's words means it.
        version = row.version if row else 0
        other = Field(field.place, field.label, "", content_of(row), version)
    return OpenField(
        field=field,
        value=data.get(f"{key}value", ""),
        priority=data.get(f"{key}priority", ""),
        note=data.get(f"{key}note", ""),
        version=version,
        was=data.get(f"{key}was", ""),
        options=_options(field.place, evaluation),
        errors=[] if is_good else [str(error) for errors in form.errors.values() for error in errors],
        other=other,
        other_by=who_said(evaluation.trajectory, row) if conflict else "",
    )


def _show_page(
    request: AuthenticatedRequest,
    talk: Talk,
    part: TalkPart,
    typed: Mapping[str, OpenField] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    evaluation, trajectory = talk.evaluation, talk.evaluation.trajectory
    typed = dict(typed or {})
    # A page without JavaScript that comes back: what was new on it stands there again, with what was typed.
    again = [each for each in typed.values() if each.field.place.uuid and not each.field.version]
    known = {field.code for field in (*part.fields, *part.quotes)}
    again = [each for each in again if each.code not in known and (each.note or each.errors)]
    fields = [typed.get(field.code) or _open(field, evaluation) for field in part.fields]
    fields += [each for each in again if each.field.place.is_factor]
    quotes = [each for each in again if each.field.place.kind == QUOTE]
    quotes = [*quotes, *(typed.get(field.code) or _open(field, evaluation) for field in part.quotes)]
    back = look_back(trajectory)
    following = talk.following(part.id)
    context = {
        "trajectory": trajectory,
        "evaluation": evaluation,
        "side": evaluation.side,
        "talk": talk,
        "part": part,
        "fields": fields,
        "groups": _groups(part, fields),
        "quotes": quotes,
        "new_quotes": [each for each in quotes if each.is_new_quote],
        "wrong": [each for each in (*fields, *quotes) if each.errors],
        "conflicts": [each for each in (*fields, *quotes) if each.other],
        "back": back,
        "back_sections": back.of(part.sections),
        "following": talk.parts[following].label if following else "",
        "next_url": _next(talk, part.id),
        "consents": [Option(value, str(label)) for value, label in Consent.choices],
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "is_first": part.number == 1,
    }
    return render(request, "evaluation/interview.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together under one heading. folded: they stay closed until somebody asks for them."""

    id: str
    label: str
    ask: str
    fields: list[OpenField]
    folded: bool = False


def _groups(part: TalkPart, fields: list[OpenField]) -> list[Group]:
    """The fields of a part as its page lays them out."""
    if part.id == "factors":
        names = {"promoting": _("Wat hielp"), "hindering": _("Wat zat tegen")}
        return [
            Group(kind, name, part.leads[kind], [each for each in fields if each.field.place.kind == kind])
            for kind, name in names.items()
        ]
    if part.id == "interventions":
        mine = [each for each in fields if each.field.is_used or each.value or each.note]
        others = [each for each in fields if each not in mine]
        groups = [Group("mine", _("In gebruik of gekozen in het plan"), "", mine)] if mine else []
        return [*groups, Group("others", _("Andere programma's"), "", others, folded=bool(mine))] if others else groups
    return [Group("all", "", "", fields)]


def _clock() -> str:
    return date_format(timezone.localtime(), "H:i")


@in_trajectory(May.EVALUATE)
@require_POST
def answer(request: AuthenticatedRequest, trajectory: Trajectory, evaluation_id: int, code: str) -> JsonResponse:
    """Save one field as it is typed; JSON for the module of the page, in the form that the checklist answers in.

    200: it stands there now. 409: somebody else was first (`other`), the interview is over (`final`), or somebody
    else is logged in by now (`other_user`); nothing changed. 422: this can never be saved, and why.
    """
    evaluation = evaluation_of(trajectory, evaluation_id, write=True)
    place = find_place(code)
    if place is None:
        raise Http404
    if request.POST.get("user", str(request.user.pk)) != str(request.user.pk):
        return JsonResponse({"other_user": True}, status=CONFLICT)
    form = SaidForm(request.POST, place=place)
    if not form.is_valid():
        faults = [str(fault) for faults in form.errors.values() for fault in faults]
        return JsonResponse({"error": " ".join(faults)}, status=UNPROCESSABLE)
    save = actions.Save(place, form.content, form.based_on)
    try:
        [saved] = actions.save_fields(evaluation=evaluation, saves=[save], by=request.user)
    except actions.EvaluationIsFinalError:
        message = _("Dit gesprek is intussen afgerond; er verandert niets meer.")
        return JsonResponse({"final": True, "error": message}, status=CONFLICT)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=UNPROCESSABLE)
    if saved.conflict:
        return JsonResponse({"other": _other(trajectory, saved.row)}, status=CONFLICT)
    talk = talk_of(evaluation_of(trajectory, evaluation_id, write=True, rows=True))
    mine = talk.parts[_part_of(place)]
    return JsonResponse(
        {
            "version": saved.version,
            "at": _clock(),
            "domain": {"id": mine.id, "answered": mine.answered, "items": mine.items},
            "answered": talk.answered,
        }
    )


def _part_of(place: Place) -> str:
    if place.kind == "question":
        return place.about
    if place.kind == QUOTE:
        return part_of(place.about)
    if place.is_factor:
        return "factors"
    names = {"improvement": "improvements", "outcome": "outcomes", "component": "components"}
    return names.get(place.kind, "interventions")


def _other(trajectory: Trajectory, row: Row | None) -> dict[str, Any]:
    content = content_of(row)
    changed_at = timezone.localtime(row.changed_at if row else None)
    return {
        "version": row.version if row else 0,
        "value": "" if content.value is None else str(content.value),
        "priority": content.priority,
        "note": content.note,
        "by": who_said(trajectory, row),
        "at": date_format(changed_at, "H:i"),
    }


@in_trajectory(May.EVALUATE)
@require_http_methods(["GET", "POST"])
def finish(request: AuthenticatedRequest, trajectory: Trajectory, evaluation_id: int) -> HttpResponse:
    """What is still open, and the button that ends the interview; it may be ended with things open."""
    evaluation = evaluation_of(trajectory, evaluation_id, write=True, rows=True)
    error = ""
    if request.method == "POST":
        try:
            done = actions.finish_evaluation(evaluation=evaluation, by=request.user)
        except ValidationError as fault:
            error = " ".join(fault.messages)
        else:
            if done:
                messages.success(request, _("Het gesprek is afgerond."))
            return redirect(address("evaluation_record", evaluation))
    if evaluation.is_final:
        return redirect(address("evaluation_record", evaluation))
    talk = talk_of(evaluation)
    context = {
        "trajectory": trajectory,
        "evaluation": evaluation,
        "side": evaluation.side,
        "talk": talk,
        "people": people_of(evaluation, trajectory),
        "error": error,
        "first_part": next(iter(talk.parts)),
    }
    return render(request, "evaluation/interview_finish.html", context, status=UNPROCESSABLE if error else 200)


@in_trajectory(May.EVALUATE)
@require_POST
def reopen(request: AuthenticatedRequest, trajectory: Trajectory, evaluation_id: int) -> HttpResponse:
    evaluation = evaluation_of(trajectory, evaluation_id, write=True)
    if actions.reopen_evaluation(evaluation=evaluation, by=request.user):
        messages.success(request, _("Het gesprek is weer open. Rond het daarna opnieuw af, anders telt het niet mee."))
    return redirect(address("evaluation_interview", evaluation))
