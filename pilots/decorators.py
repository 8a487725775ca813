"""The doors. Every view carries exactly one of these decisions; `tests/test_access.py` walks all routes for it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.http.response import HttpResponseBase

from pilots.models import TeamMember, Trajectory, User
from pilots.roles import May
from pilots.rules import permissions
from welbevinden.http import AuthenticatedRequest

P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def roles_in(user: User, trajectory: Trajectory) -> frozenset[str]:
    """The roles of `user` in `trajectory`; an admin is admin everywhere."""
    roles = set(TeamMember.objects.filter(trajectory=trajectory, user=user).values_list("role", flat=True))
    if user.is_admin:
        roles.add("admin")
    return frozenset(roles)


def open_trajectory(user: User, number: int, may: May) -> Trajectory:
    """The one door to a trajectory: fetches number `number` for `user`, who must be allowed to `may`.

    The result has `roles` and `may` (all permissions of the user in it). Raises Http404 for what does not exist and
    for what is somebody else's alike, so that nobody learns what exists.
    """
    trajectory = Trajectory.objects.visible_to(user).select_related("school").filter(pk=number).first()
    if trajectory is None:
        raise Http404
    trajectory.roles = roles_in(user, trajectory)
    trajectory.may = permissions(trajectory.roles)
    if may not in trajectory.may:
        raise Http404
    return trajectory


def in_trajectory(
    may: May,
) -> Callable[
    [Callable[Concatenate[AuthenticatedRequest, Trajectory, P], HttpResponseBase]], Callable[..., HttpResponseBase]
]:
    """The view works in one trajectory: it gets the trajectory instead of its number, or the person gets 404."""

    def decorate(
        view: Callable[Concatenate[AuthenticatedRequest, Trajectory, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def door(
            request: AuthenticatedRequest, trajectory_id: int, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            return view(request, open_trajectory(request.user, trajectory_id, may), *args, **kwargs)

        door.access = may  # type: ignore[attr-defined]  # read by tests/test_access.py
        return door

    return decorate


def in_programme(may: May) -> Callable[[View], View]:
    """The view is about the programme as a whole: an admin, or someone who may `may` in a trajectory of their own."""

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: AuthenticatedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            roles = set(TeamMember.objects.filter(user=request.user).values_list("role", flat=True))
            if request.user.is_admin:
                roles.add("admin")
            if may not in permissions(roles):
                raise Http404
            return view(request, *args, **kwargs)

        door.access = may  # type: ignore[attr-defined]  # read by tests/test_access.py
        return door  # type: ignore[return-value]

    return decorate


def everyone(view: View) -> View:
    """Anyone who is logged in; the view itself shows only what is theirs."""
    view.access = "everyone"  # type: ignore[attr-defined]  # read by tests/test_access.py
    return view


def public(view: View) -> View:
    """Anyone at all, without logging in."""
    view.access = "public"  # type: ignore[attr-defined]  # read by tests/test_access.py
    return login_not_required(view)


def before_second_factor(view: View) -> View:
    """Comes under a door: also for who must still set up a second factor, because it is part of doing so."""
    view.before_second_factor = True  # type: ignore[attr-defined]  # read by pilots.middleware
    return view


def recently_authenticated(view: View) -> View:
    """Comes under a door: what matters asks for the password or second factor again, unless that was just given.

    The page then comes back by itself, with what was posted.
    """

    @wraps(view)
    def again(request: AuthenticatedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not did_recently_reauthenticate(request):
            raise ReauthenticationRequired  # answered by allauth's middleware
        return view(request, *args, **kwargs)

    return again  # type: ignore[return-value]
