"""Jobs that carry notices out of the product."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.act.notices import mailing, robots, saying


@app.periodic(cron="* * * * *", periodic_id="act.mail_notices")
@app.task(queue="default", name="act.mail_notices", lock="act.mail_notices", pass_context=False)
def mail_notices(timestamp: int) -> int:
    """Every minute the letters that are due; the daily ones find their hour by themselves."""
    return mailing.mail_due() + mailing.mail_days()


@app.periodic(cron="* * * * *", periodic_id="act.wake_robots")
@app.task(queue="default", name="act.wake_robots", pass_context=False)
def wake_robots(timestamp: int) -> int:
    return robots.queue_due()


@app.task(queue=robots.QUEUE, name=robots.TASK)
def say_by_robot(robot: int) -> int:
    return saying.say_waiting(robot)
