"""Everything that is known about one person: for themselves, and for an admin whom they ask."""

from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from django.utils import timezone

from pilots.models import AuditEvent, User
from pilots.registry import registry

FORMAT = "welbevinden/persoon"

# Relations of this app and of logging in to a person, and what of each row tells about them. No secrets: no hash of an
# invitation, no key of a second factor. The other apps add theirs (`registry.trace`).
TRACES: dict[str, tuple[str, ...]] = {
    "account.emailaddress.user": ("email", "verified"),
    "mfa.authenticator.user": ("type", "created_at", "last_used_at"),
    "socialaccount.socialaccount.user": ("provider", "uid", "date_joined", "last_login", "extra_data"),
    "usersessions.usersession.user": ("created_at", "last_seen_at", "ip", "user_agent"),
    "pilots.teammember.user": ("trajectory__reference", "role", "at_start_meeting"),
    "pilots.journalentry.author": ("trajectory__reference", "kind", "start", "end", "reason", "text", "created_at"),
    "pilots.mail.user": ("kind", "to", "subject", "state", "created_at", "sent_at", "error"),
    "pilots.invitation.user": (
        "trajectory__reference", "created_at", "expires_at", "opened_at", "accepted_at", "voided_at",
    ),
    "pilots.invitation.invited_by": ("trajectory__reference", "created_at"),
}  # fmt: skip


def relations_to_people() -> list[tuple[str, type[Model], str]]:
    """Every relation to User in the whole project: its name ("app.model.field"), the model and the field."""
    return [
        (f"{model._meta.label_lower}.{field.name}", model, field.name)  # noqa: SLF001 Django documents it
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields  # noqa: SLF001 as above
        if field.related_model is User
    ]


def everything_about(user: User) -> dict[str, Any]:
    """What the application holds about `user`, as data for JSON.

    Raises KeyError for a relation to people that nobody told about, which a test prevents.
    """
    rows = {}
    for name, model, field in relations_to_people():
        wanted = ("pk", *registry.traces[name])
        rows[name] = list(model._default_manager.filter(**{field: user}).order_by("pk").values(*wanted))  # noqa: SLF001 as above
    # What others did to this person is told without those others.
    events = AuditEvent.objects.order_by("at", "pk")
    about = events.filter(
        Q(detail__user=user.email) | Q(subject=User._meta.label_lower, subject_id=str(user.pk))  # noqa: SLF001 as above
    ).exclude(actor__iexact=user.email)
    shown = ("at", "verb", "subject", "subject_id", "trajectory_id")
    return {
        "format": FORMAT,
        "version": 1,
        "made_at": timezone.now(),
        "account": {
            "email": user.email,
            "name": user.name,
            "is_admin": user.is_admin,
            "is_active": user.is_active,
            "wants_digest": user.wants_digest,
            "has_password": user.has_usable_password(),
            "created_at": user.created_at,
            "last_login": user.last_login,
            "closed_at": user.closed_at,
        },
        "rows": rows,
        "acts": list(events.filter(actor__iexact=user.email).values(*shown)),
        "acts_about": list(about.values(*shown)),
    }
