"""Three voices side by side, and what the plan reads of the focus groups."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from focusgroups import actions
from focusgroups.figures import PlanGroup, groups_for_plan, voices
from pilots.models import Trajectory
from tests.builders import client_of, full_team, make_trajectory
from tests.focusgroups.builders import make_idea, make_options, make_ranked, make_round, make_session

pytestmark = pytest.mark.django_db
HOME = ("Briefjes in gewone taal", ["home"], ["par-communication"])
SPORT = ("Sporten na school", ["lifestyle"], ["env-after-school"])
REST = ("Rust in de klas", ["mental"], ["env-climate"])
TEAM = ("Samen één lijn", ["team"], ["tr-consistent-response"])
VISION = ("Een gedeelde visie", ["team"], ["pol-vision"])


def test_shared_themes_stand_on_top_and_differences_are_named() -> None:
    trajectory = make_trajectory()
    make_ranked(trajectory, "parents", [HOME, REST], ["1 2", "1 2"])
    make_ranked(trajectory, "pupils", [SPORT, REST], ["1 2"])
    make_ranked(trajectory, "stakeholders", [TEAM, REST, HOME, VISION], ["1 2 4 3"])
    found = voices(trajectory)
    assert [group.kind for group in found.groups] == ["parents", "pupils", "stakeholders"]
    assert found.themes[0].id == "mental"
    assert found.themes[0].shared
    assert found.themes[0].ranks == (2, 2, 2)
    ranks = {line.id: line.ranks for line in found.topics}
    assert ranks["par-communication"] == (1, None, 4)
    assert ranks["env-after-school"] == (None, 1, None)
    assert found.sentences == (
        "Alle drie de groepen zetten “Psychisch welbevinden en veerkracht” bij de eerste drie.",
        (
            "Bij ouders en verzorgers staat “Communicatie en bereikbaarheid” op 1; leerlingen noemen het niet en "
            "overige betrokkenen zetten het op 4."
        ),
        (
            "Bij leerlingen staat “Naschoolse activiteiten op school” op 1; ouders en verzorgers noemen het niet en "
            "overige betrokkenen noemen het niet."
        ),
        (
            "Bij overige betrokkenen staat “Eén lijn in reageren op gedrag” op 1; ouders en verzorgers noemen het niet "
            "en leerlingen noemen het niet."
        ),
    )


def test_a_group_that_was_not_held_is_said() -> None:
    trajectory = make_trajectory()
    make_ranked(trajectory, "parents", [HOME], ["1"])
    make_session(trajectory, "pupils", held_on=None, not_held_reason="De school was dicht.")
    found = voices(trajectory)
    assert found.sentences == ("Leerlingen: niet gehouden. Reden: De school was dicht.",)
    assert not any(line.shared for line in found.themes)
    page = client_of(full_team(trajectory)["director"]).get(reverse("voices", args=[trajectory.pk])).content.decode()
    assert "niet gehouden" in page
    assert "De school was dicht." in page
    assert "Nog niet gehouden." in page


def test_the_decision_comes_before_the_count_and_the_best_rank_of_several_sessions_counts() -> None:
    trajectory = make_trajectory()
    group = make_ranked(trajectory, "pupils", [SPORT, REST], ["1 2", "1 2"])
    actions.decide(ranking=group.rankings.get(), order=["o2", "o1"], reason="Eerst rust.", by=None)
    assert {line.id: line.ranks[1] for line in voices(trajectory).themes} == {"mental": 1, "lifestyle": 2}
    make_ranked(trajectory, "pupils", [SPORT], ["1"])
    assert {line.id: line.ranks[1] for line in voices(trajectory).themes} == {"mental": 1, "lifestyle": 1}


def test_what_goes_well_is_not_asked_for() -> None:
    trajectory = make_trajectory()
    group = make_session(trajectory, "parents")
    make_idea(group, question="going-well", themes=["home"])
    make_idea(group, question="improve", themes=["lifestyle"])
    (line,) = voices(trajectory).themes
    assert line.id == "lifestyle"
    assert line.ranks == (None, None, None)
    assert line.named_by == 1


def test_nothing_yet_is_an_empty_page_with_a_first_step() -> None:
    trajectory = make_trajectory()
    found = voices(trajectory)
    assert (found.themes, found.topics, found.sentences) == ((), (), ())
    page = client_of(full_team(trajectory)["gsa"]).get(reverse("voices", args=[trajectory.pk])).content.decode()
    assert "Nog geen focusgroepen gehouden" in page


def test_the_plan_reads_sessions_by_date_with_the_ranks_of_the_last_round() -> None:
    trajectory = make_trajectory()
    late = make_session(trajectory, "pupils", held_on=date(2026, 11, 12), participants={"pupil": 2, "teacher": 1})
    early = make_session(trajectory, "pupils", held_on=date(2026, 11, 3))
    make_session(trajectory, "parents", held_on=None, not_held_reason="Geen tolk.")
    idea = make_idea(late, "Meer rust", themes=["mental"], topics=["env-climate"])
    loose = make_idea(late, "Meer fietsen")
    actions.add_option(group=late, uuid=idea.uuid, label="Rust", ideas=[idea], by=None)
    make_options(late, "Sport")
    make_round(late, lines=["1 2"])
    make_round(late, lines=["2 1", "2 1"])
    make_options(late, "Later bedacht")
    make_round(late)  # opened, nothing said yet
    found = groups_for_plan(trajectory)
    assert found["parents"] == PlanGroup(kind="parents", sessions=(), not_held="Geen tolk.")
    assert found["stakeholders"] == PlanGroup(kind="stakeholders", sessions=(), not_held=None)
    first, second = found["pupils"].sessions
    assert (first.number, first.held_on, first.people) == (1, early.held_on, 0)
    assert (second.number, second.people, second.participants) == (2, 3, {"pupil": 2, "teacher": 1})
    assert [(each.ref, each.label, each.rank, each.of) for each in second.options] == [
        ("o1", "Rust", 2, 2),
        ("o2", "Sport", 1, 2),
        ("o3", "Later bedacht", None, 2),
    ]
    assert second.options[0].topics == ("env-climate",)
    assert [(each.ref, each.in_option) for each in second.ideas] == [("i1", True), (loose.ref, False)]


def test_reading_takes_the_same_queries_for_one_and_for_many() -> None:
    def queries(trajectory: Trajectory) -> int:
        with CaptureQueriesContext(connection) as captured:
            groups_for_plan(trajectory)
        return len(captured)

    one, many = make_trajectory(), make_trajectory()
    idea = make_idea(make_ranked(one, "pupils", [SPORT], ["1"]))
    assert idea.pk
    for kind in ("parents", "pupils", "stakeholders"):
        group = make_ranked(many, kind, [SPORT, REST], ["1 2", "2"])
        make_round(group, lines=["2 1"])
    assert queries(many) == queries(one) == 7
