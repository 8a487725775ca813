"""Ending the weekly mail from the mail itself, without logging in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pilots.account_actions import choose_digest
from pilots.decorators import public
from pilots.digest import user_of_token


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def digest_off(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and then end the weekly mail: a mail scanner that opens the link ends nothing."""
    user = user_of_token(token)
    if user is not None and request.method == "POST" and user.wants_digest:
        choose_digest(user=user, wanted=False)
        user.wants_digest = False
    state = "unknown" if user is None else "on" if user.wants_digest else "off"
    return render(request, "pilots/digest_off.html", {"state": state}, status=404 if user is None else 200)
