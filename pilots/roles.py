"""Roles as readable data: what each may do, in one place. Pure; `docs/` and the gallery print it as it is."""

from dataclasses import dataclass
from enum import StrEnum


class May(StrEnum):
    """What a person may do, in a trajectory or in the programme."""

    SEE = "het traject, de checklist, de focusgroepen en het plan zien"
    SEE_QUOTES = "citaten zien die niet vrijgegeven zijn"
    PLAN_STEPS = "stappen plannen en het journaal bijhouden"
    DESCRIBE_SCHOOL = "startvraag, visie, partners en zorg van de school opschrijven"
    ANSWER_CHECKLIST = "de checklist invullen"
    RECORD_GROUPS = "focusgroepen vastleggen"
    GENERATE_PLAN = "een plan laten maken"
    EDIT_PLAN = "het plan bewerken"
    RELEASE_PLAN = "het plan vaststellen"
    COMMENT = "opmerkingen bij het plan maken"
    CHOOSE = "kiezen wat eerst gaat"
    FOLLOW_UP = "bijhouden hoe het met de acties gaat"
    EXPORT = "het traject als bestand ophalen"
    SEE_GSA_EVALUATION = "het evaluatiegesprek met de GSA zien"
    EVALUATE = "het evaluatiegesprek met de school vastleggen"
    EVALUATE_GSA = "het evaluatiegesprek met de GSA vastleggen"
    RELEASE_QUOTES = "citaten vrijgeven"
    COMPARE = "de eigen school naast het geheel zien"
    SEE_DASHBOARD = "het overzicht over scholen zien"
    INVITE_COLLEAGUE = "een collega van de eigen school uitnodigen"
    MANAGE = "scholen, trajecten en teams beheren"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its id (vocabulary), what it is in words, and what it may do."""

    id: str
    description: str
    permissions: frozenset[May]


ROLES = {
    role.id: role
    for role in (
        Role(
            "admin",
            "Beheert het programma: ziet alles, zet scholen en teams klaar, maar verandert geen antwoorden.",
            frozenset(May)
            - {May.ANSWER_CHECKLIST, May.RECORD_GROUPS, May.EVALUATE, May.EVALUATE_GSA, May.RELEASE_QUOTES},
        ),
        Role(
            "researcher",
            "Leidt de focusgroepen, schrijft het plan met school en GSA en stelt het vast.",
            frozenset(May) - {May.INVITE_COLLEAGUE, May.MANAGE},
        ),
        Role(
            "gsa",
            "Neemt de checklist af, is bij de focusgroepen en begeleidt de school bij de uitvoering.",
            frozenset(
                {
                    May.SEE,
                    May.SEE_QUOTES,
                    May.PLAN_STEPS,
                    May.DESCRIBE_SCHOOL,
                    May.ANSWER_CHECKLIST,
                    May.RECORD_GROUPS,
                    May.COMMENT,
                    May.CHOOSE,
                    May.FOLLOW_UP,
                    May.EXPORT,
                    May.SEE_GSA_EVALUATION,
                    May.EVALUATE,
                    May.COMPARE,
                }
            ),
        ),
        Role(
            "coordinator",
            "Vult de checklist samen met de GSA in en houdt de acties bij.",
            frozenset({May.SEE, May.DESCRIBE_SCHOOL, May.ANSWER_CHECKLIST, May.COMMENT, May.FOLLOW_UP}),
        ),
        Role(
            "director",
            "Ontvangt het plan, kiest wat eerst gaat, reageert en gaat akkoord.",
            frozenset(
                {
                    May.SEE,
                    May.DESCRIBE_SCHOOL,
                    May.COMMENT,
                    May.CHOOSE,
                    May.FOLLOW_UP,
                    May.COMPARE,
                    May.INVITE_COLLEAGUE,
                }
            ),
        ),
    )
}
