"""People with an account: who they are, what they get, closing, and what is known about them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.actions import (
    NotThisAccountError,
    close_account,
    erase_person,
    is_erased,
    note_export,
    refuse_to_close,
    refused,
    remains_of,
    reopen_account,
)
from pilots.decorators import everyone, in_programme, recently_authenticated
from pilots.enums import InvitationState
from pilots.forms.people import EraseForm
from pilots.models import Invitation, TeamMember, User
from pilots.personal import everything_about
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest

PAGE = 25
RECENT = 20  # mails and acts on the page of one person


def _with_invitations(people: QuerySet[User]) -> QuerySet[User]:
    return people.prefetch_related(
        Prefetch("memberships", TeamMember.objects.select_related("trajectory__school")),
        Prefetch("invitations", Invitation.objects.select_related("mail", "trajectory__school", "invited_by")),
    )


def _state_of(person: User) -> InvitationState:
    newest = next(iter(person.invitations.all()), None)
    return newest.state if newest else InvitationState.NONE


@in_programme(May.MANAGE)
@require_safe
def people(request: AuthenticatedRequest) -> HttpResponse:
    """All accounts, with their roles and how far they are on the way in."""
    words = request.GET.get("q", "").strip()[:200]
    found = _with_invitations(User.objects.all())
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    page = Paginator(found, PAGE).get_page(request.GET.get("pagina"))
    newest = [next(iter(person.invitations.all()), None) for person in page]
    said_no = refused([each for each in newest if each])
    lines = [
        {"person": person, "state": _state_of(person), "refused": invitation is not None and invitation.pk in said_no}
        for person, invitation in zip(page, newest, strict=True)
    ]
    return render(
        request,
        "pilots/people.html",
        {"page": page, "lines": lines, "words": words, "address": urlencode({"q": words})},
    )


@in_programme(May.MANAGE)
@require_safe
def person(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    """One person: roles, invitations, mail, and what can be done with the account."""
    someone = get_object_or_404(_with_invitations(User.objects.all()), pk=user_id)
    invitations = list(someone.invitations.all())
    try:
        refuse_to_close(someone, request.user)
        stays = ""
    except NotThisAccountError as error:
        stays = str(error)
    return render(
        request,
        "pilots/person.html",
        {
            "person": someone,
            "state": _state_of(someone),
            "refused": bool(invitations) and invitations[0].pk in refused(invitations[:1]),
            "invitations": invitations[:RECENT],
            "mails": someone.mails.select_related("trajectory__school")[:RECENT],
            "is_erased": is_erased(someone),
            "stays": stays,
        },
    )


@in_programme(May.MANAGE)
@recently_authenticated
@require_http_methods(["GET", "HEAD", "POST"])
def person_close(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    """Ask, and then close the account."""
    someone = get_object_or_404(User, pk=user_id)
    try:
        refuse_to_close(someone, request.user)
        if request.method == "POST":
            close_account(user=someone, by=request.user)
            messages.success(
                request, _("Het account van %(name)s is gesloten. Alle sessies zijn beëindigd.") % {"name": someone}
            )
            return redirect("person", user_id=user_id)
    except NotThisAccountError as error:
        messages.error(request, str(error))
        return redirect("person", user_id=user_id)
    members = someone.memberships.select_related("trajectory__school")
    return render(request, "pilots/person_close.html", {"person": someone, "members": members})


@in_programme(May.MANAGE)
@require_POST
def person_reopen(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    """The account can be used again."""
    someone = get_object_or_404(User, pk=user_id)
    try:
        reopen_account(user=someone, by=request.user)
        messages.success(request, _("%(name)s kan weer inloggen.") % {"name": someone})
    except NotThisAccountError as error:
        messages.error(request, str(error))
    return redirect("person", user_id=user_id)


@in_programme(May.MANAGE)
@recently_authenticated
@require_http_methods(["GET", "HEAD", "POST"])
def person_erase(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    """Ask twice, in words and by typing the address, and then erase the person."""
    someone = get_object_or_404(User, pk=user_id)
    form = EraseForm(request.POST if request.method == "POST" else None, email=someone.email)
    try:
        refuse_to_close(someone, request.user)
        if request.method == "POST" and form.is_valid():
            erase_person(user=someone, by=request.user)
            messages.success(request, _("De persoonsgegevens zijn gewist. De trajecten zijn heel gebleven."))
            return redirect("person", user_id=user_id)
    except NotThisAccountError as error:
        messages.error(request, str(error))
        return redirect("person", user_id=user_id)
    return render(
        request,
        "pilots/person_erase.html",
        {"person": someone, "form": form, "remains": remains_of(someone), "is_erased": is_erased(someone)},
    )


@in_programme(May.MANAGE)
@recently_authenticated
@require_safe
def person_export(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    """Everything about one person, for who was asked for it."""
    someone = get_object_or_404(User, pk=user_id)
    return _export(someone, by=request.user)


@everyone
@recently_authenticated
@require_safe
def personal_export(request: AuthenticatedRequest) -> HttpResponse:
    """Everything about yourself."""
    return _export(request.user, by=request.user)


def _export(someone: User, *, by: User) -> HttpResponse:
    data = everything_about(someone)
    note_export(user=someone, by=by)
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="welbevinden-persoon-{someone.pk}.json"'
    return answer
