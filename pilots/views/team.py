"""Who works in a trajectory: adding, asking in, replacing, and handing over."""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.actions import (
    ClosedAccountError,
    TooManyError,
    add_member,
    ask_known,
    asked_by_director,
    invite,
    refuse_too_many,
    refused,
    remove_member,
    replace_member,
    welcome,
    withdraw_invitation,
)
from pilots.decorators import in_trajectory
from pilots.enums import InvitationState, JournalKind, RoleName
from pilots.figures import current_pause, steps_now
from pilots.forms.invitations import ColleagueForm
from pilots.forms.programme import MemberForm, PersonForm
from pilots.models import Invitation, TeamMember, Trajectory, User
from pilots.registry import registry
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest


@dataclass(frozen=True, slots=True)
class Line:
    """A member of the team, and how far they are on the way in."""

    member: TeamMember
    newest: Invitation | None
    state: InvitationState
    refused: bool
    may_invite: bool
    may_replace: bool

    @property
    def after(self) -> int:
        return self.newest.pk if self.newest else 0

    @property
    def is_open(self) -> bool:
        return self.newest is not None and self.newest.is_open


def _members(trajectory: Trajectory) -> list[TeamMember]:
    newest = Invitation.objects.select_related("mail")
    return list(trajectory.team.select_related("user").prefetch_related(Prefetch("user__invitations", newest)))


def _may_invite(trajectory: Trajectory, member: TeamMember) -> bool:
    """An admin everybody, a director who coordinates the own school; nobody who can log in or left."""
    allowed = May.MANAGE in trajectory.may or (
        May.INVITE_COLLEAGUE in trajectory.may and member.role == RoleName.COORDINATOR
    )
    return allowed and member.user.is_waiting and member.user.is_active


def _lines(trajectory: Trajectory) -> list[Line]:
    members = _members(trajectory)
    latest = {each.pk: next(iter(each.user.invitations.all()), None) for each in members}
    said_no = refused([each for each in latest.values() if each])
    lines = []
    for member in members:
        newest = latest[member.pk]
        lines.append(
            Line(
                member,
                newest,
                newest.state if newest else InvitationState.NONE,
                newest is not None and newest.pk in said_no,
                _may_invite(trajectory, member),
                May.MANAGE in trajectory.may,
            )
        )
    return lines


@in_trajectory(May.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Who works in this trajectory; for who may, a form for one more."""
    form: Form | None = None
    data = request.POST if request.method == "POST" else None
    if May.MANAGE in trajectory.may:
        form = MemberForm(data, sector=trajectory.school.sector)
    elif May.INVITE_COLLEAGUE in trajectory.may:
        form = ColleagueForm(data)
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            if isinstance(form, ColleagueForm):
                done = _ask_colleague(request, trajectory, form)
            else:
                done = _add(request, trajectory, form)
            if done:
                return redirect("trajectory_team", trajectory_id=trajectory.pk)
    # What was just removed can be put back; the address holds only numbers of what this person may change anyway.
    undo = None
    user_id, _dot, role = request.GET.get("terug", "").partition(".")
    if May.MANAGE in trajectory.may and user_id.isdigit() and role in RoleName.values:
        undo = User.objects.filter(pk=int(user_id)).exclude(
            memberships__in=TeamMember.objects.filter(trajectory=trajectory, role=role)
        ).first()  # fmt: skip
    lines = _lines(trajectory)
    return render(
        request,
        "pilots/team.html",
        {
            "trajectory": trajectory,
            "form": form,
            "lines": lines,
            "to_invite": [each for each in lines if each.may_invite and not each.is_open],
            "undo": undo,
            "undo_role": role,
            "may_manage": May.MANAGE in trajectory.may,
            "asked": asked_by_director(trajectory) if May.INVITE_COLLEAGUE in trajectory.may else [],
        },
    )


def _add(request: AuthenticatedRequest, trajectory: Trajectory, form: Form) -> bool:
    """An admin adds somebody; whether that went well."""
    closed = User.objects.filter(email__iexact=form.cleaned_data["email"], is_active=False).first()
    if closed is not None:
        form.add_error("email", _("Dit account is gesloten. Heropen het eerst bij Beheer, Mensen."))
        return False
    member, is_new = add_member(trajectory=trajectory, **form.cleaned_data, by=request.user)
    if not is_new:
        messages.info(request, _("%(name)s had deze rol al.") % {"name": member.user})
    elif "undo" in request.POST:
        messages.success(request, _("%(name)s hoort weer bij het team.") % {"name": member.user})
    elif member.user.is_waiting:
        messages.success(
            request, _("%(name)s hoort nu bij het team. Stuur hieronder de uitnodiging.") % {"name": member.user}
        )
    else:
        welcome(member=member, by=request.user, page=_address(request, "trajectory", trajectory))
        messages.success(
            request, _("%(name)s hoort nu bij het team en krijgt daarvan bericht.") % {"name": member.user}
        )
    return True


def _ask_colleague(request: AuthenticatedRequest, trajectory: Trajectory, form: Form) -> bool:
    """A director asks the coordinator in. The answer is the same whether the address has an account or not."""
    email = form.cleaned_data["email"]
    if trajectory.team.filter(user__email__iexact=email).exclude(role=RoleName.COORDINATOR).exists():
        form.add_error("email", _("Wie dit adres heeft, zit al in het team. Vul het adres van een collega in."))
        return False
    try:
        _add_colleague(request, trajectory, form)
    except TooManyError:
        form.add_error(None, _too_many())
        return False
    messages.success(request, _("Er gaat een mail naar %(email)s.") % {"email": email})
    return True


@transaction.atomic
def _add_colleague(request: AuthenticatedRequest, trajectory: Trajectory, form: Form) -> None:
    if ask_known(trajectory=trajectory, **form.cleaned_data, by=request.user):
        return
    refuse_too_many(request.user)
    member, _is_new = add_member(trajectory=trajectory, **form.cleaned_data, role=RoleName.COORDINATOR, by=request.user)
    newest = member.user.invitations.first()
    # Asked before and still open: pressing again sends nothing.
    if newest is None or not newest.is_open:
        invite(member=member, by=request.user, link=partial(_invitation_address, request))


@in_trajectory(May.INVITE_COLLEAGUE)
@require_POST
def team_invite(request: AuthenticatedRequest, trajectory: Trajectory, member_id: int) -> HttpResponse:
    """Send, or send again, the invitation of one member."""
    member = get_object_or_404(_of_team(trajectory), pk=member_id)
    if May.MANAGE not in trajectory.may and member.role != RoleName.COORDINATOR:
        raise Http404
    after = request.POST.get("after", "")
    try:
        sent = invite(
            member=member,
            by=request.user,
            link=partial(_invitation_address, request),
            after=int(after) if after.isdecimal() else None,
        )
    except TooManyError:
        messages.error(request, _too_many())
    except ClosedAccountError:
        messages.error(request, _("Dit account is gesloten. Heropen het eerst bij Beheer, Mensen."))
    else:
        if sent is None:
            messages.info(request, _("%(name)s kan al inloggen.") % {"name": member.user})
        else:
            messages.success(request, _("De uitnodiging voor %(name)s gaat op weg.") % {"name": member.user})
    return redirect("trajectory_team", trajectory_id=trajectory.pk)


@in_trajectory(May.MANAGE)
@require_POST
def team_invite_all(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Send an invitation to everybody who waits and has no open one."""
    number = 0
    people: set[int] = set()
    try:
        for line in _lines(trajectory):
            if line.may_invite and not line.is_open and line.member.user_id not in people:
                people.add(line.member.user_id)
                link = partial(_invitation_address, request)
                number += invite(member=line.member, by=request.user, link=link, after=line.after) is not None
    except TooManyError:
        messages.error(request, _too_many())
    if number:
        text = ngettext("Er gaat %(number)s uitnodiging op weg.", "Er gaan %(number)s uitnodigingen op weg.", number)
        messages.success(request, text % {"number": number})
    return redirect("trajectory_team", trajectory_id=trajectory.pk)


@in_trajectory(May.INVITE_COLLEAGUE)
@require_POST
def team_withdraw(request: AuthenticatedRequest, trajectory: Trajectory, member_id: int) -> HttpResponse:
    """Take an invitation back."""
    member = get_object_or_404(_of_team(trajectory), pk=member_id)
    if May.MANAGE not in trajectory.may and member.role != RoleName.COORDINATOR:
        raise Http404
    if withdraw_invitation(user=member.user, by=request.user):
        messages.success(request, _("De uitnodiging voor %(name)s werkt niet meer.") % {"name": member.user})
    return redirect("trajectory_team", trajectory_id=trajectory.pk)


@in_trajectory(May.MANAGE)
@require_POST
def team_remove(request: AuthenticatedRequest, trajectory: Trajectory, member_id: int) -> HttpResponse:
    """Take a role from a person; the next page offers to undo it."""
    member = get_object_or_404(_of_team(trajectory), pk=member_id)
    remove_member(member=member, by=request.user)
    messages.success(request, _("%(name)s hoort niet meer bij het team.") % {"name": member.user})
    answer = redirect("trajectory_team", trajectory_id=trajectory.pk)
    answer.headers["Location"] += f"?terug={member.user_id}.{member.role}"
    return answer


@in_trajectory(May.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def team_replace(request: AuthenticatedRequest, trajectory: Trajectory, member_id: int) -> HttpResponse:
    """Somebody else takes over a role."""
    member = get_object_or_404(_of_team(trajectory), pk=member_id)
    form = PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if User.objects.filter(email__iexact=form.cleaned_data["email"], is_active=False).exists():
            form.add_error("email", _("Dit account is gesloten. Heropen het eerst bij Beheer, Mensen."))
        else:
            new = replace_member(member=member, **form.cleaned_data, by=request.user)
            welcome(
                member=new,
                by=request.user,
                page=_address(request, "trajectory", trajectory),
                handover=_address(request, "trajectory_handover", trajectory),
            )
            text = _("%(name)s neemt de rol over.")
            if new.user.is_waiting:
                text += " " + _("Stuur hieronder de uitnodiging.")
            messages.success(request, text % {"name": new.user})
            return redirect("trajectory_team", trajectory_id=trajectory.pk)
    return render(request, "pilots/team_replace.html", {"trajectory": trajectory, "form": form, "member": member})


@in_trajectory(May.SEE)
@require_safe
def handover(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Where we stand and what was agreed: for who takes over, and to print."""
    today = timezone.localdate()
    parts = []
    for panel in registry.handover:
        context = panel.context(trajectory)
        if context is not None:
            parts.append(render_to_string(panel.template, {"trajectory": trajectory, **context}, request))
    may_write = May.PLAN_STEPS in trajectory.may
    return render(
        request,
        "pilots/handover.html",
        {
            "trajectory": trajectory,
            "steps": steps_now(trajectory, today),
            "today": today,
            "pause": current_pause(trajectory, today),
            "team": trajectory.team.select_related("user"),
            "notes": trajectory.journal.filter(kind=JournalKind.NOTE).select_related("author")[:10],
            "parts": parts,
            "may_write": may_write,
        },
    )


def _of_team(trajectory: Trajectory) -> QuerySet[TeamMember]:
    return TeamMember.objects.select_related("user", "trajectory__school").filter(trajectory=trajectory)


def _address(request: AuthenticatedRequest, name: str, trajectory: Trajectory) -> str:
    return request.build_absolute_uri(reverse(name, kwargs={"trajectory_id": trajectory.pk}))


def _invitation_address(request: AuthenticatedRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("invitation", kwargs={"token": token}))


def _too_many() -> str:
    return _("Je hebt vandaag al heel veel mensen uitgenodigd. Probeer het morgen weer.")
