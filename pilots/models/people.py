"""Accounts: the adults who work in the application. There are no accounts for pupils or parents."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from welbevinden.constraints import set_exactly_when

LONG_NAME = 20_000  # characters: what a trajectory file may hold; who types one gets less (the forms)


class UserManager(BaseUserManager["User"]):
    """Finds accounts by e-mail whatever its capitals."""

    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> "User":
        """A new account; without a password it waits for an invitation."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str, password: str | None = None, **fields: Any) -> "User":
        """A programme admin: for `manage.py createsuperuser`, how the first one of an installation is made."""
        return self.create_user(email, name, password, is_admin=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """Someone who can log in, or will be able to once invited."""

    email = models.EmailField(_("e-mailadres"), unique=True)
    name = models.CharField(_("naam"), max_length=LONG_NAME)
    is_admin = models.BooleanField(_("programmabeheerder"), default=False, db_default=False)
    is_active = models.BooleanField(_("mag inloggen"), default=True, db_default=True)
    # The list of the start page by mail, once a week when there is something to do.
    wants_digest = models.BooleanField(_("wekelijkse mail met wat er te doen is"), default=True, db_default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Somebody who left: cannot log in any more, what they did keeps their name until it is erased.
    closed_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name", "email")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Er is al een account met dit e-mailadres."),
            ),
            set_exactly_when(
                "closed_at", Q(is_active=False), "user_closed_at", _("Een gesloten account heeft een sluitdatum.")
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_waiting(self) -> bool:
        """No password yet: this account waits for its invitation to be accepted."""
        return not self.has_usable_password()
