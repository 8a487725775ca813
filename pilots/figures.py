"""Where trajectories stand, counted by the database: the nine steps, what is open, and who can do something now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pilots.enums import JournalKind, MailState, RoleName, StepState
from pilots.models import JournalEntry, Mail, School, StepDate, TeamMember, Trajectory, User
from pilots.models.trajectories import TrajectoryQuerySet
from pilots.registry import PlannedDate, registry
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


_WAITING = """
WITH facts AS MATERIALIZED ({facts}),
stands AS (SELECT *, CASE {open_step} END AS open_step FROM facts WHERE NOT is_paused)
SELECT stands.number, count(*) OVER () FROM stands
LEFT JOIN pilots_stepdate AS planned ON planned.trajectory_id = stands.number AND planned.step = open_step
WHERE open_step IS NOT NULL AND (%s OR EXISTS (
    SELECT FROM pilots_teammember AS member
    JOIN unnest(%s::text[], %s::int[]) AS may(role, step) ON may.role = member.role
    WHERE member.trajectory_id = stands.number AND member.user_id = %s AND (may.step = open_step {beside})
))
ORDER BY planned.planned NULLS LAST, cohort DESC, school_name, stands.number
LIMIT %s
"""


def work_for(user: User, today: date, most: int) -> tuple[list[Trajectory], int]:
    """The `most` urgent trajectories in which something waits for `user`, through `with_steps`, and how many there are.

    For an admin everything that waits for anybody, for others what one of their roles in it can do. Each step is looked
    up once for each trajectory: as nested subqueries, which is all the ORM can write, it would be nine times.
    """
    flags = [f"step_done_{number}" for number in vocabulary().steps]
    facts = with_steps(Trajectory.objects.visible_to(user), today).order_by()
    columns = facts.values("cohort", "is_paused", *flags, number=F("pk"), school_name=F("school__name"))
    inside, values = columns.query.sql_with_params()
    can = [(role, step) for role in RoleName.values for step in steps_of_role(role)]
    statement = _WAITING.format(
        facts=inside,
        open_step=" ".join(f"WHEN NOT step_done_{number} THEN {number}" for number in vocabulary().steps),
        beside=" ".join(
            f"OR (may.step = {step} AND open_step = {beside} AND NOT step_done_{step})"
            for step, beside in BESIDE.items()
        ),
    )
    roles, steps = [role for role, _ in can], [step for _, step in can]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, user.is_admin, roles, steps, user.pk, most])
        found = cursor.fetchall()
    place = {number: index for index, (number, _) in enumerate(found)}
    trajectories = with_steps(Trajectory.objects.filter(pk__in=place).order_by(), today)
    return sorted(trajectories, key=lambda each: place[each.pk]), found[0][1] if found else 0


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


def undone_dates(trajectory: Trajectory, start: date) -> dict[int, date]:
    """The planned dates, from `start` on, of steps that are not done, by the number of the step."""
    steps = steps_now(trajectory, start)
    return {
        step.number: step.planned
        for step in steps
        if step.state != StepState.DONE and step.planned and step.planned >= start
    }


def planned_steps(trajectory: Trajectory, start: date) -> list[PlannedDate]:
    """Steps that are planned from `start` on and not done, for a pause that moves them."""
    words = vocabulary().steps
    return [
        PlannedDate(_("Stap %(number)s: %(label)s") % {"number": number, "label": words[number].label}, day)
        for number, day in undone_dates(trajectory, start).items()
    ]


def planned_dates(trajectory: Trajectory, start: date) -> list[PlannedDate]:
    """Everything that is planned from `start` on and has not happened, in order of date."""
    found = [each for dates in registry.planned for each in dates.find(trajectory, start)]
    return sorted(found, key=lambda each: each.day)


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


def mail_counts() -> dict[str, int]:
    """How many mails stand at each state."""
    return dict.fromkeys(MailState.values, 0) | dict(
        Mail.objects.order_by("state").values_list("state").annotate(number=Count("pk"))
    )
