"""What a plan says, read from rows and body: the plan object, the page per section, the years, what changed."""

from plans.figures.changes import changes
from plans.figures.evidence import Reason, sources_of
from plans.figures.names import NameFound, names_in
from plans.figures.sections import ActionView, SectionView, action_view, sections_of
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
from plans.figures.years import CHOSEN, YEARS, panel, progress_of, years_of

__all__ = [
    "CHOSEN",
    "NAME_LEFT_OUT",
    "YEARS",
    "ActionView",
    "NameFound",
    "Reason",
    "SectionView",
    "action_view",
    "actions_by_entry",
    "all_unknown",
    "changes",
    "first_chosen",
    "masked",
    "names_in",
    "newest",
    "panel",
    "person_words",
    "plan_object",
    "plan_released",
    "progress_of",
    "sections_of",
    "set_aside_of",
    "sources_of",
    "topic_words",
    "version",
    "with_rows",
    "years_of",
]
