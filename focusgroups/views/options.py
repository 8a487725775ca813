"""What the group can choose between."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from focusgroups import actions
from focusgroups.figures import numbered
from focusgroups.forms import NewOptionForm, OptionForm
from focusgroups.models import FocusGroup, Option
from focusgroups.views.frame import CONFLICT, UNPROCESSABLE, address, faults_to, mark, sent, session_of, session_page
from focusgroups.views.ideas import questions_on, themes_in_use
from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest


def _option_mark(option: Option, chosen: Iterable[int]) -> str:
    return mark(option.label, option.themes, option.topics, sorted(chosen))


def _table(group: FocusGroup, chosen: Collection[str] = ()) -> dict[str, Any]:
    """The options, and the cards to make one of; `chosen` are keys of cards that are ticked."""
    options = list(group.options.prefetch_related("ideas"))
    used: dict[int, list[int]] = {}
    for number, option in numbered(options).items():
        for idea in option.ideas.all():
            used.setdefault(idea.pk, []).append(number)
    ideas = list(group.ideas.all())
    columns = [
        {
            "label": label,
            "cards": [
                {"idea": idea, "options": used.get(idea.pk, []), "checked": str(idea.pk) in chosen}
                # What is not in an option yet stands on top.
                for idea in sorted(ideas, key=lambda each: each.pk in used)
                if idea.question == question
            ],
        }
        for question, label in questions_on(ideas)
    ]
    rounds = group.rankings.count()
    return {
        "options": numbered(options).items(),
        "columns": columns,
        "has_ideas": bool(ideas),
        "rounds": rounds,
        "mark": mark(
            [(option.pk, _option_mark(option, [idea.pk for idea in option.ideas.all()])) for option in options],
            [(idea.pk, idea.position, idea.text, idea.question) for idea in ideas],
            rounds,
        ),
    }


def _options_page(
    request: AuthenticatedRequest, trajectory: Trajectory, group: FocusGroup, form: NewOptionForm
) -> HttpResponse:
    return render(
        request,
        "focusgroups/options.html",
        {
            **session_page(trajectory, group, "options"),
            **_table(group, set(form["ideas"].value() or [])),
            "form": form,
        },
        status=UNPROCESSABLE if form.errors else 200,
    )


@in_trajectory(May.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def options(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int) -> HttpResponse:
    """What the group can choose between, by the number on the card. A script asks for what changed alone."""
    group = session_of(trajectory, group_id, held=True)
    if request.htmx and request.method != "POST":
        table = _table(group)
        if request.GET.get("seen") == table["mark"]:
            return HttpResponse(status=204)
        page = session_page(trajectory, group, "options")
        return render(request, "focusgroups/options.html#cards", {**page, **table, "oob": True})
    if request.method != "POST":
        return _options_page(request, trajectory, group, NewOptionForm(ideas=group.ideas.all()))
    if May.RECORD_GROUPS not in trajectory.may:
        raise Http404
    form = NewOptionForm(request.POST, ideas=group.ideas.all())
    if form.is_valid():
        values = form.cleaned_data
        # The label comes from the card that hangs first.
        chosen = sorted(values["ideas"], key=lambda idea: (idea.position, idea.pk))
        try:
            option = actions.add_option(
                group=group, uuid=values["uuid"], label=values["label"], ideas=chosen, by=request.user
            )
        except ValidationError as error:
            faults_to(form, error)
        else:
            return redirect(f"{address('focus_group_options', group)}#option-{option.uuid}")
    return _options_page(request, trajectory, group, form)


@in_trajectory(May.RECORD_GROUPS)
@require_http_methods(["GET", "HEAD", "POST"])
def option_edit(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, uuid: UUID) -> HttpResponse:
    """Change an option."""
    group = session_of(trajectory, group_id, held=True)
    option = get_object_or_404(Option, uuid=uuid, focus_group=group)
    url = f"{address('focus_group_options', group)}#option-{option.uuid}"
    chosen = [idea.pk for idea in option.ideas.all()]
    now = _option_mark(option, chosen)
    data, overtaken = sent(request, now)
    form = OptionForm(
        data,
        initial={
            "label": option.label,
            "themes": option.themes,
            "topics": option.topics,
            "ideas": chosen,
            "seen": now,
        },
        ideas=group.ideas.all(),
        own_themes=[*themes_in_use(trajectory), *option.themes],
    )
    other, status = "", 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if overtaken:
            other, status = option.label, CONFLICT
            form.is_valid()
        elif form.is_valid():
            values = form.cleaned_data
            try:
                actions.change_option(
                    option=option,
                    label=values["label"],
                    ideas=list(values["ideas"]),
                    themes=values["themes"],
                    topics=values["topics"],
                    by=request.user,
                )
            except ValidationError as error:
                faults_to(form, error)
            else:
                return redirect(url)
    number = next(number for number, each in numbered(group.options.all()).items() if each.pk == option.pk)
    page = session_page(trajectory, group, "options")
    return render(
        request,
        "focusgroups/option.html",
        {**page, "form": form, "option": option, "number": number, "other": other, "back": url},
        status=status,
    )


@in_trajectory(May.RECORD_GROUPS)
@require_POST
def option_remove(request: AuthenticatedRequest, trajectory: Trajectory, group_id: int, uuid: UUID) -> HttpResponse:
    """Take an option off the table, when nobody could vote about it."""
    group = session_of(trajectory, group_id, held=True)
    option = get_object_or_404(Option, uuid=uuid, focus_group=group)
    try:
        actions.remove_option(option=option, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("De optie is weg. De kaartjes hangen er nog."))
    return redirect(address("focus_group_options", group))
