"""Documents: made once, whatever happens on the way."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from kombu.exceptions import OperationalError

from pilots import tasks
from pilots.actions import order_document, retry_document
from pilots.documents import document_response
from pilots.enums import DocumentState
from pilots.models import Document, Trajectory
from pilots.registry import DocumentKind, registry
from tests.builders import make_trajectory

pytestmark = pytest.mark.django_db


class Printer:
    """A kind of document whose rendering the test holds in its hands."""

    def __init__(self) -> None:
        self.rendered = 0
        self.fault: BaseException | None = None

    def render(self, document: Document) -> bytes:
        self.rendered += 1
        if self.fault is not None:
            raise self.fault
        return f"document {document.object_id}".encode()


@pytest.fixture(autouse=True)
def printer(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Printer:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
    made = Printer()
    monkeypatch.setitem(
        registry.documents, "proof", DocumentKind(made.render, lambda document: f"proef-{document.object_id}.pdf")
    )
    return made


@pytest.fixture
def trajectory() -> Trajectory:
    return make_trajectory()


def ordered(trajectory: Trajectory, **fields: object) -> Document:
    return Document.objects.create(trajectory=trajectory, kind="proof", object_id=7, **fields)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_order_is_queued_once_and_after_the_commit(
    trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(tasks.render_document, "apply_async", lambda args, **kwargs: sent.append(args[0]))
    with django_capture_on_commit_callbacks(execute=True):
        first = order_document(trajectory=trajectory, kind="proof", object_id=7, by=None)
        again = order_document(trajectory=trajectory, kind="proof", object_id=7, by=None)
        assert sent == []
    assert first == again
    assert sent == [first.pk]


def test_an_order_does_not_fail_when_the_queue_is_away(
    trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.render_document, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        document = order_document(trajectory=trajectory, kind="proof", object_id=7, by=None)
    document.refresh_from_db()
    assert document.state == DocumentState.QUEUED


def test_a_document_is_made_once(trajectory: Trajectory, printer: Printer, tmp_path: Path) -> None:
    document = ordered(trajectory)
    for _time in range(3):
        tasks.render_document(document.pk)
    document.refresh_from_db()
    assert document.state == DocumentState.DONE
    assert document.sha256 == hashlib.sha256(b"document 7").hexdigest()
    assert printer.rendered == 1
    assert files(tmp_path) == [document.file.name]


def test_what_a_killed_worker_left_is_overwritten(trajectory: Trajectory, tmp_path: Path) -> None:
    document = ordered(trajectory, state=DocumentState.RUNNING, attempts=1)
    default_storage.save(f"documents/{document.created_at:%Y}/proof-7.pdf", ContentFile(b"half"))
    tasks.render_document(document.pk)
    document.refresh_from_db()
    assert files(tmp_path) == [document.file.name]
    with default_storage.open(document.file.name) as file:
        assert file.read() == b"document 7"


@pytest.mark.parametrize("fault", [ValueError("secret detail"), SoftTimeLimitExceeded()])
def test_a_failure_says_so_in_words_for_people(trajectory: Trajectory, printer: Printer, fault: Exception) -> None:
    document = ordered(trajectory)
    printer.fault = fault
    tasks.render_document(document.pk)
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED
    assert document.error
    assert "secret" not in document.error
    printer.fault = None
    retry_document(document=document, by=None)
    tasks.render_document(document.pk)
    document.refresh_from_db()
    assert (document.state, document.error) == (DocumentState.DONE, "")


def test_a_kind_that_nobody_knows_fails_with_a_reason(trajectory: Trajectory) -> None:
    document = Document.objects.create(trajectory=trajectory, kind="unknown", object_id=1)
    tasks.render_document(document.pk)
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED


def test_a_document_that_is_gone_is_nobodys_problem() -> None:
    tasks.render_document(999_999)


def test_lost_ones_are_found_once(trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(tasks.render_document, "apply_async", lambda args, **kwargs: sent.append(args[0]))
    long_ago = timezone.now() - timedelta(hours=1)
    lost = [
        Document.objects.create(trajectory=trajectory, kind="proof", object_id=number, state=state, touched_at=long_ago)
        for number, state in enumerate([DocumentState.QUEUED, DocumentState.RUNNING])
    ]
    ordered(trajectory)
    for _beat in range(2):
        tasks.find_lost_documents()
    assert sorted(sent) == sorted(each.pk for each in lost)


def test_what_kills_its_worker_again_and_again_is_given_up(trajectory: Trajectory) -> None:
    document = ordered(
        trajectory,
        state=DocumentState.RUNNING,
        attempts=tasks.MAX_ATTEMPTS,
        touched_at=timezone.now() - timedelta(hours=1),
    )
    tasks.find_lost_documents()
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED


def test_a_download_has_its_name_and_until_then_says_when(trajectory: Trajectory) -> None:
    document = ordered(trajectory)
    early = document_response(document)
    assert early.status_code == 503
    assert early.headers["Retry-After"]
    tasks.render_document(document.pk)
    document.refresh_from_db()
    answer = document_response(document)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="proef-7.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    answer.close()
