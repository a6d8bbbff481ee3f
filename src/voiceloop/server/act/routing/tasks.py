"""Jobs of routing."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.act.routing import queue


@app.periodic(cron="* * * * *", periodic_id="act.watch_queue")
@app.task(queue="default", name="act.watch_queue", lock="act.watch_queue", pass_context=False)
def watch_queue(timestamp: int) -> int:
    """Who went home keeps nothing that is due; what waits is tried again as its time gets short."""
    return queue.watch()
