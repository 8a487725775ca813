"""Keeps `NamedTheme`, what the dashboard counts from, beside the options and rankings it follows from."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from focusgroups.figures import last_round
from focusgroups.models import FocusGroup, NamedTheme, Option
from pilots.models import Trajectory
from welbevinden.bulk import insert


def named_themes(groups: Iterable[FocusGroup]) -> dict[tuple[int, str, str], bool]:
    """The themes that these sessions named in an option, by trajectory and kind, each with whether it came first.

    First is a shared first place too, in the last round of the session, the group's decision before the count; of
    several sessions of a kind one is enough.
    """
    found: dict[tuple[int, str, str], bool] = {}
    for group in groups:
        counted = last_round(group)
        ranks = counted.ranks if counted else {}
        for option in group.options.all():
            for theme in option.themes:
                key = (group.trajectory_id, group.kind, theme)
                found[key] = found.get(key, False) or ranks.get(option.ref) == 1
    return found


@transaction.atomic
def write_named_themes(trajectories: Sequence[int]) -> None:
    """Rewrite the themes named in these trajectories (by number).

    Whoever changes sessions, options or rankings calls this afterwards in the same transaction. Two who change
    different sessions of one trajectory wait for each other here.
    """
    mine = {"trajectory__in": trajectories}
    list(Trajectory.objects.select_for_update(no_key=True).order_by("pk").filter(pk__in=trajectories).values_list("pk"))
    wanted = named_themes(FocusGroup.objects.held().filter(**mine).prefetch_related("options", "rankings__ballots"))
    old = {(each.trajectory_id, each.kind, each.theme): each for each in NamedTheme.objects.filter(**mine)}
    if gone := [each.pk for key, each in old.items() if wanted.get(key) != each.first]:
        NamedTheme.objects.filter(pk__in=gone).delete()
    insert(
        NamedTheme(trajectory_id=trajectory, kind=kind, theme=theme, first=first)
        for (trajectory, kind, theme), first in wanted.items()
        if (trajectory, kind, theme) not in old or old[trajectory, kind, theme].first != first
    )


def fill_named_themes() -> int:
    """Write the themes of trajectories that have options with themes and no snapshot yet; gives how many there were."""
    named = Option.objects.filter(focus_group__trajectory=OuterRef("pk"), focus_group__held_on__isnull=False)
    missing = Trajectory.objects.filter(Exists(named.exclude(themes=[]))).exclude(
        Exists(NamedTheme.objects.filter(trajectory=OuterRef("pk")))
    )
    numbers = list(missing.order_by("pk").values_list("pk", flat=True))
    for number in numbers:
        write_named_themes([number])
    return len(numbers)
