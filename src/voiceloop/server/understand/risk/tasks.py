"""The job that scores every customer, each night or when somebody asks."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.core.queueing import queue_once
from voiceloop.server.understand.risk import nightly


# One lock: two at once would write the same rows and fit the same model.
@app.task(queue="risk", name="understand.risk_refresh", lock="risk", queueing_lock="risk")
def refresh() -> int:
    return nightly.refresh().n


def queue() -> bool:
    """Not wait for the night; one that waits already is that one."""
    return queue_once(refresh.name, once="risk")


@app.periodic(cron="41 3 * * *", periodic_id="understand.risk_nightly")
@app.task(queue="risk", name="understand.risk_nightly", lock="risk", pass_context=False)
def refresh_nightly(timestamp: int) -> int:
    return nightly.refresh().n
