"""What the dashboard counts from says the same as the answers, whatever people do."""

import datetime
import random
from collections import defaultdict

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from checklist import actions
from checklist.models import Interview, Item, SectionScore
from pilots.models import Trajectory, User
from pilots.vocabulary import vocabulary
from tests.builders import join, make_trajectory
from tests.checklist.builders import give, make_instrument, make_interview

pytestmark = pytest.mark.django_db

Scores = dict[str, tuple[int, int]]


def kept(trajectory: Trajectory) -> Scores:
    rows = SectionScore.objects.filter(trajectory=trajectory)
    return {row.section: (row.total, row.count) for row in rows}


def computed(trajectory: Trajectory) -> Scores:
    """The same from the answers, by hand: newest final interview, an item once in each section that it asks about."""
    interviews = sorted(trajectory.interviews.all(), key=lambda each: (each.is_final, each.held_on, each.pk))
    found: defaultdict[str, list[int]] = defaultdict(list)
    for answer in interviews[-1].answers.select_related("item") if interviews else ():
        if answer.score is not None:
            for section in {vocabulary().topics[topic].section for topic in answer.item.topics}:
                found[section].append(answer.score)
    return {section: (sum(scores), len(scores)) for section, scores in found.items()}


def several_topics() -> None:
    """An instrument in which items ask about topics of one section and of more."""
    make_instrument()
    care = [topic.id for topic in vocabulary().topics.values() if topic.section == "care"]
    policy = next(topic.id for topic in vocabulary().topics.values() if topic.section == "policy")
    items = list(Item.objects.all())
    items[0].topics, items[1].topics = care[:3], [care[0], policy]
    Item.objects.bulk_update(items, ["topics"])


@pytest.mark.parametrize("seed", range(3))
def test_scores_follow_whatever_people_do(seed: int) -> None:
    chance = random.Random(seed)
    several_topics()
    trajectory, other = make_trajectory(), make_trajectory()
    by = join(trajectory, "gsa")
    give(make_interview(other, by), by, Item.objects.all()[0].code, 2)
    untouched = kept(other)
    seen = set()
    for number in range(60):
        open_ones = list(trajectory.interviews.filter(is_final=False))
        held_on = datetime.date(2026, 11, chance.randrange(1, 28))
        [deed] = chance.choices(("answer", "change", "start", "final", "remove"), (12, 3, 1, number > 40, 1))
        if deed == "start" or not open_ones:
            copy_from = chance.choice([None, *trajectory.interviews.all()])
            make_interview(trajectory, by, held_on=held_on, copy_from=copy_from)
        elif deed == "answer":
            value = chance.choice([0, 1, 2, 3, 3, None, "unknown", "not-applicable"])
            give(chance.choice(open_ones), by, chance.choice(list(Item.objects.all())).code, value)
        elif deed == "change":
            interview = chance.choice(open_ones)
            actions.change_interview(interview=interview, by=by, held_on=held_on, respondents=[], mode="self")
        elif deed == "final":
            finish(chance.choice(open_ones), by)
        elif deed == "remove":
            actions.remove_interview(interview=chance.choice(open_ones), by=by)
        assert kept(trajectory) == computed(trajectory)
        seen.add(str(kept(trajectory)))
    assert len(seen) > 5, "these deeds change nothing"
    assert kept(other) == untouched


def finish(interview: Interview, by: User) -> None:
    try:
        actions.make_final(interview=interview, by=by)
    except ValidationError:
        assert not interview.answers.exclude(score=None, no_score="").exists()


def test_an_older_installation_is_counted_once(capsys: pytest.CaptureFixture[str]) -> None:
    several_topics()
    trajectory = make_trajectory()
    by = join(trajectory, "gsa")
    give(make_interview(trajectory, by), by, Item.objects.all()[1].code, 3)
    SectionScore.objects.all().delete()
    call_command("recount")
    assert kept(trajectory) == computed(trajectory) == {"care": (3, 1), "policy": (3, 1)}
    assert "van 1 traject" in capsys.readouterr().err
    call_command("recount")
    assert not capsys.readouterr().err
