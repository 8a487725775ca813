"""Where the checklist and the groups, or the groups among themselves, do not say the same (P15, P19).

Both sides stand as they were said; the need of the topic is not lowered by who is content with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from pilots.vocabulary import vocabulary
from plans.generator import texts
from plans.generator.choice import home
from plans.generator.plan import Contradiction, FromGroup
from plans.generator.signals import CHECKLIST, Good, Signal
from plans.generator.situation import Situation

Asking: TypeAlias = Mapping[str, Sequence[Signal]]  # who asks for it, and with what


def contradictions(
    situation: Situation, signals: Sequence[Signal], goods: Sequence[Good]
) -> dict[str, tuple[Contradiction, ...]]:
    """All contradictions by section, in vocabulary order. What is said of a twin is said of its topic too."""
    content: dict[str, set[str]] = {}
    for good in goods:
        for topic in _about(good.topics):
            content.setdefault(topic, set()).add(good.voice)
    asking: dict[str, dict[str, list[Signal]]] = {}
    for signal in signals:
        if signal.is_lack:
            for topic in _about(signal.topics):
                asking.setdefault(topic, {}).setdefault(signal.voice, []).append(signal)
    found: dict[str, tuple[Contradiction, ...]] = {}
    for each in vocabulary().topics.values():
        if each.id in content and each.id in asking:
            here = tuple(_between(each.id, content[each.id], asking[each.id], situation))
            found[each.section] = found.get(each.section, ()) + here
    return found


def _about(topics: Sequence[str]) -> set[str]:
    return {*topics, *(home(topic) for topic in topics)}


def _between(topic: str, content: set[str], asking: Asking, situation: Situation) -> Iterator[Contradiction]:
    # A voice that says both does not contradict another by that alone: it takes two different voices.
    order = (CHECKLIST, *vocabulary().focus_group_kinds)
    good = [voice for voice in order if voice in content and set(asking) - {voice}]
    lack = [voice for voice in order if voice in asking and content - {voice}]
    if good and lack:
        between = tuple(voice for voice in order if voice in good or voice in lack)
        yield Contradiction(
            topic, between, _who_says_what(topic, good, {each: asking[each] for each in lack}, situation)
        )


def _who_says_what(topic: str, good: Sequence[str], asking: Asking, situation: Situation) -> str:
    label = texts.topic_label(topic, situation.sector)
    asks = texts.listed([_asks(voice, signals) for voice, signals in asking.items()])
    advice = "Praat er samen over met voorbeelden van beide kanten, voordat de school kiest wat er nodig is."
    if situation.checklist and situation.checklist.mode == "self" and CHECKLIST in (*good, *asking):
        advice = (
            "De checklist is door de school zelf ingevuld: bespreek dit verschil eerst met de GSA, "
            "met voorbeelden van beide kanten."
        )
    return f"Over {label}: volgens {texts.voices(good)} gaat dit goed; {asks}. {advice}"


def _asks(voice: str, signals: Sequence[Signal]) -> str:
    if voice == CHECKLIST:
        return "volgens de checklist is het er nog niet of pas deels"
    ranks = [
        (signal.evidence.rank, signal.evidence.of)
        for signal in signals
        if isinstance(signal.evidence, FromGroup) and signal.evidence.rank is not None
    ]
    if not ranks:
        return f"{texts.VOICES[voice]} noemen het als iets wat beter kan"
    rank, of = min(ranks)
    return f"{texts.VOICES[voice]} zetten het op plaats {rank} van {of}"
