"""Jobs of the playbooks: steps that run by themselves, and those whose time has come."""

from __future__ import annotations

from procrastinate.contrib.django import app

from voiceloop.server.act.models import DryRun
from voiceloop.server.act.playbooks import dry, runs, stepping


@app.task(queue=stepping.QUEUE, name=stepping.TASK)
def run_playbook(run_id: int) -> int:
    return runs.work_off(run_id)


@app.periodic(cron="* * * * *", periodic_id="act.run_due_playbooks")
@app.task(queue="default", name="act.run_due_playbooks", lock="act.run_due_playbooks", pass_context=False)
def run_due_playbooks(timestamp: int) -> int:
    """Steps that waited, and those of a worker that died before it could say so."""
    return sum(runs.work_off(pk) for pk in runs.due())


@app.task(queue=dry.QUEUE, name=dry.TASK)
def dry_run(dry_run: int) -> int:
    found = DryRun.objects.filter(pk=dry_run).first()
    return int(dry.count(found).result.get("n_caught", 0)) if found else 0
