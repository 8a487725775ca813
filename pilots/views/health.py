"""Is the application alive, and can it work?"""

import threading
import time
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pilots.decorators import public
from welbevinden import celery_app

# Seconds in which everything must have answered; who asks gives up after about two.
DEADLINE = 1.6


@public
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@require_safe
@never_cache
def readiness(request: HttpRequest) -> JsonResponse:
    """Database and broker are there (200) or not (503). A missing worker is told and not fatal: work waits for it."""
    found = _ask({"database": _database_answers, "broker": _broker_answers, "worker": _worker_answers})
    ready = found["database"] and found["broker"]
    return JsonResponse(
        {"ready": ready, **{name: "ok" if answers else "missing" for name, answers in found.items()}},
        status=200 if ready else 503,
        headers={} if ready else {"Retry-After": "5"},
    )


def _ask(questions: dict[str, Callable[[], bool]]) -> dict[str, bool]:
    """Puts all questions at once; what hangs or fails is False. A server that hangs must not hang us."""
    found = dict.fromkeys(questions, False)

    def ask(name: str) -> None:
        try:
            found[name] = questions[name]()
        except Exception:  # noqa: BLE001 whatever goes wrong, the answer is no
            found[name] = False

    threads = [threading.Thread(target=ask, args=(name,), daemon=True) for name in questions]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + DEADLINE
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return dict(found)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            return bool(cursor.fetchone())
    finally:
        connection.close()  # this thread's own


def _broker_answers() -> bool:
    with celery_app.connection_for_read(connect_timeout=1) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)
        return True


def _worker_answers() -> bool:
    return bool(celery_app.control.ping(timeout=1.0, limit=1))
