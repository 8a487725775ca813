"""Plans of approach: versions, actions, what was set aside, comments."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilots.models import Trajectory, User
from pilots.models.trajectories import LONG_TEXT
from pilots.vocabulary import vocabulary
from plans.enums import ActionStatus, PlanStatus
from welbevinden.constraints import holds, one_of, set_exactly_when


class PlanQuerySet(models.QuerySet["Plan"]):
    def drafts(self) -> "PlanQuerySet":
        return self.filter(status=PlanStatus.DRAFT)

    def released(self) -> "PlanQuerySet":
        """The version that holds now; older ones are superseded."""
        return self.filter(status=PlanStatus.RELEASED)


class Plan(models.Model):
    """One version of a school's plan. A draft changes; a released version never does.

    `body` is what the generator found (sections with summary, evidence, strengths, unknowns), in the form of the
    contract's plan object without actions; the actions are rows, because people edit, choose and follow them one by
    one and because the dashboard counts them. `document` is everything the PDF prints, fixed at the release.
    """

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="plans")
    version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=PlanStatus.choices, default=PlanStatus.DRAFT)
    body = models.JSONField()
    document = models.JSONField(null=True, blank=True)
    generated_at = models.DateTimeField(default=timezone.now)
    released_on = models.DateField(null=True, blank=True)
    released_by = models.CharField(max_length=20, blank=True, default="", db_default="")  # role
    # On record (P10): someone looked at the names the scanner found and said that none is a pupil's or parent's.
    names_declared = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    names_declared_by = models.CharField(max_length=254, blank=True, default="", db_default="")
    # Why more is chosen for the first year than the school's limit.
    year_1_reason = models.TextField(
        _("waarom er meer in het eerste jaar past"),
        blank=True,
        default="",
        db_default="",
        validators=[MaxLengthValidator(LONG_TEXT)],
    )
    # The other way out: names that are left out wherever this plan is shown, exported or printed.
    names_masked = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    objects: ClassVar[PlanQuerySet] = PlanQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs types as_manager as Manager

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=("trajectory", "version"), name="plan_version_once"),
            models.UniqueConstraint(
                fields=("trajectory",),
                condition=Q(status=PlanStatus.DRAFT),
                name="plan_one_draft",
                violation_error_message=_("Er is al een concept van dit plan."),
            ),
            models.UniqueConstraint(
                fields=("trajectory",), condition=Q(status=PlanStatus.RELEASED), name="plan_one_released"
            ),
            one_of("status", PlanStatus.values, "plan_status"),
            set_exactly_when(
                "released_on",
                ~Q(status=PlanStatus.DRAFT),
                "plan_released_on",
                _("Een vastgesteld plan heeft een datum, een concept niet."),
            ),
            set_exactly_when(
                "document",
                ~Q(status=PlanStatus.DRAFT),
                "plan_document",
                _("Een vastgesteld plan heeft een vaste inhoud, een concept niet."),
            ),
        )

    def __str__(self) -> str:
        return f"versie {self.version}"


class Action(models.Model):
    """One piece of advice in one plan: generated, edited by people, chosen and followed."""

    # The same action has the same lineage in every version of the plan: its status goes along, changes are shown.
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)
    # Made by the form for an own action, so that the same form sent twice is one action.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="actions")
    section = models.CharField(max_length=20)
    # Under which entry of the section it stands: a topic, or in "other" the label of the option or idea.
    topic = models.CharField(max_length=40, blank=True, default="", db_default="")
    label = models.TextField(blank=True, default="", db_default="")
    advice = models.CharField(max_length=100, blank=True, default="", db_default="")  # empty: no topic, or own
    own = models.BooleanField(default=False, db_default=False)  # added by people
    position = models.PositiveIntegerField()
    title = models.CharField(_("titel"), max_length=500, blank=True, default="", db_default="")
    text = models.TextField(_("wat gaan we doen"), validators=[MaxLengthValidator(LONG_TEXT)])
    year = models.PositiveSmallIntegerField(_("jaar"))
    period = models.TextField(_("wanneer"), blank=True, default="", db_default="")
    owner = models.CharField(_("wie trekt het"), max_length=40, blank=True, default="", db_default="")
    first_step = models.TextField(_("eerste kleine stap"), blank=True, default="", db_default="")
    sign = models.TextField(_("hoe merk je dat het werkt"), blank=True, default="", db_default="")
    status = models.CharField(_("stand"), max_length=10, choices=ActionStatus.choices, default=ActionStatus.OPEN)
    support = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    partners = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    interventions = models.JSONField(default=list, blank=True)
    intervention_ids = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # for counting in SQL
    edited_by = models.CharField(max_length=20, blank=True, default="", db_default="")  # role of the last editor
    edited_fields = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # a new draft keeps these
    # Each save names the version it was based on, so that two people never overwrite each other unseen.
    revision = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ("position", "id")
        # The dashboard counts what is chosen or further: a tenth of the rows, and none of their texts.
        indexes = (
            models.Index(
                fields=("plan", "section", "status"),
                include=("intervention_ids",),
                name="action_pursued",
                condition=~Q(status="open"),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("plan", "lineage"), name="action_lineage_once"),
            one_of("section", vocabulary().sections, "action_section"),
            one_of("status", ActionStatus.values, "action_status"),
            holds(Q(year__gte=1, year__lte=3), "action_year", _("Kies jaar 1, 2 of 3.")),
        )

    def __str__(self) -> str:
        return self.title or self.text[:60]


class SetAside(models.Model):
    """A topic that school and researcher leave alone for now, with the reason. Part of a plan version."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="set_aside")
    topic = models.CharField(max_length=40)
    reason = models.TextField(_("waarom niet nu"), validators=[MaxLengthValidator(LONG_TEXT)])
    by = models.CharField(max_length=20)
    # What people had made of its actions, to put back when the topic is taken back.
    kept = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "set aside"
        constraints = (
            models.UniqueConstraint(fields=("plan", "topic"), name="set_aside_once"),
            one_of("topic", vocabulary().topics, "set_aside_topic"),
        )

    def __str__(self) -> str:
        return self.topic


class Comment(models.Model):
    """A remark of school or GSA on the plan, or the school's word that it agrees."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="comments")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.CharField(max_length=20, blank=True, default="", db_default="")
    role = models.CharField(max_length=20)
    text = models.TextField(_("opmerking"), blank=True, validators=[MaxLengthValidator(LONG_TEXT)])
    agrees = models.BooleanField(_("akkoord met dit plan"), default=False, db_default=False)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return self.text[:60]


class ActionNote(models.Model):
    """A short note on how it goes with an action. It belongs to the lineage, so it goes along to a new version."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="action_notes")
    lineage = models.UUIDField(db_index=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    on = models.DateField(_("datum"))
    role = models.CharField(max_length=20)
    text = models.TextField(_("hoe gaat het"), validators=[MaxLengthValidator(LONG_TEXT)])
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("on", "id")

    def __str__(self) -> str:
        return self.text[:60]


class SupportSession(models.Model):
    """One meeting of the support trajectory: a component, planned or held, its topic and how many people came."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="support_sessions")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    component = models.CharField(_("welke steun"), max_length=60)
    planned_on = models.DateField(_("gepland op"), null=True, blank=True)
    held_on = models.DateField(_("gehouden op"), null=True, blank=True)
    topic = models.CharField(_("onderwerp"), max_length=500, blank=True, default="", db_default="")
    people = models.PositiveSmallIntegerField(
        _("hoeveel mensen"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    note = models.TextField(
        _("wat is afgesproken"), blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)]
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("held_on", "planned_on", "id")
        constraints = (
            one_of("component", vocabulary().support_components, "support_session_component"),
            holds(
                Q(planned_on__isnull=False) | Q(held_on__isnull=False),
                "support_session_date",
                _("Vul in wanneer de bijeenkomst gepland is of gehouden is."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.component} {self.held_on or self.planned_on}"
