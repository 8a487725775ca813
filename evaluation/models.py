"""Evaluation interviews with the GSA and with the school: judgements, experience, factors and quotes as rows."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.enums import FactorKind, Side, Subject
from pilots.models import QuoteBase, Trajectory, User
from pilots.models.trajectories import LONG_TEXT
from pilots.vocabulary import vocabulary
from welbevinden.constraints import holds, one_of

JUDGED = (Subject.QUESTION, Subject.IMPROVEMENT, Subject.OUTCOME)
RATINGS = (1, 2, 3, 4, 5)


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def held(self) -> "EvaluationQuerySet":
        """Those that count: the interview is over."""
        return self.filter(is_final=True)

    def newest_per_side(self) -> "EvaluationQuerySet":
        """Of each trajectory and side the one that counts: the newest that was held."""
        return self.held().order_by("trajectory_id", "side", "-held_on", "-id").distinct("trajectory_id", "side")


class Evaluation(models.Model):
    """One evaluation interview with one side. Answers are saved as they are typed; `is_final` says it is over."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="evaluations")
    # Made by the form that starts it, so that a second press on its button starts no second one.
    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    side = models.CharField(_("met wie"), max_length=10, choices=Side.choices)
    held_on = models.DateField(_("gehouden op"))
    respondents = ArrayField(
        models.CharField(max_length=40), verbose_name=_("wie zaten er bij"), default=list, blank=True
    )
    is_final = models.BooleanField(_("afgerond"), default=False, db_default=False)
    # Version of the guide that leads the talk; empty: from a file that did not say, the newest leads.
    guide = models.CharField(_("gespreksleidraad"), max_length=20, blank=True, default="", db_default="")
    # Counts every save in this interview, so that no version is ever given out twice, not even after a removal.
    revision = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[EvaluationQuerySet] = EvaluationQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs types as_manager as Manager

    class Meta:
        ordering = ("held_on", "id")
        constraints = (one_of("side", Side.values, "evaluation_side"),)
        indexes = (models.Index(fields=("trajectory", "side"), name="evaluation_held", condition=Q(is_final=True)),)

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.held_on}"


class Said(models.Model):
    """What was saved as it was typed. Every save names the version it was based on: nobody overwrites unseen."""

    version = models.PositiveIntegerField(default=1, db_default=1)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True


class Line(Said):
    """What was said on one line of the interview: a judgement or a rating, with its explanation."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="lines")
    subject = models.CharField(max_length=12, choices=Subject.choices)
    about = models.CharField(max_length=40)  # id in the list of the vocabulary
    judgement = models.CharField(max_length=10, blank=True, default="", db_default="")
    rating = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(
        _("toelichting"), blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)]
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            # With what the dashboard counts beside it, so that counting reads none of the texts.
            models.UniqueConstraint(
                fields=("evaluation", "subject", "about"), include=("judgement", "rating"), name="line_once"
            ),
            one_of("subject", Subject.values, "line_subject"),
            one_of("judgement", ["", *vocabulary().evaluation_judgements], "line_judgement"),
            holds(Q(rating__isnull=True) | Q(rating__in=RATINGS), "line_rating", _("Kies 1 tot en met 5.")),
            holds(
                Q(subject__in=JUDGED, rating__isnull=True) | (~Q(subject__in=JUDGED) & Q(judgement="")),
                "line_judgement_or_rating",
                _("Een vraag krijgt een oordeel, een onderdeel een cijfer."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.about}: {self.judgement or self.rating}"

    @property
    def is_empty(self) -> bool:
        """Nothing was said on it."""
        return not self.judgement and self.rating is None and not self.text


class Factor(Said):
    """Something that helped or hindered: one of the vocabulary, or an own one with a text."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="factors")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=FactorKind.choices)
    factor = models.CharField(max_length=40)
    text = models.TextField(
        _("toelichting"), blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)]
    )
    position = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("evaluation", "kind", "factor"), condition=~Q(factor="other"), name="factor_once"
            ),
            holds(
                Q(kind=FactorKind.PROMOTING, factor__in=["other", *vocabulary().promoting_factors])
                | Q(kind=FactorKind.HINDERING, factor__in=["other", *vocabulary().hindering_factors]),
                "factor_known",
                _("Kies een factor uit de lijst, of schrijf een eigen factor op."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.factor}"


class Experience(Said):
    """How a programme (intervention) fitted, in the eyes of one side: 1 to 5."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="experiences")
    intervention = models.CharField(max_length=60)  # id in the library of plans
    rating = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(
        _("toelichting"), blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)]
    )
    position = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("evaluation", "intervention"), name="experience_once"),
            holds(Q(rating__isnull=True) | Q(rating__in=RATINGS), "experience_rating", _("Kies 1 tot en met 5.")),
        )

    def __str__(self) -> str:
        return f"{self.intervention}: {self.rating}"


class EvaluationQuote(QuoteBase):
    """Something that was said in an evaluation interview, and what it is about."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="quotes")
    about = models.CharField(_("waarover"), max_length=40, blank=True, default="", db_default="")
    version = models.PositiveIntegerField(default=1, db_default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta(QuoteBase.Meta):
        abstract = False
