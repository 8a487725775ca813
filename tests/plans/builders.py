"""Builders of what a plan is made from: a checklist with answers and focus groups with a ranking."""

import datetime
from collections.abc import Sequence
from typing import Any

from checklist.actions import publish_instruments
from checklist.loading import load
from checklist.models import Answer, Instrument, Interview, Item
from focusgroups.models import FocusGroup, Idea, Option, Participants, Ranking
from pilots.models import Document, Trajectory, User
from pilots.vocabulary import vocabulary
from plans.actions import generate_plan
from plans.models import Action, Plan, SupportSession
from tests.builders import full_team, make_school, make_trajectory

# A card: its text and its topics.
CardWords = tuple[str, Sequence[str]]

PUPILS: Sequence[CardWords] = (
    ("Rust in je hoofd", ("edu-relax", "edu-stress")),
    ("Meer spelen met andere groepen", ("edu-connect-pupils",)),
    ("Een eigen tuin", ()),
)
PARENTS: Sequence[CardWords] = (
    ("Weten wat er op school gebeurt", ("par-communication",)),
    ("Hulp als het thuis moeilijk is", ("care-low-threshold",)),
)
STAKEHOLDERS: Sequence[CardWords] = (
    ("Eén lijn voor iedereen", ("tr-consistent-response",)),
    ("Kinderen eerder zien", ("care-signalling", "care-check-in")),
)


def hold_group(
    trajectory: Trajectory, kind: str, cards: Sequence[CardWords], *, ideas: Sequence[CardWords] = ()
) -> FocusGroup:
    """A session that was held, whose group laid one order together: the order of `cards`."""
    group = FocusGroup.objects.create(trajectory=trajectory, kind=kind, held_on=datetime.date(2026, 10, 6), minutes=90)
    Participants.objects.create(focus_group=group, role="parent" if kind == "parents" else "pupil", count=8)
    for number, (label, topics) in enumerate(cards, start=1):
        Option.objects.create(focus_group=group, ref=f"o{number}", label=label, topics=list(topics), position=number)
    for number, (text, topics) in enumerate(ideas, start=1):
        Idea.objects.create(
            focus_group=group, ref=f"i{number}", question="going-well", text=text, topics=list(topics), position=number
        )
    refs = [f"o{number}" for number in range(1, len(cards) + 1)]
    Ranking.objects.create(focus_group=group, round=1, method="consensus", order=refs, option_refs=refs)
    return group


def answer_checklist(
    trajectory: Trajectory,
    scores: dict[str, int | str],
    *,
    others: int | None = None,
    final: bool = True,
    mode: str = "interview",
) -> Interview:
    """The published checklist with a score for the items on these topics; all other items get `others`."""
    sector = trajectory.school.sector
    if not Instrument.objects.exists():
        publish_instruments(load())
    interview = Interview.objects.create(
        trajectory=trajectory,
        instrument=Instrument.objects.newest_for(sector),
        held_on=datetime.date(2026, 11, 3),
        respondents=["director", "coordinator"],
        mode=mode,
    )
    answers: list[Answer] = []
    for item in Item.objects.filter(instrument=interview.instrument):
        given = next((scores[topic] for topic in item.topics if topic in scores), others)
        if given is not None:
            answers.append(
                Answer(
                    interview=interview,
                    item=item,
                    score=given if isinstance(given, int) else None,
                    no_score="" if isinstance(given, int) else given,
                    priority="now" if given == 0 and len(answers) % 4 == 0 else "",
                )
            )
    Answer.objects.bulk_create(answers)
    if final:
        finish(interview)
    return interview


def finish(interview: Interview) -> None:
    """The interview is final."""
    interview.is_final = True
    interview.final_at = datetime.datetime(2026, 11, 3, 16, tzinfo=datetime.UTC)
    interview.save()


def ready_trajectory(sector: str = "PO", **fields: object) -> tuple[Trajectory, dict[str, User]]:
    """A school of which everything is there to write a normal plan, with its team."""
    trajectory = make_trajectory(
        make_school(sector=sector, name="De Kleurdoos" if sector == "PO" else "Het Kompas"),
        low_dutch=True,
        unaccompanied_minors=sector == "VO",
        question="Hoe zorgen we voor rust op school?",
        interventions_in_use=["kanjertraining"] if sector == "PO" else [],
        **fields,
    )
    team = full_team(trajectory)
    answer_checklist(
        trajectory,
        {
            "edu-nonverbal": 0,
            "edu-connect-pupils": 1,
            "care-check-in": 0,
            "tr-trauma-sensitive": 1,
            "pol-vision": 1,
            "par-communication": 1,
            "care-referral": 1,
            "edu-media": "unknown",
        },
        others=3,
    )
    hold_group(trajectory, "pupils", PUPILS, ideas=(("De juf luistert", ("care-trusted-adult",)),))
    hold_group(trajectory, "parents", PARENTS)
    hold_group(trajectory, "stakeholders", STAKEHOLDERS)
    return trajectory, team


def overfull_trajectory(sector: str = "PO") -> tuple[Trajectory, dict[str, User]]:
    """A school where everything asks for attention, and a dozen things that belong nowhere."""
    trajectory = make_trajectory(make_school(sector=sector, name="De Volle School"), low_dutch=True)
    team = full_team(trajectory)
    answer_checklist(trajectory, {}, others=0)
    topics = list(vocabulary().topics)
    for start, kind in enumerate(vocabulary().focus_group_kinds):
        cards: list[CardWords] = [
            (f"Wens {n} van {kind}", (topics[(start * 9 + n * 5) % len(topics)],)) for n in range(8)
        ]
        cards += [(f"Eigen thema {n} van {kind}, dat nergens bij hoort", ()) for n in range(4)]
        hold_group(trajectory, kind, cards)
    return trajectory, team


def small_trajectory(sector: str = "VO") -> tuple[Trajectory, dict[str, User]]:
    """A school of which hardly anything is known."""
    trajectory = make_trajectory(make_school(sector=sector, name="De Stille School"))
    team = full_team(trajectory)
    answer_checklist(trajectory, {"pol-vision": 0, "env-climate": 2}, final=False, mode="self")
    FocusGroup.objects.create(trajectory=trajectory, kind="parents", not_held_reason="te weinig aanmeldingen")
    return trajectory, team


def ready_plan(sector: str = "PO", **fields: object) -> tuple[Plan, dict[str, User]]:
    """A draft of a normal plan, with the team."""
    trajectory, team = ready_trajectory(sector, **fields)
    return generate_plan(trajectory=trajectory, by=team["researcher"]), team


def bare_plan(trajectory: Trajectory, *, released: bool = False) -> Action:
    """A plan with one own action and nothing else, for tests that only want something to be there."""
    sections = [
        {
            "section": section,
            "status": "unknown",
            "summary": "Nog niet bekend.",
            "unknown": [{"what": "Nog niet bekend", "advice": "Vraag het na"}],
            "contradictions": [],
            "strengths": [],
            "attention": [{"topic": "env-food", "need": 0, "evidence": [{"source": "rule", "rule": "P17"}]}]
            if section == "environment"
            else [],
        }
        for section in vocabulary().sections
    ]
    fixed = {"status": "released", "released_on": datetime.date(2026, 11, 20), "document": {"form": 1}}
    plan = Plan.objects.create(
        trajectory=trajectory,
        version=1,
        body={"sections": sections, "coverage": {"signals": 0, "addressed": 0, "set_aside": 0, "missed": 0}},
        **(fixed if released else {}),
    )
    if released:
        Document.objects.create(trajectory=trajectory, kind="plan", object_id=plan.pk)
    return Action.objects.create(
        plan=plan,
        section="environment",
        topic="env-food",
        own=True,
        edited_by="researcher",
        position=1,
        title="Samen ontbijten",
        text="Elke dag",
        year=1,
        status="chosen" if released else "open",
    )


def plan_session(trajectory: Trajectory, **fields: Any) -> SupportSession:
    """A support session, planned unless something else is said."""
    defaults = {"component": "training-trauma", "planned_on": datetime.date(2027, 1, 14), "topic": "Stress herkennen"}
    return SupportSession.objects.create(trajectory=trajectory, **{**defaults, **fields})


def route_arguments(name: str, trajectory: Trajectory) -> dict[str, Any]:
    """What the route `name` of the plan needs besides `trajectory_id`, made so that its page is there."""
    action = bare_plan(
        trajectory,
        released=name in {"plan_action_choose", "plan_action_pick", "plan_pdf", "plan_pdf_state", "plan_pdf_retry"}
        or name.startswith("follow_up"),
    )
    everything: dict[str, dict[str, Any]] = {
        "plan_version": {"number": 1},
        "plan_comment": {"number": 1},
        "plan_agree": {"number": 1},
        "plan_action_add": {"section": "environment"},
        "plan_set_aside": {"topic": "env-food"},
        "plan_take_back": {"topic": "env-food"},
    }
    if name in {"follow_up_card", "follow_up_action"} or (name.startswith("plan_action") and name != "plan_action_add"):
        return {"action_id": action.pk}
    if name in {"support_edit", "support_remove"}:
        return {"session_id": plan_session(trajectory).pk}
    return everything.get(name, {})
