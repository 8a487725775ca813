"""Things that were said, with at most a role: what the quotes of focus groups and of evaluations share."""

import uuid

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pilots.enums import Consent
from pilots.models.people import User
from pilots.models.trajectories import LONG_TEXT
from pilots.vocabulary import vocabulary
from welbevinden.constraints import holds, one_of


class QuoteBase(models.Model):
    """A quote stays within its trajectory until somebody releases it, as far as those who said it agreed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(_("wie"), max_length=40, blank=True, default="", db_default="")
    text = models.TextField(_("wat werd er gezegd"), validators=[MaxLengthValidator(LONG_TEXT)])
    position = models.PositiveIntegerField(default=0, db_default=0)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    consent = models.CharField(
        _("waarvoor is toestemming"),
        max_length=10,
        choices=Consent.choices,
        default=Consent.TRAJECTORY,
        db_default=Consent.TRAJECTORY.value,
    )
    released = models.BooleanField(_("vrijgegeven"), default=False, db_default=False)

    class Meta:
        abstract = True
        ordering = ("position", "id")
        constraints = (
            one_of("role", ["", *vocabulary().owners], "%(class)s_role"),
            one_of("consent", Consent.values, "%(class)s_consent"),
            holds(
                Q(released=False) | Q(consent__in=[Consent.PROGRAMME, Consent.PUBLIC]),
                "%(class)s_released",
                _("Geef een citaat alleen vrij als daar toestemming voor is."),
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]
