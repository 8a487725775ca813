"""What parents, pupils and stakeholders ask for, side by side."""

from collections.abc import Iterable, Mapping, Sequence

from focusgroups.enums import Kind, Question
from focusgroups.figures.differences import sentences
from focusgroups.figures.rounds import last_round
from focusgroups.figures.sessions import groups_of, people
from focusgroups.figures.standings import Line, Standing, Voice, Voices
from focusgroups.models import FocusGroup
from pilots.models import Trajectory
from pilots.vocabulary import vocabulary


def voices(trajectory: Trajectory) -> Voices:
    """What parents, pupils and stakeholders asked for, side by side, in a fixed number of queries.

    Several sessions of a kind are one voice: the best rank counts. Ranks come from the last round of a session, the
    group's decision before the count. What was named as going well is not asked for, and stays out.
    """
    return compare(groups_of(trajectory))


def compare(groups: Sequence[FocusGroup]) -> Voices:
    """The three voices of sessions that were read with `groups_of`."""
    speaking = []
    themes: list[dict[str, Standing]] = []
    topics: list[dict[str, Standing]] = []
    for kind in Kind:
        sessions = [group for group in groups if group.kind == kind]
        held = [group for group in sessions if group.held_on]
        reasons = [group.not_held_reason for group in sessions if not group.held_on]
        theme_places: dict[str, Standing] = {}
        topic_places: dict[str, Standing] = {}
        first: list[str] = []
        ranked = False
        for group in held:
            counted = last_round(group)
            ranks = counted.ranks if counted else {}
            of = len(counted.numbers) if counted else 0
            ranked = ranked or bool(ranks)
            first += [option.label for option in counted.firsts] if counted else []
            for option in group.options.all():
                _stand(theme_places, option.themes, ranks.get(option.ref), of)
                _stand(topic_places, option.topics, ranks.get(option.ref), of)
            for idea in group.ideas.all():
                if idea.question != Question.GOING_WELL:
                    _stand(theme_places, idea.themes, None, 0)
                    _stand(topic_places, idea.topics, None, 0)
        themes.append(theme_places)
        topics.append(topic_places)
        counts = [count for group in held if (count := people(group)) is not None]
        speaking.append(
            Voice(
                kind=kind.value,
                label=str(kind.label),
                sessions=len(held),
                people=sum(counts) if counts and len(counts) == len(held) else None,
                held_on=tuple(group.held_on for group in held if group.held_on),
                not_held="" if held or not reasons else reasons[0],
                ranked=ranked,
                first=tuple(dict.fromkeys(first)),
            )
        )
    # A group that said nothing yet does not stand in the way of what the others share.
    heard = [index for index in range(len(speaking)) if themes[index] or topics[index]]
    words = vocabulary()
    theme_order = [*words.themes, *sorted({theme for place in themes for theme in place} - set(words.themes))]
    theme_lines = _lines(themes, theme_order, {}, words.themes, heard)
    topic_lines = _lines(
        topics,
        list(words.topics),
        {topic.id: topic.section for topic in words.topics.values()},
        {topic.id: topic.label for topic in words.topics.values()},
        heard,
    )
    return Voices(
        groups=tuple(speaking),
        themes=theme_lines,
        topics=topic_lines,
        sentences=tuple(sentences(speaking, theme_lines, topic_lines)),
    )


def _stand(places: dict[str, Standing], named: Iterable[str], rank: int | None, of: int) -> None:
    """Write down where these stand, unless they already stand higher."""
    for each in named:
        before = places.get(each)
        if before is None or (rank is not None and (before.rank is None or rank < before.rank)):
            places[each] = Standing(rank, of)


def _lines(
    places: Sequence[Mapping[str, Standing]],
    order: Sequence[str],
    sections: Mapping[str, str],
    labels: Mapping[str, str],
    heard: Sequence[int],
) -> tuple[Line, ...]:
    lines = [
        Line(
            id=each,
            label=labels.get(each, each),
            section=sections.get(each, ""),
            standings=tuple(place.get(each) for place in places),
            shared=len(heard) > 1 and all(each in places[index] for index in heard),
            groups=tuple(str(kind.label) for kind in Kind),
        )
        for each in order
        if any(each in place for place in places)
    ]

    def height(line: Line) -> tuple[bool, int, float]:
        ranks = [rank for rank in line.ranks if rank]
        return not line.shared, -len(ranks), sum(ranks) / len(ranks) if ranks else 0.0

    return tuple(sorted(lines, key=height))
