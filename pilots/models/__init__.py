"""People, schools, trajectories, journal, surroundings, mail, documents and the audit trail."""

from pilots.models.audit import AuditEvent
from pilots.models.documents import Document
from pilots.models.mail import Invitation, Mail
from pilots.models.people import User
from pilots.models.quotes import QuoteBase
from pilots.models.surroundings import CareRole, Partner
from pilots.models.trajectories import JournalEntry, School, StepDate, TeamMember, Trajectory

__all__ = [
    "AuditEvent",
    "CareRole",
    "Document",
    "Invitation",
    "JournalEntry",
    "Mail",
    "Partner",
    "QuoteBase",
    "School",
    "StepDate",
    "TeamMember",
    "Trajectory",
    "User",
]
