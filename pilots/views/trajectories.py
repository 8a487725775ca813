"""One trajectory: its page, its profile, its dates and its journal."""

from datetime import date
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.actions import delete_entry, end_pause, plan_steps, save_profile, write_entry
from pilots.decorators import in_trajectory
from pilots.enums import JournalKind, Sector
from pilots.figures import current_pause, planned_dates, step_line, steps_now
from pilots.forms.trajectories import EndPauseForm, NoteForm, PauseForm, ProfileForm, StepsForm
from pilots.languages import language_name
from pilots.models import JournalEntry, Trajectory
from pilots.registry import registry
from pilots.roles import May
from pilots.vocabulary import vocabulary
from welbevinden.http import AuthenticatedRequest


@in_trajectory(May.SEE)
@require_safe
def trajectory(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Who and where, the nine steps, what each app tells, and the journal."""
    today = timezone.localdate()
    steps = steps_now(trajectory, today)
    lines = [step_line(trajectory, step) for step in steps]
    words = vocabulary()
    phases = [
        (words.phases[phase], list(group)) for phase, group in groupby(lines, key=lambda line: line.now.step.phase)
    ]
    panels = []
    for panel in registry.panels:
        context = panel.context(trajectory)
        if context is not None:
            panels.append(render_to_string(panel.template, {"trajectory": trajectory, **context}, request))
    return render(
        request,
        "pilots/trajectory.html",
        {
            "trajectory": trajectory,
            "steps": steps,
            "phases": phases,
            "to_do": [line for line in lines if line.to_do],
            "open_lines": [line for line in lines if line.now.is_open and not line.to_do],
            "team": trajectory.team.select_related("user"),
            "languages": [language_name(code) for code in trajectory.home_languages],
            "interventions": [registry.interventions.get(each, each) for each in trajectory.interventions_in_use],
            "route": words.recruitment_routes.get(trajectory.recruited_through, ""),
            "pause": current_pause(trajectory, today),
            "journal": trajectory.journal.select_related("author")[:20],
            "panels": panels,
            "may_plan": May.PLAN_STEPS in trajectory.may,
            "may_describe": May.DESCRIBE_SCHOOL in trajectory.may,
            "may_export": May.EXPORT in trajectory.may,
            "may_manage": May.MANAGE in trajectory.may,
            "may_invite": May.INVITE_COLLEAGUE in trajectory.may,
            "is_primary": trajectory.school.sector == Sector.PO,
        },
    )


@in_trajectory(May.PLAN_STEPS)
@require_http_methods(["GET", "HEAD", "POST"])
def steps(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """When the steps are planned, when 2 and 7 were done, and who came to the start meeting."""
    today = timezone.localdate()
    team = list(trajectory.team.select_related("user"))
    form = StepsForm(
        request.POST if request.method == "POST" else None, steps=steps_now(trajectory, today), team=team, today=today
    )
    if request.method == "POST" and form.is_valid():
        plan_steps(
            trajectory=trajectory,
            planned=form.changed("planned"),
            done=form.changed("done"),
            attended=form.changed("came"),
            by=request.user,
        )
        messages.success(request, _("De datums zijn bewaard."))
        return redirect("trajectory", trajectory_id=trajectory.pk)
    return render(request, "pilots/steps.html", {"trajectory": trajectory, "form": form})


@in_trajectory(May.PLAN_STEPS)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """What kind of school this is."""
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=trajectory)
    if request.method == "POST" and form.is_valid():
        save_profile(trajectory=form.instance, changed=form.changed_data, by=request.user)
        messages.success(request, _("Het profiel is bewaard."))
        return redirect("trajectory", trajectory_id=trajectory.pk)
    return render(request, "pilots/profile.html", {"trajectory": trajectory, "form": form})


@in_trajectory(May.PLAN_STEPS)
@require_http_methods(["GET", "HEAD", "POST"])
def journal(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Everything that was written down, and two forms: a note or a pause."""
    today = timezone.localdate()
    kind = request.POST.get("kind", "")
    forms = {
        JournalKind.NOTE: NoteForm(
            request.POST if kind == JournalKind.NOTE else None,
            instance=JournalEntry(trajectory=trajectory, reason="", text=""),
            initial={"start": today},
            prefix="note",
        ),
        JournalKind.PAUSE: PauseForm(
            request.POST if kind == JournalKind.PAUSE else None,
            instance=JournalEntry(trajectory=trajectory, reason="", text=""),
            initial={"start": today},
            planned=planned_dates(trajectory, date.min),
            prefix="pause",
        ),
    }
    if request.method == "POST":
        if kind not in JournalKind.values:
            raise Http404
        form = forms[JournalKind(kind)]
        if form.is_valid():
            moves = form.cleaned_data.get("move_dates", False)
            entry = write_entry(entry=form.instance, by=request.user, move_dates=moves)
            if kind == JournalKind.NOTE:
                messages.success(request, _("Je aantekening is bewaard."))
            elif moves and entry.end is None:
                messages.success(request, _("De pauze staat in het journaal. Datums schuiven op als zij voorbij is."))
            else:
                messages.success(request, _("De pauze staat in het journaal."))
            return redirect("trajectory_journal", trajectory_id=trajectory.pk)
    pause = current_pause(trajectory, today)
    return render(
        request,
        "pilots/journal.html",
        {
            "trajectory": trajectory,
            "note_form": forms[JournalKind.NOTE],
            "pause_form": forms[JournalKind.PAUSE],
            "wrong_form": next((each for each in forms.values() if each.is_bound and each.errors), None),
            "entries": trajectory.journal.select_related("author"),
            "pause": pause,
            "end_form": EndPauseForm(
                initial={"last_day": today}, start=pause.start, planned=planned_dates(trajectory, pause.start)
            )
            if pause
            else None,
        },
    )


def _own_entry(request: AuthenticatedRequest, trajectory: Trajectory, number: int) -> JournalEntry:
    """An entry that this person wrote; one of somebody else is not found."""
    return get_object_or_404(JournalEntry, pk=number, trajectory=trajectory, author=request.user)


@in_trajectory(May.PLAN_STEPS)
@require_http_methods(["GET", "HEAD", "POST"])
def journal_entry(request: AuthenticatedRequest, trajectory: Trajectory, entry_id: int) -> HttpResponse:
    """Change what you wrote yourself."""
    entry = _own_entry(request, trajectory, entry_id)
    data = request.POST if request.method == "POST" else None
    form = (
        PauseForm(data, instance=entry, planned=planned_dates(trajectory, entry.start))
        if entry.kind == JournalKind.PAUSE
        else NoteForm(data, instance=entry)
    )
    if request.method == "POST" and form.is_valid():
        write_entry(entry=form.instance, by=request.user, move_dates=form.cleaned_data.get("move_dates", False))
        messages.success(request, _("De verandering is bewaard."))
        return redirect("trajectory_journal", trajectory_id=trajectory.pk)
    return render(request, "pilots/journal_entry.html", {"trajectory": trajectory, "form": form, "entry": entry})


@in_trajectory(May.PLAN_STEPS)
@require_http_methods(["GET", "HEAD", "POST"])
def journal_delete(request: AuthenticatedRequest, trajectory: Trajectory, entry_id: int) -> HttpResponse:
    """Ask, and then take away what you wrote yourself."""
    entry = _own_entry(request, trajectory, entry_id)
    if request.method == "POST":
        delete_entry(entry=entry, by=request.user)
        messages.success(request, _("Het is weg uit het journaal."))
        return redirect("trajectory_journal", trajectory_id=trajectory.pk)
    return render(request, "pilots/journal_delete.html", {"trajectory": trajectory, "entry": entry})


@in_trajectory(May.PLAN_STEPS)
@require_POST
def journal_end_pause(request: AuthenticatedRequest, trajectory: Trajectory, entry_id: int) -> HttpResponse:
    """The pause is over; whoever plans the steps may say so, also of a pause that somebody else wrote down."""
    entry = get_object_or_404(JournalEntry, pk=entry_id, trajectory=trajectory, kind=JournalKind.PAUSE)
    form = EndPauseForm(request.POST, start=entry.start, planned=planned_dates(trajectory, entry.start))
    if form.is_valid():
        data = form.cleaned_data
        end_pause(entry=entry, last_day=data["last_day"], by=request.user, move_dates=data.get("move_dates", False))
        messages.success(request, _("De pauze is afgesloten."))
    else:
        messages.error(request, " ".join(str(error) for error in form.errors["last_day"]))
    return redirect("trajectory_journal", trajectory_id=trajectory.pk)
