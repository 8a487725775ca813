"""Builders for focus groups: sessions with cards, options and rounds, made through the actions people use."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from focusgroups import actions
from focusgroups.models import FocusGroup, Idea, Option, Ranking
from pilots.models import Trajectory
from tests.builders import make_trajectory


def make_session(
    trajectory: Trajectory | None = None,
    kind: str = "pupils",
    *,
    held_on: date | None = date(2026, 11, 5),
    not_held_reason: str = "",
    participants: dict[str, int] | None = None,
) -> FocusGroup:
    return actions.add_session(
        trajectory=trajectory or make_trajectory(),
        uuid=uuid4(),
        kind=kind,
        held_on=held_on,
        minutes=90 if held_on else None,
        not_held_reason=not_held_reason,
        participants=participants or {},
        by=None,
    )


def make_idea(group: FocusGroup, text: str = "Een rustig lokaal", question: str = "improve", **fields: Any) -> Idea:
    return actions.add_idea(group=group, uuid=uuid4(), question=question, text=text, by=None, **fields)


def make_options(group: FocusGroup, *labels: str, **fields: Any) -> list[Option]:
    return [actions.add_option(group=group, uuid=uuid4(), label=label, by=None, **fields) for label in labels]


def make_round(group: FocusGroup, method: str = "order", lines: Sequence[str] = (), **fields: Any) -> Ranking:
    number = group.rankings.count() + 1
    ranking = actions.open_round(
        group=group,
        number=number,
        method=method,
        points_each=fields.pop("points_each", None),
        options=list(group.options.all()),
        by=None,
    )
    for line in lines:
        actions.record_line(ranking=ranking, uuid=uuid4(), line=line, by=None)
    return ranking


def make_ranked(
    trajectory: Trajectory, kind: str, options: Sequence[tuple[str, Sequence[str], Sequence[str]]], lines: Sequence[str]
) -> FocusGroup:
    """A session with options (label, themes, topics) and one round of orders."""
    group = make_session(trajectory, kind, participants={"other": max(len(lines), 1)})
    for label, themes, topics in options:
        make_options(group, label, themes=list(themes), topics=list(topics))
    make_round(group, lines=lines)
    return group


def route_arguments(name: str, trajectory: Trajectory) -> dict[str, Any]:
    """What route `name` of this app needs besides `trajectory_id`, made in a new session of `trajectory`."""
    if name == "focus_group_add":
        return {"kind": "pupils"}
    group = make_session(trajectory)
    found: dict[str, Any] = {"group_id": group.pk}
    idea, (option,) = make_idea(group), make_options(group, "Sport")
    method = {"focus_group_tally": "tally", "focus_group_consensus": "consensus"}.get(name, "order")
    ranking = make_round(group, method, ["1"] if method == "order" else [])
    if name.startswith("focus_group_idea") and name not in {"focus_group_ideas", "focus_group_idea_add"}:
        found["uuid"] = idea.uuid
    elif name in {"focus_group_option", "focus_group_option_remove"}:
        found["uuid"] = option.uuid
    elif name in {"focus_group_quote", "focus_group_quote_release"}:
        found["uuid"] = actions.add_quote(group=group, uuid=uuid4(), role="pupil", text="Rust", by=None).uuid
    elif name == "focus_group_line":
        found["uuid"] = ranking.ballots.get().uuid
    rounds = {"round", "round_remove", "line_add", "line_read", "line", "tally", "consensus", "decide", "screen"}
    if name.removeprefix("focus_group_") in rounds:
        found["number"] = ranking.round
    return found
