"""Jobs of this room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.understand import labelling, relabelling
from voiceloop.server.understand import themes_tasks as themes_tasks
from voiceloop.server.understand.customers import preference_tasks, tag_tasks  # noqa: F401  # their jobs
from voiceloop.server.understand.digest import tasks as digest_tasks  # noqa: F401  # its jobs
from voiceloop.server.understand.learning import fitting
from voiceloop.server.understand.models import Fitting, Relabelling
from voiceloop.server.understand.risk.tasks import refresh_nightly as refresh_nightly


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


@app.task(queue=fitting.QUEUE, name=fitting.TASK)
def fit(fitting_id: int) -> str:
    found = Fitting.objects.filter(pk=fitting_id).first()
    return str(fitting.run(found).state) if found else ""


@app.periodic(cron="23 2 * * *", periodic_id="understand.fit_nightly")
@app.task(queue=fitting.QUEUE, name="understand.fit_nightly", pass_context=False)
def fit_nightly(timestamp: int) -> list[int]:
    """While nobody waits for it."""
    return fitting.nightly()


@app.periodic(cron="* * * * * */30", periodic_id="understand.resume_fits")
@app.task(queue=fitting.QUEUE, name="understand.resume_fits", pass_context=False)
def resume_fits(timestamp: int) -> list[int]:
    return fitting.resume_dead()
