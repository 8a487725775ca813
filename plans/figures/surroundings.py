"""What stands around a plan: ways that the groups proposed themselves, and the partners on the school's map."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from focusgroups.enums import Kind, Question
from focusgroups.models import Idea
from pilots.enums import PartnerState
from pilots.models import Trajectory
from pilots.surroundings import person_name
from pilots.vocabulary import vocabulary
from plans.enums import ActionStatus
from plans.figures.evidence import address_of
from plans.figures.words import masked
from plans.models import Action

NO_TOPIC = "other"  # the section of what belongs to no topic


@dataclass(frozen=True, slots=True)
class ProposedMethod:
    """A way or method that a group named itself: who, what, and where it hangs."""

    who: str
    text: str
    url: str


def methods_of(trajectory: Trajectory, names: Sequence[str] = ()) -> dict[str, list[ProposedMethod]]:
    """Section → what the groups proposed there, each card once per section, in one query. `names` are left out."""
    topics = vocabulary().topics
    found: dict[str, list[ProposedMethod]] = {}
    cards = Idea.objects.filter(focus_group__trajectory=trajectory, question=Question.METHODS)
    in_order = ("focus_group__held_on", "focus_group_id", "position", "pk")
    for idea in cards.select_related("focus_group").order_by(*in_order):
        method = ProposedMethod(
            str(Kind(idea.focus_group.kind).label),
            masked(idea.text, names),
            address_of("focus_group_ideas", trajectory_id=trajectory.pk, group_id=idea.focus_group_id),
        )
        sections = dict.fromkeys(topics[each].section for each in idea.topics if each in topics)
        for section in sections or (NO_TOPIC,):
            found.setdefault(section, []).append(method)
    return found


def partners_in(trajectory: Trajectory) -> frozenset[str]:
    """Names of the partners who are in already, as actions name them, in one query."""
    partners = trajectory.partner_map.filter(state=PartnerState.IN).values_list("partner", flat=True)
    return frozenset(person_name(each, trajectory.school.sector) for each in partners)


def partners_asked(trajectory: Trajectory) -> list[str]:
    """Whom the newest plan names beside its actions, the most named first."""
    newest = trajectory.plans.order_by("-version").values("pk")[:1]
    actions = Action.objects.filter(plan__in=newest).exclude(status=ActionStatus.STOPPED)
    counted = Counter(each for partners in actions.values_list("partners", flat=True) for each in partners)
    order = list(vocabulary().helpers)
    return sorted(counted, key=lambda each: (-counted[each], order.index(each) if each in order else len(order)))
