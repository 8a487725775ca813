"""With whom an evaluation interview is held, and what its lines are about."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Side(TextChoices):
    GSA = "gsa", _("GSA")
    SCHOOL = "school", _("School")


class Subject(TextChoices):
    """The lists of the vocabulary that an interview goes through, one line for each of their ids."""

    QUESTION = "question", _("Vragen over het geheel")
    IMPROVEMENT = "improvement", _("Verbeteringen")
    OUTCOME = "outcome", _("Wat er te zien is")
    COMPONENT = "component", _("Onderdelen van de pilot")


class FactorKind(TextChoices):
    PROMOTING = "promoting", _("Bevorderend")
    HINDERING = "hindering", _("Belemmerend")


# A factor that the vocabulary does not know, in people's own words.
OTHER = "other"
