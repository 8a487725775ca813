"""What a password must not be, each with a sentence for people."""

import re

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What people here try first; with only digits and signs around it, it is no password.
_GUESSED = re.compile(
    r"(?:het|mijn)?(?:wachtwoord|geheim|welkom|hallo|inloggen|welbevinden|gezondeschool|(?:basis)?school|pharos|ggd"
    r"|leerling(?:en)?|nieuwkomers?|directeur|onderzoeker|lente|voorjaar|zomer|herfst|winter|januari|februari|maart"
    r"|april|mei|juni|juli|augustus|september|oktober|november|december|maandag|dinsdag|woensdag|donderdag|vrijdag"
    r"|nederland|amsterdam|rotterdam|utrecht|password|qwerty(?:uiop)?|asdf(?:ghjkl)?)*"
)
_FEWEST = 5  # different characters


class LongEnough(MinimumLengthValidator):
    """Length, in characters."""

    def get_error_message(self) -> str:
        return _("Kies een wachtwoord van minstens %(number)d tekens.") % {"number": self.min_length}

    def get_help_text(self) -> str:
        return self.get_error_message()


class NotCommon(CommonPasswordValidator):
    """Not one of the twenty thousand that are tried first everywhere, nor one that is tried first here."""

    def validate(self, password: str, user: object = None) -> None:
        super().validate(password, user)  # type: ignore[arg-type]  # Django's own wants a user and looks at none
        words = re.sub(r"[\W\d_]+", "", password.lower())
        if _GUESSED.fullmatch(words) or len(set(password)) < _FEWEST:
            raise ValidationError(self.get_error_message(), code="password_too_common")

    def get_error_message(self) -> str:
        return _("Dit wachtwoord is makkelijk te raden. Kies een paar woorden die niet bij elkaar horen.")

    def get_help_text(self) -> str:
        return self.get_error_message()


class NotLikeTheAccount(UserAttributeSimilarityValidator):
    """Not the name or the address of the account."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("name", "email"))

    def get_error_message(self) -> str:
        return _("Dit wachtwoord lijkt op je naam of je e-mailadres. Kies iets anders.")

    def get_help_text(self) -> str:
        return self.get_error_message()
