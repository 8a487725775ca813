"""What changed between two versions of a plan."""

from dataclasses import dataclass

from pilots.vocabulary import vocabulary
from plans.figures.sections import action_view
from plans.figures.words import topic_words
from plans.models import Action, Plan

WRITTEN = ("title", "text", "period", "owner", "first_step", "sign", "partners", "support", "interventions")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a version added, dropped and changed since the one before it."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    rewritten: tuple[str, ...]
    moved: tuple[tuple[str, int, int], ...]
    set_aside: tuple[str, ...]
    taken_back: tuple[str, ...]

    @property
    def any(self) -> bool:
        return any((self.added, self.gone, self.rewritten, self.moved, self.set_aside, self.taken_back))


def changes(before: Plan, after: Plan) -> Changes:
    """What changed from one version to the next; an action is known by its lineage, an advice also by its place."""
    sector = after.trajectory.school.sector
    old = {action.lineage: action for action in before.actions.all()}
    by_place = {_place(action): action for action in before.actions.all() if not action.own}
    added, rewritten, moved = [], [], []
    seen = set()
    for action in after.actions.all():
        was = old.get(action.lineage) or (None if action.own else by_place.get(_place(action)))
        title = action_view(action, after.trajectory, after.names_masked).title
        if was is None:
            added.append(title)
            continue
        seen.add(was.pk)
        if any(getattr(was, name) != getattr(action, name) for name in WRITTEN):
            rewritten.append(title)
        if was.year != action.year:
            moved.append((title, was.year, action.year))
    gone = [
        action_view(action, after.trajectory, after.names_masked).title
        for action in before.actions.all()
        if action.pk not in seen
    ]
    aside_before = {each.topic for each in before.set_aside.all()}
    aside_after = {each.topic for each in after.set_aside.all()}
    return Changes(
        added=tuple(added),
        gone=tuple(gone),
        rewritten=tuple(rewritten),
        moved=tuple(moved),
        set_aside=tuple(
            topic_words(topic, sector) for topic in vocabulary().topics if topic in aside_after - aside_before
        ),
        taken_back=tuple(
            topic_words(topic, sector) for topic in vocabulary().topics if topic in aside_before - aside_after
        ),
    )


def _place(action: Action) -> tuple[str, str, str]:
    return action.topic, action.label, action.advice
