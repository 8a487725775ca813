"""What the focus groups say: rounds as counted, three voices side by side, input of the plan.

The count itself is `counting`; here rows become its input and its outcome becomes words and places. Everything about
one trajectory is read by `groups_of`, in a fixed number of queries whatever the number of sessions, cards and ballots.
"""

from focusgroups.figures.lines import in_words, line_of_ballot, line_of_order, read_line
from focusgroups.figures.outcome import agreement_words, firmness
from focusgroups.figures.planning import PlanGroup, groups_for_plan
from focusgroups.figures.rounds import Round, last_round, on_the_table, round_of
from focusgroups.figures.sessions import groups_of, numbered, people, read_groups
from focusgroups.figures.three_voices import compare, voices
from focusgroups.figures.trajectory import panel, three_settled

__all__ = [
    "PlanGroup",
    "Round",
    "agreement_words",
    "compare",
    "firmness",
    "groups_for_plan",
    "groups_of",
    "in_words",
    "last_round",
    "line_of_ballot",
    "line_of_order",
    "numbered",
    "on_the_table",
    "panel",
    "people",
    "read_groups",
    "read_line",
    "round_of",
    "three_settled",
    "voices",
]
