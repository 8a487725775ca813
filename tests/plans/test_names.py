"""The name scanner: what it finds, and above all what it leaves alone."""

import pytest

from pilots.names import find_names
from pilots.vocabulary import vocabulary
from plans.library import library


def found(text: str, known: tuple[str, ...] = (), allowed: tuple[str, ...] = ()) -> list[str]:
    return [each.text for each in find_names(text, known, allowed=allowed)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Vraag het aan juf Karin.", ["Karin"]),
        ("Meester Youssef leest voor", ["Youssef"]),
        ("met meneer van der Berg", ["van der Berg"]),
        ("door mw. Jansen-de Boer", ["Jansen-de"]),
        ("een gesprek met mevrouw El Idrissi", ["El Idrissi"]),
        ("Gisteren was Fatima Yilmaz ziek.", ["Fatima Yilmaz"]),
        ("Ahmed slaapt slecht", ["Ahmed"]),
        ("Eén kind, Layla, eet niet", ["Layla"]),
        ("samen met J. de Vries", ["J. de Vries"]),
        ("Mail jan@school.nl", ["jan@school.nl"]),
        ("Bel 06-12345678.", ["06-12345678"]),
        ("Bel +31 6 1234 5678.", ["+31 6 1234 5678"]),
        ("nummer 111222333", ["111222333"]),
        ("Daar woont Karel van den Bos nu", ["Karel van den Bos"]),
    ],
)
def test_finds(text: str, names: list[str]) -> None:
    assert [each for each in found(text) if any(name in each for name in names)], found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Een leerling uit Syrië slaapt slecht.",
        "We werken samen met VluchtelingenWerk Nederland, Pharos en de Gezonde School.",
        "Wijzer in de Liefde past hier. Veilig Thuis denkt mee, net als het Rode Kruis.",
        "Op 01-09-2026 10:30 komt de GGD Hollands Midden",
        "nummer 123456789",
        "De intern begeleider, de mentor en de meester van de groep",
        "GSA en NT2-docent overleggen. Daarna belt Nidos.",
        "In Den Haag en Rotterdam Zuid",
        "1. Samen Eten\n2. Meer Rust",
        "",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(text, allowed=("Hollands Midden",)) == []


def test_knows_the_team() -> None:
    assert found("Dat doet Jansen, zegt Anna Jansen.", ("Anna Jansen",)) == ["Jansen", "Anna Jansen"]


def test_allows_the_school() -> None:
    assert found("Op de Anna Frankschool en in Bergen Enkwijk", allowed=("Anna Frankschool", "Bergen Enkwijk")) == []


def test_no_hit_in_our_own_texts() -> None:
    programmes = tuple(each.name for each in library().interventions.values())
    texts = [
        text
        for advice in library().advice.values()
        for field in (
            advice.title,
            advice.text,
            advice.first_step,
            advice.sign,
            advice.period,
            advice.pitfall,
            advice.keep,
        )
        for text in field.values()
    ]
    for programme in library().interventions.values():
        texts += [programme.name, programme.delivered_by, programme.newcomers_note, programme.experience]
        texts += [programme.recognition.note, programme.recognition.recognised_for]
    words = vocabulary()
    texts += [f"Dit gaat over {topic.label}" for topic in words.topics.values()]
    texts += [f"met {label}" for label in (*words.owners.values(), *words.helpers.values())]
    assert {text: hits for text in texts if (hits := found(text, allowed=programmes))} == {}
