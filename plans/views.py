"""The plan: reading it, editing the draft, releasing it, choosing from it and following it."""

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklist.figures import leading_interview
from focusgroups.models import FocusGroup
from pilots.decorators import in_trajectory
from pilots.models import Document, Trajectory
from pilots.roles import May
from pilots.vocabulary import vocabulary
from plans import actions
from plans.enums import ActionStatus, PlanStatus
from plans.figures import (
    action_view,
    all_unknown,
    changes,
    masked,
    names_in,
    newest,
    person_words,
    progress_of,
    sections_of,
    set_aside_of,
    sources_of,
    topic_words,
    version,
    with_rows,
    years_of,
)
from plans.forms import ActionForm, ChooseForm, CommentForm, MoveForm, OwnActionForm, ReleaseForm, SetAsideForm
from plans.models import Action, Plan
from plans.situation import year_1_limit
from welbevinden.http import AuthenticatedRequest

GLANCE = 8  # actions of year 1 that stand at the top of the plan


def _rights(trajectory: Trajectory, plan: Plan | None) -> dict[str, bool]:
    """What this person may do with this version; the views check it again."""
    may = trajectory.may
    draft = plan is not None and plan.status == PlanStatus.DRAFT
    holds = plan is not None and plan.status == PlanStatus.RELEASED
    return {
        "may_generate": May.GENERATE_PLAN in may,
        "may_edit": draft and May.EDIT_PLAN in may,
        "may_release": draft and May.RELEASE_PLAN in may,
        "may_comment": May.COMMENT in may and plan is not None and plan.status != PlanStatus.SUPERSEDED,
        "may_agree": "director" in trajectory.roles and plan is not None and plan.status != PlanStatus.SUPERSEDED,
        "may_choose": holds and May.CHOOSE in may,
        "may_follow": holds and May.FOLLOW_UP in may,
        "is_draft": draft,
        "holds": holds,
    }


def _draft_of(trajectory: Trajectory) -> Plan:
    """The draft with its rows; who comes too late finds nothing to edit."""
    plan = newest(trajectory)
    if plan is None or plan.status != PlanStatus.DRAFT:
        raise Http404
    return plan


def _action(trajectory: Trajectory, number: int, *, status: str) -> Action:
    """An action of a version with this status."""
    action = get_object_or_404(
        Action.objects.select_related("plan"), pk=number, plan__trajectory=trajectory, plan__status=status
    )
    action.plan.trajectory = trajectory
    return action


def _to_plan(trajectory: Trajectory, anchor: str = "") -> HttpResponse:
    return redirect(reverse("plan", kwargs={"trajectory_id": trajectory.pk}) + (f"#{anchor}" if anchor else ""))


def _card(request: AuthenticatedRequest, trajectory: Trajectory, action: Action) -> HttpResponse:
    """The card of an action alone, as htmx puts it back in the page."""
    action.plan.trajectory = trajectory
    context = {
        "trajectory": trajectory,
        "plan": action.plan,
        "action": action_view(action, trajectory, action.plan.names_masked),
        "is_open": True,
        "focus": True,
        **_rights(trajectory, action.plan),
    }
    return render(request, "plans/plan.html#action_card", context)


# --- Reading


@in_trajectory(May.SEE)
@require_safe
def plan(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """The newest version, or what is needed to make the first."""
    found = newest(trajectory)
    if found is None:
        return render(request, "plans/empty.html", _before(trajectory))
    return _show(request, trajectory, found, is_newest=True)


@in_trajectory(May.SEE)
@require_safe
def plan_version(request: AuthenticatedRequest, trajectory: Trajectory, number: int) -> HttpResponse:
    """An older version, as it was."""
    found = version(trajectory, number)
    if found is None:
        raise Http404
    last = trajectory.plans.order_by("-version").values_list("version", flat=True).first()
    return _show(request, trajectory, found, is_newest=found.version == last)


def _show(request: AuthenticatedRequest, trajectory: Trajectory, found: Plan, *, is_newest: bool) -> HttpResponse:
    comments = list(found.comments.select_related("author"))
    agreed = [each for each in comments if each.agrees]
    released = (
        found
        if found.status == PlanStatus.RELEASED
        else with_rows(trajectory, trajectory.plans.released().defer("body", "document").first())
    )
    sections = sections_of(found, sources_of(trajectory), [each for each in comments if not each.agrees])
    year_1 = [view for section in sections for entry in section.entries for view in entry.actions if view.row.year == 1]
    context = {
        "trajectory": trajectory,
        "plan": found,
        "is_newest": is_newest,
        "released": released,
        "document": Document.objects.filter(kind="plan", object_id=released.pk).first() if released else None,
        "may_retry": May.RELEASE_PLAN in trajectory.may,
        "question": masked(trajectory.question, found.names_masked),
        "sections": sections,
        "general_comments": [each for each in comments if not each.agrees and not each.section],
        "agreed": agreed,
        "i_agree": any(each.author_id == request.user.pk for each in agreed),
        "set_aside": [
            {"topic": each.topic, "label": topic_words(each.topic, trajectory.school.sector), "reason": each.reason,
             "by": person_words(each.by, trajectory.school.sector), "is_row": each.pk is not None}
            for each in set_aside_of(found)
        ],
        "coverage": found.body["coverage"],
        "progress": progress_of(found),
        "year_1": len(year_1),
        "first": year_1[:GLANCE],
        "more_first": max(0, len(year_1) - GLANCE),
        "limit": year_1_limit(trajectory),
        "comment_id": uuids.uuid4(),
        "is_open": False,
        "focus": False,
        **_rights(trajectory, found),
    }  # fmt: skip
    return render(request, "plans/plan.html", context)


def _before(trajectory: Trajectory) -> dict[str, Any]:
    """What is there to make a plan of, and what is missing."""
    interview = leading_interview(trajectory)
    groups = list(FocusGroup.objects.filter(trajectory=trajectory).values_list("kind", "held_on", "not_held_reason"))
    kinds = [
        {
            "label": label,
            "held": sum(1 for each in groups if each[0] == kind and each[1]),
            "not_held": next((reason for each, held, reason in groups if each == kind and not held), ""),
        }
        for kind, label in vocabulary().focus_group_kinds.items()
    ]
    return {
        "trajectory": trajectory,
        "interview": interview,
        "kinds": kinds,
        "complete": bool(interview and interview.is_final) and all(each["held"] or each["not_held"] for each in kinds),
        "may_generate": May.GENERATE_PLAN in trajectory.may,
    }


@in_trajectory(May.SEE)
@require_safe
def plan_years(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """The three years side by side."""
    found = newest(trajectory)
    if found is None:
        raise Http404
    return render(
        request,
        "plans/years.html",
        {
            "trajectory": trajectory,
            "plan": found,
            "years": years_of(found),
            "limit": year_1_limit(trajectory),
            "moved": None,
            **_rights(trajectory, found),
        },
    )


@in_trajectory(May.SEE)
@require_safe
def plan_versions(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """All versions, newest first, with what changed in each."""
    found = list(trajectory.plans.order_by("-version").prefetch_related("actions", "set_aside"))
    for each in found:
        each.trajectory = trajectory
    rows = [
        {"plan": each, "changes": changes(before, each) if before else None, "actions": len(each.actions.all()),
         "by": person_words(each.released_by, trajectory.school.sector) if each.released_by else ""}
        for each, before in zip(found, [*found[1:], None], strict=True)
    ]  # fmt: skip
    return render(request, "plans/versions.html", {"trajectory": trajectory, "rows": rows})


# --- Making and editing the draft


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
    return _to_plan(trajectory)


@in_trajectory(May.SEE)
@require_safe
def action_card(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """One action: the card that comes back when editing is cancelled."""
    action = get_object_or_404(Action.objects.select_related("plan"), pk=action_id, plan__trajectory=trajectory)
    if not request.htmx:
        return _to_plan(trajectory, f"actie-{action.pk}")
    return _card(request, trajectory, action)


@in_trajectory(May.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def action_edit(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """Change an action of the draft, in its place on the page or on a page of its own."""
    action = _action(trajectory, action_id, status=PlanStatus.DRAFT)
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
                    return _card(request, trajectory, action)
                messages.success(request, _("De actie is bewaard."))
                return _to_plan(trajectory, f"actie-{action.pk}")
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
    action = _action(trajectory, action_id, status=PlanStatus.DRAFT)
    actions.undo_edit(action=action, by=request.user)
    messages.success(request, _("De actie zegt weer wat het advies zegt."))
    return _to_plan(trajectory, f"actie-{action.pk}")


@in_trajectory(May.EDIT_PLAN)
@require_POST
def action_move(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """Another year for an action of the draft."""
    action = _action(trajectory, action_id, status=PlanStatus.DRAFT)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Http404
    actions.move_action(action=action, year=form.cleaned_data["year"], by=request.user)
    if request.htmx:
        found = _draft_of(trajectory)
        context = {
            "trajectory": trajectory, "plan": found, "years": years_of(found), "limit": year_1_limit(trajectory),
            "moved": action.pk, **_rights(trajectory, found),
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
    draft = _draft_of(trajectory)
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
                return _to_plan(trajectory, f"actie-{action.pk}")
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
    action = _action(trajectory, action_id, status=PlanStatus.DRAFT)
    if not action.own:
        raise Http404
    if request.method == "POST":
        actions.remove_own_action(action=action, by=request.user)
        messages.success(request, _("De eigen actie is weg uit het plan."))
        return _to_plan(trajectory, f"onderdeel-{action.section}")
    context = {"trajectory": trajectory, "plan": action.plan, "action": action_view(action, trajectory)}
    return render(request, "plans/action_remove.html", context)


@in_trajectory(May.EDIT_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def topic_set_aside(request: AuthenticatedRequest, trajectory: Trajectory, topic: str) -> HttpResponse:
    """Leave a topic alone for now, with the reason."""
    draft = _draft_of(trajectory)
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
        return _to_plan(trajectory, "niet-nu")
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
    draft = _draft_of(trajectory)
    if topic not in vocabulary().topics:
        raise Http404
    actions.take_back(plan=draft, topic=topic, by=request.user)
    messages.success(request, _("Het staat weer in het plan."))
    return _to_plan(trajectory, f"onderdeel-{vocabulary().topics[topic].section}")


# --- Comments


@in_trajectory(May.COMMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_comment(request: AuthenticatedRequest, trajectory: Trajectory, number: int) -> HttpResponse:
    """A remark on a version or on one of its sections."""
    found = get_object_or_404(trajectory.plans.exclude(status=PlanStatus.SUPERSEDED), version=number)
    found.trajectory = trajectory
    if request.method == "POST":
        form = CommentForm(request.POST)
        if form.is_valid():
            section = form.cleaned_data["section"]
            actions.add_comment(
                plan=found,
                uuid=form.cleaned_data["uuid"],
                section=section,
                text=form.cleaned_data["text"],
                by=request.user,
            )
            messages.success(request, _("Je opmerking staat erbij."))
            return _to_plan(trajectory, f"opmerkingen-{section}" if section else "opmerkingen")
    else:
        section = request.GET.get("onderdeel", "")
        form = CommentForm(initial={"section": section, "uuid": uuids.uuid4()})
    section = str(form["section"].value() or "")
    context = {
        "trajectory": trajectory,
        "plan": found,
        "form": form,
        "section": vocabulary().sections.get(section),
    }
    return render(request, "plans/comment.html", context, status=422 if form.errors else 200)


@in_trajectory(May.COMMENT)
@require_POST
def plan_agree(request: AuthenticatedRequest, trajectory: Trajectory, number: int) -> HttpResponse:
    """The director agrees with a version."""
    found = get_object_or_404(trajectory.plans.exclude(status=PlanStatus.SUPERSEDED), version=number)
    if "director" not in trajectory.roles:
        raise Http404
    found.trajectory = trajectory
    actions.agree(plan=found, by=request.user)
    messages.success(request, _("Fijn, je bent akkoord. Dat staat nu bij het plan."))
    return _to_plan(trajectory)


# --- Release


@in_trajectory(May.RELEASE_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_release(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Look everything over, and make the draft the version that holds."""
    found = newest(trajectory)
    if found is None:
        raise Http404
    if found.status != PlanStatus.DRAFT:  # sent twice, or somebody else was first
        return _to_plan(trajectory)
    sources = sources_of(trajectory)
    names = names_in(found, sources)
    form = ReleaseForm(request.POST if request.method == "POST" else None, names=[each.name for each in names])
    if request.method == "POST" and form.is_valid():
        try:
            released = actions.release_plan(plan=found, by=request.user, names_declared=form.cleaned_data["declared"])
        except actions.NamesFoundError as error:
            names = error.names
            form.add_error(
                None,
                _(
                    "Er staan nog namen in het plan. Laat ze weg, of verklaar dat ze niet van een leerling "
                    "of ouder zijn."
                ),
            )
        else:
            messages.success(
                request,
                _("Versie %(version)s is vastgesteld. De pdf wordt nu gemaakt.") % {"version": released.version},
            )
            return _to_plan(trajectory)
    year_1 = [each for each in found.actions.all() if each.year == 1]
    context = {
        "trajectory": trajectory,
        "plan": found,
        "form": form,
        "names": names,
        "declared": found.names_declared,
        "unknown": all_unknown(found),
        "interview": sources.interview,
        "coverage": found.body["coverage"],
        "year_1": len(year_1),
        "limit": year_1_limit(trajectory),
        "without_owner": [action_view(each, trajectory, found.names_masked) for each in year_1 if not each.owner],
        "without_step": [action_view(each, trajectory, found.names_masked) for each in year_1 if not each.first_step],
        "agreed": found.comments.filter(agrees=True).select_related("author"),
        "previous": trajectory.plans.released().only("version", "trajectory").first(),
    }
    return render(request, "plans/release.html", context, status=422 if form.errors else 200)


@in_trajectory(May.RELEASE_PLAN)
@require_POST
def plan_mask(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Leave a found name out of the draft."""
    draft = _draft_of(trajectory)
    name = request.POST.get("name", "")
    if name not in {each.name for each in names_in(draft, sources_of(trajectory))}:
        raise Http404
    actions.mask_name(plan=draft, name=name, by=request.user)
    messages.success(request, _("De naam is weggelaten uit het plan."))
    return redirect("plan_release", trajectory_id=trajectory.pk)


# --- Choosing and following


@in_trajectory(May.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def action_choose(request: AuthenticatedRequest, trajectory: Trajectory, action_id: int) -> HttpResponse:
    """Choose an action of the version that holds, or say how it is going."""
    action = _action(trajectory, action_id, status=PlanStatus.RELEASED)
    may_choose = May.CHOOSE in trajectory.may
    if not may_choose and action.status == ActionStatus.OPEN:
        raise Http404
    full: actions.FullYearError | None = None
    if request.method == "POST":
        form = ChooseForm(request.POST, may_choose=may_choose)
        if form.is_valid():
            data = form.cleaned_data
            try:
                if may_choose:
                    action = actions.choose_action(
                        action=action,
                        status=data["status"],
                        year=data["year"],
                        reason=data["reason"],
                        uuid=data["uuid"],
                        by=request.user,
                    )
                else:
                    action = actions.follow_action(action=action, status=data["status"], by=request.user)
            except actions.NotReleasedError as error:
                raise Http404 from error
            except actions.FullYearError as error:
                full = error
                form.add_error(
                    "reason",
                    _("Vul in waarom jullie meer dan %(limit)s acties in jaar 1 willen.") % {"limit": error.limit},
                )
            else:
                if request.htmx:
                    return _card(request, trajectory, action)
                messages.success(request, _("Bewaard: “%(title)s”.") % {"title": action.title or action.text[:80]})
                return _to_plan(trajectory, f"actie-{action.pk}")
    else:
        status = ActionStatus.CHOSEN if action.status == ActionStatus.OPEN else action.status
        form = ChooseForm(initial={"status": status, "year": action.year, "uuid": uuids.uuid4()}, may_choose=may_choose)
    context = {
        "trajectory": trajectory,
        "plan": action.plan,
        "action": action_view(action, trajectory, action.plan.names_masked),
        "form": form,
        "full": full,
        "limit": year_1_limit(trajectory),
        "may_choose": may_choose,
    }
    template = "plans/action_choose.html#form" if request.htmx else "plans/action_choose.html"
    return render(request, template, context, status=422 if form.errors else 200)
