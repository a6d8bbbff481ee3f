"""Jobs of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.understand import labelling


@app.task(queue="text", name="understand.label_waiting")
def label_waiting() -> int:
    n = 0
    while done := labelling.label_waiting():
        n += done
    return n


@app.periodic(cron="* * * * *", periodic_id="understand.label_waiting")
@app.task(queue="text", name="understand.label_waiting_every_minute", pass_context=False)
def label_waiting_every_minute(timestamp: int) -> int:
    return label_waiting()
