"""Schools and their trajectories: who takes part, what kind of school it is, when things are planned and done."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import MD5, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilots.enums import JournalKind, RoleName, Sector, WorksWith
from pilots.models.people import LONG_NAME, User
from pilots.regions import region_of
from pilots.roles import May
from pilots.vocabulary import vocabulary
from welbevinden.constraints import holds, one_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

DONE_BY_DATE = (2, 7)  # steps that no data shows: the start meeting and the support trajectory
LONG_TEXT = 20_000  # characters; the contract's bound for any text


class SchoolQuerySet(models.QuerySet["School"]):
    def matching(self, words: str) -> "SchoolQuerySet":
        """Schools whose name, place or BRIN holds every one of `words`."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(place__icontains=word) | Q(brin__iexact=word[:4]))
        return found


class School(models.Model):
    """A school location as the registers know it. What it is like for newcomers belongs to a trajectory."""

    name = models.CharField(_("naam van de school"), max_length=LONG_NAME)
    brin = models.CharField(
        _("BRIN"),
        max_length=4,
        blank=True,
        default="",
        db_default="",
        validators=[
            RegexValidator(r"^[0-9]{2}[A-Z]{2}$", _("Een BRIN is twee cijfers en twee hoofdletters, zoals 12AB."))
        ],
    )
    location = models.CharField(
        _("vestiging"),
        max_length=2,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^[0-9]{2}$", _("Een vestiging is twee cijfers, zoals 00."))],
    )
    sector = models.CharField(_("sector"), max_length=2, choices=Sector.choices)
    place = models.CharField(_("plaats"), max_length=LONG_NAME, blank=True, default="", db_default="")
    municipality = models.CharField(
        _("gemeentenummer (CBS)"),
        max_length=4,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^[0-9]{4}$", _("Een gemeentenummer is vier cijfers, zoals 0503."))],
    )

    objects: ClassVar[SchoolQuerySet] = SchoolQuerySet.as_manager()  # type: ignore[assignment]  # as above

    class Meta:
        ordering = (Lower("name"), "id")
        constraints = (
            one_of("sector", Sector.values, "school_sector"),
            # Digests, because a row of an index holds no texts of this length.
            models.UniqueConstraint(
                MD5(Lower("name")),
                "brin",
                "location",
                "sector",
                MD5("place"),
                "municipality",
                name="school_once",
                violation_error_message=_("Deze school staat er al. Zoek haar op in de lijst."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def region(self) -> str | None:
        """Name of the GGD region without "GGD", from the municipality; None when that is not known."""
        return region_of(self.municipality)


class TrajectoryQuerySet(models.QuerySet["Trajectory"]):
    def visible_to(self, user: "User | AnonymousUser") -> "TrajectoryQuerySet":
        """Everything for an admin, for others the trajectories in whose team they are."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_admin:
            return self
        return self.filter(Exists(TeamMember.objects.filter(trajectory=OuterRef("pk"), user=user)))

    def paused_on(self, day: date) -> "TrajectoryQuerySet":
        """With `is_paused`: whether a pause of the journal covers `day`."""
        return self.annotate(
            is_paused=Exists(
                JournalEntry.objects.filter(trajectory=OuterRef("pk"), kind=JournalKind.PAUSE, start__lte=day).filter(
                    Q(end__isnull=True) | Q(end__gte=day)
                )
            )
        )

    def matching(self, words: str) -> "TrajectoryQuerySet":
        """Trajectories whose school, place, cohort or reference holds every one of `words`."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(school__name__icontains=word)
                | Q(school__place__icontains=word)
                | Q(cohort__icontains=word)
                | Q(reference__icontains=word)
            )
        return found


class Trajectory(models.Model):
    """One school's walk through the nine steps, with the school's profile as it was for this walk."""

    reference = models.CharField(_("kenmerk"), max_length=100, unique=True)
    cohort = models.CharField(_("cohort"), max_length=20)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="trajectories")
    recruited_through = models.CharField(_("gevonden via"), max_length=20, blank=True, default="", db_default="")
    setting = models.CharField(_("soort school"), max_length=40)
    pupils = models.PositiveIntegerField(_("aantal leerlingen"), null=True, blank=True)
    newcomers = models.PositiveIntegerField(_("aantal nieuwkomers"), null=True, blank=True)
    low_dutch = models.BooleanField(_("veel leerlingen spreken nog weinig Nederlands"), null=True, blank=True)
    home_languages = ArrayField(models.CharField(max_length=40), verbose_name=_("thuistalen"), default=list, blank=True)
    age_low = models.PositiveSmallIntegerField(
        _("jongste leeftijd"), null=True, blank=True, validators=[MaxValueValidator(25)]
    )
    age_high = models.PositiveSmallIntegerField(
        _("oudste leeftijd"), null=True, blank=True, validators=[MaxValueValidator(25)]
    )
    unaccompanied_minors = models.BooleanField(
        _("leerlingen die zonder ouders in Nederland zijn"), null=True, blank=True
    )
    works_with = models.CharField(
        _("aanpak"), max_length=20, choices=WorksWith.choices, blank=True, default="", db_default=""
    )
    interventions_in_use = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("programma's die de school al gebruikt"),
        default=list,
        blank=True,
    )
    question = models.TextField(
        _("startvraag van de school"), blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)]
    )
    year_1_limit = models.PositiveSmallIntegerField(
        _("hoeveel acties passen in het eerste jaar"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    vision = models.TextField(
        _("visie van de school op welbevinden"),
        blank=True,
        default="",
        db_default="",
        validators=[MaxLengthValidator(LONG_TEXT)],
    )
    # What the care coordination of the school takes: a note to care, for who plans and who pays.
    care_people = models.PositiveSmallIntegerField(_("hoeveel mensen"), null=True, blank=True)
    care_days = models.DecimalField(
        _("dagen per week samen"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    care_note = models.TextField(
        _("wat het vraagt en kost"), blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)]
    )
    # Hash of the file it was imported from, so that the same file again changes nothing.
    imported_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # Filled by the one door (pilots.decorators.open_trajectory): who came in, and what they may do here.
    roles: frozenset[str] = frozenset()
    may: frozenset[May] = frozenset()

    objects: ClassVar[TrajectoryQuerySet] = TrajectoryQuerySet.as_manager()  # type: ignore[assignment]  # as above

    class Meta:
        ordering = ("-cohort", Lower("school__name"), "id")
        verbose_name_plural = "trajectories"
        constraints = (
            one_of("setting", vocabulary().settings, "trajectory_setting"),
            one_of("recruited_through", ["", *vocabulary().recruitment_routes], "trajectory_recruited_through"),
            one_of("works_with", ["", *WorksWith.values], "trajectory_works_with"),
            holds(
                Q(age_low__isnull=True, age_high__isnull=True) | Q(age_high__gte=F("age_low")),
                "trajectory_ages",
                _("De oudste leeftijd is lager dan de jongste, of één van de twee ontbreekt."),
            ),
            holds(
                Q(year_1_limit__isnull=True) | Q(year_1_limit__gte=1),
                "trajectory_year_1_limit",
                _("In het eerste jaar past minstens één actie."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.school}, {self.cohort}"

    @property
    def is_demo(self) -> bool:
        """Fictional: to be marked "Demo, verzonnen" wherever it is shown or printed."""
        return self.reference.startswith("demo-")

    @property
    def ages(self) -> tuple[int, int]:
        """Youngest and oldest pupil in years; where not given, what is usual in the sector."""
        if self.age_low is not None and self.age_high is not None:
            return self.age_low, self.age_high
        return (4, 12) if self.school.sector == Sector.PO else (12, 18)


class TeamMember(models.Model):
    """A person's role in one trajectory."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("rol"), max_length=20, choices=RoleName.choices)
    # Who came to the start meeting (step 2).
    at_start_meeting = models.BooleanField(_("was bij de startbijeenkomst"), default=False, db_default=False)

    class Meta:
        ordering = ("role", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("trajectory", "user", "role"),
                name="member_once_per_role",
                violation_error_message=_("Deze persoon heeft deze rol al in dit traject."),
            ),
            one_of("role", RoleName.values, "member_role"),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class StepDate(models.Model):
    """When a step is planned and, for steps 2 and 7 alone, when it was done. All else follows from the data."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="step_dates")
    step = models.PositiveSmallIntegerField(_("stap"))
    planned = models.DateField(_("gepland op"), null=True, blank=True)
    done = models.DateField(_("gedaan op"), null=True, blank=True)

    class Meta:
        ordering = ("step",)
        constraints = (
            models.UniqueConstraint(fields=("trajectory", "step"), name="step_date_once"),
            holds(Q(step__gte=1, step__lte=9), "step_number", _("Een stap is een getal van 1 tot en met 9.")),
            holds(
                Q(done__isnull=True) | Q(step__in=DONE_BY_DATE),
                "step_done_by_date",
                _("Alleen bij stap 2 en stap 7 vul je zelf in wanneer ze gedaan zijn."),
            ),
        )

    def __str__(self) -> str:
        return f"stap {self.step}"


class JournalEntry(models.Model):
    """A pause or a note in the life of a trajectory."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="journal")
    kind = models.CharField(_("soort"), max_length=10, choices=JournalKind.choices)
    start = models.DateField(_("van"))
    end = models.DateField(_("tot en met"), null=True, blank=True)
    reason = models.CharField(_("reden"), max_length=LONG_TEXT, blank=True, default="", db_default="")
    text = models.TextField(
        _("tekst"), blank=True, default="", db_default="", validators=[MaxLengthValidator(LONG_TEXT)]
    )
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-start", "-id")
        verbose_name_plural = "journal entries"
        constraints = (
            one_of("kind", JournalKind.values, "journal_kind"),
            holds(
                Q(end__isnull=True) | Q(end__gte=F("start")),
                "journal_dates",
                _("De einddatum ligt voor de begindatum."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start}"
