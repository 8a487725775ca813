"""What the PDF of a plan prints, as plain JSON values: fixed at the release, testable without rendering.

Holds roles and numbers of people, never a name of a pupil or parent, and no quotes (rule P10).
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from django.utils.timezone import localdate

from checklist.enums import Mode, NoScore, Priority, Score
from checklist.figures import leading_interview
from checklist.models import Interview
from focusgroups.figures import PlanGroup, groups_for_plan, voices
from pilots.abbreviations import used_in
from pilots.models import Trajectory
from pilots.surroundings import care_time_words, partner_map, role_card
from pilots.vocabulary import vocabulary
from plans.enums import PlanStatus
from plans.figures import (
    ActionView,
    Reason,
    SectionView,
    masked,
    methods_of,
    person_words,
    sections_of,
    set_aside_of,
    sources_of,
    topic_words,
)
from plans.models import Plan

VOICES = {"parents": "ouders", "pupils": "leerlingen", "stakeholders": "andere betrokkenen"}
FORM = 2  # of this document; the template of an older form stays able to print it
Json = dict[str, Any]

# From what need a topic is called high or middling; need runs from 0 to 1.
HIGH, MIDDLING = 0.6, 0.35


def build(plan: Plan) -> Json:
    """Everything the PDF of `plan` prints. Depends on the database alone; a draft can be built too.

    A number of queries that does not grow with the plan.
    """
    trajectory = plan.trajectory
    interview = leading_interview(trajectory)
    groups = groups_for_plan(trajectory)
    sector = trajectory.school.sector
    names = plan.names_masked
    sections = _sections(sections_of(plan, sources_of(trajectory)))
    methods = methods_of(trajectory, names)
    for section in sections:
        section["methods"] = [{"who": each.who, "text": each.text} for each in methods.get(section["section"], ())]
    document: Json = {
        "form": FORM,
        "demo": trajectory.is_demo,
        "version": plan.version,
        "date": (plan.released_on or localdate(plan.generated_at)).isoformat(),
        "school": _school(trajectory),
        "cohort": trajectory.cohort,
        "question": masked(trajectory.question, names),
        "vision": masked(trajectory.vision, names),
        "care_time": masked({"time": care_time_words(trajectory), "note": trajectory.care_note}, names),
        "care_roles": masked(_care_roles(trajectory), names),
        "partner_map": masked(_partner_map(trajectory), names),
        "team": [
            person_words(role, sector)
            for role in ("director", "coordinator", "gsa", "researcher")
            if role in {member.role for member in trajectory.team.all()}
        ],
        "sections": sections,
        "years": _years(sections),
        "set_aside": [
            {
                "label": topic_words(each.topic, sector),
                "reason": masked(each.reason, names),
                "by": person_words(each.by, sector),
            }
            for each in set_aside_of(plan)
        ],
        "coverage": plan.body.get("coverage", {}),
        "voices": _voices(trajectory),
        "origin": _origin(groups, interview, sector),
    }
    document["summary"] = _summary(document)
    document["abbreviations"] = used_in(" ".join(_texts(document)))
    return document


def _school(trajectory: Trajectory) -> Json:
    words, school = vocabulary(), trajectory.school
    low, high = trajectory.ages
    facts = [f"{low} tot en met {high} jaar"]
    if trajectory.pupils is not None:
        facts.append(f"{trajectory.pupils} leerlingen")
    if trajectory.newcomers is not None:
        facts.append(f"{trajectory.newcomers} nieuwkomers")
    return {
        "name": school.name,
        "place": school.place,
        "sector": school.sector,
        "sector_label": words.sectors[school.sector],
        "setting": words.settings[trajectory.setting].label,
        "region": school.region or "",
        "facts": facts,
    }


def _care_roles(trajectory: Trajectory) -> list[Json]:
    return [{"who": each.label, "task": each.row.task, "reach": each.row.reach} for each in role_card(trajectory)]


def _partner_map(trajectory: Trajectory) -> Json:
    found = partner_map(trajectory)
    return {
        state: [{"who": each.label, "contact": each.row.contact, "note": each.row.note} for each in lines]
        for state, lines in (("present", found.present), ("missing", found.missing))
    }


def _sections(found: Iterable[SectionView]) -> list[Json]:
    sections = _in_words(found)
    # A session that was not held is unknown in every section: what to do about it is printed once.
    printed: set[str] = set()
    for section in sections:
        section["unknown_too"] = [each["what"] for each in section["unknown"] if each["what"] in printed]
        section["unknown"] = [each for each in section["unknown"] if each["what"] not in printed]
        printed |= {each["what"] for each in section["unknown"]}
    return sections


def _in_words(found: Iterable[SectionView]) -> list[Json]:
    return [
        {
            "section": each.section.id,
            "label": each.section.label,
            "pillar": each.section.pillar,
            "status": each.status,
            "summary": each.summary,
            "unknown": [dict(unknown) for unknown in each.unknown],
            "contradictions": [{"label": other.label, "text": other.text} for other in each.contradictions],
            "strengths": [
                {"label": strength.label, "advice": strength.advice, "reasons": _reasons(strength.reasons)}
                for strength in each.strengths
            ],
            "attention": [
                {
                    "label": entry.label,
                    "need": entry.need,
                    "need_words": _need(entry.need),
                    # Where the action of a twin stands, in words.
                    "twin": f"{entry.twin[1]} ({entry.twin[2]})" if entry.twin else "",
                    "reasons": _reasons(entry.reasons),
                    "actions": [_action(action) for action in entry.actions],
                }
                for entry in each.entries
            ],
        }
        for each in found
    ]


def _need(need: float) -> str:
    return "hoog" if need >= HIGH else "midden" if need >= MIDDLING else "laag"


def _reasons(reasons: Iterable[Reason]) -> list[Json]:
    return [{"who": each.who, "text": each.text, "stand": _stand(each)} for each in reasons]


def _stand(reason: Reason) -> str:
    """How strongly the source says it: the score in words, the priority, the place in the ranking."""
    words = []
    if isinstance(reason.score, int):
        words.append(str(Score(reason.score).label).lower())
    elif reason.score:
        words.append(str(NoScore(reason.score).label).lower())
    if reason.priority:
        words.append(f"prioriteit: {str(Priority(reason.priority).label).lower()}")
    if reason.rank:
        words.append(f"plaats {reason.rank} van {reason.of}")
    return ", ".join(words)


def _action(action: ActionView) -> Json:
    return {
        "title": action.title,
        "text": action.text,
        "year": action.row.year,
        "period": action.period,
        "owner": action.owner,
        "first_step": action.first_step,
        "sign": action.sign,
        "partners": list(action.partners),
        "support": list(action.support),
        "interventions": [
            {"name": each.name, "use": each.use_label, "reason": each.reason, "recognition": each.recognition}
            for each in action.offers
        ],
        "edited": bool(action.edited_by),
    }


def _actions(sections: Iterable[Json]) -> Iterator[tuple[Json, Json, Json]]:
    for section in sections:
        for entry in section["attention"]:
            for action in entry["actions"]:
                yield section, entry, action


def _years(sections: list[Json]) -> list[Json]:
    years: dict[int, list[Json]] = {1: [], 2: [], 3: []}
    ordered = sorted(_actions(sections), key=lambda each: -each[1]["need"])
    for section, entry, action in ordered:
        years[action["year"]].append(
            {
                "title": action["title"] or entry["label"],
                "label": entry["label"],
                "section": section["section"],
                "section_label": section["label"],
                "owner": action["owner"],
                "period": action["period"],
            }
        )
    return [{"year": year, "actions": actions} for year, actions in years.items()]


def _voices(trajectory: Trajectory) -> Json:
    found = voices(trajectory)
    return {
        "groups": [
            {"kind": group.kind, "label": group.label, "held": group.held, "not_held": group.not_held}
            for group in found.groups
        ],
        "themes": [
            {"label": line.label, "ranks": list(line.ranks), "standing": _standing(line)} for line in found.themes
        ],
        "topics": [
            {"label": line.label, "ranks": list(line.ranks), "standing": _standing(line)} for line in found.topics
        ],
        "sentences": list(found.sentences),
    }


def _standing(line: Any) -> list[str]:
    """What a cell of the table says, per group."""
    return [
        "" if standing is None else "genoemd" if standing.rank is None else f"{standing.rank} van {standing.of}"
        for standing in line.standings
    ]


def _origin(groups: Mapping[str, PlanGroup], interview: Interview | None, sector: str) -> Json:
    sessions, missing = [], []
    for kind, group in groups.items():
        sessions += [
            {
                "who": VOICES[kind],
                "date": session.held_on.isoformat(),
                "people": session.people,
                "minutes": session.minutes,
                "roles": [
                    {"role": person_words(role, sector), "count": count} for role, count in session.participants.items()
                ],
            }
            for session in group.sessions
        ]
        if not group.sessions:
            missing.append({"who": VOICES[kind], "reason": group.not_held or ""})
    return {
        "sessions": sorted(sessions, key=lambda each: str(each["date"])),
        "missing": missing,
        "checklist": interview
        and {
            "date": interview.held_on.isoformat(),
            "title": interview.instrument.title,
            "version": interview.instrument.version,
            "self": interview.mode == Mode.SELF,
            "provisional": not interview.is_final,
            "respondents": [person_words(role, sector) for role in interview.respondents],
        },
    }


def _summary(document: Json) -> Json:
    """The page that a director reads: what goes well, what asks most, and what happens in the first year.

    At most so much that it stays one page.
    """
    # One of each section in turn, so that the page shows the whole school.
    by_section = [
        [{"label": each["label"], "section": section["section"]} for each in section["strengths"]]
        for section in document["sections"]
    ]
    strengths = [each for row in zip_longest(*by_section) for each in row if each is not None]
    entries = [
        (entry["need"], section["section"], entry["label"])
        for section in document["sections"]
        for entry in section["attention"]
        if not entry["twin"]
    ]
    entries.sort(key=lambda each: -each[0])
    first = [
        {
            "title": action["title"] or entry["label"],
            "section": section["section"],
            "owner": action["owner"],
            "first_step": action["first_step"],
        }
        for section, entry, action in sorted(_actions(document["sections"]), key=lambda each: -each[1]["need"])
        if action["year"] == 1
    ]
    return {
        "strengths": strengths[:6],
        "more_strengths": max(0, len(strengths) - 6),
        "priorities": [{"section": section, "label": label} for _need, section, label in entries[:6]],
        "more_priorities": max(0, len(entries) - 6),
        "year_1": first[:6],
        "more_year_1": max(0, len(first) - 6),
        "later": sum(len(year["actions"]) for year in document["years"] if year["year"] > 1),
        "unknown": [section["label"] for section in document["sections"] if section["status"] == "unknown"],
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def is_draft(plan: Plan) -> bool:
    """Whether its PDF has to say "Concept"."""
    return plan.status == PlanStatus.DRAFT
