"""Kinds and states of people, schools and trajectories, with Dutch labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sector(TextChoices):
    PO = "PO", _("Primair onderwijs")
    VO = "VO", _("Voortgezet onderwijs")


class RoleName(TextChoices):
    """Roles that a person can have in a trajectory. Admin is not one: an admin belongs to the whole programme."""

    GSA = "gsa", _("Gezonde School-adviseur")
    RESEARCHER = "researcher", _("Onderzoeker van Pharos")
    DIRECTOR = "director", _("Directeur")
    COORDINATOR = "coordinator", _("Intern begeleider of zorgcoördinator")


class WorksWith(TextChoices):
    GEZONDE_SCHOOL = "gezonde-school", _("Werkt met Gezonde School")
    OTHER = "other", _("Werkt met een andere aanpak")
    NONE = "none", _("Werkt nog niet met een aanpak")


class StepState(TextChoices):
    DONE = "done", _("Klaar")
    NOW = "now", _("Nu aan de beurt")
    WAITING = "waiting", _("Komt later")
    OVERDUE = "overdue", _("Over de datum")
    PAUSED = "paused", _("Ligt stil")


class JournalKind(TextChoices):
    PAUSE = "pause", _("Pauze")
    NOTE = "note", _("Aantekening")


class MailState(TextChoices):
    QUEUED = "queued", _("Wacht op verzending")
    SENDING = "sending", _("Wordt verstuurd")
    SENT = "sent", _("Verstuurd")
    FAILED = "failed", _("Niet gelukt")


class InvitationState(TextChoices):
    """How far somebody without a password is on the way in."""

    NONE = "none", _("Nog niet uitgenodigd")
    SENDING = "sending", _("Uitnodiging wacht op verzending")
    UNSENT = "unsent", _("Uitnodiging niet verstuurd")
    SENT = "sent", _("Uitnodiging verstuurd")
    OPENED = "opened", _("Uitnodiging geopend")
    ACCEPTED = "accepted", _("Uitnodiging geaccepteerd")
    EXPIRED = "expired", _("Uitnodiging verlopen")
    VOIDED = "voided", _("Uitnodiging ingetrokken")


class PartnerState(TextChoices):
    IN = "in", _("Doet mee")
    MISSING = "missing", _("Ontbreekt nog")


class Consent(TextChoices):
    """How far a quote may go, as those who said it agreed."""

    TRAJECTORY = "trajectory", _("Alleen in dit traject")
    PROGRAMME = "programme", _("Ook in het overzicht over scholen")
    PUBLIC = "public", _("Ook in een openbaar verslag")


class DocumentState(TextChoices):
    QUEUED = "queued", _("Staat klaar om te maken")
    RUNNING = "running", _("Wordt gemaakt")
    DONE = "done", _("Klaar")
    FAILED = "failed", _("Niet gelukt")
