"""Jobs of telling customers where things stand."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.act.status import sending


@app.periodic(cron="* * * * *", periodic_id="act.tell_status")
@app.task(queue="messages", name="act.tell_status", lock="act.tell_status", pass_context=False)
def tell_status(timestamp: int) -> int:
    return sending.tell_due()
