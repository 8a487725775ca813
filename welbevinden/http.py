"""Requests as our views see them, and who may come in at all."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from pilots.models import User


class AuthenticatedRequest(HttpRequest):
    """A request of someone who is logged in: what every view behind the access middleware gets."""

    user: "User"  # narrower than Django's User | AnonymousUser, by AccessMiddleware
    htmx: HtmxDetails


def wants_no_page(request: HttpRequest) -> bool:
    """A script asks, not a person: it must never take a login page for success."""
    return request.headers.get("HX-Request") == "true" or "application/json" in request.headers.get("Accept", "")


class AccessMiddleware(LoginRequiredMiddleware):
    """Nobody gets further without an account: a page goes to the login page, a script gets 401."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:  # type: ignore[override]  # 401 too
        if wants_no_page(request):
            return JsonResponse({"error": _("Je bent niet meer ingelogd.")}, status=401)
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL, "next")


def keep_private(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: pages hold what schools said in confidence, so no shared computer may keep them."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def site(request: HttpRequest) -> dict[str, Any]:
    """What every template knows."""
    return {"site_name": settings.SITE_NAME, "demo": settings.DEMO}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came from elsewhere or from a page that was open too long. The only 403 we give."""
    return render(request, "403_csrf.html", status=403)
