"""What the dashboard counts from says the same as the rankings, whatever people do."""

import random
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from focusgroups import actions
from focusgroups.enums import Kind
from focusgroups.figures import groups_for_plan
from focusgroups.models import FocusGroup, NamedTheme, Option, Ranking
from pilots.models import Trajectory
from pilots.vocabulary import vocabulary
from tests.builders import make_trajectory
from tests.focusgroups.builders import make_options, make_ranked, make_session

pytestmark = pytest.mark.django_db

Themes = dict[tuple[str, str], bool]


def kept(trajectory: Trajectory) -> Themes:
    return {(row.kind, row.theme): row.first for row in NamedTheme.objects.filter(trajectory=trajectory)}


def computed(trajectory: Trajectory) -> Themes:
    """The same from what the plan reads: each option with its place in the last round of its session."""
    found: Themes = {}
    for kind, group in groups_for_plan(trajectory).items():
        for session in group.sessions:
            for option in session.options:
                for theme in option.themes:
                    found[kind, theme] = found.get((kind, theme), False) or option.rank == 1
    return found


def one_deed(chance: random.Random, trajectory: Trajectory) -> None:
    groups = list(FocusGroup.objects.filter(trajectory=trajectory))
    if len(groups) < 2:
        make_session(trajectory, chance.choice(("pupils", "parents")), participants={"pupil": 3})
        return
    group = chance.choice(groups)
    options = list(group.options.all())
    rankings = list(group.rankings.all())
    if len(options) < 3 or chance.random() < 0.1:
        make_options(group, "Kaart", themes=themes_of(chance))
    elif not rankings or chance.random() < 0.15:
        number = len(rankings) + 1
        method = chance.choice(("order", "points", "tally", "consensus"))
        actions.open_round(group=group, number=number, method=method, points_each=3, options=options, by=None)
    elif chance.random() < 0.2:
        change_options(chance, chance.choice(options))
    elif chance.random() < 0.1:
        held_on = date(2026, 11, chance.randrange(1, 28))
        actions.change_session(
            group=group, held_on=held_on, minutes=60, not_held_reason="", participants={"pupil": 9}, by=None
        )
    else:
        vote(chance, chance.choice(rankings))


def themes_of(chance: random.Random) -> list[str]:
    return chance.sample([*list(vocabulary().themes)[:3], "eigen thema"], chance.randrange(3))


def change_options(chance: random.Random, option: Option) -> None:
    if chance.random() < 0.5:
        actions.change_option(option=option, label="Anders", ideas=[], themes=themes_of(chance), topics=[], by=None)
    else:
        actions.remove_option(option=option, by=None)


def vote(chance: random.Random, ranking: Ranking) -> None:
    numbers = range(1, len(ranking.option_refs) + 1)
    line = " ".join(map(str, chance.sample(numbers, chance.randrange(len(numbers) + 1))))
    lot = chance.random()
    if lot < 0.15:
        order = chance.sample(ranking.option_refs, len(ranking.option_refs))
        actions.decide(ranking=ranking, order=[order[:2], *order[2:]], reason="Zo wil de groep het.", by=None)
    elif lot < 0.25:
        actions.withdraw_decision(ranking=ranking, by=None)
    elif ranking.method == "tally":
        tally = {ref: chance.randrange(3) for ref in ranking.option_refs[:3]}
        actions.record_tally(ranking=ranking, tally=tally, by=None)
    elif ranking.method == "consensus":
        actions.record_consensus(ranking=ranking, line=line, by=None)
    elif (ballot := ranking.ballots.first()) and lot < 0.4:
        actions.remove_line(ranking=ranking, uuid=ballot.uuid, by=None)
    else:
        actions.record_line(ranking=ranking, uuid=uuid4(), line=line or "99", by=None)


@pytest.mark.parametrize("seed", range(3))
def test_themes_follow_whatever_people_do(seed: int) -> None:
    chance = random.Random(seed)
    trajectory, other = make_trajectory(), make_trajectory()
    make_ranked(other, "pupils", [("Rust", ["building"], []), ("Sport", ["home"], [])], ["1 2"])
    assert kept(other) == {("pupils", "building"): True, ("pupils", "home"): False}
    seen = set()
    for _ in range(60):
        try:
            one_deed(chance, trajectory)
        except ValidationError:
            continue
        assert kept(trajectory) == computed(trajectory)
        seen.add(str(sorted(kept(trajectory).items())))
    assert len(seen) > 8, "these deeds change nothing"
    assert any(kept(trajectory).values())
    assert kept(other) == {("pupils", "building"): True, ("pupils", "home"): False}


def test_a_shared_first_place_and_another_session_count() -> None:
    trajectory = make_trajectory()
    make_ranked(trajectory, "parents", [("Rust", ["building"], []), ("Sport", ["home"], [])], ["1=2"])
    make_ranked(trajectory, "parents", [("Les", ["home"], []), ("Tolk", ["building", "lessons"], [])], ["1 2"])
    assert kept(trajectory) == {("parents", "building"): True, ("parents", "home"): True, ("parents", "lessons"): False}


def test_an_older_installation_is_counted_once(capsys: pytest.CaptureFixture[str]) -> None:
    trajectory = make_trajectory()
    for kind in Kind.values:
        make_ranked(trajectory, kind, [("Rust", ["building"], []), ("Sport", ["home"], [])], ["2 1"])
    NamedTheme.objects.all().delete()
    call_command("recount")
    assert kept(trajectory) == computed(trajectory)
    assert len(kept(trajectory)) == 6
    assert "van 1 traject" in capsys.readouterr().err
    call_command("recount")
    assert not capsys.readouterr().err
