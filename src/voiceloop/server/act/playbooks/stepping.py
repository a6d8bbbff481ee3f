"""How a run goes from step to step. Whoever calls holds the run, behind the lock of its case."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now
from procrastinate.contrib.django import app

from voiceloop.server.act.cases import cases, clocks
from voiceloop.server.act.models import Case, PlaybookRun, StepRun
from voiceloop.server.act.playbooks import steps
from voiceloop.server.act.playbooks.events import StepAsked, StepHanded
from voiceloop.server.act.playbooks.steps import Step
from voiceloop.server.core.events import record
from voiceloop.server.core.models import User

TASK, QUEUE = "act.run_playbook", "default"


def locked(pk: int) -> PlaybookRun | None:
    """The run behind the lock of its case, which every verb takes first."""
    found = PlaybookRun.objects.filter(pk=pk).select_related("case").first()
    if found is None:
        return None
    if found.case:
        cases.lock(found.case)
    rows = PlaybookRun.objects.select_for_update(of=("self",)).filter(pk=pk)
    held: PlaybookRun | None = rows.select_related("case", "response", "version__playbook", "unit").first()
    return held


def locked_of(step: StepRun) -> PlaybookRun:
    run = locked(step.run_id)
    assert run is not None, "a step has a run"
    step.refresh_from_db()
    return run


def move_on(run: PlaybookRun, *, defer: bool = True) -> None:
    """Open the steps whose turn has come, and know when to look again. The caller holds the run."""
    rows = list(run.steps.select_related("unit").order_by("position"))
    known = {one.key: one for one in steps.read(run.version.steps)}
    for before, step in zip([None, *rows], rows, strict=False):
        if step.state == StepRun.State.WAITING:
            _open(run, step, known.get(step.key), before)
    waiting = [one.next_at for one in rows if one.next_at and one.state in ("waiting", "open")]
    over = all(one.is_over for one in rows)
    if run.state != PlaybookRun.State.STOPPED:
        run.state = PlaybookRun.State.DONE if over else PlaybookRun.State.RUNNING
        run.ended_at = (run.ended_at or now()) if over else None
    run.next_at = min(waiting, default=None)
    run.save(update_fields=["state", "ended_at", "next_at"])
    if defer and run.next_at and run.next_at <= now():
        app.configure_task(TASK, queue=QUEUE).defer(run_id=run.pk)


def close(
    step: StepRun,
    state: str = StepRun.State.DONE,
    *,
    by: User | None,
    note: str = "",
    at: datetime | None = None,
) -> None:
    """It is over, one way or the other."""
    step.state, step.done_at, step.by, step.next_at = state, at or now(), by, None
    step.note = note or step.note
    step.save(update_fields=["state", "done_at", "by", "next_at", "note", "error"])


def said(event: type[Any], step: StepRun, **more: Any) -> Any:
    """An event about a step."""
    run = step.run
    about = {"case": run.case_id, "customer": run.customer_id, "response": run.response_id}
    return event(**about, step=step.pk, action=step.action, **more)


def _open(run: PlaybookRun, step: StepRun, wanted: Step | None, before: StepRun | None) -> None:
    """Open the step if what it waits for has happened; else remember when to look again."""
    after_previous = wanted is not None and wanted.after == "previous" and before is not None
    if after_previous and before is not None and not before.is_over:
        return
    since = before.done_at if after_previous and before and before.done_at else run.started_at
    opens = since + timedelta(minutes=wanted.delay if wanted else 0)
    if opens > now():
        step.next_at = opens
        step.save(update_fields=["next_at"])
        return
    step.state, step.opened_at = StepRun.State.OPEN, now()
    step.next_at = step.opened_at if step.is_automatic else None
    step.due_at = due_at(run, wanted.minutes if wanted else 0, step.opened_at)
    step.save(update_fields=["state", "opened_at", "next_at", "due_at"])
    if step.unit:
        told = said(StepHanded, step, unit=step.unit_id, unit_name=step.unit.name)
        record(told, unit=run.unit)
    elif step.role and not step.is_automatic:
        record(said(StepAsked, step, role=step.role), unit=run.unit)


def due_at(run: PlaybookRun, minutes: int, since: datetime) -> datetime | None:
    """In working time, by the hours of the case."""
    if not minutes:
        return None
    hours = clocks.hours_for(run.case) if run.case else clocks.hours_for(Case())
    return hours.after(since, 60.0 * minutes)
