"""What a successor must know of the plan: what was chosen, who does it, and which support is planned."""

from pilots.models import Trajectory
from plans.figures.following import holding, status_groups
from plans.figures.support import support_of


def handover(trajectory: Trajectory) -> dict[str, object] | None:
    """For the page "where we stand"; nothing while no plan holds and no support is planned."""
    plan = holding(trajectory)
    support = support_of(trajectory, plan)
    if plan is None and not support.planned and not support.held:
        return None
    return {"plan": plan, "groups": status_groups(plan) if plan else [], "support": support}
