"""One trajectory as a file."""

import re

from django.http import HttpResponse

from pilots.decorators import in_trajectory
from pilots.models import Trajectory
from pilots.roles import May
from pilots.trajectory_files import as_bytes, export_trajectory
from welbevinden.http import AuthenticatedRequest


@in_trajectory(May.EXPORT)
def trajectory_export(request: AuthenticatedRequest, trajectory: Trajectory) -> HttpResponse:
    """The trajectory file, as a download."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "-", trajectory.reference)
    return HttpResponse(
        as_bytes(export_trajectory(trajectory)),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.json"'},
    )
