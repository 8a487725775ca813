"""What may be told outside a trajectory: released quotes, never with the school they come from."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import Side
from evaluation.models import Evaluation, EvaluationQuote
from focusgroups.enums import Kind
from focusgroups.models import Quote
from pilots.models import Trajectory


@dataclass(frozen=True, slots=True)
class ReleasedQuote:
    """A quote as it may be shown across schools (rule P10): no role, no school, no date.

    source: "school" or "gsa", or the kind of focus group. by: that in words. about: what an evaluation's quote is
    about, empty when nothing special. public: it may go into a public report too.
    """

    text: str
    source: str
    by: str
    about: str = ""
    public: bool = False


def released_quotes(trajectories: QuerySet[Trajectory], limit: int = 200) -> list[ReleasedQuote]:
    """The released quotes of these trajectories, in two queries, at most `limit` of interviews and of groups each.

    In alphabetical order, so that neighbours tell nothing about where they come from.
    """
    inside = trajectories.order_by().values("pk")
    # Of each side only the interview that counts: what an older one says was superseded.
    counting = Evaluation.objects.filter(trajectory__in=inside).newest_per_side().values("pk")
    of_interviews = (
        EvaluationQuote.objects.filter(released=True, evaluation__in=counting)
        .order_by("text", "pk")
        .values_list("text", "evaluation__side", "about", "consent")
    )
    of_groups = (
        Quote.objects.filter(released=True, focus_group__trajectory__in=inside)
        .order_by("text", "pk")
        .values_list("text", "focus_group__kind", "consent")
    )
    sides = {Side.SCHOOL.value: _("School"), Side.GSA.value: _("GSA")}
    quotes = [
        ReleasedQuote(text, side, sides[side], about, consent == "public")
        for text, side, about, consent in of_interviews[:limit]
    ]
    kinds = dict(Kind.choices)
    quotes += [
        ReleasedQuote(text, kind, str(kinds[kind]), public=consent == "public")
        for text, kind, consent in of_groups[:limit]
    ]
    return quotes
