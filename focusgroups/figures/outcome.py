"""How firm the outcome of a round is and how much people agree, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from focusgroups.enums import Method
from focusgroups.figures.rounds import Round
from focusgroups.figures.words import joined


def rule_name(rule: str) -> str:
    """A rule of counting.RULES as people say it, between quotation marks."""
    return {
        "borda": _("“gemiddelde plaats”"),
        "points": _("“hoe vaak genoemd”"),
        "copeland": _("“twee aan twee vergeleken”"),
    }[rule]


def firmness(counted: Round) -> tuple[str, ...]:
    """How firm the first place is, in one or two sentences; nothing where there are no ballots."""
    first = counted.result.first_place
    if first is None:
        return ()
    dots = counted.ranking.method == Method.POINTS
    other = [rule for rule in counted.rules_compared if rule not in first.same_under]
    if other:
        # The rule that gives the order agrees with itself; a round with dots goes by dots, which is none of these.
        same = [rule for rule in first.same_under if rule != "borda" or dots]
        sentence = _(
            "Let op: hoe je telt maakt uit voor de eerste plaats. Met %(other)s komt iets anders bovenaan."
        ) % {"other": joined([rule_name(rule) for rule in other])}
        if same:
            sentence += " " + _("Met %(same)s blijft de eerste plaats hetzelfde.") % {
                "same": joined([rule_name(rule) for rule in same])
            }
    else:
        names = joined([*([_("“aantal stippen”")] if dots else []), *map(rule_name, first.same_under)])
        sentence = _("Hoe je ook telt, de eerste plaats blijft hetzelfde: %(rules)s.") % {"rules": names}
    kept, ballots = first.kept_without_one
    if ballots == 1:
        return sentence, _("Dit is de keuze van één persoon.")
    if kept == ballots:
        return sentence, _(
            "Welke stem je ook weglaat, de eerste plaats blijft hetzelfde (%(kept)s van de %(all)s keer)."
        ) % {
            "kept": kept,
            "all": ballots,
        }
    return sentence, _("Laat je één stem weg, dan blijft de eerste plaats %(kept)s van de %(all)s keer hetzelfde.") % {
        "kept": kept,
        "all": ballots,
    }


# Lower bounds of the mean correlation between two people. W itself gets no words: it depends on the size of the group.
_BANDS = (
    (0.6, gettext_lazy("De mensen in deze groep zijn het erg met elkaar eens.")),
    (0.3, gettext_lazy("De mensen in deze groep zijn het aardig met elkaar eens.")),
    (0.1, gettext_lazy("De mensen in deze groep zijn het een beetje met elkaar eens.")),
    (-2.0, gettext_lazy("De mensen in deze groep kiezen heel verschillend.")),
)


def agreement_words(counted: Round) -> str:
    """How much people agree, in one sentence; or why that cannot be said."""
    agreement = counted.result.agreement
    if agreement.mean_correlation is not None:
        mean = float(agreement.mean_correlation)
        return next(str(words) for bound, words in _BANDS if mean >= bound)
    return {
        "no-ballots": _("Je kunt niet zien of mensen het eens zijn: er zijn geen stemmen per persoon."),
        "one-ballot": _("Je kunt niet zien of mensen het eens zijn: er is maar één stem."),
        "one-option": _("Je kunt niet zien of mensen het eens zijn: er is maar één optie."),
        "unseen-options": _("Je kunt niet zien of mensen het eens zijn: niet iedereen zag alle opties."),
        "all-tied": _("Iedereen zette alles op dezelfde plaats."),
    }[agreement.reason or "no-ballots"]
