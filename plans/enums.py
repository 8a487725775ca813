"""States of plans and actions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanStatus(TextChoices):
    DRAFT = "draft", _("Concept")
    RELEASED = "released", _("Vastgesteld")
    SUPERSEDED = "superseded", _("Vervangen door een nieuwe versie")


class ActionStatus(TextChoices):
    OPEN = "open", _("Nog niet gekozen")
    CHOSEN = "chosen", _("Gekozen")
    STARTED = "started", _("Bezig")
    DONE = "done", _("Klaar")
    STOPPED = "stopped", _("Gestopt")


class InterventionUse(TextChoices):
    MAIN = "main", _("Als hoofdaanbod")
    PARTLY = "partly", _("Onderdelen ervan")
    LATER = "later", _("Later")
