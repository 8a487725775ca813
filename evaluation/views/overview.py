"""Pages to look at the evaluation: both sides at a glance, beside each other, on paper, and their quotes."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from evaluation.enums import Side
from evaluation.figures.interviews import Field, Talk, empty_talk, people_of, subject_label, talk_of
from evaluation.figures.lookback import look_back
from evaluation.figures.sides import ROWS, sides_of
from evaluation.models import Evaluation, EvaluationQuote
from evaluation.reading import lists
from evaluation.rules import may_see, may_write
from evaluation.views.frame import evaluation_of
from pilots.decorators import in_trajectory
from pilots.enums import Consent
from pilots.models import Trajectory
from pilots.quotes import DECISIONS, decide_on_quote
from pilots.roles import May
from pilots.vocabulary import vocabulary
from welbevinden.http import AuthenticatedRequest


@dataclass(frozen=True, slots=True)
class Held:
    """An interview in the overview: what was said, and who were there."""

    evaluation: Evaluation
    talk: Talk
    people: list[str]


@dataclass(frozen=True, slots=True)
class SideRow:
    """A side in the overview: the interview that counts, the others, and whether this person holds them."""

    side: str
    label: str
    first: Held | None
    older: list[Evaluation]
    may_write: bool


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question of the overview with the answer of each side that is shown."""

    label: str
    answers: list[Field | None]


@in_trajectory(May.SEE)
@require_GET
def overview(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    sides = [_side(trajectory, side) for side in (Side.SCHOOL, Side.GSA) if may_see(trajectory.may, side)]
    talks = [row.first.talk if row.first else None for row in sides]
    questions = [
        QuestionRow(label, [_answer(talk, question) for talk in talks])
        for question, label in vocabulary().evaluation_questions.items()
    ]
    back = look_back(trajectory)
    context = {
        "trajectory": trajectory,
        "sides": sides,
        "questions": questions if any(talks) else [],
        "back": back,
        "both": all(talks) and len(talks) == 2,
        "sees_gsa": May.SEE_GSA_EVALUATION in trajectory.may,
        "sees_quotes": May.SEE_QUOTES in trajectory.may and any(talk.quotes for talk in talks if talk),
    }
    return render(request, "evaluation/interviews.html", context)


def _side(trajectory: Trajectory, side: str) -> SideRow:
    evaluations = list(
        Evaluation.objects.filter(trajectory=trajectory, side=side)
        .order_by("-is_final", "-held_on", "-id")
        .prefetch_related(*ROWS)
    )
    first = None
    if evaluations:
        evaluations[0].trajectory = trajectory
        first = Held(evaluations[0], talk_of(evaluations[0]), people_of(evaluations[0], trajectory))
    return SideRow(side, str(Side(side).label), first, evaluations[1:], may_write(trajectory.may, side))


def _answer(talk: Talk | None, question: str) -> Field | None:
    return talk.parts[question].fields[0] if talk else None


@in_trajectory(May.SEE_GSA_EVALUATION)
@require_GET
def sides(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """School and GSA beside each other, with the differences in words."""
    back = look_back(trajectory)
    found = sides_of(trajectory)
    parts = [(each, back.of(each.part.sections)) for each in found.parts]
    context = {"trajectory": trajectory, "sides": found, "parts": parts, "back": back}
    return render(request, "evaluation/interview_sides.html", context)


@in_trajectory(May.SEE)
@require_GET
def record(request: AuthenticatedRequest, trajectory: Trajectory, evaluation_id: int) -> HttpResponse:
    """The whole interview, to read over, to print and to keep."""
    evaluation = evaluation_of(trajectory, evaluation_id, rows=True)
    context = {
        "trajectory": trajectory,
        "evaluation": evaluation,
        "side": evaluation.side,
        "talk": talk_of(evaluation),
        "people": people_of(evaluation, trajectory),
        "may_write": may_write(trajectory.may, evaluation.side),
        "sees_quotes": May.SEE_QUOTES in trajectory.may,
    }
    return render(request, "evaluation/interview_record.html", context)


@in_trajectory(May.SEE_GSA_EVALUATION)
@require_GET
def guide(request: AuthenticatedRequest, trajectory: Trajectory, side: str) -> HttpResponse:
    """The guide on paper: how to lead the talk, the questions, and room to write."""
    if side not in Side.values:
        raise Http404
    back = look_back(trajectory)
    talk = empty_talk(trajectory, side)
    parts = [(part, back.of(part.sections)) for part in talk.parts.values()]
    context = {"trajectory": trajectory, "side": side, "talk": talk, "parts": parts, "back": back}
    return render(request, "evaluation/interview_guide.html", context)


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote with what it is about, how far it goes, and what this person may do with it."""

    quote: EvaluationQuote
    by: str
    about: str
    consent: str
    may_change: bool

    @property
    def may_be_released(self) -> bool:
        return not self.quote.released and self.quote.consent != Consent.TRAJECTORY


@in_trajectory(May.SEE_QUOTES)
@require_GET
def quotes(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """All quotes of the interviews that this person sees: how far they go, and which are released."""
    seen = [side for side in Side.values if may_see(trajectory.may, side)]
    found = (
        EvaluationQuote.objects.filter(evaluation__trajectory=trajectory, evaluation__side__in=seen)
        .select_related("evaluation")
        .order_by("evaluation__side", "evaluation__held_on", "position", "pk")
    )
    context = {
        "trajectory": trajectory,
        "rows": [_quote_row(quote, trajectory) for quote in found],
        "may_release": May.RELEASE_QUOTES in trajectory.may,
    }
    return render(request, "evaluation/interview_quotes.html", context)


def _quote_row(quote: EvaluationQuote, trajectory: Trajectory) -> QuoteRow:
    words, sector = vocabulary(), trajectory.school.sector
    about = words.evaluation_questions.get(quote.about, "")
    if not about and quote.about:
        kind = next((kind for kind, ids in lists().items() if quote.about in ids), "")
        about = subject_label(kind, quote.about, sector) if kind else ""
    return QuoteRow(
        quote=quote,
        by=words.person(quote.role, sector) if quote.role else _("iemand"),
        about=about,
        consent=str(Consent(quote.consent).label),
        may_change=may_write(trajectory.may, quote.evaluation.side),
    )


@in_trajectory(May.EVALUATE)
@require_POST
def quote(request: AuthenticatedRequest, trajectory: Trajectory, uuid: UUID) -> HttpResponse:
    """Release a quote, take it back, or withdraw the consent for it."""
    found = get_object_or_404(
        EvaluationQuote.objects.select_related("evaluation"), uuid=uuid, evaluation__trajectory=trajectory
    )
    if not may_write(trajectory.may, found.evaluation.side):
        raise Http404
    what = request.POST.get("do", "")
    if what not in DECISIONS or (what == "release" and May.RELEASE_QUOTES not in trajectory.may):
        raise Http404
    try:
        messages.success(request, decide_on_quote(quote=found, what=what, trajectory=trajectory, by=request.user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(reverse("evaluation_quotes", kwargs={"trajectory_id": trajectory.pk}) + f"#citaat-{uuid}")
