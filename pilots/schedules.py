"""What runs by the clock and calls actions."""

import logging

from celery import shared_task
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from pilots.actions import apply_rules, queue_mail
from pilots.digest import digest_key, digest_of
from pilots.models import TeamMember, User

log = logging.getLogger(__name__)

BATCH = 200  # people per task, so that none comes near the time limit


@shared_task
def send_digests(after: int = 0) -> None:
    """Mail everybody what they can do now, once a week and only where there is something.

    after: goes on behind this account. Safe to run twice, also at the same time: a week has one mail per person.
    """
    today = timezone.localdate()
    can_log_in = ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(last_login__isnull=False)
    concerned = Q(is_admin=True) | Exists(TeamMember.objects.filter(user=OuterRef("pk")))
    readers = list(
        User.objects.filter(can_log_in, concerned, is_active=True, wants_digest=True, pk__gt=after).order_by("pk")[
            :BATCH
        ]
    )
    for user in readers:
        key = digest_key(user, today)
        if user.mails.filter(key=key).exists():
            continue
        try:
            found = digest_of(user, today)
            if found:
                subject, body = found
                queue_mail(key=key, kind="digest", to=user.email, subject=subject, body=body, user=user)
        except Exception:  # one person's trouble is not everybody's
            log.exception("no digest for account %s", user.pk)
    if len(readers) == BATCH:
        send_digests.apply_async((readers[-1].pk,), retry=False)


@shared_task
def apply_retention() -> None:
    """Throw away what is older than docs/retention.md says."""
    apply_rules(timezone.now())
