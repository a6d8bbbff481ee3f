"""Jobs of telling customers what was done."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.act.telling import tellings


@app.task(queue=tellings.QUEUE, name=tellings.TASK)
def tell_customers(telling: int) -> int:
    n = 0
    while tellings.tell_some(telling):
        n += 1
    return n


@app.periodic(cron="* * * * *", periodic_id="act.go_on_telling")
@app.task(queue="default", name="act.go_on_telling", lock="act.go_on_telling", pass_context=False)
def go_on_telling(timestamp: int) -> int:
    return sum(tell_customers(pk) for pk in tellings.unfinished())
