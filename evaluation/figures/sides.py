"""School and GSA beside each other: on what they agree, and where they differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from evaluation.enums import Side, Subject
from evaluation.figures.interviews import Field, Talk, TalkPart, talk_of
from evaluation.models import Evaluation
from evaluation.rules import may_see
from pilots.models import Trajectory
from pilots.vocabulary import vocabulary

ROWS = ("lines", "factors", "experiences", "quotes")


def newest_of(trajectory: Trajectory, sides: Iterable[str]) -> dict[str, Evaluation]:
    """Of each side the interview that counts, with everything in it: five queries for all of them together."""
    found = (
        Evaluation.objects.filter(trajectory=trajectory, side__in=list(sides))
        .order_by("side", "-is_final", "-held_on", "-id")
        .distinct("side")
        .prefetch_related(*ROWS)
    )
    interviews = {each.side: each for each in found}
    for each in interviews.values():
        each.trajectory = trajectory
    return interviews


@dataclass(frozen=True, slots=True)
class Pair:
    """One line as school and GSA see it; None where that side said nothing. kind: as in the code of the field."""

    label: str
    kind: str
    school: Field | None
    gsa: Field | None

    @property
    def differs(self) -> bool:
        """Both gave a judgement, rating or tick, and not the same."""
        given = [field.content.value for field in (self.school, self.gsa) if field and field.is_said]
        return len(given) == 2 and given[0] != given[1]

    @property
    def agrees(self) -> bool:
        return bool(self.school and self.gsa and self.school.is_said and self.gsa.is_said) and not self.differs

    @property
    def sentence(self) -> str:
        """The difference in words; empty when there is none."""
        if not (self.differs and self.school and self.gsa):
            return ""
        return _("De school zegt ‘%(school)s’, de GSA ‘%(gsa)s’.") % {
            "school": self.school.value_label.lower(),
            "gsa": self.gsa.value_label.lower(),
        }


@dataclass(frozen=True, slots=True)
class SidesPart:
    """A part of the talk with both sides beside each other."""

    part: TalkPart
    pairs: tuple[Pair, ...]
    school_quotes: tuple[Field, ...]
    gsa_quotes: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Both newest interviews beside each other."""

    school: Talk | None
    gsa: Talk | None
    parts: tuple[SidesPart, ...]

    @property
    def judged(self) -> list[Pair]:
        """The lines that both have judged or rated."""
        return [pair for part in self.parts for pair in part.pairs if pair.differs or pair.agrees]

    @property
    def differences(self) -> list[Pair]:
        return [pair for pair in self.judged if pair.differs]


def sides_of(trajectory: Trajectory) -> Sides:
    """The newest interviews with school and GSA, line by line."""
    interviews = newest_of(trajectory, Side.values)
    talks = {side: talk_of(evaluation) for side, evaluation in interviews.items()}
    school, gsa = talks.get(Side.SCHOOL), talks.get(Side.GSA)
    frame = school or gsa
    if frame is None:
        return Sides(None, None, ())
    return Sides(school, gsa, tuple(_part(part, school, gsa) for part in frame.parts.values()))


def _part(part: TalkPart, school: Talk | None, gsa: Talk | None) -> SidesPart:
    left = _by_subject(school, part.id)
    right = _by_subject(gsa, part.id)
    pairs = []
    for key in dict.fromkeys([*left, *right]):
        mine, theirs = left.get(key), right.get(key)
        there = [field for field in (mine, theirs) if field is not None and field.is_there]
        if there or part.is_list:
            field = left.get(key) or right[key]
            pairs.append(Pair(field.label, field.place.kind, mine, theirs))
    return SidesPart(
        part,
        tuple(pairs),
        tuple(school.parts[part.id].quotes) if school else (),
        tuple(gsa.parts[part.id].quotes) if gsa else (),
    )


def _by_subject(talk: Talk | None, part: str) -> dict[str, Field]:
    # An own factor stands alone: its code is its own.
    return {field.code: field for field in talk.parts[part].fields} if talk else {}


@dataclass(frozen=True, slots=True)
class Glance:
    """One side at a glance: the interview that counts, and its judgement per question."""

    side: str
    evaluation: Evaluation | None
    judgements: Mapping[str, str]

    @property
    def label(self) -> str:
        return str(Side(self.side).label)


@dataclass(frozen=True, slots=True)
class GlanceAnswer:
    """What one side answers to a question: an id ("" for none) and in words."""

    who: str
    judgement: str
    label: str


@dataclass(frozen=True, slots=True)
class GlanceRow:
    """A question with the answer of each side that is shown."""

    label: str
    answers: tuple[GlanceAnswer, ...]


def glances(trajectory: Trajectory) -> list[Glance]:
    """The sides that this person sees, the school first, in two queries."""
    sides = [side for side in (Side.SCHOOL, Side.GSA) if may_see(trajectory.may, side)]
    evaluations = (
        Evaluation.objects.filter(trajectory=trajectory, side__in=sides)
        .order_by("side", "-is_final", "-held_on", "-id")
        .distinct("side")
        .prefetch_related("lines")
    )
    found = {each.side: each for each in evaluations}
    return [Glance(side, found.get(side), _judgements(found.get(side))) for side in sides]


def _judgements(evaluation: Evaluation | None) -> dict[str, str]:
    lines = evaluation.lines.all() if evaluation else ()
    return {line.about: line.judgement for line in lines if line.subject == Subject.QUESTION and line.judgement}


def panel(trajectory: Trajectory) -> dict[str, object] | None:
    """What the trajectory page shows of the evaluation; nothing before somebody started one."""
    found = glances(trajectory)
    if not any(each.evaluation for each in found):
        return None
    words = vocabulary()
    labels = {"": _("Nog niet gevraagd"), **words.evaluation_judgements}
    rows = [
        GlanceRow(
            label,
            tuple(
                GlanceAnswer(each.label, each.judgements.get(question, ""), labels[each.judgements.get(question, "")])
                for each in found
            ),
        )
        for question, label in words.evaluation_questions.items()
    ]
    return {"trajectory": trajectory, "glances": found, "rows": rows if any(each.judgements for each in found) else []}
