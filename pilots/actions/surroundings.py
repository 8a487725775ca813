"""Who stands around the pupils: partners on the map, and the role card of the care structure."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pilots.audit import record
from pilots.models import CareRole, Partner, Trajectory, User


@transaction.atomic
def save_partner(*, partner: Partner, by: User | None) -> Partner:
    """Add a partner to the map, or change what stands there. The same new partner a second time is the same partner.

    Raises ValidationError for a partner that is on the map already with other words, and for what the database would
    refuse.
    """
    Trajectory.objects.select_for_update().get(pk=partner.trajectory_id)
    if not partner.pk:
        there = Partner.objects.filter(trajectory=partner.trajectory_id, partner=partner.partner).first()
        if there is not None:
            if (there.state, there.contact, there.note) == (partner.state, partner.contact, partner.note):
                return there
            raise ValidationError({"partner": _("Deze partner staat al op de kaart. Pas aan wat daar staat.")})
    partner.full_clean()
    partner.save()
    record("partner-saved", partner, by=by, trajectory_id=partner.trajectory_id, partner=partner.partner)
    return partner


@transaction.atomic
def place_partners(*, trajectory: Trajectory, partners: Iterable[str], state: str, by: User | None) -> int:
    """Put these partners on the map as they are; who stands there already stays as they are. Gives how many are new.

    Raises ValidationError for what the database would refuse.
    """
    Trajectory.objects.select_for_update().get(pk=trajectory.pk)
    there = set(Partner.objects.filter(trajectory=trajectory).values_list("partner", flat=True))
    fresh = [Partner(trajectory=trajectory, partner=each, state=state) for each in dict.fromkeys(partners)]
    fresh = [each for each in fresh if each.partner not in there]
    for each in fresh:
        each.full_clean()
    Partner.objects.bulk_create(fresh)
    if fresh:
        record(
            "partners-placed",
            trajectory,
            by=by,
            trajectory_id=trajectory.pk,
            partners=[each.partner for each in fresh],
            state=state,
        )
    return len(fresh)


@transaction.atomic
def remove_partner(*, partner: Partner, by: User | None) -> None:
    """Take a partner off the map."""
    record("partner-removed", partner, by=by, trajectory_id=partner.trajectory_id, partner=partner.partner)
    partner.delete()


@transaction.atomic
def save_care_role(*, care_role: CareRole, by: User | None) -> CareRole:
    """Add a line to the role card, or change it. The same new line a second time is the same line.

    Raises ValidationError for a role that is on the card already with other words, and for what the database would
    refuse.
    """
    Trajectory.objects.select_for_update().get(pk=care_role.trajectory_id)
    if not care_role.pk:
        there = CareRole.objects.filter(trajectory=care_role.trajectory_id, role=care_role.role).first()
        if there is not None:
            if (there.task, there.reach) == (care_role.task, care_role.reach):
                return there
            raise ValidationError({"role": _("Deze rol staat al op de kaart. Pas aan wat daar staat.")})
    care_role.full_clean()
    care_role.save()
    record("care-role-saved", care_role, by=by, trajectory_id=care_role.trajectory_id, role=care_role.role)
    return care_role


@transaction.atomic
def remove_care_role(*, care_role: CareRole, by: User | None) -> None:
    """Take a line off the role card."""
    record("care-role-removed", care_role, by=by, trajectory_id=care_role.trajectory_id, role=care_role.role)
    care_role.delete()
