"""Instruments (versioned, frozen) and the interviews held with them."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.enums import Mode, NoScore, Priority, Score
from pilots.enums import Sector
from pilots.models import Trajectory, User
from pilots.models.trajectories import LONG_TEXT
from pilots.vocabulary import vocabulary
from welbevinden.constraints import holds, one_of, set_exactly_when


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def newest_for(self, sector: str) -> "Instrument":
        """The published version that a new interview in `sector` uses. Raises Instrument.DoesNotExist without one."""
        return self.filter(sector=sector).latest("published_at", "id")


class Instrument(models.Model):
    """One published version of the checklist of a sector. Published is frozen: a change is a new version."""

    sector = models.CharField(max_length=2, choices=Sector.choices)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    intros = models.JSONField(default=dict)  # domain → what the interviewer says to open it
    sha256 = models.CharField(max_length=64)  # of the file's content, to see that a published version was changed
    published_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[InstrumentQuerySet] = InstrumentQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs types as_manager as Manager

    class Meta:
        ordering = ("sector", "-published_at")
        constraints = (
            models.UniqueConstraint(fields=("sector", "version"), name="instrument_version_once"),
            one_of("sector", Sector.values, "instrument_sector"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class Item(models.Model):
    """One statement of an instrument, with the topics it asks about."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(max_length=80)
    domain = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    help = models.TextField()
    topics = ArrayField(models.CharField(max_length=40))

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("instrument", "code"), name="item_code_once"),
            models.UniqueConstraint(fields=("instrument", "position"), name="item_position_once"),
            one_of("domain", vocabulary().checklist_domains, "item_domain"),
        )

    def __str__(self) -> str:
        return self.code


def _count_of(rows: models.QuerySet[Any]) -> Coalesce:
    """How many of `rows` there are, in a subquery: a join of items and answers would multiply them."""
    return Coalesce(Subquery(rows.order_by().values(one=Value(1)).annotate(n=Count("pk")).values("n")), 0)


class InterviewQuerySet(models.QuerySet["Interview"]):
    def with_progress(self) -> "InterviewQuerySet":
        """With `answered` and `item_count`: how many items have a score or an honest no-score, of how many."""
        given = Answer.objects.given().filter(interview=OuterRef("pk"))
        items = Item.objects.filter(instrument=OuterRef("instrument"))
        return self.annotate(answered=_count_of(given), item_count=_count_of(items))

    def leading(self) -> "InterviewQuerySet":
        """The one that counts first: the newest final interview, without one the newest at all."""
        return self.order_by("-is_final", "-held_on", "-id")


class Interview(models.Model):
    """The checklist filled in once for a trajectory, by interview or by the school alone."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="interviews")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="interviews")
    held_on = models.DateField(_("datum van het gesprek"))
    respondents = ArrayField(
        models.CharField(max_length=40), verbose_name=_("wie zaten er bij"), default=list, blank=True
    )
    # Made by the form that starts an interview, so that a second press on its button starts no second one.
    started_with = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mode = models.CharField(_("hoe ingevuld"), max_length=10, choices=Mode.choices, default=Mode.INTERVIEW)
    is_final = models.BooleanField(default=False, db_default=False)
    final_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[InterviewQuerySet] = InterviewQuerySet.as_manager()  # type: ignore[assignment]  # as above

    class Meta:
        ordering = ("-held_on", "-id")
        constraints = (
            one_of("mode", Mode.values, "interview_mode"),
            set_exactly_when(
                "final_at", Q(is_final=True), "interview_final_at", _("Definitief hoort bij een tijdstip.")
            ),
        )

    def __str__(self) -> str:
        return f"{self.instrument.title}, {self.held_on}"


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """What somebody says on an item. value: 0–3, "unknown", "not-applicable", or None. priority: "now", "later", ""."""

    value: int | str | None = None
    priority: str = ""
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return self == AnswerContent()

    def same_as(self, other: "AnswerContent") -> bool:
        """Equal for whoever reads it: a browser writes line ends its own way and may not change a note by that."""
        return self.fingerprint == other.fingerprint

    @property
    def fingerprint(self) -> str:
        """Short and the same for the same content: a page keeps it to know which answers were touched."""
        note = self.note.replace("\r\n", "\n").replace("\r", "\n")
        return hashlib.sha256(json.dumps([self.value, self.priority, note]).encode()).hexdigest()[:16]


class AnswerQuerySet(models.QuerySet["Answer"]):
    def given(self) -> "AnswerQuerySet":
        """Those that hold an answer: a score, or an honest "weet niet" or "niet van toepassing"."""
        return self.filter(Q(score__isnull=False) | ~Q(no_score=""))


class Answer(models.Model):
    """What was said on one item. Every save names the version it was based on, so that nobody overwrites unseen."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="answers")
    score = models.PositiveSmallIntegerField(null=True, blank=True, choices=Score.choices)
    no_score = models.CharField(max_length=20, blank=True, default="", db_default="", choices=NoScore.choices)
    priority = models.CharField(max_length=10, blank=True, default="", db_default="", choices=Priority.choices)
    note = models.TextField(blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)])
    version = models.PositiveIntegerField(default=1, db_default=1)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[AnswerQuerySet] = AnswerQuerySet.as_manager()  # type: ignore[assignment]  # as above

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("interview", "item"), name="answer_once_per_item"),
            holds(
                Q(score__isnull=True) | Q(score__in=Score.values, no_score=""),
                "answer_score",
                _("Een antwoord is een score, of 'weet niet' of 'niet van toepassing', niet allebei."),
            ),
            one_of("no_score", ["", *NoScore.values], "answer_no_score"),
            one_of("priority", ["", *Priority.values], "answer_priority"),
        )

    def __str__(self) -> str:
        return f"{self.item}: {self.value}"

    @property
    def value(self) -> int | str | None:
        """The answer as the trajectory file writes it: 0–3, "unknown", "not-applicable", or None when open."""
        return self.score if self.score is not None else (self.no_score or None)

    @property
    def content(self) -> AnswerContent:
        """What was said, apart from who and when."""
        return AnswerContent(self.value, self.priority, self.note)

    def write(self, content: AnswerContent) -> None:
        """Take over `content`, without saving."""
        self.score = content.value if isinstance(content.value, int) else None
        self.no_score = content.value if isinstance(content.value, str) else ""
        self.priority = content.priority
        self.note = content.note


class SectionScore(models.Model):
    """How a trajectory scores on the items of one section, in its leading interview: sum and number of scores 0–3.

    A snapshot for counting over thousands of trajectories; `checklist.actions` rewrites it with every save, and a test
    holds it against the answers. Without a scored item there is no row.
    """

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="section_scores")
    section = models.CharField(max_length=20)
    total = models.PositiveIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("trajectory", "section"), name="section_score_once"),
            one_of("section", vocabulary().sections, "section_score_section"),
            holds(Q(count__gte=1, total__lte=3 * F("count")), "section_score_sum", _("Een score is 0 tot en met 3.")),
        )

    def __str__(self) -> str:
        return f"{self.section}: {self.total}/{self.count}"
