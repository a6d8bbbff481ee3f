"""Steps across departments: handed over with a clock, taken, done or given back with a word."""

from __future__ import annotations

from django.db.models import Max
from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, PlaybookRun, StepRun
from voiceloop.server.act.playbooks import book, runs
from voiceloop.server.act.playbooks.events import StepFinished, StepHanded, StepReturned, StepTaken
from voiceloop.server.act.playbooks.naming import title
from voiceloop.server.act.playbooks.stepping import close, due_at, locked, locked_of, move_on, said
from voiceloop.server.act.playbooks.steps import fresh_key
from voiceloop.server.core.events import EventType, record, verb
from voiceloop.server.core.models import Unit, User

TASK = "task"


class NotTheirs(PermissionError):
    """A step is taken, done or given back by the department that it was handed to."""


@verb
def hand(case: Case, *, by: User, unit: Unit, what: str, minutes: int = 0) -> StepRun:
    """Give another department something to do for this case, with a clock of its own."""
    cases.lock(case)
    run = runs.begin_for_case(case) or runs.follow(book.followed(case), case=case)
    run = locked(run.pk) or run
    last = run.steps.aggregate(last=Max("position"))["last"]
    key = fresh_key(TASK, set(run.steps.values_list("key", flat=True)))
    at = now()
    step = StepRun.objects.create(
        run=run, position=(last or 0) + 1, key=key, action=TASK, params={"what": what}, unit=unit,
        state=StepRun.State.OPEN, opened_at=at, due_at=due_at(run, minutes, at),
    )  # fmt: skip
    move_on(run)
    _record(StepHanded, step, by=by)
    return step


@verb
def take(step: StepRun, *, by: User) -> StepRun:
    """Somebody of the department answers for it; whoever came first keeps it."""
    locked_of(step)
    _needs_their_own(step, by)
    if step.state == StepRun.State.OPEN and step.owner is None:
        step.owner = by
        step.save(update_fields=["owner"])
        _record(StepTaken, step, by=by)
    return step


@verb
def finish(step: StepRun, *, by: User, note: str = "") -> StepRun:
    """The department has done it; what waited for it opens."""
    run = locked_of(step)
    _needs_their_own(step, by)
    if step.state == StepRun.State.OPEN:
        step.owner = step.owner or by
        step.save(update_fields=["owner"])
        close(step, by=by, note=note)
        _record(StepFinished, step, by=by, note=note)
        move_on(run)
    return step


@verb
def give_back(step: StepRun, *, by: User, note: str) -> StepRun:
    """Not theirs, or not yet: back to the case's owner, with the reason."""
    locked_of(step)
    _needs_their_own(step, by)
    if step.state == StepRun.State.OPEN:
        step.state, step.note, step.owner, step.by = StepRun.State.RETURNED, note, None, by
        step.save(update_fields=["state", "note", "owner", "by"])
        _record(StepReturned, step, by=by, note=note)
    return step


@verb
def hand_again(step: StepRun, *, by: User, unit: Unit, note: str = "") -> StepRun:
    """To the same department with an answer, or to another one."""
    run = locked_of(step)
    if step.state == StepRun.State.RETURNED:
        step.state, step.unit, step.note, step.by = StepRun.State.OPEN, unit, note or step.note, None
        step.save(update_fields=["state", "unit", "note", "by"])
        _record(StepHanded, step, by=by, note=note)
        move_on(run)
    return step


def strip(case: Case) -> list[StepRun]:
    """The steps that other departments have or had, in their order: the strip of the case."""
    run = PlaybookRun.objects.filter(case=case).first()
    return strip_of(run) if run else []


def strip_of(run: PlaybookRun) -> list[StepRun]:
    rows = run.steps.filter(unit__isnull=False).select_related("unit", "owner", "by", "run")
    found = list(rows.order_by("position"))
    for step in found:
        step.name = title(step.action, step.params)
    return found


def _needs_their_own(step: StepRun, by: User) -> None:
    if not StepRun.objects.filter(pk=step.pk).handed_to(by).exists():
        raise NotTheirs(step.pk)


def _record(event: type[EventType], step: StepRun, *, by: User, note: str = "") -> None:
    """The customer's branch hears of it, and so does the department."""
    unit = step.unit
    assert unit is not None, "a step that is handed over has a department"
    told = said(event, step, unit=unit.pk, unit_name=unit.name)
    record(told, by=by, unit=step.run.unit, note=note)
