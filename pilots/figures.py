"""Where trajectories stand, counted by the database: the nine steps, what is open, and who can do something now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.functional import Promise

from pilots.enums import JournalKind, RoleName, StepState
from pilots.models import JournalEntry, School, StepDate, TeamMember, Trajectory, User
from pilots.models.trajectories import TrajectoryQuerySet
from pilots.registry import registry
from pilots.rules import can_do_step, permissions, steps_of_role
from pilots.steps import StepNow, step_states
from pilots.vocabulary import vocabulary

# Steps that are open beside another one as soon as that one is.
BESIDE = {4: 3, 9: 8}


def team_complete() -> Exists:
    """Step 1 is done: the team has a GSA and a director or coordinator."""
    team = TeamMember.objects.filter(trajectory=OuterRef("pk"), role=RoleName.GSA)
    school = TeamMember.objects.filter(
        trajectory=OuterRef("trajectory"), role__in=[RoleName.DIRECTOR, RoleName.COORDINATOR]
    )
    return Exists(team.filter(Exists(school)))


def done_by_date(step: int) -> Exists:
    """Step 2 or 7 is done: its date is filled in."""
    return Exists(StepDate.objects.filter(trajectory=OuterRef("pk"), step=step, done__isnull=False))


def with_steps(trajectories: TrajectoryQuerySet, today: date) -> TrajectoryQuerySet:
    """The trajectories with what `steps_of` needs, whatever their number in a fixed number of queries.

    Adds `step_done_1` … `step_done_9` and `is_paused`, all of them usable in filters.
    """
    done = {
        f"step_done_{number}": registry.steps[number]() if number in registry.steps else Value(value=False)
        for number in vocabulary().steps
    }
    return trajectories.paused_on(today).annotate(**done).select_related("school").prefetch_related("step_dates")


def _with_open_step(trajectories: TrajectoryQuerySet) -> TrajectoryQuerySet:
    """Trajectories of `with_steps` with `open_step` and `open_planned` to filter and order by.

    They are the lowest step that is not done (null when all are) and its planned date. Apart from `with_steps`, because
    every mention of them repeats nine subqueries, which takes Django longer to write than the database to answer.
    """
    first = Case(
        *(When(**{f"step_done_{number}": False}, then=Value(number)) for number in vocabulary().steps),
        default=None,
        output_field=IntegerField(),
    )
    planned = StepDate.objects.filter(trajectory=OuterRef("pk"), step=OuterRef("open_step")).values("planned")[:1]
    return trajectories.alias(open_step=first).alias(open_planned=Subquery(planned))


def steps_of(trajectory: Trajectory, today: date) -> tuple[StepNow, ...]:
    """The nine steps of a trajectory that came through `with_steps`."""
    dates = trajectory.step_dates.all()
    return step_states(
        {number for number in vocabulary().steps if getattr(trajectory, f"step_done_{number}")},
        {each.step: each.planned for each in dates if each.planned},
        {each.step: each.done for each in dates if each.done},
        paused=bool(getattr(trajectory, "is_paused", False)),
        today=today,
    )


def steps_now(trajectory: Trajectory, today: date) -> tuple[StepNow, ...]:
    """The nine steps of one trajectory."""
    return steps_of(with_steps(Trajectory.objects.filter(pk=trajectory.pk), today).get(), today)


def _open_among(steps: Iterable[int]) -> Q:
    """One of these steps is open (of a trajectory with its open step)."""
    steps = set(steps)
    open_now = Q(open_step__in=steps)
    for number, beside in BESIDE.items():
        if number in steps:
            open_now |= Q(open_step=beside, **{f"step_done_{number}": False})
    return open_now


def with_work_for(trajectories: TrajectoryQuerySet, user: User) -> TrajectoryQuerySet:
    """Of trajectories that came through `with_steps`: those in which something waits, most urgent first.

    For an admin everything that waits for anybody, for others what one of their roles in it can do.
    """
    waiting = Q(is_paused=False)
    if user.is_admin:
        waiting &= Q(open_step__isnull=False)
    else:
        mine = Q(pk__in=[])
        roles: dict[str, list[int]] = {}
        for role, trajectory in TeamMember.objects.filter(user=user).values_list("role", "trajectory_id"):
            roles.setdefault(role, []).append(trajectory)
        for role, theirs in roles.items():
            mine |= Q(pk__in=theirs) & _open_among(steps_of_role(role))
        waiting &= mine
    return (
        _with_open_step(trajectories)
        .filter(waiting)
        .order_by(F("open_planned").asc(nulls_last=True), "-cohort", "school__name", "pk")
    )


def add_roles(trajectories: Iterable[Trajectory], user: User) -> None:
    """Gives each trajectory the roles and permissions of `user` in it, with one query."""
    trajectories = list(trajectories)
    roles: dict[int, set[str]] = {}
    members = TeamMember.objects.filter(trajectory__in=[each.pk for each in trajectories], user=user)
    for trajectory_id, role in members.values_list("trajectory_id", "role"):
        roles.setdefault(trajectory_id, set()).add(role)
    for trajectory in trajectories:
        mine = roles.get(trajectory.pk, set()) | ({"admin"} if user.is_admin else set())
        trajectory.roles = frozenset(mine)
        trajectory.may = permissions(mine)


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as a person sees it: what can be pressed, and who leads it.

    url, button: where to work on it or to see it; both empty when there is nothing for this person. to_do: the button
    is theirs to press now.
    """

    now: StepNow
    url: str
    button: str | Promise
    to_do: bool


def step_line(trajectory: Trajectory, step: StepNow) -> StepLine:
    """How `step` looks to the person whose roles are on the trajectory."""
    guide = registry.guides.get(step.number)
    mine = can_do_step(step.number, trajectory.roles)
    to_do = step.is_open and mine
    if guide is None:
        return StepLine(step, "", "", to_do=to_do)
    url = reverse(guide.url_name, kwargs={"trajectory_id": trajectory.pk})
    if to_do:
        return StepLine(step, url, guide.button, to_do=True)
    begun = step.state in {StepState.DONE, StepState.NOW, StepState.OVERDUE}
    if begun and (mine or guide.see in trajectory.may):
        return StepLine(step, url, guide.done_button, to_do=False)
    return StepLine(step, "", "", to_do=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A trajectory in a list: its nine steps, and the steps that are open in it."""

    trajectory: Trajectory
    steps: tuple[StepNow, ...]
    lines: tuple[StepLine, ...]

    @property
    def paused(self) -> bool:
        return bool(getattr(self.trajectory, "is_paused", False))

    @property
    def finished(self) -> bool:
        return all(step.state == StepState.DONE for step in self.steps)

    @property
    def open(self) -> tuple[StepLine, ...]:
        """What can be worked on today, by whom it may be."""
        return tuple(line for line in self.lines if line.now.is_open)

    @property
    def to_do(self) -> tuple[StepLine, ...]:
        """What the person can do now."""
        return tuple(line for line in self.lines if line.to_do)

    @property
    def waiting(self) -> tuple[StepLine, ...]:
        """What is open and somebody else's."""
        return tuple(line for line in self.open if not line.to_do)


def rows(trajectories: Iterable[Trajectory], user: User, today: date) -> list[Row]:
    """Lists for `user` the trajectories, which came through `with_steps`."""
    trajectories = list(trajectories)
    add_roles(trajectories, user)
    found = []
    for trajectory in trajectories:
        steps = steps_of(trajectory, today)
        found.append(Row(trajectory, steps, tuple(step_line(trajectory, step) for step in steps)))
    return found


def current_pause(trajectory: Trajectory, today: date) -> JournalEntry | None:
    """The pause that covers `today`."""
    pauses = trajectory.journal.filter(kind=JournalKind.PAUSE, start__lte=today)
    return pauses.filter(Q(end__isnull=True) | Q(end__gte=today)).first()


def cohorts(user: User) -> list[str]:
    """The cohorts of the trajectories that `user` sees, newest first."""
    return list(Trajectory.objects.visible_to(user).order_by("-cohort").values_list("cohort", flat=True).distinct())


def with_team(trajectories: TrajectoryQuerySet) -> TrajectoryQuerySet:
    """The trajectories with their team and its accounts."""
    return trajectories.prefetch_related(Prefetch("team", TeamMember.objects.select_related("user")))


@dataclass(frozen=True, slots=True)
class ProgrammeCounts:
    """How much there is in the programme."""

    schools: int
    trajectories: int
    people: int
    waiting_people: int


def programme_counts() -> ProgrammeCounts:
    """Counts for the admin's overview."""
    waiting = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    people = User.objects.aggregate(all=Count("pk"), waiting=Count("pk", filter=waiting))
    return ProgrammeCounts(School.objects.count(), Trajectory.objects.count(), people["all"], people["waiting"])
