"""Focus groups: who was there (roles and numbers, never names), cards, rankings and quotes."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from focusgroups.enums import Kind, Method, Question
from pilots.models import QuoteBase, Trajectory
from pilots.models.trajectories import LONG_TEXT
from pilots.vocabulary import vocabulary
from welbevinden.constraints import holds, one_of


class FocusGroupQuerySet(models.QuerySet["FocusGroup"]):
    def held(self) -> "FocusGroupQuerySet":
        return self.filter(held_on__isnull=False)

    def settled(self) -> "FocusGroupQuerySet":
        """Enough for step 3: held with a ranking, or not held with a reason."""
        return self.filter(
            (Q(held_on__isnull=False) & Exists(Ranking.objects.filter(focus_group=OuterRef("pk"))))
            | ~Q(not_held_reason="")
        )


class FocusGroup(models.Model):
    """One session with one kind of people; or the fact, with its reason, that it was not held."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="focus_groups")
    # Made by the form, so that the same form sent twice is one session.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("met wie"), max_length=20, choices=Kind.choices)
    held_on = models.DateField(_("gehouden op"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("duur in minuten"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    not_held_reason = models.TextField(
        _("waarom niet gehouden"), blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)]
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[FocusGroupQuerySet] = FocusGroupQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs types as_manager as Manager

    class Meta:
        ordering = ("held_on", "id")
        constraints = (
            one_of("kind", Kind.values, "focus_group_kind"),
            holds(
                Q(held_on__isnull=False, not_held_reason="") | (Q(held_on__isnull=True) & ~Q(not_held_reason="")),
                "focus_group_held_or_not",
                _("Vul in wanneer de sessie gehouden is, of waarom ze niet gehouden is: precies één van de twee."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.held_on or _('niet gehouden')}"


class Participants(models.Model):
    """How many people of one role took part; without a count they were there, but nobody wrote down how many."""

    focus_group = models.ForeignKey(FocusGroup, on_delete=models.CASCADE, related_name="participants")
    role = models.CharField(_("rol"), max_length=40)
    count = models.PositiveSmallIntegerField(_("aantal"), null=True, blank=True, validators=[MinValueValidator(1)])

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "participants"
        constraints = (
            models.UniqueConstraint(fields=("focus_group", "role"), name="participants_once_per_role"),
            one_of("role", vocabulary().stakeholder_roles, "participants_role"),
        )

    def __str__(self) -> str:
        return self.role if self.count is None else f"{self.count} × {self.role}"


class Card(models.Model):
    """What ideas and options share: a name within the session, and what they are about."""

    # Made by the browser, so that the same card sent twice over bad wifi is one card.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(max_length=100)
    themes = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    topics = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    position = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        abstract = True


class Idea(Card):
    """A card of the brainstorm, as people said it. From a file it can come without the question it answers."""

    focus_group = models.ForeignKey(FocusGroup, on_delete=models.CASCADE, related_name="ideas")
    question = models.CharField(max_length=20, choices=Question.choices, blank=True, default="", db_default="")
    text = models.TextField(validators=[MaxLengthValidator(LONG_TEXT)])

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("focus_group", "ref"), name="idea_ref_once"),
            one_of("question", ["", *Question.values], "idea_question"),
        )

    def __str__(self) -> str:
        return self.text[:60]


class Option(Card):
    """What the group ranks: an idea, or several that belong together under one label."""

    focus_group = models.ForeignKey(FocusGroup, on_delete=models.CASCADE, related_name="options")
    label = models.TextField(validators=[MaxLengthValidator(LONG_TEXT)])
    ideas = models.ManyToManyField(Idea, related_name="options", blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("focus_group", "ref"), name="option_ref_once"),)

    def __str__(self) -> str:
        return self.label[:60]


class Ranking(models.Model):
    """A round of direct ranking, and what the group decided after seeing the count.

    Orders are lists of option refs, an inner list is a tie: the form of the trajectory file, which `counting` reads.
    """

    focus_group = models.ForeignKey(FocusGroup, on_delete=models.CASCADE, related_name="rankings")
    round = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    method = models.CharField(_("hoe"), max_length=10, choices=Method.choices)
    points_each = models.PositiveSmallIntegerField(
        _("stippen per persoon"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    tally = models.JSONField(null=True, blank=True)  # ref → total, for the method tally
    order = models.JSONField(null=True, blank=True)  # for the method consensus
    decision_order = models.JSONField(null=True, blank=True)
    decision_reason = models.TextField(
        blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)]
    )
    # The options that were on the table in this round: an option added later was not seen, not "last".
    option_refs = ArrayField(models.CharField(max_length=100), default=list, blank=True)

    class Meta:
        ordering = ("round",)
        constraints = (
            models.UniqueConstraint(fields=("focus_group", "round"), name="ranking_round_once"),
            one_of("method", Method.values, "ranking_method"),
            holds(Q(round__gte=1), "ranking_round", _("Rondes tellen vanaf 1.")),
        )

    def __str__(self) -> str:
        return f"ronde {self.round}"


class Ballot(models.Model):
    """One person's order or points. Without a name, a seat or a time: nobody can be traced."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ranking = models.ForeignKey(Ranking, on_delete=models.CASCADE, related_name="ballots")
    position = models.PositiveIntegerField(default=0, db_default=0)
    order = models.JSONField(null=True, blank=True)
    points = models.JSONField(null=True, blank=True)
    unseen = ArrayField(models.CharField(max_length=100), null=True, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            holds(
                Q(order__isnull=False, points__isnull=True) | Q(order__isnull=True, points__isnull=False),
                "ballot_order_or_points",
                _("Een stem is een volgorde of een verdeling van stippen."),
            ),
        )

    def __str__(self) -> str:
        return str(self.order if self.order is not None else self.points)


class DraftBallot(models.Model):
    """A line that was typed and could not be read as a ballot: kept as it is, with its fault, and never counted.

    It becomes a `Ballot` with the same uuid as soon as it can be read. Why it cannot be read now is computed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ranking = models.ForeignKey(Ranking, on_delete=models.CASCADE, related_name="drafts")
    position = models.PositiveIntegerField(default=0, db_default=0)
    line = models.TextField(validators=[MaxLengthValidator(LONG_TEXT)])

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.line[:60]


class Quote(QuoteBase):
    """Something that was said in a session."""

    focus_group = models.ForeignKey(FocusGroup, on_delete=models.CASCADE, related_name="quotes")

    class Meta(QuoteBase.Meta):
        abstract = False


class NamedTheme(models.Model):
    """A theme that one kind of group named in an option of this trajectory, and whether it ranked it first.

    A snapshot for counting over thousands of trajectories; `focusgroups.actions` rewrites it with every change, and a
    test holds it against the computation.
    """

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="named_themes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    theme = models.CharField(max_length=60)
    first = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("trajectory", "kind", "theme"), name="named_theme_once"),
            one_of("kind", Kind.values, "named_theme_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.theme}"
