"""The Celery application; everything about it stands in the settings under `CELERY_`."""

import os
import signal
import warnings
from typing import Any

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import worker_process_init

from welbevinden import services

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "welbevinden.settings")

if os.environ.get(services.SHARED):
    # A demo in a container runs as root, on purpose; elsewhere the warning is right.
    warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("welbevinden")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="schedules")


@worker_process_init.connect
def end_with_worker(**_: Any) -> None:
    """A child that outlives a killed worker would do its task beside the one who takes it over."""
    services.die_with_parent(signal.SIGKILL)
