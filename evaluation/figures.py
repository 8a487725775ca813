"""What the evaluations show."""

from django.db.models import Exists, OuterRef

from evaluation.models import Evaluation


def evaluated(side: str) -> Exists:
    """Step 8 (`gsa`) or 9 (`school`) is done: the evaluation with this side was held."""
    return Exists(Evaluation.objects.held().filter(trajectory=OuterRef("pk"), side=side))
