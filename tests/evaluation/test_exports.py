"""The workbook and the table: readable, with their code book, and never a formula."""

import csv
import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from checklist.models import SectionScore
from evaluation import exports
from evaluation.models import Evaluation, Line
from focusgroups.models import NamedTheme
from pilots.models import AuditEvent, User
from tests.builders import client_of, make_admin, make_school, make_trajectory

EVIL = ("=1+1", "+31", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1")


@pytest.fixture
def admin(db: None) -> User:
    for number, name in enumerate(EVIL):
        trajectory = make_trajectory(make_school(name=f'{name}HYPERLINK("x")', place=name), reference=f"{name}{number}")
        SectionScore.objects.create(trajectory=trajectory, section="care", total=5, count=2)
        NamedTheme.objects.create(trajectory=trajectory, kind="parents", theme=name, first=True)
    evaluation = Evaluation.objects.create(
        trajectory=make_trajectory(), side="school", held_on="2026-11-01", is_final=True
    )
    Line.objects.create(evaluation=evaluation, subject="question", about="sel", judgement="partly")
    return make_admin()


def table(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")  # or Excel breaks every accent
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_no_cell_of_the_table_is_a_formula(admin: User) -> None:
    rows = table(client_of(admin), "/dashboard/export.csv?sector=PO")
    assert any("'=1+1" in row for row in rows)
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip(" ").startswith(exports.FORMULA), cell


def test_the_table_explains_its_codes(admin: User) -> None:
    rows = table(client_of(admin), "/dashboard/export.csv")
    head, *rest = rows
    assert all(len(row) == len(head) for row in rest)
    assert ["Onderdelen van het plan", "care", "Signalering en zorg", "", "", "", "", "gemiddelde", "2,5"] in rest
    assert any(
        row[:6] == ["Uitkomsten", "sel", row[2], "school", "School", "partly"] and row[-1] == "1" for row in rest
    )
    codes = {tuple(row[:2]) for row in table(client_of(admin), "/dashboard/codeboek.csv")}
    assert {("oordeel", "partly"), ("thema", "home"), ("stap", "9")} <= codes


def _workbook(admin: User, query: str = "") -> zipfile.ZipFile:
    answer = client_of(admin).get(f"/dashboard/export.xlsx{query}")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_the_workbook_has_no_formula_and_says_what_it_is(admin: User) -> None:
    book = _workbook(admin, "?cohort=2026-2027")
    names = book.read("xl/workbook.xml").decode()
    assert names.index("Toelichting") < names.index("Codeboek") < names.index("Uitkomsten") < names.index("Scholen")
    sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) >= 10
    everything = "".join(book.read(name).decode() for name in sheets)
    assert "<f>" not in everything
    assert "HYPERLINK" in everything  # as text
    first = book.read("xl/worksheets/sheet1.xml").decode()
    for words in ("cohort 2026-2027", "minder dan 5 scholen", "Peildatum"):
        assert words in first


def test_every_export_is_on_record(admin: User) -> None:
    client = client_of(admin)
    for kind in ("json", "csv", "xlsx"):
        assert client.get(f"/dashboard/export.{kind}?sector=PO").status_code == 200
    found: list[dict[str, Any]] = [
        each.detail for each in AuditEvent.objects.filter(verb="dashboard-exported", actor=admin.email).order_by("pk")
    ]
    assert [each["kind"] for each in found] == ["json", "csv", "xlsx"]
    assert found[0]["filters"] == {"sector": "PO"}
