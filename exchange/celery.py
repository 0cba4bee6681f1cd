"""The Celery application: `celery -A exchange.celery worker` and `beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")

app = Celery("miras")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["exchange.core.jobs"])
app.autodiscover_tasks(related_name="periodic")
