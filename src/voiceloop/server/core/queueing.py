"""Jobs of which one that waits is enough."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def queue_once(
    task: str, *, once: str = "", queue: str = "", lock: str = "", priority: int = 0, **given: Any
) -> bool:
    """Queue a job in this transaction, unless the same one, by the name of `once`, is waiting already."""
    options: dict[str, Any] = {
        "queue": queue,
        "lock": lock,
        "priority": priority,
        "queueing_lock": once or task,
    }
    job = app.configure_task(task, **{name: value for name, value in options.items() if value})
    try:
        # A savepoint: the refusal of a second job must not take with it what was done before.
        with transaction.atomic():
            job.defer(**given)
    except AlreadyEnqueued:
        return False
    return True
