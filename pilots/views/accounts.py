"""Logging in and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST

from pilots.decorators import public
from pilots.forms.accounts import LoginForm


class _Login(LoginView):
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts: list[tuple[str, str]] = []
        password = ""
        if settings.DEMO:
            accounts = list(import_string("welbevinden.management.commands.up.DEMO_ACCOUNTS").items())
            password = import_string("welbevinden.management.commands.up.DEMO_PASSWORD")
        return super().get_context_data(demo_accounts=accounts, demo_password=password, **kwargs)

    def form_invalid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]  # our own form
        return self.render_to_response(self.get_context_data(form=form), status=429 if form.limited else 200)


login = public(_Login.as_view())


@public
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session, and have the browser forget what it kept for this site."""
    logout(request)
    response = redirect("login")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
