"""Jobs of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.understand import labelling, relabelling
from voiceloop.server.understand import themes_tasks as themes_tasks
from voiceloop.server.understand.models import Relabelling


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


@app.task(queue=relabelling.QUEUE, name=relabelling.TASK)
def relabel(job_id: int) -> str:
    job = Relabelling.objects.filter(pk=job_id).first()
    return str(relabelling.run(job).state) if job else ""


@app.periodic(cron="* * * * * */20", periodic_id="understand.resume_relabelling")
@app.task(queue=relabelling.QUEUE, name="understand.resume_relabelling", pass_context=False)
def resume_relabelling(timestamp: int) -> list[int]:
    return relabelling.resume_dead()
