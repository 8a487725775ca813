"""What people do to schools, teams, trajectories and documents: one transaction each, with an audit row in it."""

from pilots.actions.documents import order_document, retry_document
from pilots.actions.invitations import (
    ClosedAccountError,
    TooManyError,
    accept_invitation,
    ask_known,
    asked_by_director,
    find_invitation,
    invite,
    is_successor,
    open_invitation,
    refuse_invitation,
    refuse_too_many,
    refused,
    welcome,
    withdraw_invitation,
)
from pilots.actions.journal import delete_entry, end_pause, plan_steps, write_entry
from pilots.actions.people import (
    NotThisAccountError,
    close_account,
    erase_person,
    is_erased,
    note_export,
    refuse_to_close,
    remains_of,
    reopen_account,
)
from pilots.actions.retention import apply_rules, idle_accounts
from pilots.actions.schools import same_school, save_school
from pilots.actions.surroundings import (
    place_partners,
    remove_care_role,
    remove_partner,
    save_care_role,
    save_partner,
)
from pilots.actions.team import account_for, accounts_for, add_member, remove_member, replace_member
from pilots.actions.trajectories import save_profile, start_trajectory
from pilots.mail_actions import may_send_again, queue_mail, send_again

__all__ = [
    "ClosedAccountError",
    "NotThisAccountError",
    "TooManyError",
    "accept_invitation",
    "account_for",
    "accounts_for",
    "add_member",
    "apply_rules",
    "ask_known",
    "asked_by_director",
    "close_account",
    "delete_entry",
    "end_pause",
    "erase_person",
    "find_invitation",
    "idle_accounts",
    "invite",
    "is_erased",
    "is_successor",
    "may_send_again",
    "note_export",
    "open_invitation",
    "order_document",
    "place_partners",
    "plan_steps",
    "queue_mail",
    "refuse_invitation",
    "refuse_to_close",
    "refuse_too_many",
    "refused",
    "remains_of",
    "remove_care_role",
    "remove_member",
    "remove_partner",
    "reopen_account",
    "replace_member",
    "retry_document",
    "same_school",
    "save_care_role",
    "save_partner",
    "save_profile",
    "save_school",
    "send_again",
    "start_trajectory",
    "welcome",
    "withdraw_invitation",
    "write_entry",
]
