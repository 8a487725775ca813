"""What happens around every request of who is logged in."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from pilots.models import User
from pilots.second_factor import must_set_up
from welbevinden.http import wants_no_page

SEEN_EVERY = 5 * 60  # seconds


def remember_session(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: when each session was last used, for the person's own list. One query in five minutes."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        key = request.session.session_key
        # Only a session that began at the login page stands in the list.
        listed = key and AUTHENTICATION_METHODS_SESSION_KEY in request.session and request.user.is_authenticated
        if listed and cache.add(f"session-seen-{key}", 1, SEEN_EVERY):
            UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now())
        return response

    return middleware


class SecondFactorMiddleware:
    """Whose role asks for a second factor sets one up before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if not settings.REQUIRE_SECOND_FACTOR or not isinstance(user, User):
            return None
        if getattr(view, "access", "") == "public" or getattr(view, "before_second_factor", False):
            return None
        # Who used one at the login has one; only others cost a query.
        if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
            return None
        if not must_set_up(user):
            return None
        if wants_no_page(request):
            return JsonResponse({"error": _("Stel eerst je tweede stap in.")}, status=401)
        return redirect("mfa_index")
