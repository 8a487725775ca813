"""Who stands around the pupils of a school: partners outside it, and who does what in its care structure."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pilots.enums import PartnerState
from pilots.models.trajectories import LONG_TEXT, Trajectory
from pilots.vocabulary import vocabulary
from welbevinden.constraints import one_of


class Partner(models.Model):
    """One partner on the school's map: in, or missing; whom to ask for is a function, never a name."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="partner_map")
    partner = models.CharField(_("partner"), max_length=40)
    state = models.CharField(_("doet mee of ontbreekt"), max_length=10, choices=PartnerState.choices)
    contact = models.CharField(_("contactpersoon (functie)"), max_length=300, blank=True, default="", db_default="")
    note = models.TextField(
        _("afspraak"), blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)]
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("trajectory", "partner"),
                name="partner_once",
                violation_error_message=_("Deze partner staat al op de kaart."),
            ),
            one_of("partner", [*vocabulary().partners, *vocabulary().stakeholder_roles], "partner_id"),
            one_of("state", PartnerState.values, "partner_state"),
        )

    def __str__(self) -> str:
        return f"{self.partner}: {self.get_state_display()}"


class CareRole(models.Model):
    """One line of the role card: what somebody with this role does when a pupil gives a signal."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="care_roles")
    role = models.CharField(_("wie"), max_length=40)
    task = models.TextField(_("wat doet die bij een signaal"), validators=[MaxLengthValidator(LONG_TEXT)])
    reach = models.CharField(_("hoe te bereiken"), max_length=300, blank=True, default="", db_default="")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("trajectory", "role"),
                name="care_role_once",
                violation_error_message=_("Deze rol staat al op de rolkaart."),
            ),
            one_of("role", [*vocabulary().roles, *vocabulary().stakeholder_roles], "care_role_role"),
        )

    def __str__(self) -> str:
        return self.role
