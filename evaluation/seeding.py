"""Made-up trajectories in the form of a file, for trying things out with many. Pure: the same seed, the same data.

Nothing here comes from a real school. Names are put together from words; municipalities are real numbers, so that
every region is there. How far a school is depends on its cohort, as in the programme itself.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pilots.regions import regions
from pilots.vocabulary import vocabulary

Json = dict[str, Any]

COHORTS = ("2022-2023", "2023-2024", "2024-2025", "2025-2026", "2026-2027")
FIRST = ("Regen", "Zonne", "Water", "Sterren", "Duin", "Bos", "Haven", "Molen", "Wilgen", "Veld", "Zee", "Linde")
LAST = ("boog", "wijzer", "kring", "hof", "toren", "brug", "poort", "vlinder", "baken", "anker", "ster", "tuin")
PLACES = (
    "Duinrade",
    "Oosterlinde",
    "Wilgenveen",
    "Meerhoven",
    "Zandvliet aan Zee",
    "Klaverdam",
    "Rietwoude",
    "Bergveld",
)
LANGUAGES = ("ar", "ti", "uk", "so", "fa", "tr", "pl", "es", "ru", "fr")
SETTING_WEIGHTS = {
    "PO": {"regular-language-class": 5, "regular-spread": 4, "asylum-centre": 2, "regular": 1},
    "VO": {"isk": 8, "regular": 1},
}
IMPROVE = ("Meer aandacht voor {}", "Dit kan beter: {}", "Wij missen: {}", "Graag meer {}", "{}: daar lopen we op vast")
GOOD = ("{}: dat loopt goed", "Wij zijn trots op {}", "Fijn hier: {}")
OWN = ("Dieren op school", "Een eigen moestuin", "Latere schooltijden", "Een muur om op te schilderen")
NOTES = ("Wisselt per collega.", "Hier is vorig jaar aan gewerkt.", "Staat op papier, nog niet in de praktijk.", "")
JUDGEMENTS = ("yes", "partly", "partly", "not-yet", "unclear")
METHODS = ("Samen koken", "Een maatje uit een hogere klas", "Tekenen in plaats van praten", "Elke dag even buiten")
OWN_FACTORS = ("Een verhuizing midden in het jaar", "Een vaste vrijwilliger die iedereen kent")
CONSENT = ("trajectory", "trajectory", "programme", "public")
VISION = "Iedereen die hier binnenkomt, hoort erbij vanaf de eerste dag. Wij letten op rust, taal en plezier."


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme that a school can already use: where it exists."""

    id: str
    sectors: tuple[str, ...]


def reference(seed: int, number: int) -> str:
    """What trajectory `number` of this seed is called."""
    return f"seed-{seed}-{number}"


def trajectory(
    seed: int,
    number: int,
    *,
    versions: Mapping[str, str],
    items: Mapping[str, Sequence[str]],
    programmes: Sequence[Programme],
) -> Json:
    """Trajectory `number` of this seed, as a trajectory file without a plan.

    versions: per sector the version of the checklist; items: its items. programmes: what schools can use.
    """
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 made-up data, no secret
    sector = "PO" if chance.random() < 0.65 else "VO"
    cohort = chance.choice(COHORTS)
    start = date(int(cohort[:4]), 9, 1) + timedelta(days=chance.randrange(30))
    stage = 5 if cohort < "2025-2026" else chance.randrange(1, 6) if cohort == "2025-2026" else chance.randrange(4)
    data: Json = {
        "format": "welbevinden/trajectory",
        "version": 1,
        "reference": reference(seed, number),
        "cohort": cohort,
        "recruited_through": chance.choice(list(vocabulary().recruitment_routes)),
        "school": _school(chance, seed, number, sector, programmes),
        "team": _team(chance, seed, number),
        "steps": _steps(start, stage),
    }
    if stage >= 1:
        data["focus_groups"] = [_group(chance, kind, start, stage) for kind in vocabulary().focus_group_kinds]
    if stage >= 2:
        held = [_checklist(chance, sector, versions[sector], items[sector], start, final=stage >= 3)]
        if stage >= 3 and chance.random() < 0.7:
            # Some schools went through the list by themselves first.
            alone = _checklist(chance, sector, versions[sector], items[sector], start - timedelta(days=20), final=False)
            held.insert(0, alone | {"mode": "self"})
        data["checklists"] = held
    if stage >= 4:
        data["support_sessions"] = [_support(chance, start, number, held=stage >= 5) for number in range(3)]
    if stage >= 5:
        used = [each.id for each in programmes if sector in each.sectors]
        data["evaluations"] = [_evaluation(chance, side, start, used) for side in ("gsa", "school")]
        # A school that still has to finish its own interview.
        data["evaluations"][1]["final"] = cohort < "2024-2025" or chance.random() < 0.8
    data["partners"] = [
        {"partner": partner, "state": "in" if chance.random() < 0.7 else "missing", "contact": "contactpersoon"}
        for partner in chance.sample(list(vocabulary().partners), 3)
    ]
    if stage >= 2:
        roles = chance.sample(("director", "coordinator", "caretaker", "teacher"), 2)
        data["care_roles"] = [
            {"role": role, "task": "Ziet het en geeft het door.", "reach": "elke dag"} for role in roles
        ]
    if chance.random() < 0.3:
        data["journal"] = [_pause(chance, start, ended=stage == 5 or chance.random() < 0.8)]
    return data


def _support(chance: random.Random, start: date, number: int, *, held: bool) -> Json:
    planned = start + timedelta(days=180 + 60 * number)
    session: Json = {
        "component": chance.choice(list(vocabulary().support_components)),
        "planned_on": planned.isoformat(),
        "topic": "Wat werkt al, en wat is de volgende kleine stap",
    }
    if held:
        session |= {"held_on": (planned + timedelta(days=chance.randrange(8))).isoformat()}
        session |= {"people": chance.randrange(3, 25), "note": "We gaan hiermee door."}
    return session


def _pause(chance: random.Random, start: date, *, ended: bool) -> Json:
    away = start + timedelta(days=chance.randrange(60, 120))
    pause = {"kind": "pause", "from": away.isoformat(), "reason": "vakantie" if ended else "verbouwing"}
    return pause | {"to": (away + timedelta(days=14)).isoformat()} if ended else pause


def released_on(data: Json) -> str | None:
    """When the plan of this trajectory was released; None where it is not that far."""
    year = int(data["cohort"][:4])
    final = any(each["final"] for each in data.get("checklists", ()))
    return date(year + 1, 1, 20).isoformat() if final and data["steps"].get("6") else None


def carry_out(seed: int, number: int, plan: Json, *, finished: bool) -> None:
    """Let the school choose from its released plan, and be done with some of it where the support has ended."""
    chance = random.Random(f"{seed}/{number}/plan")  # noqa: S311 made-up data, no secret
    ahead = ("done", "done", "started", "chosen", "stopped") if finished else ("chosen", "chosen", "started", "open")
    for section in plan["sections"]:
        for entry in section["attention"]:
            for action in entry["actions"]:
                if action["year"] == 1:
                    action["status"] = chance.choice(ahead)


def _school(chance: random.Random, seed: int, number: int, sector: str, programmes: Sequence[Programme]) -> Json:
    weights = SETTING_WEIGHTS[sector]
    setting = chance.choices(list(weights), list(weights.values()))[0]
    pupils = chance.randrange(90, 600)
    name = f"{'ISK' if setting == 'isk' else 'School'} {chance.choice(FIRST)}{chance.choice(LAST)} {seed}-{number}"
    fitting = [each.id for each in programmes if sector in each.sectors]
    return {
        "name": name,
        "sector": sector,
        "setting": setting,
        "place": chance.choice(PLACES),
        "municipality": chance.choice(list(regions())),
        "pupils": pupils,
        "newcomers": pupils if setting in {"isk", "asylum-centre"} else chance.randrange(5, pupils // 3),
        "low_dutch": setting != "regular" and chance.random() < 0.8,
        "home_languages": chance.sample(LANGUAGES, chance.randrange(2, 6)),
        "unaccompanied_minors": sector == "VO" and chance.random() < 0.6,
        "works_with": chance.choice(("gezonde-school", "other", "none")),
        "interventions_in_use": chance.sample(fitting, chance.randrange(3)),
        "question": "Hoe zorgen we dat nieuwe leerlingen zich hier snel thuis voelen?",
        "year_1_limit": chance.randrange(3, 8),
        "vision": VISION if chance.random() < 0.3 else "",
        "care_time": {"people": chance.randrange(1, 4), "days": chance.randrange(2, 19) / 2, "note": "Dit is krap."},
    }


def _team(chance: random.Random, seed: int, number: int) -> list[Json]:
    gsa, researcher = chance.randrange(40), chance.randrange(12)
    return [
        {"role": "gsa", "name": f"GSA {gsa}", "email": f"gsa-{seed}-{gsa}@seed.test", "at_start_meeting": True},
        {
            "role": "researcher",
            "name": f"Onderzoeker {researcher}",
            "email": f"onderzoeker-{seed}-{researcher}@seed.test",
        },
        {"role": "director", "name": f"Directeur {number}", "email": f"directeur-{seed}-{number}@seed.test"},
        {"role": "coordinator", "name": f"Begeleider {number}", "email": f"begeleider-{seed}-{number}@seed.test"},
    ]


def _steps(start: date, stage: int) -> Json:
    plan = {"2": 7, "3": 75, "4": 85, "5": 140, "6": 170, "7": 420, "8": 460, "9": 467}
    steps: Json = {number: {"planned": (start + timedelta(days=days)).isoformat()} for number, days in plan.items()}
    if stage >= 1:
        steps["2"]["done"] = (start + timedelta(days=9)).isoformat()
    if stage >= 5:
        steps["7"]["done"] = (start + timedelta(days=430)).isoformat()
    if stage < 4:
        del steps["6"]
    return steps


PEOPLE = {
    "parents": ("parent",),
    "pupils": ("pupil",),
    "stakeholders": ("director", "coordinator", "nt2-teacher", "gsa"),
}


def _group(chance: random.Random, kind: str, start: date, stage: int) -> Json:
    if kind == "pupils" and stage >= 2 and chance.random() < 0.2:
        return {"kind": kind, "not_held_reason": "De school vond dit te vroeg voor haar leerlingen."}
    letter = kind[:2]
    topics = chance.sample(list(vocabulary().topics.values()), 11)
    held: Json = {
        "kind": kind,
        "held_on": (start + timedelta(days=40 + chance.randrange(30))).isoformat(),
        "minutes": chance.randrange(60, 121, 5),
        "participants": [{"role": role, "count": chance.randrange(2, 5)} for role in PEOPLE[kind]],
        "ideas": [],
        "options": [],
    }
    if kind != "stakeholders":
        held["participants"] = [{"role": PEOPLE[kind][0], "count": chance.randrange(6, 15)}]
    for place, topic in enumerate(topics, start=1):
        good = place > 8
        text = chance.choice(GOOD if good else IMPROVE).format(topic.label.lower())
        card = {"themes": list(topic.themes), "topics": [topic.id]}
        question = "going-well" if good else "improve"
        held["ideas"].append({"ref": f"{letter}i{place}", "question": question, "text": text, **card})
        if place <= 6:
            option = {"ref": f"{letter}o{place}", "label": topic.label, "ideas": [f"{letter}i{place}"], **card}
            held["options"].append(option)
    held["ideas"].append({"ref": f"{letter}i12", "question": "methods", "text": chance.choice(METHODS)})
    if chance.random() < 0.3:
        held["options"].append({"ref": f"{letter}o7", "label": chance.choice(OWN)})
    if stage >= 2 or chance.random() < 0.6:
        held["rankings"] = [_ranking(chance, held)]
    text = f"Wij willen graag dat dit anders gaat: {topics[0].label.lower()}."
    held["quotes"] = [{"role": PEOPLE[kind][0], "text": text, **_consent(chance)}]
    return held


def _consent(chance: random.Random) -> Json:
    """How far a quote may go; of those that may leave their trajectory most are released."""
    consent = chance.choice(CONSENT)
    return {"consent": consent, "released": consent != "trajectory" and chance.random() < 0.8}


def _ranking(chance: random.Random, held: Json) -> Json:
    options = [option["ref"] for option in held["options"]]
    people = sum(each["count"] for each in held["participants"])
    liking = {option: chance.random() for option in options}
    match chance.choice(("order", "order", "points", "points", "tally", "consensus")):
        case "order":
            ballots = [{"order": _order(chance, liking)} for _ in range(people)]
            return {"round": 1, "method": "order", "ballots": ballots}
        case "points":
            given = [{"points": _points(chance, liking)} for _ in range(people)]
            return {"round": 1, "method": "points", "points_each": 3, "ballots": given}
        case "tally":
            tally = dict.fromkeys(options, 0)
            for _ in range(people):
                for option, points in _points(chance, liking).items():
                    tally[option] += points
            return {"round": 1, "method": "tally", "points_each": 3, "tally": tally}
        case _:
            return {"round": 1, "method": "consensus", "order": sorted(options, key=lambda each: -liking[each])}


def _order(chance: random.Random, liking: Mapping[str, float]) -> list[str]:
    if chance.random() < 0.05:
        return []
    order = sorted(liking, key=lambda option: -(liking[option] + chance.random()))
    return order[: chance.randrange(2, len(order) + 1)]


def _points(chance: random.Random, liking: Mapping[str, float]) -> dict[str, int]:
    points: dict[str, int] = {}
    for option in chance.choices(list(liking), [each + 0.1 for each in liking.values()], k=3):
        points[option] = points.get(option, 0) + 1
    return points


def _checklist(
    chance: random.Random, sector: str, version: str, items: Sequence[str], start: date, *, final: bool
) -> Json:
    level = chance.uniform(0.8, 2.2)
    answers = []
    for item in items:
        if not final and chance.random() < 0.2:
            continue
        answer: Json = {"item": item}
        lot = chance.random()
        if lot < 0.03:
            answer["score"] = "unknown"
        elif lot < 0.05:
            answer["score"] = "not-applicable"
        else:
            answer["score"] = score = min(3, max(0, round(chance.gauss(level, 0.9))))
            if score < 2 and chance.random() < 0.35:
                answer["priority"] = "now" if chance.random() < 0.5 else "later"
        if chance.random() < 0.3 and (note := chance.choice(NOTES)):
            answer["note"] = note
        answers.append(answer)
    return {
        "instrument": sector,
        "version": version,
        "held_on": (start + timedelta(days=85)).isoformat(),
        "respondents": ["director", "coordinator"],
        "final": final,
        "mode": "interview" if chance.random() < 0.9 else "self",
        "answers": answers,
    }


def _evaluation(chance: random.Random, side: str, start: date, used: Sequence[str]) -> Json:
    words = vocabulary()

    def judged(ids: Sequence[str]) -> Json:
        return {each: {"judgement": chance.choice(JUDGEMENTS), "text": "Zo zien wij het nu."} for each in ids}

    promoting = chance.sample(list(words.promoting_factors), chance.randrange(1, 5))
    hindering = chance.sample(list(words.hindering_factors), chance.randrange(1, 4))
    own = chance.sample(OWN_FACTORS, chance.choice((0, 0, 0, 1)))
    quote = {"role": "gsa" if side == "gsa" else "director", "text": "Het begon klein en het bleef.", "about": "plan"}
    return {
        "with": side,
        "held_on": (start + timedelta(days=465 if side == "gsa" else 472)).isoformat(),
        "respondents": ["gsa"] if side == "gsa" else ["director", "coordinator"],
        "answers": judged(list(words.evaluation_questions)),
        "improvements": judged(list(words.improvement_areas)),
        "outcomes": judged(list(words.observed_outcomes)),
        "factors": [
            *({"kind": "promoting", "factor": factor} for factor in promoting),
            *({"kind": "hindering", "factor": factor} for factor in hindering),
            *({"kind": "hindering", "factor": "other", "text": text} for text in own),
        ],
        "components": {each: {"rating": chance.randrange(3, 6)} for each in words.pilot_components},
        "interventions": [
            {"intervention": each, "rating": chance.randrange(2, 6)}
            for each in chance.sample(list(used), min(2, len(used)))
        ],
        "quotes": [quote | _consent(chance)],
    }
