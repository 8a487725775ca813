"""Around the pupils: the school's question and vision, what care takes, its partners and its role card."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.actions.surroundings import (
    place_partners,
    remove_care_role,
    remove_partner,
    save_care_role,
    save_partner,
)
from pilots.actions.trajectories import save_profile
from pilots.decorators import in_trajectory
from pilots.enums import PartnerState
from pilots.forms.surroundings import CareRoleForm, CareTimeForm, PartnerForm, WordsForm
from pilots.models import CareRole, Partner, Trajectory
from pilots.roles import May
from pilots.surroundings import care_time_words, names_in, partner_map, person_name, role_card
from pilots.vocabulary import vocabulary
from welbevinden.http import AuthenticatedRequest

# With whom a role card mostly begins; offered while the card is empty.
FIRST_ROLES = ("caretaker", "teacher", "coordinator", "director")


def _back(trajectory: Trajectory, anchor: str) -> HttpResponse:
    return redirect(reverse("surroundings", kwargs={"trajectory_id": trajectory.pk}) + f"#{anchor}")


def _warn_of_names(request: AuthenticatedRequest, trajectory: Trajectory, texts: Iterable[str]) -> None:
    """Saved is saved; but whoever wrote a name hears that a function is better."""
    if found := names_in(texts, trajectory):
        shown = ", ".join(f"“{each.text}”" for each in found[:5])
        messages.warning(
            request,
            _("Het is bewaard. Staat er een naam in? %(names)s lijkt erop. Schrijf liever een functie.")
            % {"names": shown},
        )


def _refused(form: BaseForm, error: ValidationError) -> None:
    """What the action refused, at its field, or on top when the page has no such field."""
    for field, faults in error.message_dict.items():
        for fault in faults:
            form.add_error(field if field in form.fields else None, fault)


@in_trajectory(May.SEE)
@require_safe
def surroundings(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """What the school says of itself, and who stands around its pupils."""
    sector = trajectory.school.sector
    return render(
        request,
        "pilots/surroundings.html",
        {
            "trajectory": trajectory,
            "map": partner_map(trajectory, asked=True),
            "roles": role_card(trajectory),
            "first_roles": [(each, person_name(each, sector)) for each in FIRST_ROLES],
            "care_time": care_time_words(trajectory),
            "may_describe": May.DESCRIBE_SCHOOL in trajectory.may,
        },
    )


@in_trajectory(May.SEE)
@require_safe
def care_card(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """The role card, to print and hang up."""
    return render(request, "pilots/care_card.html", {"trajectory": trajectory, "roles": role_card(trajectory)})


@in_trajectory(May.DESCRIBE_SCHOOL)
@require_http_methods(["GET", "HEAD", "POST"])
def surroundings_words(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """The question and the vision, in the school's own words."""
    form = WordsForm(request.POST if request.method == "POST" else None, instance=trajectory)
    if request.method == "POST" and form.is_valid():
        save_profile(trajectory=form.instance, changed=form.changed_data, by=request.user)
        messages.success(request, _("De woorden van de school zijn bewaard."))
        _warn_of_names(request, trajectory, [trajectory.question, trajectory.vision])
        return _back(trajectory, "visie")
    return render(request, "pilots/surroundings_words.html", {"trajectory": trajectory, "form": form})


@in_trajectory(May.DESCRIBE_SCHOOL)
@require_http_methods(["GET", "HEAD", "POST"])
def surroundings_care_time(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """What the care coordination takes: people, days and what it costs."""
    form = CareTimeForm(request.POST if request.method == "POST" else None, instance=trajectory)
    if request.method == "POST" and form.is_valid():
        save_profile(trajectory=form.instance, changed=form.changed_data, by=request.user)
        messages.success(request, _("De tijd voor zorg is bewaard."))
        _warn_of_names(request, trajectory, [trajectory.care_note])
        return _back(trajectory, "zorgtijd")
    return render(request, "pilots/surroundings_care_time.html", {"trajectory": trajectory, "form": form})


# --- Partners


def _partner_page(request: AuthenticatedRequest, trajectory: Trajectory, partner: Partner) -> HttpResponse:
    form = PartnerForm(
        request.POST if request.method == "POST" else None,
        instance=partner,
        initial={"partner": request.GET.get("partner", "")} if not partner.pk else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_partner(partner=form.instance, by=request.user)
        except ValidationError as error:
            _refused(form, error)
        else:
            name = person_name(saved.partner, trajectory.school.sector)
            messages.success(request, _("%(partner)s staat op de kaart.") % {"partner": name})
            _warn_of_names(request, trajectory, [saved.contact, saved.note])
            return _back(trajectory, "partners")
    known = Partner.objects.get(pk=partner.pk) if partner.pk else None
    return render(
        request,
        "pilots/partner.html",
        {
            "trajectory": trajectory,
            "form": form,
            "partner": known,
            "name": person_name(known.partner, trajectory.school.sector) if known else "",
        },
    )


@in_trajectory(May.DESCRIBE_SCHOOL)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_add(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Put a partner on the map."""
    return _partner_page(request, trajectory, Partner(trajectory=trajectory))


@in_trajectory(May.DESCRIBE_SCHOOL)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_edit(request: AuthenticatedRequest, trajectory: Trajectory, partner_id: int) -> HttpResponse:
    """Change what stands on the map about a partner."""
    partner = get_object_or_404(Partner, pk=partner_id, trajectory=trajectory)
    partner.trajectory = trajectory
    return _partner_page(request, trajectory, partner)


@in_trajectory(May.DESCRIBE_SCHOOL)
@require_POST
def partners_place(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Put partners on the map whom the plan asks for, one or all of them, with one button."""
    partners, state = request.POST.getlist("partner"), request.POST.get("state")
    if not partners or state not in PartnerState.values or any(each not in vocabulary().helpers for each in partners):
        raise Http404
    placed = place_partners(trajectory=trajectory, partners=partners, state=state, by=request.user)
    if placed == 1:
        messages.success(request, _("De partner staat op de kaart."))
    elif placed:
        messages.success(request, _("%(number)s partners staan op de kaart.") % {"number": placed})
    return _back(trajectory, "partners")


@in_trajectory(May.DESCRIBE_SCHOOL)
@require_POST
def partner_remove(request: AuthenticatedRequest, trajectory: Trajectory, partner_id: int) -> HttpResponse:
    """Take a partner off the map. Twice is once."""
    partner = Partner.objects.filter(pk=partner_id, trajectory=trajectory).first()
    if partner is not None:
        remove_partner(partner=partner, by=request.user)
        messages.success(request, _("De partner is van de kaart."))
    return _back(trajectory, "partners")


# --- The role card


def _care_role_page(request: AuthenticatedRequest, trajectory: Trajectory, care_role: CareRole) -> HttpResponse:
    form = CareRoleForm(
        request.POST if request.method == "POST" else None,
        instance=care_role,
        initial={"role": request.GET.get("rol", "")} if not care_role.pk else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_care_role(care_role=form.instance, by=request.user)
        except ValidationError as error:
            _refused(form, error)
        else:
            name = person_name(saved.role, trajectory.school.sector)
            messages.success(request, _("%(role)s staat op de rolkaart.") % {"role": name})
            _warn_of_names(request, trajectory, [saved.task, saved.reach])
            return _back(trajectory, "rolkaart")
    known = CareRole.objects.get(pk=care_role.pk) if care_role.pk else None
    return render(
        request,
        "pilots/care_role.html",
        {
            "trajectory": trajectory,
            "form": form,
            "care_role": known,
            "name": person_name(known.role, trajectory.school.sector) if known else "",
        },
    )


@in_trajectory(May.DESCRIBE_SCHOOL)
@require_http_methods(["GET", "HEAD", "POST"])
def care_role_add(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """Add a line to the role card."""
    return _care_role_page(request, trajectory, CareRole(trajectory=trajectory))


@in_trajectory(May.DESCRIBE_SCHOOL)
@require_http_methods(["GET", "HEAD", "POST"])
def care_role_edit(request: AuthenticatedRequest, trajectory: Trajectory, care_role_id: int) -> HttpResponse:
    """Change a line of the role card."""
    care_role = get_object_or_404(CareRole, pk=care_role_id, trajectory=trajectory)
    care_role.trajectory = trajectory
    return _care_role_page(request, trajectory, care_role)


@in_trajectory(May.DESCRIBE_SCHOOL)
@require_POST
def care_role_remove(request: AuthenticatedRequest, trajectory: Trajectory, care_role_id: int) -> HttpResponse:
    """Take a line off the role card. Twice is once."""
    care_role = CareRole.objects.filter(pk=care_role_id, trajectory=trajectory).first()
    if care_role is not None:
        remove_care_role(care_role=care_role, by=request.user)
        messages.success(request, _("De rol is van de kaart."))
    return _back(trajectory, "rolkaart")
