"""The plan on paper: what it prints, that everybody can read it, and that nothing gets in or out."""

import http.server
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import page as pdf_checker
import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pilots.models import Document, User
from pilots.tasks import render_document
from pilots.vocabulary import vocabulary
from plans import document, pdf
from plans.actions import generate_plan, release_plan
from plans.models import Plan
from tests.builders import client_of
from tests.plans.builders import overfull_trajectory, ready_plan, small_trajectory

pytestmark = pytest.mark.django_db

HOSTILE = '<img src="http://127.0.0.1:%d/x"><script>alert(1)</script><link rel=attachment href="file:///etc/passwd">'


def text_of(content: bytes, *pages: str) -> str:
    """The text of a PDF, all of it or of some pages (`-f 2 -l 3`), with white space folded."""
    found = subprocess.run(
        ["pdftotext", *pages, "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    return " ".join(found.split())


def made(kind: str) -> tuple[Plan, dict[str, User]]:
    if kind in {"PO", "VO"}:
        return ready_plan(kind)
    trajectory, team = overfull_trajectory() if kind == "overfull" else small_trajectory()
    return generate_plan(trajectory=trajectory, by=team["researcher"]), team


@pytest.mark.parametrize("kind", ["PO", "VO", "nearly empty", "overfull"])
def test_the_pdf_is_readable_for_everybody(kind: str, tmp_path: Path) -> None:
    plan, _team = made(kind)

    content = pdf.render_now(plan)

    (tmp_path / "plan.pdf").write_bytes(content)
    checked = pdf_checker.validate_pdf(str(tmp_path / "plan.pdf"), profile=pdf_checker.ValidationProfile.PDF_UA_1)
    assert [(fault.rule_id, fault.message) for fault in checked.failures] == []
    text = text_of(content)
    assert plan.trajectory.school.name in text
    for section in vocabulary().sections.values():
        assert section.label in text
    assert "Concept" in text


def test_p3_every_action_is_printed_with_its_reasons() -> None:
    plan, _team = ready_plan()

    text = text_of(pdf.render_now(plan))

    assert "Focusgroep" in text or "Leerlingen" in text
    assert "Rust in je hoofd" in text
    assert "plaats 1 van 3" in text
    for action in plan.actions.all():
        assert " ".join(action.title.split())[:40] in text


def test_p9_what_is_not_known_is_said() -> None:
    plan, _team = made("nearly empty")

    text = text_of(pdf.render_now(plan)).lower()

    for words in ("niet gehouden", "te weinig aanmeldingen", "zelf ingevuld", "voorlopig", "nog niet bekend"):
        assert words in text


@pytest.mark.parametrize("kind", ["PO", "overfull"])
def test_the_summary_is_one_page(kind: str) -> None:
    plan, _team = made(kind)

    content = pdf.render_now(plan)

    def page_text(number: int) -> str:
        return text_of(content, "-f", str(number), "-l", str(number))

    # The cover, the summary and the contents are the first three pages.
    assert "Dit vraagt de meeste aandacht" in page_text(2)
    assert "Zo lees je dit plan" in page_text(3)


def test_a_released_version_gives_the_same_bytes_whatever_happens_after() -> None:
    plan, team = ready_plan()
    release_plan(plan=plan, by=team["researcher"], names_declared=[])
    plan.refresh_from_db()
    first = pdf.render(plan.document or {})

    school = plan.trajectory.school
    school.name = "Een heel andere naam"
    school.save()
    plan.trajectory.interviews.all().delete()
    plan.trajectory.focus_groups.all().delete()
    plan.actions.update(status="done")

    assert pdf.render(Plan.objects.get(pk=plan.pk).document or {}) == first
    assert "Concept" not in text_of(first)
    assert "Een heel andere naam" not in text_of(first)


def test_another_process_gives_the_same_bytes() -> None:
    plan, _team = ready_plan("VO")
    made_here = document.build(plan)
    code = (
        "import django, json, sys; django.setup(); from plans import pdf; "
        "sys.stdout.buffer.write(pdf.render(json.load(sys.stdin)))"
    )

    elsewhere = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        input=json.dumps(made_here).encode(),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "welbevinden.settings"},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout

    assert elsewhere == pdf.render(made_here)


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A web server on loopback that writes down what is asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()


def test_nothing_is_fetched_from_a_text(listener: tuple[int, list[str]]) -> None:
    port, asked = listener
    plan, _team = ready_plan()
    hostile = HOSTILE % port
    plan.actions.update(text=hostile, first_step=hostile)
    plan.trajectory.question = hostile
    plan.trajectory.save()
    plan = Plan.objects.select_related("trajectory__school").get(pk=plan.pk)

    content = pdf.render_now(plan)

    assert asked == []
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert list(opened.attachments) == []
    assert "<script>alert(1)</script>" in text_of(content)


def test_building_takes_the_same_queries_for_a_small_and_a_full_plan() -> None:
    counted = []
    for kind in ("PO", "overfull"):
        plan = Plan.objects.select_related("trajectory__school").get(pk=made(kind)[0].pk)
        with CaptureQueriesContext(connection) as queries:
            document.build(plan)
        counted.append(len(queries))

    assert counted[1] <= counted[0]
    assert counted[1] <= 30


def test_the_director_gets_404_503_and_then_the_file() -> None:
    plan, team = ready_plan()
    browser = client_of(team["director"])
    address = reverse("plan_pdf", kwargs={"trajectory_id": plan.trajectory_id})
    assert browser.get(address).status_code == 404

    release_plan(plan=plan, by=team["researcher"], names_declared=[])
    waiting = browser.get(address)
    assert (waiting.status_code, waiting["Retry-After"]) == (503, "5")

    order = Document.objects.get(kind="plan", object_id=plan.pk)
    render_document(order.pk)
    done = browser.get(address)
    assert done["Content-Type"] == "application/pdf"
    assert 'filename="plan-van-aanpak-de-kleurdoos-v1.pdf"' in done["Content-Disposition"]
    content = b"".join(done.streaming_content)  # type: ignore[attr-defined]  # a FileResponse
    assert content.startswith(b"%PDF")
    assert "De Kleurdoos" in text_of(content)


def test_the_state_of_the_pdf_stops_asking_when_it_is_there() -> None:
    plan, team = ready_plan()
    release_plan(plan=plan, by=team["researcher"], names_declared=[])
    browser = client_of(team["director"])
    address = reverse("plan_pdf_state", kwargs={"trajectory_id": plan.trajectory_id})

    waiting = browser.get(address, headers={"HX-Request": "true"})
    assert "every 1s" in waiting.content.decode()

    render_document(Document.objects.get(object_id=plan.pk).pk)
    done = browser.get(address, headers={"HX-Request": "true"})
    assert done.status_code == 286
    assert reverse("plan_pdf", kwargs={"trajectory_id": plan.trajectory_id}) in done.content.decode()
    assert "every 1s" not in done.content.decode()
