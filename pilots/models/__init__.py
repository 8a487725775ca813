"""People, schools, trajectories, journal, documents and the audit trail."""

from pilots.models.audit import AuditEvent
from pilots.models.documents import Document
from pilots.models.people import User
from pilots.models.trajectories import JournalEntry, School, StepDate, TeamMember, Trajectory

__all__ = ["AuditEvent", "Document", "JournalEntry", "School", "StepDate", "TeamMember", "Trajectory", "User"]
