"""Jobs of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.measure import mailing, schedules, targets_watch, touchpoints_watch


@app.periodic(cron="40 7 * * *", periodic_id="measure.watch_targets")
@app.task(queue="default", name="measure.watch_targets", pass_context=False)
def watch_targets(timestamp: int) -> int:
    """Every morning, before work begins."""
    return targets_watch.watch() + touchpoints_watch.watch()


@app.periodic(cron="* * * * *", periodic_id="measure.call_due")
@app.task(queue="default", name="measure.call_due", pass_context=False)
def call_due(timestamp: int) -> int:
    return schedules.call_due() + schedules.call_again()


@app.task(queue=schedules.QUEUE, name=schedules.TASK)
def mail_view(run: int) -> str:
    return mailing.mail(run)


@app.periodic(cron="41 3 * * *", periodic_id="measure.forget_papers")
@app.task(queue="default", name="measure.forget_papers", pass_context=False)
def forget_papers(timestamp: int) -> int:
    return schedules.forget()
