"""What people do with a plan: one transaction each, with an audit row in it."""

from plans.actions.drafts import generate_plan
from plans.actions.editing import (
    add_own_action,
    edit_action,
    move_action,
    remove_own_action,
    set_aside,
    take_back,
    undo_edit,
)
from plans.actions.following import (
    FullYearError,
    NoReasonError,
    NotReleasedError,
    add_note,
    choose_action,
    follow_action,
    say_why_more,
)
from plans.actions.frame import EDITABLE, ClosedPlanError, ConflictError, NamesFoundError, role_of
from plans.actions.release import add_comment, agree, mask_name, release_plan
from plans.actions.support import add_session, change_session, finish_support, move_sessions, remove_session

__all__ = [
    "EDITABLE",
    "ClosedPlanError",
    "ConflictError",
    "FullYearError",
    "NamesFoundError",
    "NoReasonError",
    "NotReleasedError",
    "add_comment",
    "add_note",
    "add_own_action",
    "add_session",
    "agree",
    "change_session",
    "choose_action",
    "edit_action",
    "finish_support",
    "follow_action",
    "generate_plan",
    "mask_name",
    "move_action",
    "move_sessions",
    "release_plan",
    "remove_own_action",
    "remove_session",
    "role_of",
    "say_why_more",
    "set_aside",
    "take_back",
    "undo_edit",
]
