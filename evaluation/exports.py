"""The figures of the dashboard as files: a workbook and a table with semicolons, both with their code book.

No text in them becomes a formula: what a school wrote may begin with `=`, `+`, `-`, `@` or a tab, and a spreadsheet
would run it.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import xlsxwriter
from django.utils.translation import gettext as _

from checklist.models import SectionScore
from evaluation.enums import FactorKind, Side
from evaluation.figures.heat import columns
from evaluation.figures.programme import Figures
from evaluation.suppression import MINIMUM
from focusgroups.enums import Kind
from pilots.enums import StepState
from pilots.models.trajectories import TrajectoryQuerySet
from pilots.vocabulary import vocabulary
from plans.enums import ActionStatus
from plans.library import library

Cell: TypeAlias = str | int | float
#: What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
CHUNK = 500  # trajectories read at a time


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name (at most 31 characters), what it tells, the names of its columns and its rows."""

    name: str
    about: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def tables(found: Figures) -> Iterator[Table]:
    """The figures, a table per subject. Codes stand in the first columns, the last one or two are figures."""
    data = found.as_json()
    number = _("trajecten")
    yield Table(
        _("Stappen"), _("Hoeveel trajecten bij elke stap in welke stand staan."), (_("stap"), _("stand"), number),
        _flat(data["steps"], 2),
    )  # fmt: skip
    for key, name, about in (
        ("outcomes", _("Uitkomsten"), _("Oordeel per evaluatievraag, van school en GSA.")),
        ("improvements", _("Verbeteringen"), _("Oordeel per verbetering, van school en GSA.")),
        ("observed", _("Wat er te zien is"), _("Oordeel over wat school en GSA zien veranderen.")),
    ):
        rows = _flat(data[key], 3)
        yield Table(name, about, (_("vraag"), _("wie"), _("oordeel"), number), rows)
    yield Table(
        _("Factoren"), _("Hoeveel trajecten een factor noemen, door school of GSA."),
        (_("soort"), _("factor"), number), _flat(data["factors"], 2),
    )  # fmt: skip
    yield Table(
        _("Thema's"), _("Bij hoeveel scholen een groep een thema noemde, en op de eerste plaats zette."),
        (_("groep"), _("thema"), _("genoemd"), _("eerste")),
        [(kind, theme, each.get("schools", 0), each.get("first", 0))
         for kind, themes in data["themes"].items() for theme, each in themes.items()],
    )  # fmt: skip
    yield Table(
        _("Onderdelen van het plan"), _("Gemiddelde over scholen van het gemiddelde van hun scores (0 tot en met 3)."),
        (_("onderdeel"), _("gemiddelde"), _("scholen")),
        [(section, each["mean"], each["schools"]) for section, each in data["sections"].items()],
    )  # fmt: skip
    yield Table(
        _("Programma's"), _("Hoeveel trajecten een programma kozen, en het gemiddelde cijfer (1 tot en met 5)."),
        (_("programma"), _("gekozen"), _("ervaring")),
        [(each, values.get("chosen", 0), values.get("experience", ""))
         for each, values in data["interventions"].items()],
    )  # fmt: skip
    yield Table(
        _("Pilotonderdelen"), _("Gemiddeld cijfer (1 tot en met 5) en hoeveel cijfers er zijn."),
        (_("pilotonderdeel"), _("wie"), _("gemiddelde"), _("cijfers")),
        [(each, side, values["mean"], values["ratings"])
         for each, sides in data["components"].items() for side, values in sides.items()],
    )  # fmt: skip
    yield Table(
        _("Acties"), _("Hoeveel acties gekozen zijn of verder, per onderdeel van het plan."),
        (_("onderdeel"), _("stand"), _("acties")), _flat(data["actions"], 2),
    )  # fmt: skip


def code_book() -> Iterator[tuple[str, str, str]]:
    """Every code that a table holds: the column, the code and what it means."""
    words = vocabulary()
    for column, codes in (
        (_("stap"), {str(number): step.label for number, step in words.steps.items()}),
        (_("stand"), {each.value: str(each.label) for each in (*StepState, *ActionStatus)}),
        (_("vraag"), {**words.evaluation_questions, **words.improvement_areas, **words.observed_outcomes}),
        (_("wie"), {each.value: str(each.label) for each in Side}),
        (_("oordeel"), words.evaluation_judgements),
        (_("soort"), {each.value: str(each.label) for each in FactorKind}),
        (_("factor"), {**words.promoting_factors, **words.hindering_factors, "other": _("Een eigen factor")}),
        (_("groep"), {each.value: str(each.label) for each in Kind}),
        (_("thema"), words.themes),
        (_("onderdeel"), {each: section.label for each, section in words.sections.items()}),
        (_("programma"), {each.id: each.name for each in library().interventions.values()}),
        (_("pilotonderdeel"), words.pilot_components),
        (_("soort school"), {each: setting.label for each, setting in words.settings.items()}),
    ):
        for code, meaning in codes.items():
            yield column, code, meaning


def explanation(found: Figures, today: date) -> Iterator[tuple[str, str]]:
    """What these figures are, for who finds the file years later."""
    yield _("Wat is dit"), _("Cijfers over trajecten van Welbevinden, uit het overzicht.")
    yield _("Peildatum"), today.isoformat()
    yield _("Trajecten"), str(found.trajectories)
    names = {
        "cohort": _("cohort"),
        "sector": _("sector"),
        "setting": _("soort school"),
        "region": _("GGD-regio"),
        "works_with": _("aanpak vooraf"),
    }
    given = ", ".join(f"{names[each]} {value}" for each, value in found.filters.given.items())
    yield _("Filters"), given or _("geen: alle trajecten die je mag zien")
    yield _("Nullen"), _("Wat nul is, staat er niet in.")
    yield (
        _("Evaluaties"),
        _("Van elk traject telt het nieuwste gesprek met de school en het nieuwste met de GSA, als het is afgerond."),
    )
    yield _("Plannen"), _("Acties tellen uit het plan dat nu geldt, als ze gekozen zijn of verder.")
    yield (
        _("Checklist"),
        _(
            "De nieuwste definitieve checklist telt, of anders de nieuwste. "
            "“Weet niet” en “niet van toepassing” tellen niet mee."
        ),
    )
    yield (
        _("Kleine aantallen"),
        _(
            "Een cijfer waarin minder dan %(minimum)s scholen zitten die je zelf niet mag openen, tonen we niet. "
            "In dit bestand zitten alleen trajecten die je mag openen; daarom is hier niets weggelaten. "
            "Kleine aantallen kunnen een school herkenbaar maken: denk daaraan als je dit doorgeeft."
        )
        % {"minimum": MINIMUM},
    )


def _flat(data: dict[str, Any], depth: int) -> list[tuple[Cell, ...]]:
    """Objects in each other as rows: the keys, then the value."""
    if depth == 0:
        return [(data,)]  # type: ignore[list-item]  # a number by now
    return [(key, *row) for key, inner in data.items() for row in _flat(inner, depth - 1)]


def schools(trajectories: TrajectoryQuerySet) -> Table:
    """Every trajectory with its mean per section: the heat map as a table."""
    sections = columns()
    names = ("kenmerk", "school", "plaats", "cohort", "sector", "soort school", "GGD-regio")
    return Table(
        _("Scholen"), _("Per traject het gemiddelde van de scores in elk onderdeel (0 tot en met 3)."),
        (*names, *sections), _school_rows(trajectories, sections),
    )  # fmt: skip


def _school_rows(trajectories: TrajectoryQuerySet, sections: list[str]) -> Iterator[tuple[Cell, ...]]:
    chunk: list[Any] = []
    for each in trajectories.select_related("school").order_by("pk").iterator(CHUNK):
        chunk.append(each)
        if len(chunk) == CHUNK:
            yield from _with_scores(chunk, sections)
            chunk = []
    yield from _with_scores(chunk, sections)


def _with_scores(chunk: list[Any], sections: list[str]) -> Iterator[tuple[Cell, ...]]:
    means: dict[tuple[int, str], float] = {
        (score.trajectory_id, score.section): round(score.total / score.count, 4)
        for score in SectionScore.objects.filter(trajectory__in=[each.pk for each in chunk])
    }
    for each in chunk:
        school = each.school
        about = (each.reference, school.name, school.place, each.cohort, school.sector, each.setting)
        yield (*about, school.region or "", *(means.get((each.pk, section), "") for section in sections))


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def workbook(found: Figures, trajectories: TrajectoryQuerySet, today: date) -> bytes:
    """Everything as XLSX: explanation, code book, a sheet per table, and the schools."""
    file = io.BytesIO()
    # constant_memory keeps one row at a time: the memory stays flat with thousands of schools.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {**options, "strings_to_numbers": False}) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})

        def sheet(name: str, titles: Iterable[str], rows: Iterable[Iterable[Cell]], widths: tuple[int, ...]) -> None:
            page = book.add_worksheet(name[:31].replace("'", "’"))
            for place, width in enumerate(widths):
                page.set_column(place, place, width, wrapped)
            for place, title in enumerate(titles):
                page.write_string(0, place, title, bold)
            page.freeze_panes(1, 0)
            for line, row in enumerate(rows, start=1):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(line, place, cell)
                    else:
                        page.write_number(line, place, cell)

        sheet(_("Toelichting"), (_("onderwerp"), _("uitleg")), explanation(found, today), (24, 100))
        sheet(_("Codeboek"), (_("kolom"), _("code"), _("betekenis")), code_book(), (24, 28, 80))
        listed = [*tables(found), schools(trajectories)]
        for table in listed:
            sheet(table.name, table.columns, table.rows, (28,) * len(table.columns))
    return file.getvalue()


def csv_file(found: Figures, today: date) -> bytes:
    """All tables below each other with the meaning of each code, one figure a row, as a Dutch spreadsheet reads it.

    Semicolons and decimal commas: with points, 1.8 becomes the first of August.
    """
    meaning = {(column, code): text for column, code, text in code_book()}
    rows: list[tuple[Cell, ...]] = []
    for table in tables(found):
        for row in table.rows:
            codes = [(column, str(cell)) for column, cell in zip(table.columns, row, strict=True) if column in _CODED]
            for column, value in zip(table.columns, row, strict=True):
                if column not in _CODED and value != "":
                    named = [part for code in codes for part in (code[1], meaning.get(code, code[1]))]
                    rows.append((table.name, *named, *[""] * (6 - len(named)), column, value))
    head = ["tabel"] + [f"{name} {place}" for place in (1, 2, 3) for name in ("code", "betekenis")] + ["maat", "waarde"]
    about = [(_("Toelichting"), key, "", text, "", "", "", "", "") for key, text in explanation(found, today)]
    return _csv([head, *rows, *about])


def code_book_csv() -> bytes:
    """The code book alone."""
    return _csv([[_("kolom"), _("code"), _("betekenis")], *code_book()])


#: Columns that hold codes; all others hold figures.
_CODED = frozenset(
    {"stap", "stand", "vraag", "wie", "oordeel", "soort", "factor", "groep", "thema", "onderdeel", "programma",
     "pilotonderdeel"}
)  # fmt: skip


def _csv(rows: Iterable[Iterable[Cell]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in row] for row in rows)
    # With the mark, or Excel takes it for another encoding and breaks every accent.
    return file.getvalue().encode("utf-8-sig")


def safe(cell: Cell) -> str:
    """A cell as a spreadsheet may read it: text that looks like a formula gets an apostrophe in front."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
    return str(cell).replace(".", ",")
