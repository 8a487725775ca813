"""Project glue. The Celery application is made here, so that every process puts its tasks in our own queue."""

from welbevinden.celery import app as celery_app

__all__ = ["celery_app"]
