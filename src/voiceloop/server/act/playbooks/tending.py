"""What people do with the steps of a run: tick off, leave out, try again, stop."""

from __future__ import annotations

from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, PlaybookRun, StepRun
from voiceloop.server.act.playbooks.events import StepClaimed, StepSkipped
from voiceloop.server.act.playbooks.stepping import close, locked, locked_of, move_on, said
from voiceloop.server.act.playbooks.steps import Step
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


@verb
def settle(case: Case, *, by: User | None = None) -> None:
    """Tick off what the case itself shows to be done, and open again what no longer holds."""
    cases.lock(case)
    run = PlaybookRun.objects.filter(case=case).first()
    if run is None:
        return
    fresh = Case.objects.get(pk=case.pk)
    for step in run.steps.all():
        _settle_one(step, fresh, by)
    move_on(run)


@verb
def claim(step: StepRun, *, by: User) -> StepRun:
    """Somebody of the role it is for answers for it; whoever came first keeps it."""
    run = locked_of(step)
    if step.awaits(by):
        step.owner = by
        step.save(update_fields=["owner"])
        record(said(StepClaimed, step, role=step.role), by=by, unit=run.unit)
    return step


@verb
def skip(step: StepRun, *, by: User, note: str = "") -> StepRun:
    """Leave a step out, with the reason."""
    run = locked_of(step)
    if not step.is_over:
        close(step, StepRun.State.SKIPPED, by=by, note=note)
        record(said(StepSkipped, step), by=by, unit=run.unit, note=note)
        move_on(run)
    return step


@verb
def retry(step: StepRun, *, by: User) -> StepRun:
    """Try a failed step once more."""
    run = locked_of(step)
    if step.state == StepRun.State.FAILED:
        step.state, step.n_tries, step.next_at = StepRun.State.OPEN, 0, now()
        step.save(update_fields=["state", "n_tries", "next_at"])
        run.state, run.ended_at = PlaybookRun.State.RUNNING, None
        run.save(update_fields=["state", "ended_at"])
        move_on(run)
    return step


@verb
def stop(run: PlaybookRun, *, by: User) -> PlaybookRun:
    """Follow it no further: what is done stays done."""
    found = locked(run.pk)
    if found and found.state == PlaybookRun.State.RUNNING:
        for step in found.steps.all():
            if not step.is_over:
                close(step, StepRun.State.SKIPPED, by=by, note="")
        found.state, found.ended_at, found.next_at = PlaybookRun.State.STOPPED, now(), None
        found.save(update_fields=["state", "ended_at", "next_at"])
    run.refresh_from_db()
    return run


def _settle_one(step: StepRun, case: Case, by: User | None) -> None:
    action = Step(key=step.key, action=step.action).doing
    if action is None or not action.is_proven:
        return
    proof = action.proof(case)
    if proof and not step.is_over:
        close(step, by=by, at=proof)
    elif proof is None and step.state == StepRun.State.DONE:
        step.state, step.done_at, step.by = StepRun.State.OPEN, None, None
        step.save(update_fields=["state", "done_at", "by"])
