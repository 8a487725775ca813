"""Schools and trajectories, for the admin."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pilots.actions import same_school, save_school, start_trajectory
from pilots.decorators import in_programme
from pilots.figures import mail_counts, programme_counts
from pilots.forms.programme import SchoolForm, StartForm
from pilots.models import School, Trajectory
from pilots.regions import regions
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest

PAGE = 25


@in_programme(May.MANAGE)
@require_safe
def overview(request: AuthenticatedRequest) -> HttpResponse:
    """The way to everything an admin keeps."""
    return render(request, "pilots/programme.html", {"counts": programme_counts(), "mails": mail_counts()})


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
