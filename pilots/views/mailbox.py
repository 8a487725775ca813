"""All mail that goes out: how it stands, and in the demo what it says."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from pilots.actions import may_send_again, send_again
from pilots.decorators import in_programme
from pilots.emails import READABLE_KINDS
from pilots.enums import MailState
from pilots.figures import mail_counts
from pilots.models import Mail
from pilots.roles import May
from welbevinden.http import AuthenticatedRequest

PAGE = 50


@in_programme(May.MANAGE)
@require_safe
def mailbox(request: AuthenticatedRequest) -> HttpResponse:
    """The newest mail first, to search in and to narrow down."""
    words = request.GET.get("q", "").strip()[:200]
    state = request.GET.get("staat", "")
    found = Mail.objects.select_related("user", "trajectory__school")
    if state in MailState.values:
        found = found.filter(state=state)
    else:
        state = ""
    for word in words.split():
        found = found.filter(Q(to__icontains=word) | Q(user__name__icontains=word) | Q(subject__icontains=word))
    page = Paginator(found, PAGE).get_page(request.GET.get("pagina"))
    return render(
        request,
        "pilots/mailbox.html",
        {
            "page": page,
            "words": words,
            "state": state,
            "counts": mail_counts(),
            "address": urlencode({"q": words, "staat": state}),
            "stays_here": settings.MAIL_STAYS_HERE,
        },
    )


@in_programme(May.MANAGE)
@require_safe
def mail(request: AuthenticatedRequest, mail_id: int) -> HttpResponse:
    """One mail. In production the text of one that opens something is not shown: who reads it could come in with it."""
    found = get_object_or_404(Mail.objects.select_related("user", "trajectory__school"), pk=mail_id)
    return render(
        request,
        "pilots/mail.html",
        {
            "mail": found,
            "readable": settings.MAIL_STAYS_HERE or found.kind in READABLE_KINDS,
            "may_send_again": may_send_again(found),
            "stays_here": settings.MAIL_STAYS_HERE,
        },
    )


@in_programme(May.MANAGE)
@require_POST
def mail_again(request: AuthenticatedRequest, mail_id: int) -> HttpResponse:
    """Try one that failed again."""
    found = get_object_or_404(Mail, pk=mail_id)
    if send_again(mail=found, by=request.user):
        messages.success(request, _("De mail gaat opnieuw op weg."))
    else:
        messages.info(request, _("Deze mail kan niet opnieuw: hij is al weg, of de link erin werkt niet meer."))
    return redirect("mail", mail_id=mail_id)


@in_programme(May.MANAGE)
@require_POST
def mail_again_all(request: AuthenticatedRequest) -> HttpResponse:
    """Try everything that failed again, for instance after the mail server was set wrong."""
    number = 0
    for each in Mail.objects.filter(state=MailState.FAILED).order_by("pk")[:500]:
        number += send_again(mail=each, by=request.user)
    text = ngettext("%(number)s mail gaat opnieuw op weg.", "%(number)s mails gaan opnieuw op weg.", number)
    messages.success(request, text % {"number": number})
    return redirect("mailbox")
