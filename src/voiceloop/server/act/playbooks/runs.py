"""Runs: a playbook is followed for one case or answer, each step once, whoever dies in between.

A step that runs by itself is one transaction: its effect, its row and its event. What it sends goes through
the outbox under a key of its own. A worker that is killed leaves steps that are done and steps that are not,
and the next worker goes on with the first of the latter.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.cases.actions import NotYet
from voiceloop.server.act.models import Case, PlaybookRun, PlaybookVersion, StepRun
from voiceloop.server.act.playbooks import book, situations, steps
from voiceloop.server.act.playbooks.events import PlaybookBegun, StepFailed, StepRanByItself
from voiceloop.server.act.playbooks.stepping import close, locked, move_on, said
from voiceloop.server.act.playbooks.steps import Step
from voiceloop.server.collect.models import Response
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit

log = logging.getLogger(__name__)
# Our choice: with doubling pauses the last try is half an hour after the first.
TRIES = 5
LOOK_AGAIN = timedelta(minutes=30)
AT_ONCE = 200


@verb
def begin_for_case(case: Case) -> PlaybookRun | None:
    """The one run of this case; that of its answer, if one has begun, becomes the case's."""
    cases.lock(case)
    run: PlaybookRun | None = PlaybookRun.objects.filter(case=case).first()
    if run is not None:
        return run
    if case.response_id and (run := PlaybookRun.objects.filter(response=case.response_id).first()):
        return _take_over(run, case)
    known = situations.of_case(case).facts
    found = (book.choose(trigger, known) for trigger in book.triggers_of(case))
    version = next(filter(None, found), None)
    return follow(version, case=case) if version else None


@verb
def begin_for_answer(response: Response) -> PlaybookRun | None:
    """The one run of this answer, where its class has a playbook whose conditions hold."""
    Response.objects.select_for_update(of=("self",)).get(pk=response.pk)
    run: PlaybookRun | None = PlaybookRun.objects.filter(response=response).first()
    trigger = book.trigger_of_answer(response)
    if run is not None or not trigger:
        return run
    version = book.choose(trigger, situations.of_response(response).facts)
    return follow(version, response=response) if version else None


@verb
def follow(
    version: PlaybookVersion, *, case: Case | None = None, response: Response | None = None
) -> PlaybookRun:
    """Begin a run of this version; the caller has made sure that there is none."""
    response = case.response if case else response
    subject = case or response
    assert subject is not None
    run = PlaybookRun.objects.create(
        version=version, unit=subject.unit, customer=subject.customer, case=case, response=response
    )
    _add_steps(run, steps.read(version.steps))
    if case:
        _name(case, version)
    event = PlaybookBegun(
        case=case.pk if case else None, customer=run.customer_id, response=run.response_id,
        playbook=version.playbook_id, name=version.name, number=version.number,
    )  # fmt: skip
    record(event, unit=run.unit)
    move_on(run)
    return run


@verb
def advance(pk: int) -> bool:
    """Do the next step that runs by itself, if one is due; whether there may be another."""
    run = locked(pk)
    if run is None or run.state != PlaybookRun.State.RUNNING:
        return False
    move_on(run, defer=False)
    due = run.steps.filter(is_automatic=True, state=StepRun.State.OPEN, next_at__lte=now())
    step: StepRun | None = due.select_for_update(of=("self",)).order_by("position").first()
    if step is None:
        return False
    _try(run, step)
    move_on(run, defer=False)
    return True


def work_off(pk: int) -> int:
    """All steps of a run that are due, one transaction each; return how many."""
    n = 0
    while advance(pk):
        n += 1
    return n


def due() -> list[int]:
    """Runs whose next step has come: those that waited, and those whose worker died."""
    rows = PlaybookRun.objects.filter(next_at__lte=now()).order_by("next_at")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _try(run: PlaybookRun, step: StepRun) -> None:
    try:
        with transaction.atomic():
            _perform(run, step)
    except NotYet:
        step.next_at = now() + LOOK_AGAIN
        step.save(update_fields=["next_at"])
    except Exception as error:
        log.warning("step %s of run %s: %s", step.key, run.pk, error)
        _failed(run, step, error)
    else:
        step.error = ""
        close(step, by=None)
        record(said(StepRanByItself, step), unit=run.unit)


def _perform(run: PlaybookRun, step: StepRun) -> None:
    wanted = Step(key=step.key, action=step.action, params=step.params)
    action = wanted.doing
    if action is None:
        raise LookupError(step.action)
    if run.case:
        if action.proof(run.case) is None:
            action.perform(run.case, by=None, params=steps.params_of(wanted))
    elif run.response:
        action.perform_on_answer(run.response, params=steps.params_of(wanted))


def _failed(run: PlaybookRun, step: StepRun, error: Exception) -> None:
    step.n_tries += 1
    step.error = (str(error) or type(error).__name__)[:500]
    for_good = step.n_tries >= TRIES
    step.state = StepRun.State.FAILED if for_good else StepRun.State.OPEN
    step.next_at = None if for_good else now() + timedelta(minutes=2**step.n_tries)
    step.save(update_fields=["n_tries", "error", "state", "next_at"])
    if for_good:
        record(said(StepFailed, step), unit=run.unit, note=step.error)


def _add_steps(run: PlaybookRun, wanted: list[Step]) -> None:
    """The steps that can be done for what the run is about; a case that comes later brings the others."""
    known = set(run.steps.values_list("key", flat=True))
    ticked = {done.step: done for done in run.case.done_steps.all()} if run.case else {}
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[one.unit for one in wanted])}
    rows = []
    for position, step in enumerate(wanted):
        action = step.doing
        if step.key in known or action is None or not (run.case or action.of_answers):
            continue
        done = ticked.get(step.key)
        rows.append(
            StepRun(
                run=run, position=position, key=step.key, action=step.action, params=step.params,
                is_automatic=step.is_automatic, unit=units.get(step.unit) if step.who == "unit" else None,
                role=step.role if step.who == "role" else "",
                **({"state": "done", "done_at": done.at, "by": done.by} if done else {}),
            )
        )  # fmt: skip
    StepRun.objects.bulk_create(rows)


def _take_over(run: PlaybookRun, case: Case) -> PlaybookRun:
    run.case = case
    run.save(update_fields=["case"])
    _add_steps(run, steps.read(run.version.steps))
    _name(case, run.version)
    move_on(run)
    return run


def _name(case: Case, version: PlaybookVersion) -> None:
    case.playbook = version.playbook.code
    case.save(update_fields=["playbook"])
