"""What a trajectory asks of its focus groups: whether step 3 is done, and what its page shows."""

from typing import Any

from django.db.models import BooleanField, Exists, Expression, ExpressionWrapper, OuterRef, Q

from focusgroups.enums import Kind
from focusgroups.figures.three_voices import voices
from focusgroups.models import FocusGroup
from pilots.models import Trajectory


def three_settled() -> Expression:
    """Step 3 is done: each kind has a session that is held with a ranking, or a reason why there was none."""
    settled = [
        Q(Exists(FocusGroup.objects.settled().filter(trajectory=OuterRef("pk"), kind=kind))) for kind in Kind.values
    ]
    return ExpressionWrapper(settled[0] & settled[1] & settled[2], output_field=BooleanField())


def panel(trajectory: Trajectory) -> dict[str, Any] | None:
    """What the trajectory page shows of the focus groups: the three voices in one picture, or how far they are."""
    return {"trajectory": trajectory, "voices": voices(trajectory)}
