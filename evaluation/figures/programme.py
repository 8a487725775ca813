"""The figures of the dashboard: everything about many trajectories, in the form of the contract."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from evaluation.enums import Subject
from evaluation.figures.counts import Counts, Mine, SumAndNumber, count
from evaluation.figures.selection import Filters
from evaluation.figures.standing import Standing, standing
from pilots.models.trajectories import TrajectoryQuerySet
from pilots.vocabulary import vocabulary

Json = dict[str, Any]
DECIMALS = 4  # of a mean in an export, as in the results of a ranking


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a selection of trajectories: where they stand, and what was counted."""

    filters: Filters
    standing: Standing
    counts: Counts

    @property
    def trajectories(self) -> int:
        return self.counts.trajectories

    def as_json(self) -> Json:
        """The figures as the contract has them; what it does not name comes after. Zeros are absent."""
        counts = self.counts
        return {
            "filters": self.filters.given,
            "trajectories": counts.trajectories,
            "steps": nested(((str(step), state), number) for (step, state), number in self.standing.steps.items()),
            "outcomes": self._judged(Subject.QUESTION, vocabulary().evaluation_questions),
            "improvements": self._judged(Subject.IMPROVEMENT, vocabulary().improvement_areas),
            "factors": nested(counts.factors.items()),
            "themes": nested(
                [((*key, "schools"), number) for key, number in counts.named.items()]
                + [((*key, "first"), number) for key, number in counts.first.items()]
            ),
            "sections": {
                section: {"mean": mean(counts.sections[section]), "schools": counts.sections[section][1]}
                for section in vocabulary().sections
                if section in counts.sections
            },
            "interventions": nested(
                [((each, "chosen"), number) for each, number in counts.chosen.items()]
                + [((each, "experience"), mean(rated)) for each, rated in counts.experience.items()]
            ),
            "observed": self._judged(Subject.OUTCOME, vocabulary().observed_outcomes),
            "components": nested(
                ((component, side, name), value)
                for (component, side), rated in counts.rated.items()
                for name, value in (("mean", mean(rated)), ("ratings", rated[1]))
            ),
            "actions": nested(counts.actions.items()),
            **({"paused": self.standing.paused} if self.standing.paused else {}),
        }

    def _judged(self, subject: str, order: Iterable[str]) -> Json:
        found = nested((key[1:], number) for key, number in self.counts.judged.items() if key[0] == subject)
        return {about: found[about] for about in order if about in found}


def figures(trajectories: TrajectoryQuerySet, filters: Filters, today: date) -> Figures:
    """All figures about `trajectories`, to which `filters` were applied. Ten queries, whatever their number."""
    counts = count(Mine.of(trajectories)).get(0, Counts())
    return Figures(filters, standing(trajectories, today), counts)


def mean(found: SumAndNumber) -> float:
    """The mean of a sum and its number, to four decimals."""
    total, number = found
    return round(total / number, DECIMALS)


def nested(rows: Iterable[tuple[tuple[str, ...], float]]) -> Json:
    """Counts by several keys as objects in each other, without the zeros."""
    result: Json = {}
    for keys, value in sorted(rows, key=lambda row: row[0]):
        if value:
            place = result
            for key in keys[:-1]:
                place = place.setdefault(key, {})
            place[keys[-1]] = value
    return result


def by_first(rows: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """Counts by two keys as a mapping per first key."""
    result: dict[str, dict[str, int]] = defaultdict(dict)
    for (first, second), number in rows.items():
        result[first][second] = number
    return dict(result)
