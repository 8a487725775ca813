"""The Dutch sentences of a generated plan: data of the generator, in the words of the sector (rule P16)."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from pilots.vocabulary import vocabulary

ROLES = {
    "PO": {"coordinator": "de intern begeleider", "director": "de directeur", "teachers": "leerkrachten"},
    "VO": {"coordinator": "de zorgcoördinator", "director": "de directeur", "teachers": "docenten"},
}
CLASSES = {"PO": "groepen", "VO": "klassen"}
LANGUAGE_CLASSES = {"PO": "taalklassen", "VO": "NT2-klassen"}
VOICES = {
    "checklist": "de checklist",
    "parents": "de ouders",
    "pupils": "de leerlingen",
    "stakeholders": "de andere betrokkenen",
}
GROUPS = {
    "parents": "de focusgroep met ouders en verzorgers",
    "pupils": "de focusgroep met leerlingen",
    "stakeholders": "de focusgroep met andere betrokkenen",
}
PARTNERS = {
    "nidos": "Nidos",
    "coa": "het COA",
    "gza": "de GZA",
    "attendance-officer": "de leerplichtambtenaar",
    "youth-doctor": "de jeugdarts",
}
COUNTS = ("geen", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)

# Words of data (topics, programmes) that belong to the other sector; "taalklas" and "NT2-klas" stay as they are.
_OTHER_WORDS = {
    "PO": (
        (r"zorgcoördinator", "intern begeleider"),
        (r"docenten|mentoren", "leerkrachten"),
        (r"docent of mentor|docent|mentor", "leerkracht"),
        (r"(?<!-)klassen", "groepen"),
        (r"(?<!-)klas", "groep"),
    ),
    "VO": (
        (r"intern begeleider", "zorgcoördinator"),
        (r"leerkrachten", "docenten"),
        (r"leerkracht", "docent"),
        (r"kleine groepen", "groepjes"),
        (r"(?<!-)groepen leerlingen", "leerlingen onderling"),
        (r"NT2-groepen", "NT2-klassen"),
        (r"groepen", "klassen"),
        (r"groep", "klas"),
    ),
}


def wording(text: str, sector: str) -> str:
    """`text` in the words of the sector; capitals at the start of a word are kept."""
    for pattern, word in _OTHER_WORDS[sector]:

        def swap(found: re.Match[str], word: str = word) -> str:
            return upper_first(word) if found.group()[0].isupper() and not word[0].isupper() else word

        text = re.sub(rf"\b(?:{pattern})\b", swap, text, flags=re.IGNORECASE)
    return text


def upper_first(text: str) -> str:
    """`text` with a capital at the start, the rest as it was."""
    return text[:1].upper() + text[1:]


@cache
def topic_label(topic: str, sector: str) -> str:
    """The topic's label between quotes."""
    return f"‘{wording(vocabulary().topics[topic].label, sector)}’"


def section_label(section: str) -> str:
    """The section's label between quotes."""
    return f"‘{vocabulary().sections[section].label}’"


def listed(words: Sequence[str]) -> str:
    """`a, b en c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} en {words[-1]}"


def some(words: Sequence[str], most: int = 3) -> str:
    """The first few, and how many more there are."""
    more = len(words) - most
    if more <= 0:
        return listed(words)
    return f"{', '.join(words[:most])} en nog {count(more)} {'ander onderwerp' if more == 1 else 'andere onderwerpen'}"


def count(number: int) -> str:
    """A number in words up to ten."""
    return COUNTS[number] if number < len(COUNTS) else str(number)


def voices(kinds: Iterable[str]) -> str:
    """Who speaks, in the order of the checklist and the vocabulary."""
    present = set(kinds)
    return listed([name for voice, name in VOICES.items() if voice in present])


def date_in_words(iso: str) -> str:
    """`2026-11-22` as `22 november 2026`; anything else as it stands."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", iso)
    if not found or not 1 <= int(found[2]) <= len(MONTHS):
        return iso
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}"


def contact(partners: Sequence[str], owner: str, sector: str) -> str:
    """Who gets in touch with these partners."""
    return f"{upper_first(ROLES[sector][owner])} neemt contact op met {listed([PARTNERS[each] for each in partners])}."


def standing_partners(partners: Sequence[str], sector: str) -> str:
    """The partners that fit this school's profile, for the care section."""
    names = listed([PARTNERS[each] for each in partners])
    return f"Bij deze school passen als partner {names}; {ROLES[sector]['coordinator']} houdt het contact bij."


def no_low_language() -> str:
    """P5: said where no programme with little language is known."""
    return (
        "Voor dit onderwerp kennen wij geen taalarm programma: werk met beeld, beweging, voordoen en de thuistaal, "
        "en houd het bij korte opdrachten."
    )


def connect_language_class(sector: str) -> str:
    """P5: what little language is offered in language classes goes together with the other pupils."""
    return (
        f"Laat de {LANGUAGE_CLASSES[sector]} dit samen doen met de andere {CLASSES[sector]}, "
        "zodat nieuwkomers en andere leerlingen elkaar leren kennen."
    )


LANGUAGE = {
    "low": "vraagt weinig Nederlands",
    "medium": "vraagt al enig Nederlands",
    "high": "vraagt veel Nederlands",
    None: "hangt niet af van het Nederlands van leerlingen",
}
NEWCOMERS = {
    "made-for": "is gemaakt voor nieuwkomers",
    "has-version": "heeft een versie voor nieuwkomers",
    "suits": "past op scholen met nieuwkomers",
    "general": "is er voor alle leerlingen",
}


def use_sentence(use: str, load: str | None, *, in_use: bool, restricted: bool, setting: str, sector: str) -> str:
    """How to use a programme here, in one sentence."""
    enough = f"{CLASSES[sector]} waar leerlingen genoeg Nederlands kennen"
    beginners = LANGUAGE_CLASSES[sector]
    if in_use and load == "high" and restricted:
        keep = f"Houd het voor {enough}; breid het zo niet uit"
        if setting == "regular-language-class":
            return f"{keep}, en haal er later onderdelen uit voor de {beginners}."
        return f"{keep}, en haal er onderdelen uit zodra het Nederlands van nieuwkomers het toelaat."
    if in_use and use == "main":
        return "Jullie gebruiken dit al: bouw daarop voort in plaats van iets nieuws te beginnen."
    if use == "main":
        return "Daarom kan dit het hoofdaanbod zijn; kies er één als hier meer staat."
    if use == "partly":
        return "Kies er onderdelen uit die zonder veel taal kunnen, naast een taalarm aanbod."
    return "Begin hier pas mee als het Nederlands van de leerlingen het toelaat."


def ages_sentence(ages: tuple[int, int], school: tuple[int, int]) -> str:
    """For which ages a programme is, and whether that leaves out pupils of this school."""
    text = f"Het is er voor {ages[0]} tot en met {ages[1]} jaar"
    if ages[0] > school[0] or ages[1] < school[1]:
        return f"{text}, dus niet voor alle leerlingen van deze school."
    return f"{text}."


def own_theme(kinds: Iterable[str], best: tuple[int, int] | None) -> dict[str, str]:
    """The action for an option or idea that carries no topic; `best` is its best rank and out of how many."""
    who = voices(kinds)
    asked = f"Dit komt van {who}" + (f", op plaats {best[0]} van {best[1]}" if best else "") + "."
    return {
        "text": (
            f"{asked} Vraag hun eerst wat zij precies bedoelen en wat er zou veranderen als het lukt. Kies daarna "
            "samen één ding dat de school zelf kan doen, spreek af wie dat oppakt, en laat binnen zes weken "
            "terughoren wat ermee is gebeurd, ook als het niet kan."
        ),
        "period": "binnen drie maanden na het vaststellen van dit plan",
        "first_step": f"Plan een gesprek van een half uur met twee of drie mensen uit de focusgroep ({who}).",
        "sign": "Wie dit inbracht, kan vertellen wat de school ermee heeft gedaan.",
    }


OWN_ACTION = {
    "text": "Eigen actie van de school.",
    "period": "nog af te spreken",
    "first_step": "Spreek af wie begint en wanneer.",
    "sign": "Spreek samen af waaraan je merkt dat het werkt.",
}
KEEP = "Dit gaat goed: spreek af wie het bewaakt en kijk er elk jaar samen naar of het nog klopt."
KEEP_OWN = "Dit noemt de school zelf als iets wat goed gaat: benoem het in het team en houd het vast."


def not_held(kind: str, reason: str) -> tuple[str, str]:
    """A group that was not held."""
    because = reason.strip().rstrip(".")
    return (
        f"{upper_first(GROUPS[kind])} is niet gehouden" + (f" (reden: {because})." if because else "."),
        "Plan alsnog een korte sessie, of bespreek dit plan met drie of vier van hen voordat het wordt vastgesteld.",
    )


def not_yet(kind: str) -> tuple[str, str]:
    """A group of which nothing is known."""
    return (
        f"Nog niet bekend: {GROUPS[kind]} is nog niet gehouden.",
        "Plan de sessie, en maak daarna een nieuw concept van dit plan.",
    )


def not_ranked(kind: str) -> tuple[str, str]:
    """A group that named options and chose no order."""
    return (
        f"Nog niet bekend: {GROUPS[kind]} heeft nog niet gekozen wat voorrang heeft.",
        "Laat de volgorde alsnog kiezen; dat kan in tien minuten aan het begin van een volgend gesprek.",
    )


def no_checklist(section: str) -> tuple[str, str]:
    """No checklist at all."""
    return (
        f"Nog niet bekend: wat de checklist zegt over {section_label(section)}, want die is nog niet ingevuld.",
        "Plan het interview van de GSA met de school.",
    )


def answer_unknown(text: str) -> tuple[str, str]:
    """An item that the school could not answer."""
    return (
        f"Nog niet bekend: “{text}”",
        "Zoek uit wie op school dit weet en vul het aan, samen met de GSA.",
    )


def not_answered(texts: Sequence[str]) -> tuple[str, str]:
    """Items without an answer."""
    shown = " ".join(f"“{text}”" for text in texts[:3])
    more = f" En nog {count(len(texts) - 3)}." if len(texts) > 3 else ""
    number = "één vraag van de checklist is" if len(texts) == 1 else f"{count(len(texts))} vragen van de checklist zijn"
    return (
        f"Nog niet bekend: {number} niet beantwoord. {shown}{more}",
        "Beantwoord dit in een kort vervolg op het interview met de GSA.",
    )


PROVISIONAL = (
    "De checklist is voorlopig: het interview is nog niet afgerond.",
    "Rond de checklist af en maak daarna een nieuw concept van dit plan.",
)
SELF_FILLED = (
    "De checklist is zelf ingevuld door de school, zonder interview met de GSA.",
    "Loop de antwoorden met de GSA door, te beginnen bij wat een focusgroep anders ziet.",
)


def nothing_known(section: str, aside: bool) -> tuple[str, str]:
    """A section about which nothing came up, or only what people left out."""
    if aside:
        return (
            f"Nog niet bekend: wat er goed gaat bij {section_label(section)}.",
            "Wat hier aandacht vroeg, is bewust niet opgenomen: kijk bij de evaluatie of dat nog klopt.",
        )
    return (
        f"Nog niet bekend: hoe de school ervoor staat bij {section_label(section)}; daarover is niets genoemd.",
        "Vraag ernaar in het gesprek over dit plan, met een voorbeeld uit de school erbij.",
    )


def no_own_themes() -> tuple[str, str]:
    """The section `other` without anything."""
    return (
        "Nog niet bekend: andere thema's dan die in de onderdelen hierboven zijn niet genoemd.",
        "Vraag in het gesprek over dit plan of er nog iets is wat nergens bij past.",
    )
