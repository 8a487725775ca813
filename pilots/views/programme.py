"""Schools, trajectories, teams and accounts, for the admin."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.actions import add_member, remove_member, replace_member, same_school, save_school, start_trajectory
from pilots.decorators import in_programme, in_trajectory
from pilots.enums import RoleName
from pilots.figures import programme_counts
from pilots.forms.programme import MemberForm, PersonForm, SchoolForm, StartForm
from pilots.models import School, TeamMember, Trajectory, User
from pilots.regions import regions
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest

PAGE = 25


@in_programme(May.MANAGE)
@require_safe
def overview(request: AuthenticatedRequest) -> HttpResponse:
    """The way to everything an admin keeps."""
    return render(request, "pilots/programme.html", {"counts": programme_counts()})


@in_programme(May.MANAGE)
@require_safe
def schools(request: AuthenticatedRequest) -> HttpResponse:
    """All schools, to search in."""
    words = request.GET.get("q", "").strip()[:200]
    found = School.objects.matching(words).prefetch_related(
        Prefetch("trajectories", Trajectory.objects.order_by("-cohort"))
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("pagina"))
    return render(request, "pilots/schools.html", {"page": page, "words": words, "address": urlencode({"q": words})})


@in_programme(May.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def school_add(request: AuthenticatedRequest) -> HttpResponse:
    """A new school."""
    return _school(request, School(place="", brin="", location="", municipality=""))


@in_programme(May.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def school_edit(request: AuthenticatedRequest, school_id: int) -> HttpResponse:
    """Change what the registers say of a school."""
    return _school(request, get_object_or_404(School, pk=school_id))


def _school(request: AuthenticatedRequest, school: School) -> HttpResponse:
    is_new = school.pk is None
    same = None
    form = SchoolForm(request.POST if request.method == "POST" else None, instance=school)
    if request.method == "POST":
        valid = form.is_valid()
        same = same_school(form.instance) if form.instance.name else None
        if same is not None:
            form.add_error(None, _("Deze school staat er al. Gebruik de school die er al is."))
        elif valid:
            save_school(school=form.instance, by=request.user)
            messages.success(request, _("De school is bewaard."))
            return redirect("trajectory_add", school_id=school.pk) if is_new else redirect("schools")
    return render(
        request,
        "pilots/school.html",
        {
            "form": form,
            "school": None if is_new else get_object_or_404(School, pk=school.pk),
            "same": same,
            "regions": sorted(regions().items()),
        },
    )


@in_programme(May.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def trajectory_add(request: AuthenticatedRequest, school_id: int) -> HttpResponse:
    """Begin a trajectory for a school."""
    school = get_object_or_404(School, pk=school_id)
    today = timezone.localdate()
    first = today.year if today.month >= 8 else today.year - 1
    form = StartForm(
        request.POST if request.method == "POST" else None,
        instance=Trajectory(school=school),
        initial={"cohort": f"{first}-{first + 1}"},
    )
    if request.method == "POST" and form.is_valid():
        trajectory, is_new = start_trajectory(trajectory=form.instance, by=request.user)
        if is_new:
            messages.success(request, _("Het traject is gemaakt. Stel nu het team samen."))
        else:
            messages.info(request, _("Deze school had al een traject in dit cohort. Dat zie je hier."))
        return redirect("trajectory_team", trajectory_id=trajectory.pk)
    return render(request, "pilots/trajectory_add.html", {"form": form, "school": school})


@in_trajectory(May.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Who works in this trajectory, and a form for one more."""
    form = MemberForm(request.POST if request.method == "POST" else None, sector=trajectory.school.sector)
    if request.method == "POST" and form.is_valid():
        member, is_new = add_member(trajectory=trajectory, **form.cleaned_data, by=request.user)
        if is_new:
            messages.success(request, _("%(name)s hoort nu bij het team.") % {"name": member.user})
        else:
            messages.info(request, _("%(name)s had deze rol al.") % {"name": member.user})
        return redirect("trajectory_team", trajectory_id=trajectory.pk)
    # What was just removed can be put back; the address holds only numbers of what this person may change anyway.
    undo = None
    user_id, _dot, role = request.GET.get("terug", "").partition(".")
    if user_id.isdigit() and role in RoleName.values:
        undo = User.objects.filter(pk=int(user_id)).exclude(
            memberships__in=TeamMember.objects.filter(trajectory=trajectory, role=role)
        ).first()  # fmt: skip
    return render(
        request,
        "pilots/team.html",
        {
            "trajectory": trajectory,
            "form": form,
            "team": trajectory.team.select_related("user"),
            "undo": undo,
            "undo_role": role,
        },
    )


@in_trajectory(May.MANAGE)
@require_POST
def team_remove(request: AuthenticatedRequest, trajectory: Trajectory, member_id: int) -> HttpResponse:
    """Take a role from a person; the next page offers to undo it."""
    member = get_object_or_404(TeamMember.objects.select_related("user"), pk=member_id, trajectory=trajectory)
    remove_member(member=member, by=request.user)
    messages.success(request, _("%(name)s hoort niet meer bij het team.") % {"name": member.user})
    answer = redirect("trajectory_team", trajectory_id=trajectory.pk)
    answer.headers["Location"] += f"?terug={member.user_id}.{member.role}"
    return answer


@in_trajectory(May.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def team_replace(request: AuthenticatedRequest, trajectory: Trajectory, member_id: int) -> HttpResponse:
    """Somebody else takes over a role."""
    member = get_object_or_404(TeamMember.objects.select_related("user"), pk=member_id, trajectory=trajectory)
    form = PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        new = replace_member(member=member, **form.cleaned_data, by=request.user)
        messages.success(request, _("%(name)s neemt de rol over.") % {"name": new.user})
        return redirect("trajectory_team", trajectory_id=trajectory.pk)
    return render(request, "pilots/team_replace.html", {"trajectory": trajectory, "form": form, "member": member})


@in_programme(May.MANAGE)
@require_safe
def people(request: AuthenticatedRequest) -> HttpResponse:
    """All accounts, with their roles and whether they can log in."""
    words = request.GET.get("q", "").strip()[:200]
    found = User.objects.prefetch_related(
        Prefetch("memberships", TeamMember.objects.select_related("trajectory__school"))
    )
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    page = Paginator(found, PAGE).get_page(request.GET.get("pagina"))
    return render(request, "pilots/people.html", {"page": page, "words": words, "address": urlencode({"q": words})})
