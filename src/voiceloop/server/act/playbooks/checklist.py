"""The checklist of a case: the steps of the version that it began with, and how far each one is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from voiceloop.server.act.cases import cases
from voiceloop.server.act.cases.actions import Action, NotYet
from voiceloop.server.act.cases.forms import form_of
from voiceloop.server.act.events import StepDone
from voiceloop.server.act.models import Case, PlaybookVersion, StepRun
from voiceloop.server.act.playbooks import book, runs, steps
from voiceloop.server.act.playbooks.naming import title
from voiceloop.server.act.playbooks.stepping import close, move_on
from voiceloop.server.act.playbooks.steps import Step
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


@dataclass
class Item:
    """One step of a case's playbook; `form` when it has something to choose, `awaits` a reader to take it."""

    step: Step
    action: Action
    run: StepRun | None = None
    done_at: datetime | None = None
    by: User | None = None
    form: Any = None
    waits: bool = False
    awaits: bool = False

    @property
    def key(self) -> str:
        return self.step.key

    @property
    def label(self) -> str:
        return title(self.step.action, self.step.params)

    @property
    def state(self) -> str:
        if self.done_at and not (self.run and self.run.state == "skipped"):
            return "done"
        return self.run.state if self.run else "open"

    @property
    def is_ready_made(self) -> bool:
        """Its author has said all there is to say: one press does it."""
        return bool(self.step.params) and not form_of(self.action.Params)(self.step.params).errors

    @property
    def is_to_do(self) -> bool:
        """A person of this branch may do it now."""
        return self.state in ("open", "failed") and not (self.run and self.run.unit_id)


def items(case: Case) -> list[Item]:
    """The steps in order; what the case itself proves needs no tick."""
    run = book.run_of(case)
    if run is None:
        ticked = {done.step: done for done in case.done_steps.all()}
        written = steps.read(book.of_code(case.playbook).steps)
        return [_unstarted(case, step, ticked) for step in written if step.doing]
    rows = run.steps.select_related("by", "owner", "unit", "run").order_by("position")
    known = {step.key: step for step in steps.read(run.version.steps)}
    return [one for row in rows if (one := _item(case, row, known.get(row.key)))]


def keys(case: Case) -> set[str]:
    return {item.key for item in items(case)}


def of(case: Case) -> PlaybookVersion:
    return book.followed(case)


@verb
def do(case: Case, *, step: str, by: User, params: Any = None) -> Case:
    """Do a step of the playbook; a step that is done stays done once."""
    cases.lock(case)
    run = runs.begin_for_case(case) or runs.follow(book.followed(case), case=case)
    row = run.steps.filter(key=step).first()
    if row is None or row.is_over or row.unit_id:
        return case
    said = Step(key=row.key, action=row.action, params=row.params)
    action = said.doing
    if action is None or action.proof(case) is not None:
        return case
    params = steps.params_of(said) if params is None else params
    try:
        action.perform(case, by=by, params=params)
    except NotYet:
        return case
    if action.is_ticked:
        row.params = row.params | _plain(params)
        row.save(update_fields=["params"])
        close(row, by=by)
    event = StepDone(case=case.pk, customer=case.customer_id, step=row.action)
    record(event, by=by, unit=case.unit, note=str(row.params.get("what", "")))
    move_on(run)
    return case


def _unstarted(case: Case, step: Step, ticked: dict[str, Any]) -> Item:
    action = step.doing
    assert action is not None
    done = ticked.get(step.key)
    if done:
        return Item(step, action, None, done.at, done.by)
    return Item(step, action, None, action.proof(case), waits=action.waits(case))


def _item(case: Case, row: StepRun, said: Step | None) -> Item | None:
    step = said or Step(key=row.key, action=row.action)
    step = Step(**{**asdict(step), "params": row.params})
    action = step.doing
    if action is None:
        return None
    if row.is_over:
        return Item(step, action, row, row.done_at, row.by)
    return Item(step, action, row, action.proof(case), waits=action.waits(case))


def _plain(params: Any) -> dict[str, Any]:
    return dict(json.loads(json.dumps(asdict(params), cls=DjangoJSONEncoder)))
