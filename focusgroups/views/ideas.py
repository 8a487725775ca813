"""The wall with cards: for a researcher who types while a room talks, and a second note taker beside them."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from focusgroups import actions
from focusgroups.enums import Question
from focusgroups.figures import numbered
from focusgroups.forms import IdeaForm, NewIdeaForm
from focusgroups.models import FocusGroup, Idea, Option
from focusgroups.views.frame import (
    CONFLICT,
    UNPROCESSABLE,
    address,
    done,
    faults_to,
    mark,
    refusal,
    sent,
    session_of,
    session_page,
)
from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from pilots.vocabulary import vocabulary
from welbevinden.http import AuthenticatedRequest, wants_no_page

KEPT_CARDS = 10  # cards that can be hung back
REMOVED = "focus_groups_removed"


def themes_in_use(trajectory: Trajectory) -> list[str]:
    """Themes that groups of this school named themselves."""
    used: set[str] = set()
    for cards in (Idea.objects, Option.objects):
        for themes in cards.filter(focus_group__trajectory=trajectory).values_list("themes", flat=True):
            used.update(themes)
    return sorted(used - set(vocabulary().themes))


def _idea_mark(idea: Idea) -> str:
    return mark(idea.text, idea.question, idea.themes, idea.topics)


ASKED = (Question.IMPORTANT, Question.GOING_WELL, Question.IMPROVE, Question.METHODS)


def questions_on(ideas: Iterable[Idea], shown: Collection[str] = ()) -> list[tuple[str, str]]:
    """The questions of the brainstorm with their words.

    The last is answered by the ranking, unless a file hung cards there; a file can also hang cards under no question
    at all. `shown`: which of those two stand on a page already, and stay there until it is made anew.
    """
    used = {*shown, *(idea.question for idea in ideas)}
    asked = [(question.value, str(question.label)) for question in ASKED]
    if Question.PRIORITY in used:
        asked.append((Question.PRIORITY.value, str(Question.PRIORITY.label)))
    if "" in used:
        asked.append(("", _("Zonder vraag")))
    return asked


def _board(request: AuthenticatedRequest, group: FocusGroup) -> dict[str, Any]:
    """The cards under their questions."""
    options = list(group.options.prefetch_related("ideas"))
    in_option: dict[int, list[int]] = {}
    for number, option in numbered(options).items():
        for idea in option.ideas.all():
            in_option.setdefault(idea.pk, []).append(number)
    ideas = list(group.ideas.all())
    asked = questions_on(ideas, request.GET.getlist("column"))
    removed = request.session.get(REMOVED, {}).get(str(group.pk), [])
    cards = [(idea, in_option.get(idea.pk, [])) for idea in ideas]
    return {
        "columns": [
            {
                "id": question or "none",
                "question": question,
                "label": label,
                "may_add": question in ASKED,
                "cards": [{"idea": idea, "options": numbers} for idea, numbers in cards if idea.question == question],
                "others": [Question(other) for other, _label in asked if other not in ("", question)],
            }
            for question, label in asked
        ],
        "removed": removed[-1] if removed else None,
        "mark": mark([(idea.pk, idea.position, _idea_mark(idea), numbers) for idea, numbers in cards], removed),
        "total": len(ideas),
    }


def _ideas_page(
    request: AuthenticatedRequest, trajectory: Trajectory, group: FocusGroup, faulty: NewIdeaForm | None = None
) -> HttpResponse:
    board = _board(request, group)
    for column in board["columns"]:
        mine = faulty is not None and faulty.data.get("question") == column["question"]
        fresh = NewIdeaForm(initial={"question": column["question"]}, auto_id=f"{column['question']}-%s")
        column["form"] = faulty if mine else fresh
    return render(
        request,
        "focusgroups/ideas.html",
        {**session_page(trajectory, group, "ideas"), **board, "faulty": faulty},
        status=UNPROCESSABLE if faulty else 200,
    )


@in_trajectory(May.SEE)
@require_safe
def ideas(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int) -> HttpResponse:
    """The wall with cards per question. A script asks for the cards alone, and gets nothing when nothing changed."""
    group = session_of(trajectory, group_id, held=True)
    if not request.htmx:
        return _ideas_page(request, trajectory, group)
    board = _board(request, group)
    if request.GET.get("seen") == board["mark"]:
        return HttpResponse(status=204)
    return render(
        request, "focusgroups/ideas.html#cards", {**session_page(trajectory, group, "ideas"), **board, "oob": True}
    )


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def idea_add(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int) -> HttpResponse:
    """Hang a card. Sent twice, it hangs once."""
    group = session_of(trajectory, group_id, held=True)
    question = request.POST.get("question", "")
    form = NewIdeaForm(request.POST, auto_id=f"{question}-%s")
    if form.is_valid():
        try:
            actions.add_idea(group=group, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            faults_to(form, error)
    if wants_no_page(request):
        if form.errors:
            return refusal(form)
        return JsonResponse({"saved": True}, status=201)
    if form.errors:
        return _ideas_page(request, trajectory, group, form)
    return redirect(f"{address('focus_group_ideas', group)}#{question}-text" if question in Question.values else "..")


def _idea(group: FocusGroup, uuid: UUID) -> Idea:
    return get_object_or_404(Idea, uuid=uuid, focus_group=group)


@in_trajectory(May.RECORD_GROUPS)
@require_http_methods(["GET", "HEAD", "POST"])
def idea_edit(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, uuid: UUID) -> HttpResponse:
    """Change a card. Who was second sees what the first made of it, and keeps their own text."""
    group = session_of(trajectory, group_id, held=True)
    idea = _idea(group, uuid)
    url = f"{address('focus_group_ideas', group)}#card-{idea.uuid}"
    now = _idea_mark(idea)
    initial = {
        "text": idea.text,
        "question": idea.question,
        "themes": idea.themes,
        "topics": idea.topics,
        "seen": now,
    }
    data, overtaken = sent(request, now)
    form = IdeaForm(
        data,
        initial=initial,
        own_themes=[*themes_in_use(trajectory), *idea.themes],
    )
    other, status = "", 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if overtaken:
            other, status = idea.text, CONFLICT
            form.is_valid()
        elif form.is_valid():
            values = form.cleaned_data
            try:
                actions.change_idea(
                    idea=idea,
                    question=values["question"],
                    text=values["text"],
                    themes=values["themes"],
                    topics=values["topics"],
                    by=request.user,
                )
            except ValidationError as error:
                faults_to(form, error)
            else:
                return done(request, url)
    template = "focusgroups/idea.html#form" if request.htmx else "focusgroups/idea.html"
    page = session_page(trajectory, group, "ideas")
    return render(request, template, {**page, "form": form, "idea": idea, "other": other, "back": url}, status=status)


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def idea_move(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, uuid: UUID) -> HttpResponse:
    """Hang a card under another question."""
    group = session_of(trajectory, group_id, held=True)
    question = request.POST.get("question", "")
    if question not in Question.values:
        raise Http404
    actions.move_idea(idea=_idea(group, uuid), question=question, by=request.user)
    return done(request, f"{address('focus_group_ideas', group)}#card-{uuid}")


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def idea_remove(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, uuid: UUID) -> HttpResponse:
    """Take a card off the wall; it can be hung back. Twice is once."""
    group = session_of(trajectory, group_id, held=True)
    idea = group.ideas.filter(uuid=uuid).first()
    if idea is not None:
        removed = actions.remove_idea(idea=idea, by=request.user)
        kept = request.session.get(REMOVED, {})
        kept[str(group.pk)] = [*kept.get(str(group.pk), []), asdict(removed)][-KEPT_CARDS:]
        request.session[REMOVED] = kept
    elif not any(each["uuid"] == str(uuid) for each in request.session.get(REMOVED, {}).get(str(group.pk), [])):
        raise Http404
    return done(request, f"{address('focus_group_ideas', group)}#removed")


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def idea_restore(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, uuid: UUID) -> HttpResponse:
    """Hang back a card that was taken off."""
    group = session_of(trajectory, group_id, held=True)
    kept = request.session.get(REMOVED, {})
    mine: list[dict[str, Any]] = kept.get(str(group.pk), [])
    removed = next((each for each in mine if each["uuid"] == str(uuid)), None)
    if removed is None:
        _idea(group, uuid)
    else:
        actions.restore_idea(group=group, removed=actions.RemovedIdea(**removed), by=request.user)
        kept[str(group.pk)] = [each for each in mine if each is not removed]
        request.session[REMOVED] = kept
    return done(request, f"{address('focus_group_ideas', group)}#card-{uuid}")
