"""Kinds, questions and methods of the focus groups."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    PARENTS = "parents", _("Ouders en verzorgers")
    PUPILS = "pupils", _("Leerlingen")
    STAKEHOLDERS = "stakeholders", _("Overige betrokkenen")


class Question(TextChoices):
    IMPORTANT = "important", _("Wat is belangrijk voor welbevinden op deze school, zeker voor nieuwkomers?")
    GOING_WELL = "going-well", _("Wat gaat er al goed?")
    IMPROVE = "improve", _("Wat kan beter?")
    METHODS = "methods", _("Hoe zou het kunnen? Welke manier of methode noemt de groep zelf?")
    PRIORITY = "priority", _("Wat heeft nu prioriteit?")


class Method(TextChoices):
    """How a round of ranking was written down."""

    ORDER = "order", _("Ieder een eigen volgorde")
    POINTS = "points", _("Stippen per persoon")
    TALLY = "tally", _("Alleen de totalen")
    CONSENSUS = "consensus", _("De groep legde samen één volgorde")
