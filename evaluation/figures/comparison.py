"""One school beside the whole programme, as far as everybody may see the whole.

The whole is always the same: all trajectories, without filters, and of the evaluations only what schools said. So two
people, or one person with two schools, always look at the same table; what it keeps back is decided in `suppression`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from evaluation.enums import FactorKind, Side, Subject
from evaluation.figures.counts import Counts, Mine, SumAndNumber, count
from evaluation.figures.page import dutch, listed
from evaluation.figures.selection import as_sql
from evaluation.suppression import MINIMUM, enough_others, is_small, shown_to, with_one_school
from focusgroups.enums import Kind
from pilots.models import Trajectory, User
from pilots.roles import May
from pilots.vocabulary import vocabulary
from plans.library import library

# The persons of `counts` that are no people: the whole, the school of the page, and what the viewer may open.
WHOLE, OWN, VIEWER = 0, -1, -2
SIDES = (Side.SCHOOL.value,)  # what a GSA said is for few
# With more trajectories than this the whole and what each person may open of it are counted once in so many seconds:
# it takes a second, and who compares does not need the last minutes.
LARGE, SECONDS = 500, 600

_EVERYBODY = """SELECT id AS trajectory_id, {whole} AS person FROM pilots_trajectory
UNION ALL SELECT DISTINCT trajectory_id, user_id FROM pilots_teammember WHERE user_id IN (
    SELECT user_id FROM pilots_teammember GROUP BY user_id HAVING count(DISTINCT trajectory_id) > 1
)"""
_ONE = "SELECT %s AS trajectory_id, {own} AS person UNION ALL SELECT trajectory_id, {viewer} FROM ({opened}) AS opened"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the comparison. own: what holds at this school, in words, or "". cells: the whole, label → words.

    nothing: what stands there without `own`.
    total: how many schools the row is about in words, or "" when that is kept back. shown: whether a cell is shown.
    """

    label: str
    own: str
    nothing: str
    cells: tuple[tuple[str, str], ...]
    total: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of this school beside that of the whole; None is not known, or kept back."""

    id: str
    label: str
    own: float | None
    whole: float | None
    schools: int | None

    @property
    def own_words(self) -> str:
        return "" if self.own is None else dutch(self.own)

    @property
    def whole_words(self) -> str:
        return "" if self.whole is None else dutch(self.whole)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The page. `others`: whether there are enough other schools to show anything of them."""

    others: bool
    trajectories: int
    sections: list[Mean] = field(default_factory=list)
    judged: list[tuple[str, list[Line]]] = field(default_factory=list)
    themes: list[tuple[str, list[Line]]] = field(default_factory=list)
    factors: list[tuple[str, list[Line]]] = field(default_factory=list)
    programmes: list[tuple[Line, Mean]] = field(default_factory=list)
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    """The counts of everybody, to cut rows from."""

    people: Mapping[int, Counts]
    whole: Counts
    own: Counts
    viewer: Counts

    def row(self, cells: Any) -> dict[str, int | None]:
        """`cells(counts)` of the whole as this viewer sees it."""
        whole = cells(self.whole)
        largest = max((each.trajectories for each in self.people.values()), default=0)
        if all(number == 0 or number - largest >= MINIMUM for number in whole.values()):
            return dict(whole)  # small for nobody, without asking everybody
        opened = [*(cells(each) for each in self.people.values()), *with_one_school(whole)]
        return shown_to(whole, opened, cells(self.viewer))

    def number(self, number: Any) -> int | None:
        """`number(counts)` of the whole, or None when it is small for anybody but a viewer who may open all of it."""
        whole = number(self.whole)
        opened = {1, 2, *(number(each) for each in self.people.values())}
        return None if number(self.viewer) != whole and is_small(whole, opened) else whole

    def mean(self, id: str, label: str, means: Any, schools: Any) -> Mean:  # noqa: A002 it is the field of that name
        """A mean of the whole where enough schools are in it, beside that of the school."""
        own, whole = means(self.own), means(self.whole)
        number = self.number(schools) if whole else None
        return Mean(id, label, _mean(own) if own else None, _mean(whole) if whole and number else None, number)


def comparison(trajectory: Trajectory, user: User) -> Comparison:
    """`trajectory` beside the whole, as `user` may see it. Nineteen queries."""
    people = _everybody()
    # An admin may open everything: counted already.
    opened, params = as_sql(Trajectory.objects.none() if user.is_admin else Trajectory.objects.visible_to(user))
    mine = count(Mine(_ONE.format(own=OWN, viewer=VIEWER, opened=opened), (trajectory.pk, *params)), SIDES)
    whole = people.pop(WHOLE, Counts())
    table = _Table(people, whole, mine[OWN], whole if user.is_admin else mine[VIEWER])
    total = table.whole.trajectories
    if not enough_others(total, table.viewer.trajectories):
        return Comparison(others=False, trajectories=0)
    sections = _sections(table)
    return Comparison(
        others=True,
        trajectories=total,
        sections=sections,
        judged=_judged(table),
        themes=_themes(table),
        factors=_factors(table),
        programmes=_programmes(table),
        sentence=_sentence(sections),
    )


def _everybody() -> dict[int, Counts]:
    """The counts of the whole, and of everybody with more than one school what they may open of it."""

    def counted() -> dict[int, Counts]:
        return dict(count(Mine(_EVERYBODY.format(whole=WHOLE), ()), SIDES))

    if Trajectory.objects.count() <= LARGE:
        return counted()
    return cache.get_or_set("comparison", counted, SECONDS) or {}


def panel(trajectory: Trajectory) -> dict[str, Any] | None:
    """The way to the comparison on the trajectory page, for who may see it."""
    return {} if May.COMPARE in trajectory.may else None


def _sections(table: _Table) -> list[Mean]:
    rows = []
    for each, section in vocabulary().sections.items():
        if each not in table.whole.sections:
            continue
        rows.append(
            table.mean(
                each,
                section.label,
                lambda counts, each=each: counts.sections.get(each),
                lambda counts, each=each: counts.sections.get(each, (0.0, 0))[1],
            )
        )
    return rows


def _sentence(sections: Iterable[Mean]) -> str:
    """Where the school stands clearly above and below the whole: half a step of the scale or more."""
    known = [
        (each.own - each.whole, each.label) for each in sections if each.own is not None and each.whole is not None
    ]
    if not known:
        return ""
    above = [f"“{label}”" for gap, label in sorted(known, reverse=True) if gap >= 0.5]
    below = [f"“{label}”" for gap, label in sorted(known) if gap <= -0.5]
    sentences = []
    if above:
        sentences.append(
            _("De school staat duidelijk hoger dan het geheel bij %(labels)s.") % {"labels": listed(above)}
        )
    if below:
        sentences.append(_("Duidelijk lager staat ze bij %(labels)s.") % {"labels": listed(below)})
    return " ".join(sentences) or _("De school staat overal ongeveer even hoog als het geheel.")


def _judged(table: _Table) -> list[tuple[str, list[Line]]]:
    words = vocabulary()
    blocks = []
    for subject, title, labels in (
        (Subject.QUESTION, _("Wat het opleverde"), words.evaluation_questions),
        (Subject.IMPROVEMENT, _("Wat er beter werd"), words.improvement_areas),
        (Subject.OUTCOME, _("Wat mensen op school zien veranderen"), words.observed_outcomes),
    ):
        lines = []
        for about, label in labels.items():

            def cells(counts: Counts, subject: str = subject.value, about: str = about) -> dict[str, int]:
                judgements = vocabulary().evaluation_judgements
                return {each: counts.judged[subject, about, Side.SCHOOL.value, each] for each in judgements}

            if sum(cells(table.whole).values()):
                own = [words.evaluation_judgements[each] for each, number in cells(table.own).items() if number]
                lines.append(_line(table, label, (listed(own), _("geen antwoord")), cells, words.evaluation_judgements))
        if lines:
            blocks.append((title, lines))
    return blocks


def _themes(table: _Table) -> list[tuple[str, list[Line]]]:
    blocks = []
    labels = {"first": _("op de eerste plaats"), "later": _("wel genoemd"), "not": _("niet genoemd")}
    for kind in Kind:
        lines = []
        for theme, label in vocabulary().themes.items():

            def cells(counts: Counts, kind: str = kind.value, theme: str = theme) -> dict[str, int]:
                first, named = counts.first[kind, theme], counts.named[kind, theme]
                return {"first": first, "later": named - first, "not": max(counts.groups[kind] - named, 0)}

            if table.whole.named[kind.value, theme]:
                own = [labels[each] for each, number in cells(table.own).items() if number]
                lines.append(_line(table, label, ("".join(own), _("geen sessie")), cells, labels))
        if lines:
            blocks.append((str(kind.label), lines))
    return blocks


def _factors(table: _Table) -> list[tuple[str, list[Line]]]:
    words = vocabulary()
    blocks = []
    labels = {"named": _("genoemd"), "not": _("niet genoemd")}
    for kind, title, factors in (
        (FactorKind.PROMOTING, _("Wat hielp"), words.promoting_factors),
        (FactorKind.HINDERING, _("Wat tegenwerkte"), words.hindering_factors),
    ):
        lines = []
        for factor, label in factors.items():

            def cells(counts: Counts, kind: str = kind.value, factor: str = factor) -> dict[str, int]:
                named = counts.factors[kind, factor]
                return {"named": named, "not": max(counts.evaluated[Side.SCHOOL.value] - named, 0)}

            if table.whole.factors[kind.value, factor]:
                own = labels["named"] if table.own.factors[kind.value, factor] else ""
                lines.append(_line(table, label, (own, _("niet genoemd")), cells, labels))
        if lines:
            blocks.append((title, lines))
    return blocks


def _programmes(table: _Table) -> list[tuple[Line, Mean]]:
    rows = []
    labels = {"chosen": _("gekozen"), "not": _("niet gekozen")}
    for each in library().interventions.values():

        def cells(counts: Counts, id: str = each.id) -> dict[str, int]:  # noqa: A002 of the programme
            return {"chosen": counts.chosen[id], "not": max(counts.planned - counts.chosen[id], 0)}

        if table.whole.chosen[each.id] or each.id in table.whole.experience:
            own = labels["chosen"] if table.own.chosen[each.id] else ""
            mean = table.mean(
                each.id,
                each.name,
                lambda counts, id=each.id: counts.experience.get(id),  # noqa: A006 of the programme
                lambda counts, id=each.id: counts.raters[id],  # noqa: A006 of the programme
            )
            rows.append((_line(table, each.name, (own, _("niet gekozen")), cells, labels), mean))
    return rows


def _line(table: _Table, label: str, own: tuple[str, str], cells: Any, labels: Mapping[str, str]) -> Line:
    """own: what holds at this school, and the words for when that is empty."""
    shown = table.row(cells)
    total = table.number(lambda counts: sum(cells(counts).values()))
    words = tuple((labels[cell], _("verborgen") if number is None else str(number)) for cell, number in shown.items())
    any_shown = any(number is not None for number in shown.values())
    return Line(label, *own, words, "" if total is None else str(total), any_shown)


def _mean(found: SumAndNumber) -> float:
    return found[0] / found[1]
