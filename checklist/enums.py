"""Scales and modes of the checklist interview."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Score(IntegerChoices):
    NOT_YET = 0, _("Nog niet")
    PARTLY = 1, _("Deels")
    LARGELY = 2, _("Grotendeels")
    FULLY = 3, _("Helemaal")


class NoScore(TextChoices):
    """Why an item has no score: two honest answers that are not on the scale."""

    UNKNOWN = "unknown", _("Weet niet")
    NOT_APPLICABLE = "not-applicable", _("Niet van toepassing")


class Priority(TextChoices):
    NOW = "now", _("Nu")
    LATER = "later", _("Later")


class Mode(TextChoices):
    INTERVIEW = "interview", _("Interview door de GSA")
    SELF = "self", _("Zelf ingevuld door de school")
