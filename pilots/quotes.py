"""How far a quote goes: consent, release and taking it back. The same for focus groups and evaluations."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilots.audit import record
from pilots.enums import Consent
from pilots.models import QuoteBase, Trajectory, User
from pilots.names import Found, find_names
from pilots.regions import regions
from pilots.registry import registry

Q = TypeVar("Q", bound=QuoteBase)


@lru_cache(maxsize=1)
def _region_names() -> tuple[str, ...]:
    """Names of the GGD regions, of which some look like a person's."""
    return tuple(sorted({region for region in regions().values() if region}))


def names_in_quote(text: str, trajectory: Trajectory) -> list[Found]:
    """What looks like somebody's name in `text`.

    The name of the school and its place count too: a released quote leaves the school, and may not say where it is
    from.
    """
    team = [each.user.name for each in trajectory.team.select_related("user")]
    allowed = [*registry.interventions.values(), *_region_names()]
    found = find_names(text, team, allowed=allowed)
    taken = {each.text for each in found}
    for name, reason in (
        (trajectory.school.name, _("de naam van de school")),
        (trajectory.school.place, _("de plaats")),
    ):
        start = text.lower().find(name.lower()) if len(name) > 2 else -1
        if start >= 0 and name not in taken:
            found.append(Found(text[start : start + len(name)], start, start + len(name), reason))
    return found


def _locked(quote: Q) -> Q:
    manager = type(quote)._default_manager  # noqa: SLF001 Django documents it
    return manager.select_for_update().get(pk=quote.pk)


def _save(quote: QuoteBase, fields: Sequence[str]) -> None:
    # An account that is gone leaves its quotes without author.
    quote.full_clean(exclude=["author", "changed_by"])
    quote.save(update_fields=fields)


@transaction.atomic
def release_quote(*, quote: Q, trajectory: Trajectory, by: User) -> Q:
    """Let a quote be seen outside the trajectory, as far as those who said it agreed.

    Raises ValidationError without consent, and when something in it looks like a name (rule P10): then the text must
    be changed first.
    """
    quote = _locked(quote)
    if quote.released:
        return quote
    if quote.consent not in {Consent.PROGRAMME, Consent.PUBLIC}:
        raise ValidationError(_("Voor dit citaat is geen toestemming om het verder te laten zien. Vraag die eerst."))
    if names := names_in_quote(quote.text, trajectory):
        listed = ", ".join(f"“{each.text}” ({each.reason})" for each in names)
        raise ValidationError(
            _("Dit lijkt op een naam: %(names)s. Haal die eerst uit de tekst; daarna kun je het citaat vrijgeven.")
            % {"names": listed}
        )
    quote.released = True
    _save(quote, ["released"])
    record("quote.release", quote, by=by, trajectory_id=trajectory.pk, consent=quote.consent)
    return quote


@transaction.atomic
def take_back_quote(*, quote: Q, trajectory: Trajectory, by: User) -> Q:
    """Nobody outside the trajectory sees the quote any more; its consent stays."""
    quote = _locked(quote)
    if quote.released:
        quote.released = False
        _save(quote, ["released"])
        record("quote.take_back", quote, by=by, trajectory_id=trajectory.pk)
    return quote


@transaction.atomic
def withdraw_consent(*, quote: Q, trajectory: Trajectory, by: User) -> Q:
    """Those who said it want it to stay here: the consent goes, and the release with it."""
    quote = _locked(quote)
    if quote.released or quote.consent != Consent.TRAJECTORY:
        quote.released, quote.consent = False, Consent.TRAJECTORY
        _save(quote, ["released", "consent"])
        record("quote.withdraw", quote, by=by, trajectory_id=trajectory.pk)
    return quote


# What the button beside a quote can ask for, and what is said when it is done.
DECISIONS = {
    "release": gettext_lazy("Het citaat is vrijgegeven."),
    "take-back": gettext_lazy("Het citaat is alleen nog in dit traject te zien."),
    "withdraw": gettext_lazy("De toestemming is ingetrokken. Het citaat blijft in dit traject."),
}


def decide_on_quote(*, quote: QuoteBase, what: str, trajectory: Trajectory, by: User) -> str:
    """Do what the button says, one of DECISIONS; gives the sentence for who pressed it. Raises ValidationError."""
    acts = {"release": release_quote, "take-back": take_back_quote, "withdraw": withdraw_consent}
    acts[what](quote=quote, trajectory=trajectory, by=by)
    return str(DECISIONS[what])
