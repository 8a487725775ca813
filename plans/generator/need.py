"""How much a topic is needed, 0 to 1: the one place with all weights.

There are four voices: the checklist and the three kinds of focus group. Each voice says how strongly it asks for
a topic (0..1), which is its strongest signal: two sessions of one kind, or ten cards of one group, stay one voice,
and how many people sat in a group plays no part. The voices are joined as

    need = 1 - product over the voices of (1 - weight of the voice x strength of the voice)

so that every voice that joins in makes the need higher and none can make it lower, and no voice alone reaches 1.

Strength of the checklist: SCORE + PRIORITY of an item (at most 1). A lower score and a higher priority never lower
it. Strength of a group: an option ranked first counts 1, going down in even steps to GROUP_FLOOR for the last of
all; an option that nobody ranked and a loose idea count GROUP_FLOOR. More options below it never lower an option.
"""

from collections.abc import Iterable

from plans.generator.plan import FromChecklist, FromGroup
from plans.generator.signals import CHECKLIST, Signal
from plans.generator.situation import Priority, Score

VOICE_WEIGHT = {CHECKLIST: 0.6, "parents": 0.45, "pupils": 0.45, "stakeholders": 0.45}
SCORE: dict[Score, float] = {0: 0.6, 1: 0.4, 2: 0.1, 3: 0.0, "unknown": 0.0, "not-applicable": 0.0, None: 0.0}
PRIORITY: dict[Priority, float] = {None: 0.0, "later": 0.25, "now": 0.4}
GROUP_FLOOR = 0.3

# What only a rule brings in weighs as much as the weakest signal, so that a real signal never lowers it.
RULE_NEED = round(min(VOICE_WEIGHT["pupils"] * GROUP_FLOOR, VOICE_WEIGHT[CHECKLIST] * PRIORITY["later"]), 4)
# What only people keep in the plan, while nothing asks for it any more.
KEPT_NEED = 0.0

# From here on a topic gets a second step: what is for schools like this one sooner than what is for all.
NEXT_STEP = 0.6
NEXT_STEP_FITTED = 0.3


def strength(evidence: FromChecklist | FromGroup) -> float:
    """How strongly one signal asks, 0..1."""
    if isinstance(evidence, FromChecklist):
        return min(1.0, SCORE[evidence.score] + PRIORITY[evidence.priority])
    if evidence.rank is None:
        return GROUP_FLOOR
    below = max(0, (evidence.of or 1) - evidence.rank)
    share = 1.0 if evidence.rank == 1 else below / ((evidence.of or 1) - 1 or 1)
    return GROUP_FLOOR + (1 - GROUP_FLOOR) * share


def need(signals: Iterable[Signal]) -> float:
    """The need that these signals of one topic make together, 0..1 in four decimals."""
    strongest: dict[str, float] = {}
    for signal in signals:
        strongest[signal.voice] = max(strongest.get(signal.voice, 0.0), strength(signal.evidence))
    left = 1.0
    for voice, weight in VOICE_WEIGHT.items():
        left *= 1 - weight * strongest.get(voice, 0.0)
    return round(1 - left, 4)
