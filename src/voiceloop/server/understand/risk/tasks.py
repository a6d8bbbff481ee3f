"""The job that scores every customer, each night or when somebody asks."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.understand.risk import nightly


# One lock: two at once would write the same rows and fit the same model.
@app.task(queue="risk", name="understand.risk_refresh", lock="risk", queueing_lock="risk")
def refresh() -> int:
    return nightly.refresh().n


@app.periodic(cron="41 3 * * *", periodic_id="understand.risk_nightly")
@app.task(queue="risk", name="understand.risk_nightly", lock="risk", pass_context=False)
def refresh_nightly(timestamp: int) -> int:
    return nightly.refresh().n
