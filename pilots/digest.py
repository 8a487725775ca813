"""The weekly mail with what there is to do: the same list as the start page, for one person."""

import re
from datetime import date

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pilots.figures import rows, work_for
from pilots.models import User

TASKS = 10  # as on the start page
SALT = "weekly mail off"


def digest_key(user: User, today: date) -> str:
    """Names the mail of this person in this week, so that there is never a second."""
    year, week, _day = today.isocalendar()
    return f"digest-{user.pk}-{year}-W{week:02}"


def digest_of(user: User, today: date) -> tuple[str, str] | None:
    """Subject and text of what `user` can do now, most urgent first; None when there is nothing."""
    urgent, waiting = work_for(user, today, TASKS)
    tasks = [(row, line) for row in rows(urgent, user, today) for line in row.open if line.to_do or user.is_admin]
    if not tasks:
        return None
    more = waiting > TASKS
    words = {
        "name": user.name,
        "tasks": [
            {
                "school": row.trajectory.school,
                "step": line.now,
                "mine": line.to_do,
                "demo": row.trajectory.is_demo,
                "url": _address(line.url)
                if line.to_do and line.url
                else _address(reverse("trajectory", kwargs={"trajectory_id": row.trajectory.pk})),
            }
            for row, line in tasks
        ],
        "more": more,
        "start": _address(reverse("start")),
        "off": _address(reverse("digest_off", kwargs={"token": off_token(user)})),
        "site_name": settings.SITE_NAME,
    }
    subject = (
        _("Er wacht meer dan %(number)s keer iets op je") % {"number": TASKS}
        if more
        else ngettext("Er wacht %(number)s ding op je", "Er wachten %(number)s dingen op je", len(tasks))
        % {"number": len(tasks)}
    )
    body = re.sub(r"\n{3,}", "\n\n", render_to_string("emails/digest.txt", words)).strip() + "\n"
    return subject, body


def _address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def off_token(user: User) -> str:
    """What stands in the link that ends the weekly mail: whose it is, signed; it opens nothing else."""
    return signing.dumps(user.pk, salt=SALT)


def user_of_token(token: str) -> User | None:
    """The person whose link this is; None for a link that was altered or whose account is gone."""
    try:
        number = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=number, is_active=True).first()
