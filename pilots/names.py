"""Finds what looks like somebody's name or address in a text (rule P10). Pure: no Django, no database.

A scanner that cries wolf is switched off in people's heads, so it looks for shapes that are hardly ever anything else:
a form of address with a name, a first name with a surname within a sentence, given names that are no other word, names
of people it is told about, e-mail addresses, telephone numbers and citizen service numbers. What it finds is for a
person to judge.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Found:
    """One find: the words as they stand, their place in the text, and why they stand out (Dutch, for people)."""

    text: str
    start: int
    end: int
    reason: str


_NAME = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿāăąćčďđēęěğīıłńňőřśşšťūůűźżž]+(?:[-'’][A-ZÀ-ÖØ-Þa-zß-öø-ÿ][a-zß-öø-ÿ]*)*"
_BETWEEN = r"(?:van der|van den|van de|van het|van|de la|de|den|der|ten|ter|te|el|al|ibn|bin|bint|abu|ben)"
_INITIALS = r"(?:[A-Z]\.[ ]?)+"
_ADDRESSED = re.compile(
    r"(?<!\w)(?:meneer|mevrouw|mevr\.?|mw\.?|dhr\.?|mr\.?|mrs\.?|juf|juffrouw|meester|oom|tante)"
    rf"[ ]+((?:{_INITIALS}[ ]?)?(?:{_BETWEEN}[ ]+)?{_NAME}(?:[ ]+(?:{_BETWEEN}[ ]+)?{_NAME})?)",
    # Only the form of address may have any case; a name begins with a capital.
)
_ADDRESS_WORDS = re.compile(
    r"(?<!\w)(?:Meneer|Mevrouw|Mevr\.?|Mw\.?|Dhr\.?|Mr\.?|Mrs\.?|Juf|Juffrouw|Meester|Oom|Tante)"
    rf"[ ]+((?:{_INITIALS}[ ]?)?(?:{_BETWEEN}[ ]+)?{_NAME}(?:[ ]+(?:{_BETWEEN}[ ]+)?{_NAME})?)"
)
_RUN = re.compile(rf"(?<![\w@.'’-]){_NAME}(?:[ ]+(?:{_BETWEEN}[ ]+)?{_NAME})*(?![\w@])")
_WORD = re.compile(_NAME)
_INITIALED = re.compile(rf"(?<![\w.])((?:[A-Z]\.[ ]?){{1,4}}(?:{_BETWEEN}[ ]+)?{_NAME})(?!\w)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d.,-])(?:\+31|0031|0)(?:[ ()/.-]{0,2}\d){9}(?![\d])")
_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_NUMBER = re.compile(r"(?<![\d.,-])(?:\d{9}|\d{3}[. ]\d{3}[. ]\d{3}|\d{4}[. ]\d{2}[. ]\d{3})(?![\d]|[.,]\d)")
# What ends before a word that starts a sentence, a list item or a quoted sentence.
_OPENS = re.compile(r"(?:^|[.!?:;…]|\n|[-–•*]|\d\.)[\s\"'“”‘’«(\[]*$")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Given names that are no word, place or brand in Dutch. A few dozen of those that classes are full of: a pupil's first
# name alone is what most easily slips into a text.
GIVEN_NAMES = _words(
    """
    Aaliyah Abdel Abdi Abdul Abdullah Abdulrahman Adnan Ahmad Ahmed Aicha Aisha Aleksandra Alexei Aliyah Amina Amir
    Amira Anastasia Anwar Aram Ayaan Ayan Aya Ayman Ayoub Aziz Bashir Bilal Bogdan Daan Dawit Dmitri Ebrahim Elias Emine
    Emre Eyob Fadi Faisal Farah Farhad Farid Fatima Fatma Fatou Filmon Freweini Ghassan Habib Haben Habtom Hadi Halima
    Hamid Hamza Hanna Hasan Hassan Hodan Hussein Ibrahim Idris Ilyas Imran Iryna Ismael Ismail Jamal Jamila Jasmina
    Kateryna Khadija Khaled Khalid Kidane Laila Lamin Layla Leila Lotte Luwam Maher Mahmoud Malik Mariam Maryam Mehdi
    Mehmet Meryem Mikael Milena Mohamad Mohamed Mohammad Mohammed Mohamud Mustafa Mykola Nadia Najib Nasir Natalia
    Natnael Nawal Noor Noura Nour Oksana Oleksandr Omar Osman Petro Rahel Rahim Rami Ramin Rania Rashid Reza Saba Said
    Salma Samira Samuel Selam Selma Senait Sergei Shirin Soraya Svetlana Tarek Tariq Tekle Temesgen Tesfay Vladimir
    Volodymyr Yara Yasmin Yasmine Yonas Yousef Youssef Yusuf Zahra Zainab Zeynep Zohra
    """
)

# Words with a capital that make a run of capitalised words something else than a person.
NO_NAMES = _words(
    """
    Afghaans Afghanistan Amsterdam Anders Arabisch Arnhem Basisschool Breda Bureau Cambridge Centrum Checklist College
    Curaçao Dari De Den Deventer Duits Duitsland Eindhoven Engels Erasmus Eritrea Eritrees Ethiopië Europa Farsi Fonds
    Frans Gemeente Gezondheidszorg Gezonde Groningen Haag Haarlem Handle Het Instituut Internationale Iran Irak Jeugd
    Jeugdgezondheidszorg Jeugdzorg Kanjertraining Kind Kinderen Koerdisch Koran Latijn Leerplicht Leiden Liefde
    Limburg Lyceum Marokko Nederland Nederlands Nederlandse Nidos Nieuw Noord Oekraïens Oekraïne Onderwijs Oost Ouder
    Ouders Pabo Passend Pasen Pharos Pools Polen Primair Provincie Pilot Rijk Rode Rotterdam Russisch Ramadan Regionaal
    Schooljudo School Schoolarts Schoolplein Sint Sinterklaas Slikker Somalië Somalisch Spaans Sport Stichting Syrië
    Syrisch Suikerfeest Teams Taal Team Thuis Tigrinya Tilburg Trimbos Turkije Turks Twente Utrecht Veilig Vereniging
    Vreedzame Vluchtelingen Voortgezet Vrijheid Welkom Welbevinden Wereldreizigers West Wijkteam Wijzer Zeeland
    Zorg Zuid Zwolle Kerst Kruis Jip Janneke Nt2 Leger Verenigde Naties Unicef Rutgers Google Classroom Microsoft
    Januari Februari Maart April Mei Juni Juli Augustus September Oktober November December
    Maandag Dinsdag Woensdag Donderdag Vrijdag Zaterdag Zondag Ik Wij Jij Zij Hij We Ze Je U
    """
)


def find_names(text: str, known: Collection[str] = (), *, allowed: Collection[str] = ()) -> list[Found]:
    """Everything in `text` that looks like a person, from left to right and without overlap.

    known: full names of people (the team); a full name counts, and a surname or first name of four letters or more.
    allowed: names that are no person's, such as the school's own name, its place and programmes; whatever touches one
    of them is left alone.
    """
    if not text:
        return []
    taken: list[tuple[int, int]] = (
        [match.span() for match in _allowed(tuple(sorted(allowed))).finditer(text)] if allowed else []
    )
    found: list[Found] = []
    for candidate in _candidates(text, known):
        if all(candidate.end <= start or candidate.start >= end for start, end in taken):
            taken.append((candidate.start, candidate.end))
            found.append(candidate)
    return sorted(found, key=lambda each: each.start)


def _candidates(text: str, known: Collection[str]) -> Iterator[Found]:
    """The surest first: what is taken is not looked at again."""
    for match in _EMAIL.finditer(text):
        yield _as_found(match, 0, "een e-mailadres")
    for match in _PHONE.finditer(text):
        if not _DATE.match(match.group()):
            yield _as_found(match, 0, "een telefoonnummer")
    for match in _NUMBER.finditer(text):
        if _is_bsn(re.sub(r"\D", "", match.group())):
            yield _as_found(match, 0, "lijkt op een burgerservicenummer")
    if known:
        for match in _known(tuple(sorted(known))).finditer(text):
            yield _as_found(match, 0, "de naam van iemand uit het team")
    for pattern in (_ADDRESSED, _ADDRESS_WORDS):
        for match in pattern.finditer(text):
            yield _as_found(match, 1, "een aanspreekvorm met een naam")
    for match in _INITIALED.finditer(text):
        if match.group(1).split()[-1] not in NO_NAMES:
            yield _as_found(match, 1, "voorletters met een naam")
    yield from _runs(text)


def _runs(text: str) -> Iterator[Found]:
    """First name and surname within a sentence, and given names anywhere."""
    for run in _RUN.finditer(text):
        words = [
            (match.group(), run.start() + match.start(), run.start() + match.end())
            for match in _WORD.finditer(run.group())
        ]
        if words and words[0][0] not in GIVEN_NAMES and _OPENS.search(text[: run.start()]):
            words = words[1:]  # a capital says nothing at the start of a sentence
        part: list[tuple[str, int, int]] = []
        for word in [*words, ("", 0, 0)]:
            if word[0] and word[0] not in NO_NAMES:
                part.append(word)
                continue
            if len(part) > 1:
                start, end = part[0][1], part[-1][2]
                yield Found(text[start:end], start, end, "lijkt op een voornaam en een achternaam")
            elif part and part[0][0] in GIVEN_NAMES:
                yield Found(*part[0], "lijkt op een voornaam")
            part = []


def _as_found(match: re.Match[str], group: int, reason: str) -> Found:
    return Found(match.group(group), match.start(group), match.end(group), reason)


def _is_bsn(digits: str) -> bool:
    """The 11-test of a citizen service number: 9a+8b+…+2h-i is a multiple of 11."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total % 11 == 0 and len(set(digits)) > 1


@lru_cache(maxsize=64)
def _known(names: tuple[str, ...]) -> re.Pattern[str]:
    parts: set[str] = set()
    for name in names:
        words = name.split()
        if len(words) > 1:
            parts.add(name)
        # A short or lower-case part ("van", "Ali") is too often something else.
        parts.update(word for word in words if len(word) >= 4 and _WORD.fullmatch(word) and word not in NO_NAMES)
    return _any_of(parts)


@lru_cache(maxsize=64)
def _allowed(names: tuple[str, ...]) -> re.Pattern[str]:
    return _any_of({name.strip() for name in names if name.strip()})


def _any_of(texts: Collection[str]) -> re.Pattern[str]:
    if not texts:
        return re.compile(r"(?!)")
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(text) for text in longest_first) + r")(?!\w)")
