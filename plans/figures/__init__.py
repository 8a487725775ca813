"""What a plan says, read from rows and body: the plan object, the page per section, the years, what changed."""

from plans.figures.changes import changes
from plans.figures.evidence import Reason, sources_of
from plans.figures.feedback import Audience, sheet_for
from plans.figures.following import choices_of, followed, holding, status_groups, why_more
from plans.figures.handover import handover
from plans.figures.names import NameFound, names_in
from plans.figures.sections import ActionView, SectionView, action_view, sections_of
from plans.figures.support import planned_sessions, support_of, support_panel
from plans.figures.surroundings import methods_of, partners_asked, partners_in
from plans.figures.versions import (
    actions_by_entry,
    all_unknown,
    first_chosen,
    newest,
    plan_object,
    plan_released,
    set_aside_of,
    version,
    with_rows,
)
from plans.figures.words import NAME_LEFT_OUT, masked, person_words, topic_words
from plans.figures.years import CHOSEN, YEARS, Progress, panel, progress_of, years_of

__all__ = [
    "CHOSEN",
    "NAME_LEFT_OUT",
    "YEARS",
    "ActionView",
    "Audience",
    "NameFound",
    "Progress",
    "Reason",
    "SectionView",
    "action_view",
    "actions_by_entry",
    "all_unknown",
    "changes",
    "choices_of",
    "first_chosen",
    "followed",
    "handover",
    "holding",
    "masked",
    "methods_of",
    "names_in",
    "newest",
    "panel",
    "partners_asked",
    "partners_in",
    "person_words",
    "plan_object",
    "plan_released",
    "planned_sessions",
    "progress_of",
    "sections_of",
    "set_aside_of",
    "sheet_for",
    "sources_of",
    "status_groups",
    "support_of",
    "support_panel",
    "topic_words",
    "version",
    "why_more",
    "with_rows",
    "years_of",
]
