"""Who must use a second factor besides a password, and whether they do."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, QuerySet

from pilots.models import TeamMember, User

# Who sees more than one school; an admin too, everywhere.
REQUIRED_OF = ("researcher", "gsa")


def factors(user: User) -> "QuerySet[Any]":
    """The second factors of `user`; recovery codes stand in for one, and are none by themselves."""
    found: QuerySet[Any] = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return found


def is_required(user: User) -> bool:
    """Whether this installation asks a second factor of `user`."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return False
    return user.is_admin or TeamMember.objects.filter(user=user, role__in=REQUIRED_OF).exists()


def must_set_up(user: User) -> bool:
    """Whether a second factor is asked of `user` who has none yet. One query."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return False
    if user.is_admin:
        return not factors(user).exists()
    return TeamMember.objects.filter(~Exists(factors(user)), user=user, role__in=REQUIRED_OF).exists()


def can_remove(factor: Authenticator) -> bool:
    """Whether the owner of `factor` can do without it: the last one stays where one is asked."""
    return factors(factor.user).exclude(pk=factor.pk).exists() or not is_required(factor.user)
