"""The overview over schools and the comparison, from the outside: what stands there, for whom, and what never does."""

import datetime
import re
from collections import Counter
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from checklist.models import SectionScore
from evaluation.figures import comparison as comparison_figures
from evaluation.models import Evaluation, Experience, Factor, Line
from focusgroups.models import FocusGroup, NamedTheme
from pilots.models import JournalEntry, StepDate, Trajectory, User
from plans.models import Action, Plan
from tests.builders import client_of, full_team, join, make_admin, make_school, make_trajectory, make_user
from tests.evaluation.test_suppression import derived

TODAY = datetime.date(2026, 11, 23)
QUESTIONS = ("school-wide", "sel")
JUDGEMENTS = ("yes", "partly", "not-yet", "unclear")


def evaluated(trajectory: Trajectory, side: str = "school", held: str = "2026-11-01", **judgements: str) -> Evaluation:
    """A held interview; `school_wide="yes"` is a judgement."""
    evaluation = Evaluation.objects.create(trajectory=trajectory, side=side, held_on=held, is_final=True)
    for about, judgement in judgements.items():
        Line.objects.create(
            evaluation=evaluation, subject="question", about=about.replace("_", "-"), judgement=judgement
        )
    return evaluation


def planned(trajectory: Trajectory, *actions: tuple[str, str, list[str]], status: str = "released") -> Plan:
    """A plan with actions: section, status, programmes."""
    plan = Plan.objects.create(
        trajectory=trajectory,
        version=1 if status == "released" else 9,
        status=status,
        body={},
        document={},
        released_on=TODAY,
    )
    for position, (section, state, programmes) in enumerate(actions):
        Action.objects.create(
            plan=plan,
            section=section,
            status=state,
            intervention_ids=programmes,
            position=position,
            text="Doen",
            year=1,
        )
    return plan


def export(user: User, query: str = "", status: int = 200) -> dict[str, Any]:
    answer = client_of(user).get(f"/dashboard/export.json{query}")
    assert answer.status_code == status, answer.content
    return dict(answer.json())


@pytest.fixture
def admin(db: None) -> User:
    return make_admin()


# ── Figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_figures_as_the_contract_has_them(admin: User) -> None:
    first, second = make_trajectory(cohort="2019-2020"), make_trajectory(cohort="2019-2020", sector="VO")
    make_trajectory(cohort="2026-2027")
    for each in (first, second):
        SectionScore.objects.create(trajectory=each, section="care", total=4, count=2 if each == first else 4)
    FocusGroup.objects.create(trajectory=first, kind="parents", held_on=TODAY)
    NamedTheme.objects.create(trajectory=first, kind="parents", theme="home", first=True)
    NamedTheme.objects.create(trajectory=second, kind="parents", theme="home", first=False)
    planned(
        first,
        ("care", "chosen", ["welkom-op-school"]),
        ("education", "done", ["welkom-op-school", "team-up"]),
        ("policy", "open", ["kanjertraining"]),
    )
    school = evaluated(first, school_wide="yes")
    gsa = evaluated(first, side="gsa", school_wide="partly")
    evaluated(second, school_wide="yes")
    for evaluation, rating in ((school, 5), (gsa, 4)):
        Experience.objects.create(evaluation=evaluation, intervention="welkom-op-school", rating=rating)
        Factor.objects.create(evaluation=evaluation, kind="promoting", factor="director")
    Factor.objects.create(evaluation=school, kind="hindering", factor="other", text="Verhuizing")
    Factor.objects.create(evaluation=school, kind="hindering", factor="other", text="Verbouwing")
    Line.objects.create(evaluation=school, subject="component", about="plan", rating=5)

    found = export(admin, "?cohort=2019-2020")

    assert found["filters"] == {"cohort": "2019-2020"}
    assert found["trajectories"] == 2
    assert found["outcomes"] == {"school-wide": {"school": {"yes": 2}, "gsa": {"partly": 1}}}
    # A factor that both sides name is one trajectory; two own ones as well.
    assert found["factors"] == {"promoting": {"director": 1}, "hindering": {"other": 1}}
    assert found["themes"] == {"parents": {"home": {"schools": 2, "first": 1}}}
    assert found["sections"] == {"care": {"mean": 1.5, "schools": 2}}  # of 2.0 and 1.0, not of the answers
    assert found["interventions"] == {"welkom-op-school": {"chosen": 1, "experience": 4.5}, "team-up": {"chosen": 1}}
    assert found["components"] == {"plan": {"school": {"mean": 5.0, "ratings": 1}}}
    assert found["steps"]["5"] == {"done": 1, "waiting": 1}
    assert "kanjertraining" not in str(found)
    assert export(admin)["trajectories"] == 3


def test_only_the_newest_held_interview_of_a_side_counts(admin: User) -> None:
    trajectory = make_trajectory()
    evaluated(trajectory, held="2026-10-01", sel="not-yet")
    evaluated(trajectory, held="2026-10-20", sel="partly")
    late = evaluated(trajectory, held="2026-11-20", sel="yes")
    Evaluation.objects.filter(pk=late.pk).update(is_final=False)
    assert export(admin)["outcomes"] == {"sel": {"school": {"partly": 1}}}


def test_only_the_plan_that_holds_counts(admin: User) -> None:
    trajectory = make_trajectory()
    planned(trajectory, ("care", "done", ["team-up"]), status="superseded")
    planned(trajectory, ("care", "open", ["team-up"]))
    assert export(admin)["interventions"] == {}


def test_steps_are_those_of_the_trajectory_page(admin: User) -> None:
    late, paused, on_time = (make_trajectory() for _ in range(3))
    for each in (late, paused, on_time):
        full_team(each)
    for each, planned_on in ((late, "2026-11-01"), (paused, "2026-11-01"), (on_time, "2027-01-01")):
        StepDate.objects.create(trajectory=each, step=2, planned=planned_on)
    JournalEntry.objects.create(trajectory=paused, kind="pause", start="2026-11-10", reason="verbouwing")
    with mock.patch("django.utils.timezone.localdate", return_value=TODAY):
        found = export(admin)
        page = client_of(admin).get("/dashboard/").content.decode()
    assert found["steps"]["1"] == {"done": 3}
    assert found["steps"]["2"] == {"overdue": 1, "paused": 1, "now": 1}
    assert found["steps"]["3"] == {"waiting": 3}
    assert found["paused"] == 1
    waiting = page[page.index("Wacht het langst") :]
    assert str(late.school) in waiting[:1500]
    assert str(on_time.school) not in waiting[:1500]


# ── Filters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_filters_narrow_together_and_take_both_spellings_of_a_region(admin: User) -> None:
    school = make_school(sector="VO", municipality="0518")
    make_trajectory(school, setting="isk", cohort="2025-2026")
    make_trajectory()
    for region in ("Haaglanden", "GGD Haaglanden", "ggd haaglanden"):
        found = export(admin, f"?region={region}&sector=VO&setting=isk&cohort=2025-2026")
        assert found["trajectories"] == 1
        assert found["filters"]["region"] == "Haaglanden"
    assert export(admin, "?sector=PO&region=Haaglanden")["trajectories"] == 0


def test_schools_can_be_compared_by_the_approach_they_worked_with(admin: User) -> None:
    """R034: what is different from the regular approach."""
    make_trajectory(works_with="gezonde-school")
    make_trajectory(works_with="none")
    assert export(admin, "?works_with=gezonde-school")["trajectories"] == 1


@pytest.mark.parametrize(
    "query", ["sector=XX", "setting=kasteel", "region=Nergenshuizen", "works_with=iets", "cohort=a%00b"]
)
def test_a_filter_that_does_not_exist_is_a_sentence_and_no_figures(admin: User, query: str) -> None:
    make_trajectory()
    answer = export(admin, f"?{query}", status=400)
    assert "bestaat niet" in answer["error"]
    page = client_of(admin).get(f"/dashboard/?{query}")
    assert page.status_code == 200
    text = page.content.decode()
    assert "bestaat niet" in text
    assert "Waar de trajecten staan" not in text
    assert client_of(admin).get(f"/dashboard/export.xlsx?{query}").status_code == 400


def test_a_cohort_without_data_says_so(admin: User) -> None:
    make_trajectory()
    assert export(admin, "?cohort=2031-2032")["trajectories"] == 0
    assert "Geen trajecten gevonden" in client_of(admin).get("/dashboard/?cohort=2031-2032").content.decode()
    Trajectory.objects.all().delete()
    assert "Nog geen trajecten" in client_of(admin).get("/dashboard/").content.decode()


# ── Who sees what ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_researcher_sees_the_figures_of_own_trajectories_alone(admin: User) -> None:
    mine, other, as_gsa = make_trajectory(cohort="2024-2025"), make_trajectory(cohort="2023-2024"), make_trajectory()
    researcher = join(mine, "researcher")
    join(as_gsa, "gsa", researcher)
    for each in (mine, other, as_gsa):
        evaluated(each, sel="yes")
    assert export(researcher)["trajectories"] == 1
    assert export(researcher)["outcomes"] == {"sel": {"school": {"yes": 1}}}
    page = client_of(researcher).get("/dashboard/").content.decode()
    assert "2023-2024" not in page  # not even that the cohort exists
    behind = client_of(researcher).get("/dashboard/achter/?figuur=outcomes.sel.school.yes").content.decode()
    assert str(mine.school) in behind
    assert str(other.school) not in behind
    assert str(as_gsa.school) not in behind


KEYS = [
    "steps.1.now",
    "paused",
    "sections.care",
    "themes.parents.home",
    "themes.parents.home.first",
    "outcomes.sel.school.yes",
    "improvements.parents.gsa.partly",
    "observed.calm.school.yes",
    "components.plan.gsa",
    "factors.promoting.director",
    "factors.hindering.other",
    "interventions.team-up.chosen",
    "interventions.team-up.experience",
    "actions.care.done",
]


@pytest.mark.parametrize("key", KEYS)
def test_every_figure_opens_what_is_behind_it(admin: User, key: str) -> None:
    trajectory, other = make_trajectory(), make_trajectory()
    JournalEntry.objects.create(trajectory=trajectory, kind="pause", start="2026-01-01", reason="verbouwing")
    SectionScore.objects.create(trajectory=trajectory, section="care", total=1, count=1)
    NamedTheme.objects.create(trajectory=trajectory, kind="parents", theme="home", first=True)
    planned(trajectory, ("care", "done", ["team-up"]))
    school = evaluated(trajectory, sel="yes")
    gsa = evaluated(trajectory, side="gsa")
    Line.objects.create(evaluation=school, subject="outcome", about="calm", judgement="yes")
    Line.objects.create(evaluation=gsa, subject="improvement", about="parents", judgement="partly")
    Line.objects.create(evaluation=gsa, subject="component", about="plan", rating=4)
    Factor.objects.create(evaluation=gsa, kind="promoting", factor="director")
    Factor.objects.create(evaluation=gsa, kind="hindering", factor="other", text="Verhuizing")
    Experience.objects.create(evaluation=gsa, intervention="team-up", rating=4)
    page = client_of(admin).get(f"/dashboard/achter/?figuur={key}").content.decode()
    here, there = (trajectory, other) if key != "steps.1.now" else (other, trajectory)
    assert f">{here.school}</a>" in page
    assert f">{there.school}</a>" not in page


def test_a_figure_that_does_not_exist_is_not_there(admin: User) -> None:
    for key in ("x", "steps.10.done", "steps.1.x", "outcomes.sel.school", "sections.x", "factors.x.other"):
        assert client_of(admin).get(f"/dashboard/achter/?figuur={key}").status_code == 404, key
    assert client_of(admin).get("/dashboard/achter/?figuur=paused&sector=XX").status_code == 404


def test_every_link_on_the_page_leads_somewhere(admin: User) -> None:
    trajectory = make_trajectory()
    SectionScore.objects.create(trajectory=trajectory, section="care", total=4, count=2)
    FocusGroup.objects.create(trajectory=trajectory, kind="pupils", held_on=TODAY)
    NamedTheme.objects.create(trajectory=trajectory, kind="pupils", theme="building", first=True)
    planned(trajectory, ("care", "chosen", ["team-up"]))
    evaluation = evaluated(trajectory, sel="yes")
    Factor.objects.create(evaluation=evaluation, kind="promoting", factor="director")
    Experience.objects.create(evaluation=evaluation, intervention="team-up", rating=4)
    Line.objects.create(evaluation=evaluation, subject="component", about="plan", rating=4)
    client = client_of(admin)
    page = client.get("/dashboard/?sector=PO").content.decode()
    links = set(re.findall(r'href="(/dashboard/achter/[^"]*)"', page))
    assert len(links) > 8
    for link in links:
        answer = client.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link
        assert f">{trajectory.school}</a>" in answer.content.decode(), link


def test_the_map_is_per_region_when_there_are_many(admin: User) -> None:
    school = make_school(municipality="0518")
    SectionScore.objects.create(trajectory=make_trajectory(school), section="care", total=3, count=2)
    page = client_of(admin).get("/dashboard/").content.decode()
    assert f">{school}</a>" in page
    assert "1,5" in page
    page = client_of(admin).get("/dashboard/?per=regio").content.decode()
    assert "?region=Haaglanden" in page
    assert f">{school}</a>" not in page


def test_queries_do_not_grow(admin: User, django_assert_max_num_queries: Any) -> None:
    def fill() -> None:
        trajectory = make_trajectory()
        full_team(trajectory)
        StepDate.objects.create(trajectory=trajectory, step=2, planned="2020-01-01")
        SectionScore.objects.create(trajectory=trajectory, section="care", total=4, count=2)
        planned(trajectory, ("care", "chosen", ["team-up"]))
        evaluated(trajectory, sel="yes")

    client = client_of(admin)
    fill()
    client.get("/dashboard/")
    with django_assert_max_num_queries(25) as one:
        client.get("/dashboard/")
    fill()
    fill()
    with django_assert_max_num_queries(len(one)):
        client.get("/dashboard/")


# ── Beside the whole ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_may_compare() -> None:
    from pilots.roles import ROLES, May

    assert {role for role in ROLES if May.COMPARE in ROLES[role].permissions} == {
        "admin",
        "researcher",
        "gsa",
        "director",
    }


def _many(number: int, judgement: str, **fields: Any) -> list[Trajectory]:
    made = [make_trajectory(**fields) for _ in range(number)]
    for each in made:
        evaluated(each, sel=judgement)
        SectionScore.objects.create(trajectory=each, section="care", total=2, count=1)
    return made


def test_the_own_school_stands_beside_the_whole(db: None) -> None:
    mine, *_rest = _many(8, "yes")
    _many(7, "partly")
    SectionScore.objects.filter(trajectory=mine).update(total=3)
    director = join(mine, "director")
    page = client_of(director).get(f"/trajecten/{mine.pk}/vergelijking/").content.decode()
    assert "ja: 8" in page
    assert "deels: 7" in page
    assert "(15 scholen)" in page
    assert "duidelijk hoger dan het geheel" in page
    for other in Trajectory.objects.exclude(pk=mine.pk).select_related("school"):
        assert str(other.school) not in page


def test_small_numbers_are_hidden_with_a_second_one(db: None) -> None:
    mine, *_rest = _many(9, "yes")
    _many(3, "not-yet")
    _many(20, "partly")
    director = join(mine, "director")
    page = client_of(director).get(f"/trajecten/{mine.pk}/vergelijking/").content.decode()
    assert "nog niet: verborgen" in page
    assert "ja: verborgen" in page
    assert "deels: 20" in page


def test_with_too_few_others_nothing_of_them_is_shown(db: None) -> None:
    made = _many(6, "yes")
    gsa = make_user()
    for each in made[:3]:
        join(each, "gsa", gsa)
    page = client_of(gsa).get(f"/trajecten/{made[0].pk}/vergelijking/").content.decode()
    assert "Nog te weinig andere scholen" in page
    assert "ja: " not in page
    for each in made[3:]:
        join(each, "gsa", gsa)
    # Nothing is hidden from who may open all of it.
    assert "ja: 6" in client_of(gsa).get(f"/trajecten/{made[0].pk}/vergelijking/").content.decode()


def test_what_the_gsa_said_is_in_no_comparison(db: None) -> None:
    made = _many(12, "yes")
    for each in made:
        Line.objects.filter(evaluation__trajectory=each).delete()
        evaluated(each, side="gsa", care="not-yet")
        Factor.objects.create(
            evaluation=evaluated(each, side="gsa", held="2026-11-05"), kind="promoting", factor="urgency"
        )
    director = join(made[0], "director")
    page = client_of(director).get(f"/trajecten/{made[0].pk}/vergelijking/").content.decode()
    assert "Werkt de zorgstructuur goed?" not in page
    assert "urgentie" not in page


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_follows_from_all_that_a_person_can_open(db: None, seed: int) -> None:
    """Pages of all their schools, exports and filters of the dashboard: what is known of the own is taken off."""
    import random

    chance = random.Random(seed)
    trajectories = [make_trajectory(cohort=chance.choice(("2024-2025", "2025-2026"))) for _ in range(14)]
    said: dict[int, dict[str, str]] = {}
    for each in trajectories:
        said[each.pk] = {about: chance.choice(JUDGEMENTS[: 2 + seed]) for about in QUESTIONS if chance.random() < 0.9}
        evaluated(each, **{about.replace("-", "_"): judgement for about, judgement in said[each.pk].items()})
    people = [make_user() for _ in range(5)]
    for person, size in zip(people, (1, 1, 2, 4, 8), strict=True):
        for each in chance.sample(trajectories, size):
            join(each, chance.choice(("director", "gsa", "researcher")), person)

    for person in people:
        visible = Trajectory.objects.visible_to(person)
        own_pks = set(visible.values_list("pk", flat=True))
        tables = []
        for trajectory in visible[:2]:
            found = comparison_figures.comparison(trajectory, person)
            tables.append([(line.label, line.cells) for _title, lines in found.judged for line in lines])
        # One person with several schools sees the same whole on each of the pages.
        assert all(table == tables[0] for table in tables)
        for about, (_label, cells) in zip(QUESTIONS, tables[0], strict=False):
            own = Counter(said[pk][about] for pk in own_pks if about in said[pk])
            row = Counter(each[about] for each in said.values() if about in each)
            shown = {
                judgement: int(words) if words.isdigit() else None
                for judgement, (_name, words) in zip(JUDGEMENTS, cells, strict=True)
            }
            assert derived(shown, {each: row[each] for each in JUDGEMENTS}, own) == []
        # The dashboard never counts a school that is not theirs, whatever the filters.
        if client_of(person).get("/dashboard/").status_code == 200:
            for cohort in ("", "2024-2025", "2025-2026"):
                counted = export(person, f"?cohort={cohort}")
                assert counted["trajectories"] <= len(own_pks)


def test_school_roles_find_no_dashboard(db: None) -> None:
    trajectory = make_trajectory()
    team = full_team(trajectory)
    for role in ("gsa", "director", "coordinator"):
        client: Client = client_of(team[role])
        for address in ("", "export.json", "export.xlsx", "export.csv", "codeboek.csv", "achter/?figuur=paused"):
            assert client.get(f"/dashboard/{address}").status_code == 404, (role, address)
