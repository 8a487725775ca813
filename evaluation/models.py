"""Evaluation interviews with the GSA and with the school."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pilots.models import Trajectory
from welbevinden.constraints import holds


class Evaluation(models.Model):
    """One evaluation interview. `content` is the file's own form, checked against its schema at import."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="evaluations")
    side = models.CharField(_("met wie"), max_length=10, choices=[("gsa", _("GSA")), ("school", _("School"))])
    held_on = models.DateField(_("gehouden op"))
    content = models.JSONField(default=dict)

    class Meta:
        ordering = ("held_on", "id")
        constraints = (
            holds(Q(side__in=["gsa", "school"]), "evaluation_side", _("Een evaluatie is met de GSA of met de school.")),
        )

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.held_on}"
