"""Making and editing the draft."""

import uuid as uuids

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from pilots.vocabulary import vocabulary
from plans import actions
from plans.enums import PlanStatus
from plans.figures import action_view, set_aside_of, topic_words, years_of
from plans.forms import ActionForm, MoveForm, OwnActionForm, SetAsideForm
from plans.models import Action
from plans.situation import year_1_limit
from plans.views.frame import action_of, card, draft_of, rights, to_plan
from welbevinden.http import AuthenticatedRequest


@in_trajectory(May.GENERATE_PLAN)
@require_POST
def plan_generate(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Make the draft, or renew it."""
    before = trajectory.plans.filter(status=PlanStatus.DRAFT).values_list("pk", "generated_at").first()
    made = actions.generate_plan(trajectory=trajectory, by=request.user)
    if before == (made.pk, made.generated_at):
        messages.info(request, _("Er is niets veranderd sinds het vorige concept."))
    elif before:
        messages.success(request, _("Het concept is vernieuwd. Wat jullie zelf aanpasten, staat er nog."))
    else:
        messages.success(request, _("Het concept staat klaar. Lees het door en pas aan wat niet klopt."))
    return to_plan(trajectory)


@in_trajectory(May.SEE)
@require_safe
def action_card(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """One action: the card that comes back when editing is cancelled."""
    action = get_object_or_404(Action.objects.select_related("plan"), pk=action_id, plan__trajectory=trajectory)
    if not request.htmx:
        return to_plan(trajectory, f"actie-{action.pk}")
    return card(request, trajectory, action)


@in_trajectory(May.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def action_edit(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """Change an action of the draft, in its place on the page or on a page of its own."""
    action = action_of(trajectory, action_id, status=PlanStatus.DRAFT)
    sector = trajectory.school.sector
    theirs: Action | None = None
    if request.method == "POST":
        form = ActionForm(request.POST, instance=Action(plan=action.plan), sector=sector)
        if form.is_valid():
            try:
                action = actions.edit_action(
                    action=action, values=form.values, revision=form.cleaned_data["revision"], by=request.user
                )
            except actions.ConflictError as conflict:
                theirs = conflict.current
                # Both texts stay on the page; saving again is then a choice between them.
                data = request.POST.copy()
                data["revision"] = str(theirs.revision)
                form.data = data
                form.add_error(
                    None,
                    _(
                        "Iemand paste deze actie net ook aan. Hieronder staat wat er nu staat; "
                        "wat jij typte staat nog in de velden."
                    ),
                )
            else:
                if request.htmx:
                    return card(request, trajectory, action)
                messages.success(request, _("De actie is bewaard."))
                return to_plan(trajectory, f"actie-{action.pk}")
    else:
        form = ActionForm(instance=action, initial={"revision": action.revision}, sector=sector)
    context = {
        "trajectory": trajectory,
        "plan": action.plan,
        "action": action_view(action, trajectory),
        "theirs": action_view(theirs, trajectory) if theirs else None,
        "form": form,
    }
    template = "plans/action_edit.html#form" if request.htmx else "plans/action_edit.html"
    status = 409 if theirs else 422 if form.errors else 200
    return render(request, template, context, status=status)


@in_trajectory(May.EDIT_PLAN)
@require_POST
def action_undo(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """Back to the advice as it was generated."""
    action = action_of(trajectory, action_id, status=PlanStatus.DRAFT)
    actions.undo_edit(action=action, by=request.user)
    messages.success(request, _("De actie zegt weer wat het advies zegt."))
    return to_plan(trajectory, f"actie-{action.pk}")


@in_trajectory(May.EDIT_PLAN)
@require_POST
def action_move(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """Another year for an action of the draft."""
    action = action_of(trajectory, action_id, status=PlanStatus.DRAFT)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Http404
    actions.move_action(action=action, year=form.cleaned_data["year"], by=request.user)
    if request.htmx:
        found = draft_of(trajectory)
        context = {
            "trajectory": trajectory, "plan": found, "years": years_of(found), "limit": year_1_limit(trajectory),
            "moved": action.pk, **rights(trajectory, found),
        }  # fmt: skip
        return render(request, "plans/years.html#board", context)
    messages.success(request, _("De actie staat nu in jaar %(year)s.") % {"year": form.cleaned_data["year"]})
    return redirect(reverse("plan_years", kwargs={"trajectory_id": trajectory.pk}) + f"#jaar-actie-{action.pk}")


@in_trajectory(May.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def action_add(request: AuthenticatedRequest, trajectory: Trajectory, section: str) -> HttpResponse:
    """An action of the school's own."""
    if section not in vocabulary().sections:
        raise Http404
    draft = draft_of(trajectory)
    aside = {each.topic for each in set_aside_of(draft)}
    sector = trajectory.school.sector
    if request.method == "POST":
        form = OwnActionForm(request.POST, instance=Action(plan=draft), sector=sector, section=section, set_aside=aside)
        if form.is_valid():
            try:
                action = actions.add_own_action(
                    plan=draft,
                    uuid=form.cleaned_data["uuid"],
                    topic=form.topic,
                    label=form.label,
                    values=form.values,
                    by=request.user,
                )
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, _("Jullie eigen actie staat in het plan."))
                return to_plan(trajectory, f"actie-{action.pk}")
    else:
        form = OwnActionForm(
            initial={"uuid": uuids.uuid4(), "topic": request.GET.get("onderwerp", ""), "year": 1},
            sector=sector,
            section=section,
            set_aside=aside,
        )
    context = {"trajectory": trajectory, "plan": draft, "form": form, "section": vocabulary().sections[section]}
    return render(request, "plans/action_add.html", context, status=422 if form.errors else 200)


@in_trajectory(May.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def action_remove(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """Ask, and then take an own action out of the draft."""
    action = action_of(trajectory, action_id, status=PlanStatus.DRAFT)
    if not action.own:
        raise Http404
    if request.method == "POST":
        actions.remove_own_action(action=action, by=request.user)
        messages.success(request, _("De eigen actie is weg uit het plan."))
        return to_plan(trajectory, f"onderdeel-{action.section}")
    context = {"trajectory": trajectory, "plan": action.plan, "action": action_view(action, trajectory)}
    return render(request, "plans/action_remove.html", context)


@in_trajectory(May.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def topic_set_aside(request: AuthenticatedRequest, trajectory: Trajectory, topic: str) -> HttpResponse:
    """Leave a topic alone for now, with the reason."""
    draft = draft_of(trajectory)
    row = next((each for each in draft.set_aside.all() if each.topic == topic), None)
    listed = {entry["topic"] for section in draft.body["sections"] for entry in section["attention"]}
    if topic not in vocabulary().topics or (row is None and topic not in listed):
        raise Http404
    form = SetAsideForm(
        request.POST if request.method == "POST" else None, initial={"reason": row.reason if row else ""}
    )
    if request.method == "POST" and form.is_valid():
        actions.set_aside(plan=draft, topic=topic, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Het staat nu bij “bewust niet nu”, met jullie reden."))
        return to_plan(trajectory, "niet-nu")
    context = {
        "trajectory": trajectory,
        "plan": draft,
        "form": form,
        "label": topic_words(topic, trajectory.school.sector),
        "edited": [each for each in draft.actions.all() if each.topic == topic and (each.own or each.edited_by)],
        "is_there": row is not None,
    }
    return render(request, "plans/set_aside.html", context, status=422 if form.errors else 200)


@in_trajectory(May.EDIT_PLAN)
@require_POST
def topic_take_back(request: AuthenticatedRequest, trajectory: Trajectory, topic: str) -> HttpResponse:
    """Bring a topic back that was set aside."""
    draft = draft_of(trajectory)
    if topic not in vocabulary().topics:
        raise Http404
    actions.take_back(plan=draft, topic=topic, by=request.user)
    messages.success(request, _("Het staat weer in het plan."))
    return to_plan(trajectory, f"onderdeel-{vocabulary().topics[topic].section}")
