"""Trajectory files for tests: a small one, and one with something in every place."""

import json
from typing import Any

from django.core.management import call_command

from pilots.models import Trajectory
from pilots.trajectory_files import export_trajectory, import_trajectory

Json = dict[str, Any]


def instruments() -> None:
    """The published checklists of the project itself."""
    call_command("load_instruments")


def small(reference: str = "klein-1") -> Json:
    """The least that a trajectory file holds."""
    return {
        "format": "welbevinden/trajectory",
        "version": 1,
        "reference": reference,
        "cohort": "2026-2027",
        "school": {"name": "De Proefboot", "sector": "VO", "setting": "isk"},
    }


def full(reference: str = "vol-1") -> Json:
    """A trajectory with something in every place of the form, as the contract shows it."""
    return {
        **small(reference),
        "cohort": "2019-2020",
        "recruited_through": "gsa-network",
        "school": {
            "name": "De Proefboot",
            "brin": "12AB",
            "location": "00",
            "sector": "VO",
            "setting": "isk",
            "place": "Voorbeeldstad",
            "municipality": "0503",
            "pupils": 210,
            "newcomers": 180,
            "low_dutch": True,
            "home_languages": ["ar", "ti"],
            "age_range": [12, 18],
            "unaccompanied_minors": True,
            "works_with": "gezonde-school",
            "interventions_in_use": ["welkom-op-school"],
            "question": "Hoe zorgen we voor rust in de hele ISK?",
            "year_1_limit": 5,
        },
        "team": [
            {"role": "gsa", "name": "Gerda Voorbeeld", "email": "gerda@proef.test", "at_start_meeting": True},
            {"role": "researcher", "name": "Rob Voorbeeld", "email": "rob@proef.test"},
            {"role": "director", "name": "Dina Voorbeeld", "email": "dina@proef.test"},
        ],
        "steps": {"2": {"planned": "2019-09-10", "done": "2019-09-12"}, "7": {"done": "2020-12-01"}},
        "own_themes": ["dieren in school"],
        "focus_groups": [
            {
                "kind": "pupils",
                "held_on": "2019-11-05",
                "minutes": 90,
                "participants": [{"role": "pupil", "count": 8}],
                "ideas": [
                    {
                        "ref": "i1",
                        "question": "improve",
                        "text": "  Een <b>plein</b>\r\nmet schaduw  ",
                        "themes": ["building"],
                        "topics": ["env-play-sport"],
                    },
                    {"ref": "i2", "question": "going-well", "text": "De mentor", "topics": ["care-trusted-adult"]},
                    {"ref": "i3", "question": "improve", "text": "Een hond", "themes": ["dieren in school"]},
                ],
                "options": [
                    {
                        "ref": "o1",
                        "label": "Plein",
                        "themes": ["building"],
                        "topics": ["env-play-sport"],
                        "ideas": ["i1"],
                    },
                    {"ref": "o2", "label": "Rust", "topics": ["env-climate"]},
                    {"ref": "o3", "label": "Samen eten", "topics": ["env-expression"]},
                ],
                "rankings": [
                    {
                        "round": 1,
                        "method": "order",
                        "ballots": [
                            {"order": ["o1", ["o2", "o3"]]},
                            {"order": ["o2"], "unseen": ["o3"]},
                            {"order": []},
                        ],
                        "decision": {"order": ["o1", "o2", "o3"], "reason": "Zo wil de groep het."},
                    },
                    {
                        "round": 2,
                        "method": "points",
                        "options": ["o1", "o3"],
                        "points_each": 3,
                        "ballots": [{"points": {"o1": 2, "o3": 1}}, {"points": {}}],
                        "unread_lines": ["1*9 7"],
                    },
                ],
                "quotes": [{"role": "pupil", "text": "Buiten is het fijn.", "by": "researcher"}],
            },
            {
                "kind": "parents",
                "held_on": "2019-11-06",
                "participants": [{"role": "parent", "count": 6}],
                "options": [
                    {"ref": "p1", "label": "Tolk", "topics": ["par-interpreter"]},
                    {"ref": "p2", "label": "Taalles", "topics": ["par-facilities"]},
                ],
                "rankings": [
                    {"round": 1, "method": "tally", "points_each": 3, "tally": {"p1": 12, "p2": 6}},
                    {"round": 2, "method": "consensus", "order": [["p1", "p2"]]},
                ],
            },
            {"kind": "stakeholders", "not_held_reason": "De wijkagent en de GGD konden niet tegelijk."},
        ],
        "checklists": [
            {
                "instrument": "VO",
                "version": "2026.1",
                "held_on": "2019-11-12",
                "respondents": ["director", "coordinator"],
                "final": True,
                "mode": "interview",
                "answers": [
                    {
                        "item": "vo-calm-lessons",
                        "score": 0,
                        "priority": "now",
                        "note": "Onrust\r\nop de gang ",
                        "by": "gsa",
                    },
                    {"item": "vo-vision-shared", "score": 3},
                    {"item": "vo-interpreter", "score": "unknown", "priority": "later"},
                    {"item": "vo-parent-sport", "score": "not-applicable"},
                ],
            }
        ],
        "plans": [],
        "evaluations": [
            {
                "with": "school",
                "held_on": "2021-01-20",
                "respondents": ["director", "coordinator"],
                "answers": {"school-wide": {"judgement": "partly", "text": "Op papier nog niet."}},
                "improvements": {"parents": {"judgement": "not-yet", "text": ""}},
                "factors": [{"kind": "hindering", "factor": "lack-of-time", "text": "Veel"}],
                "components": {"plan": {"rating": 5, "text": "Helder"}},
                "interventions": [{"intervention": "welkom-op-school", "rating": 4, "text": "Deels"}],
                "quotes": [{"role": "director", "text": "Het loopt.", "about": "care"}],
            }
        ],
        "journal": [
            {
                "kind": "pause",
                "from": "2020-03-16",
                "to": "2020-06-02",
                "reason": "pandemic",
                "text": "Dicht",
                "by": "gsa",
            },
            {"kind": "note", "from": "2020-07-01", "text": " Nieuwe directeur "},
        ],
    }


def content(data: Any) -> bytes:
    """The file itself."""
    return json.dumps(data, ensure_ascii=False).encode()


def imported(data: Json, *, replace: bool = False) -> Trajectory:
    """The trajectory that this file becomes."""
    return import_trajectory(content=content(data), replace=replace, by=None).trajectory


def exported(trajectory: Trajectory) -> Json:
    """What an export of it says, read afresh from the database."""
    found = Trajectory.objects.select_related("school").get(pk=trajectory.pk)
    return json.loads(json.dumps(export_trajectory(found)))  # type: ignore[no-any-return]  # an object by its making
