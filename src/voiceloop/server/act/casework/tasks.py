"""Jobs of what waits: cases that come back, customers who are asked again."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.act.casework import presence, snoozing, waiting


@app.periodic(cron="* * * * *", periodic_id="act.wake_cases")
@app.task(queue="default", name="act.wake_cases", lock="act.wake_cases", pass_context=False)
def wake_cases(timestamp: int) -> int:
    """Cases that were put off come back when their moment has come."""
    return snoozing.wake_all()


@app.periodic(cron="*/15 * * * *", periodic_id="act.ask_again")
@app.task(queue="default", name="act.ask_again", lock="act.ask_again", pass_context=False)
def ask_again(timestamp: int) -> list[int]:
    """Customers whom we wait for are asked once more, and their cases closed after that."""
    return list(waiting.look())


@app.periodic(cron="41 * * * *", periodic_id="act.forget_presence")
@app.task(queue="default", name="act.forget_presence", pass_context=False)
def forget_presence(timestamp: int) -> int:
    return presence.forget()
