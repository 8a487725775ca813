"""Small builders for the evaluation: interviews, and what was said in them."""

import datetime
from typing import Any
from uuid import uuid4

from checklist.models import AnswerContent
from evaluation import actions
from evaluation.figures.interviews import find_place
from evaluation.models import Evaluation, EvaluationQuote
from pilots.models import Trajectory, User
from tests.builders import make_user


def make_evaluation(trajectory: Trajectory, side: str = "school", by: User | None = None, **fields: Any) -> Evaluation:
    """An interview that was started."""
    defaults = {"held_on": datetime.date(2026, 11, 3), "respondents": ["director"]}
    evaluation = actions.start_evaluation(
        trajectory=trajectory, uuid=uuid4(), side=side, by=by or make_user(), **{**defaults, **fields}
    )
    evaluation.trajectory = trajectory
    return evaluation


def say(
    evaluation: Evaluation,
    code: str,
    value: int | str | None = None,
    note: str = "",
    *,
    consent: str = "",
    by: User | None = None,
) -> actions.Saved:
    """Fill in the field with this code, whatever stood there."""
    place = find_place(code)
    assert place is not None, code
    content = AnswerContent(value, consent, note)
    [saved] = actions.save_fields(evaluation=evaluation, saves=[actions.Save(place, content, 0)], by=by or make_user())
    if saved.conflict:
        again = actions.Save(place, content, saved.version)
        [saved] = actions.save_fields(evaluation=evaluation, saves=[again], by=by or make_user())
    return saved


def make_quote(
    evaluation: Evaluation, text: str = "Het is rustiger.", *, consent: str = "programme"
) -> EvaluationQuote:
    """Something that was said, not released."""
    uuid = uuid4()
    say(evaluation, f"quote_{uuid}_care", "director", text, consent=consent)
    return EvaluationQuote.objects.get(uuid=uuid)


def route_arguments(name: str, trajectory: Trajectory) -> dict[str, Any]:
    """What route `name` of this app needs besides `trajectory_id`, made in a new interview with the school."""
    if name in {"evaluation_guide", "evaluation_start"}:
        return {"side": "school"}
    evaluation = make_evaluation(trajectory)
    if name == "evaluation_quote":
        return {"uuid": make_quote(evaluation).uuid}
    more = {"evaluation_answer": {"code": "question_care"}, "evaluation_part": {"part": "care"}}
    return {"evaluation_id": evaluation.pk, **more.get(name, {})}
