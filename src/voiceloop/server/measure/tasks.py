"""Jobs of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.measure import targets_watch


@app.periodic(cron="40 7 * * *", periodic_id="measure.watch_targets")
@app.task(queue="default", name="measure.watch_targets", pass_context=False)
def watch_targets(timestamp: int) -> int:
    """Every morning, before work begins."""
    return targets_watch.watch()
