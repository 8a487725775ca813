"""The dashboard as a person reads it: per subject a sentence, what the picture shows, and the key of each figure.

A key names one figure in an address, such as `outcomes.sel.school.yes`; `behind.py` finds the trajectories to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.enums import FactorKind, Side, Subject
from evaluation.figures.counts import Counts, SumAndNumber
from evaluation.figures.programme import Figures
from focusgroups.enums import Kind
from pilots.enums import StepState
from pilots.vocabulary import vocabulary
from plans.enums import ActionStatus
from plans.library import library

MAXIMUM_SCORE, MAXIMUM_RATING = 3, 5
PLURAL = {
    Kind.PARENTS: gettext_lazy("Ouders"),
    Kind.PUPILS: gettext_lazy("Leerlingen"),
    Kind.STAKEHOLDERS: gettext_lazy("Overige betrokkenen"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar of width 100: `start` and `width` as SVG writes numbers, and the key of its figure."""

    kind: str
    label: str
    number: int
    start: str
    width: str
    key: str


@dataclass(frozen=True, slots=True)
class Voice:
    """What one side said on one question, over all trajectories."""

    side: str
    label: str
    total: int
    pieces: tuple[Piece, ...]

    @property
    def words(self) -> str:
        """The numbers in words: "2 ja, 7 deels"."""
        return ", ".join(f"{piece.number} {piece.label.lower()}" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, improvement or observed outcome with both voices."""

    id: str
    label: str
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """One bar: how many (or which mean) of which maximum, in words, and the key of its figure.

    number: of a mean, how many it is of.
    """

    id: str
    label: str
    value: float
    maximum: float
    words: str
    key: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class ThemeCell:
    """How one kind of group named one theme."""

    label: str
    named: int
    first: int
    of: int
    key: str

    @property
    def words(self) -> str:
        return of_schools(self.named, self.of)

    @property
    def width(self) -> str:
        """The part that named it, in percent as SVG writes it."""
        return f"{100 * self.named / max(self.of, self.named, 1):.2f}"


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme with what each kind of group did with it."""

    id: str
    label: str
    cells: tuple[ThemeCell, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """An intervention: chosen by how many trajectories, and how it was experienced."""

    id: str
    name: str
    chosen: int
    maximum: int
    experience: str
    raters: int


# ── Numbers in words ─────────────────────────────────────────────────────────────────────────────────────────────────


def dutch(value: float, decimals: int = 1) -> str:
    """A number with a decimal comma."""
    return f"{value:.{decimals}f}".replace(".", ",")


def schools(number: int) -> str:
    return ngettext("%(n)s school", "%(n)s scholen", number) % {"n": number}


def of_schools(number: int, total: int) -> str:
    """ "7 van 9"."""
    return _("%(n)s van %(total)s") % {"n": number, "total": total}


def listed(words: Sequence[str]) -> str:
    """A list in a sentence: "a, b en c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s en %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def quoted(words: Iterable[str]) -> str:
    return listed([f"“{word}”" for word in words])


def top(numbers: Mapping[str, float]) -> list[str]:
    """The ids with the highest number; none when all are zero."""
    highest = max(numbers.values(), default=0)
    return [each for each, number in numbers.items() if number == highest] if highest else []


# ── Per subject ──────────────────────────────────────────────────────────────────────────────────────────────────────


def steps(found: Figures) -> list[dict[str, Any]]:
    """The nine steps with how many trajectories are in which state."""
    rows = []
    for number, step in vocabulary().steps.items():
        counts = {state: found.standing.steps[number, state.value] for state in StepState}
        rows.append(
            {
                "number": number,
                "label": step.label,
                "phase": step.phase,
                "pieces": _pieces(
                    ((state.value, str(state.label), counts[state]) for state in StepState if counts[state]),
                    f"steps.{number}",
                ),
            }
        )
    return rows


def steps_sentence(found: Figures) -> str:
    """How far the trajectories are, in a few sentences."""
    total, at = found.trajectories, found.standing.steps
    done = {number: at[number, StepState.DONE] for number in vocabulary().steps}
    sentences = [ngettext("Er is %(n)s traject.", "Er zijn %(n)s trajecten.", total) % {"n": total}]
    if all(number == total for number in done.values()):
        sentences.append(_("Alle negen stappen zijn gedaan."))
    else:
        sentences.append(
            _(
                "Een vastgesteld plan: bij %(plan)s. Gekozen wat eerst gaat: bij %(chosen)s. "
                "Evaluatie met de school: bij %(school)s."
            )
            % {"plan": done[5], "chosen": done[6], "school": done[9]}
        )
    if any(at[number, StepState.OVERDUE] for number in vocabulary().steps):
        worst = max(vocabulary().steps, key=lambda number: at[number, StepState.OVERDUE])
        sentences.append(
            _("Het vaakst over de datum is stap %(step)s, “%(label)s”: bij %(n)s.")
            % {"step": worst, "label": vocabulary().steps[worst].label, "n": at[worst, StepState.OVERDUE]}
        )
    if found.standing.paused:
        sentences.append(
            ngettext("%(n)s traject ligt stil.", "%(n)s trajecten liggen stil.", found.standing.paused)
            % {"n": found.standing.paused}
        )
    return " ".join(sentences)


def sections(counts: Counts) -> list[Amount]:
    """The sections with the mean of the schools' means."""
    return [
        Amount(
            id=each,
            label=section.label,
            value=_mean(counts.sections[each]),
            maximum=MAXIMUM_SCORE,
            words=dutch(_mean(counts.sections[each])),
            key=f"sections.{each}",
        )
        for each, section in vocabulary().sections.items()
        if each in counts.sections
    ]


def sections_sentence(counts: Counts) -> str:
    amounts = sections(counts)
    if not amounts:
        return ""
    high, low = max(amounts, key=lambda each: each.value), min(amounts, key=lambda each: each.value)
    number = max(counts.sections[each.id][1] for each in amounts)
    return _(
        "De checklist is bij %(schools)s ingevuld. Het hoogst staat “%(high)s” (%(high_mean)s van 3), "
        "het laagst “%(low)s” (%(low_mean)s van 3)."
    ) % {
        "schools": schools(number),
        "high": high.label,
        "high_mean": high.words,
        "low": low.label,
        "low_mean": low.words,
    }  # fmt: skip


def themes(counts: Counts) -> list[ThemeRow]:
    """The themes of the vocabulary with what each kind of group did with them, the most named first."""
    rows = [
        ThemeRow(
            theme,
            label,
            tuple(
                ThemeCell(
                    label=str(kind.label),
                    named=counts.named[kind.value, theme],
                    first=counts.first[kind.value, theme],
                    of=counts.groups[kind.value],
                    key=f"themes.{kind.value}.{theme}",
                )
                for kind in Kind
            ),
        )
        for theme, label in vocabulary().themes.items()
    ]
    return sorted(
        (row for row in rows if any(cell.named for cell in row.cells)),
        key=lambda row: -sum(cell.named for cell in row.cells),
    )


def own_themes(counts: Counts) -> int:
    """How many themes schools added themselves."""
    return len({theme for _kind, theme in counts.named} - set(vocabulary().themes))


def groups(counts: Counts) -> list[tuple[str, int]]:
    """The kinds of groups and at how many schools each met."""
    return [(str(kind.label), counts.groups[kind.value]) for kind in Kind]


def theme_lines(counts: Counts) -> list[tuple[str, str, tuple[int | None, ...]]]:
    """For the slope chart: per theme its place with each kind of group, by how many schools named it."""
    ranks = {
        kind: _ranks({theme: _share(counts, kind, theme) for theme in vocabulary().themes}) for kind in Kind.values
    }
    return [(row.label, "", tuple(ranks[kind].get(row.id) for kind in Kind.values)) for row in themes(counts)]


def themes_sentence(counts: Counts) -> str:
    """What each group names most, and where the groups are furthest apart."""
    sentences = []
    for kind in Kind:
        most = top({theme: counts.named[kind.value, theme] for theme in vocabulary().themes})
        if most:
            number = counts.named[kind.value, most[0]]
            sentences.append(
                _("%(who)s noemen %(themes)s het vaakst (%(n)s van %(total)s).")
                % {
                    "who": PLURAL[kind],
                    "themes": quoted(vocabulary().themes[theme] for theme in most[:2]),
                    "n": number,
                    "total": schools(counts.groups[kind.value]),
                }
            )
    gaps = []
    for theme, label in vocabulary().themes.items():
        shares = {kind: _share(counts, kind, theme) for kind in Kind.values if counts.groups[kind]}
        if len(shares) > 1:
            high, low = max(shares, key=lambda kind: shares[kind]), min(shares, key=lambda kind: shares[kind])
            gaps.append((shares[high] - shares[low], label, high, low))
    if gaps and max(gaps)[0] > 0:
        _gap, label, high, low = max(gaps)
        sentences.append(
            _("Het verst uit elkaar liggen zij bij “%(theme)s”: %(high)s noemen het veel vaker dan %(low)s.")
            % {"theme": label, "high": str(PLURAL[Kind(high)]).lower(), "low": str(PLURAL[Kind(low)]).lower()}
        )
    return " ".join(sentences)


def programmes(counts: Counts) -> list[Programme]:
    """The programmes that were chosen or rated, the most chosen first."""
    names = {each.id: each.name for each in library().interventions.values()}
    found = [
        Programme(
            each,
            names.get(each, each),
            counts.chosen[each],
            max(counts.chosen.values(), default=0),
            dutch(_mean(counts.experience[each])) if each in counts.experience else "",
            counts.raters[each],
        )
        for each in {*counts.chosen, *counts.experience}
    ]
    return sorted(found, key=lambda each: (-each.chosen, -each.raters, each.name))


def programmes_sentence(counts: Counts) -> str:
    rows = programmes(counts)
    sentences = []
    if rows and rows[0].chosen:
        most = [row for row in rows if row.chosen == rows[0].chosen]
        sentences.append(
            _("Het vaakst gekozen: %(names)s (%(schools)s).")
            % {"names": listed([row.name for row in most[:3]]), "schools": schools(rows[0].chosen)}
        )
    rated = {each: _mean(found) for each, found in counts.experience.items()}
    if rated:
        names = {row.id: row.name for row in rows}
        best, least = max(rated, key=lambda each: rated[each]), min(rated, key=lambda each: rated[each])
        sentences.append(
            _("Het best bevalt %(best)s (%(best_mean)s van 5), het minst %(least)s (%(least_mean)s).")
            % {
                "best": names[best],
                "best_mean": dutch(rated[best]),
                "least": names[least],
                "least_mean": dutch(rated[least]),
            }
            if rated[best] > rated[least]
            else _("%(best)s krijgt een %(mean)s van 5.") % {"best": names[best], "mean": dutch(rated[best])}
        )
    return " ".join(sentences)


def questions(counts: Counts, subject: str) -> list[Question]:
    """The questions of one list of the interview, with how school and GSA judged."""
    labels, prefix = _list_of(subject)
    judgements = vocabulary().evaluation_judgements
    found = []
    for about, label in labels.items():
        voices = []
        for side in (Side.SCHOOL, Side.GSA):
            numbers = {each: counts.judged[subject, about, side.value, each] for each in judgements}
            pieces = _pieces(
                ((each, judgements[each], number) for each, number in numbers.items() if number),
                f"{prefix}.{about}.{side.value}",
            )
            voices.append(Voice(side.value, str(side.label), sum(numbers.values()), pieces))
        if any(voice.total for voice in voices):
            found.append(Question(about, label, tuple(voices)))
    return found


def questions_sentence(counts: Counts, subject: str) -> str:
    """Where the schools say yes most and least often; for the six questions of the evaluation and the like."""
    rows = questions(counts, subject)
    yes = {row.id: counts.judged[subject, row.id, Side.SCHOOL.value, "yes"] for row in rows if row.voices[0].total}
    if not yes:
        return ""
    labels, _prefix = _list_of(subject)
    total = max(row.voices[0].total for row in rows)
    most, least = top(yes), [each for each, number in yes.items() if number == min(yes.values())]
    if not most:
        return _("Nog geen enkele school antwoordt op één van deze punten met ja.")
    sentence = _("De scholen zeggen het vaakst ja op %(labels)s (%(n)s).") % {
        "labels": quoted(labels[each] for each in most[:2]),
        "n": of_schools(yes[most[0]], total),
    }
    if len(yes) > 1 and yes[least[0]] < yes[most[0]]:
        sentence += " " + _("Het minst vaak op %(labels)s (%(n)s).") % {
            "labels": quoted(labels[each] for each in least[:2]),
            "n": of_schools(yes[least[0]], total),
        }
    differences = [row for row in rows if _differs(counts, subject, row.id)]
    if differences:
        sentence += " " + _("School en GSA oordelen het meest verschillend over “%(label)s”.") % {
            "label": max(differences, key=lambda row: _differs(counts, subject, row.id)).label
        }
    return sentence


def factors(counts: Counts) -> list[tuple[str, str, list[Amount]]]:
    """Promoting and hindering factors with how many trajectories named them, the most named first."""
    words = vocabulary()
    lists = ((FactorKind.PROMOTING, words.promoting_factors), (FactorKind.HINDERING, words.hindering_factors))
    maximum = max(counts.factors.values(), default=0)
    return [
        (
            kind.value,
            _("Wat hielp") if kind == FactorKind.PROMOTING else _("Wat tegenwerkte"),
            sorted(
                (
                    Amount(
                        id=each,
                        label=label,
                        value=counts.factors[kind.value, each],
                        maximum=maximum,
                        words=schools(counts.factors[kind.value, each]),
                        key=f"factors.{kind.value}.{each}",
                    )
                    for each, label in {**labels, "other": _("Een eigen factor")}.items()
                    if counts.factors[kind.value, each]
                ),
                key=lambda amount: -amount.value,
            ),
        )
        for kind, labels in lists
    ]


def factors_sentence(counts: Counts) -> str:
    sentences = []
    for kind, _label, amounts in factors(counts):
        named = [each for each in amounts if each.id != "other"]
        if named:
            most = [each for each in named if each.value == named[0].value][:2]
            start = _("Wat het vaakst hielp") if kind == FactorKind.PROMOTING else _("Wat het vaakst tegenwerkte")
            sentences.append(f"{start}: {quoted(each.label for each in most)} ({most[0].words}).")
    return " ".join(sentences)


def components(counts: Counts) -> list[dict[str, Any]]:
    """The four components of the pilot with the ratings of school and GSA."""
    return [
        {
            "id": each,
            "label": label,
            "amounts": [
                Amount(
                    id=side.value,
                    label=str(side.label),
                    value=_mean(counts.rated[each, side.value]),
                    maximum=MAXIMUM_RATING,
                    words=_("%(mean)s van 5") % {"mean": dutch(_mean(counts.rated[each, side.value]))},
                    key=f"components.{each}.{side.value}",
                    number=counts.rated[each, side.value][1],
                )
                for side in (Side.SCHOOL, Side.GSA)
                if (each, side.value) in counts.rated
            ],
        }
        for each, label in vocabulary().pilot_components.items()
        if any((each, side) in counts.rated for side in Side.values)
    ]


def components_sentence(counts: Counts) -> str:
    both: dict[str, SumAndNumber] = {}
    for (component, _side), (total, number) in counts.rated.items():
        before = both.get(component, (0.0, 0))
        both[component] = (before[0] + total, before[1] + number)
    if not both:
        return ""
    means = {each: _mean(found) for each, found in both.items()}
    best, least = max(means, key=lambda each: means[each]), min(means, key=lambda each: means[each])
    labels = vocabulary().pilot_components
    if means[best] == means[least]:
        return _("Alle onderdelen krijgen een %(mean)s van 5.") % {"mean": dutch(means[best])}
    return _("Het meest gewaardeerd: %(best)s (%(best_mean)s van 5). Het minst: %(least)s (%(least_mean)s).") % {
        "best": labels[best],
        "best_mean": dutch(means[best]),
        "least": labels[least],
        "least_mean": dutch(means[least]),
    }


PURSUED = (ActionStatus.CHOSEN, ActionStatus.STARTED, ActionStatus.DONE, ActionStatus.STOPPED)


def actions(counts: Counts) -> list[dict[str, Any]]:
    """Per section the actions that were chosen, by how far they are."""
    highest = max((sum(counts.actions[each, s.value] for s in PURSUED) for each in vocabulary().sections), default=0)
    return [
        {
            "id": each,
            "label": section.label,
            "total": total,
            "width": f"{100 * total / highest:.2f}",
            "pieces": _pieces(
                (
                    (status.value, str(status.label), counts.actions[each, status.value])
                    for status in PURSUED
                    if counts.actions[each, status.value]
                ),
                f"actions.{each}",
                highest,
            ),
        }
        for each, section in vocabulary().sections.items()
        if (total := sum(counts.actions[each, status.value] for status in PURSUED))
    ]


def actions_sentence(counts: Counts) -> str:
    total = sum(counts.actions.values())
    if not total:
        return ""
    done = sum(number for (_section, status), number in counts.actions.items() if status == ActionStatus.DONE)
    rows = actions(counts)
    most = max(rows, key=lambda row: row["total"])
    return _(
        "De scholen kozen samen %(total)s acties; %(done)s daarvan zijn klaar. "
        "De meeste horen bij “%(section)s” (%(n)s)."
    ) % {"total": total, "done": done, "section": most["label"], "n": most["total"]}


# ── Small parts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _mean(found: SumAndNumber) -> float:
    return found[0] / found[1]


def _pieces(rows: Iterable[tuple[str, str, int]], key: str, whole: int = 0) -> tuple[Piece, ...]:
    rows = list(rows)
    whole = whole or sum(number for _kind, _label, number in rows)
    pieces, start = [], 0.0
    for kind, label, number in rows:
        width = 100 * number / whole
        pieces.append(Piece(kind, label, number, f"{start:.3f}", f"{width:.3f}", f"{key}.{kind}"))
        start += width
    return tuple(pieces)


def _share(counts: Counts, kind: str, theme: str) -> float:
    return counts.named[kind, theme] / counts.groups[kind] if counts.groups[kind] else 0.0


def _ranks(shares: Mapping[str, float]) -> dict[str, int]:
    """Place of each that is not zero, 1 for the largest; equal shares have the same place."""
    named = {each: share for each, share in shares.items() if share}
    return {each: 1 + sum(other > share for other in named.values()) for each, share in named.items()}


def _list_of(subject: str) -> tuple[Mapping[str, str], str]:
    """The labels of a list of the interview, and its word in the key of a figure."""
    words = vocabulary()
    return {
        Subject.QUESTION.value: (words.evaluation_questions, "outcomes"),
        Subject.IMPROVEMENT.value: (words.improvement_areas, "improvements"),
        Subject.OUTCOME.value: (words.observed_outcomes, "observed"),
    }[subject]


def _differs(counts: Counts, subject: str, about: str) -> float:
    """How far school and GSA are apart on a question: the part that would have to change sides, 0 to 1."""
    shares = []
    for side in Side.values:
        numbers = {each: counts.judged[subject, about, side, each] for each in vocabulary().evaluation_judgements}
        total = sum(numbers.values())
        if not total:
            return 0.0
        shares.append({each: number / total for each, number in numbers.items()})
    return sum(abs(shares[0][each] - shares[1][each]) for each in shares[0]) / 2
