"""Jobs of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.collect import invitations, messages, responses


@app.task(queue=messages.QUEUE, name=messages.TASK)
def send_messages(ids: list[int]) -> int:
    return messages.send(ids)


@app.periodic(cron="* * * * *", periodic_id="collect.complete_silent")
@app.task(queue="default", name="collect.complete_silent", pass_context=False)
def complete_silent(timestamp: int) -> int:
    waiting = responses.silent()
    for response in waiting:
        responses.complete_silent(response=response)
    return len(waiting)


@app.periodic(cron="7 * * * *", periodic_id="collect.touch_expired")
@app.task(queue="default", name="collect.touch_expired", pass_context=False)
def touch_expired(timestamp: int) -> int:
    return invitations.touch_expired()
