"""Jobs of crises."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.act.crisis import opening, runs
from voiceloop.server.act.models import CrisisRun


@app.periodic(cron="*/5 * * * *", periodic_id="act.watch_crises")
@app.task(queue="default", name="act.watch_crises", lock="act.watch_crises", pass_context=False)
def watch_crises(timestamp: int) -> list[int]:
    return [crisis.pk for crisis in opening.watch()]


@app.task(queue="default", name=runs.TASK)
def run(run_id: int) -> int:
    found = CrisisRun.objects.select_related("crisis__unit", "by", "statement").filter(pk=run_id).first()
    return runs.go_on(found).n_done if found else 0
