"""Playbooks 快 · 准 · 稳: what is to be done for a detractor, a passive and a promoter, as data."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.cases.actions import Action, actions
from voiceloop.server.act.events import StepDone
from voiceloop.server.act.models import Case, DoneStep
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User


@dataclass(frozen=True)
class Playbook:
    code: str
    score_class: str
    name: Any
    motto: Any
    steps: tuple[str, ...]


@dataclass
class Item:
    """One step of a case's playbook, and whether it is done; `form` when it has something to choose."""

    action: Action
    done_at: datetime | None = None
    by: User | None = None
    form: Any = None
    waits: bool = False


PLAYBOOKS = {
    book.code: book
    for book in (
        Playbook(
            "fast",
            "detractor",
            _("Fast"),
            _("Answer at once, say sorry, make it good."),
            ("apologise", "listen", "remedy", "find_cause", "fix", "call_back"),
        ),
        Playbook(
            "precise",
            "passive",
            _("Precise"),
            _("Find the one thing that was missing."),
            ("listen", "find_cause", "fix", "call_back"),
        ),
        Playbook(
            "steady",
            "promoter",
            _("Steady"),
            _("Thank them, keep the promise, let them tell others."),
            ("thank", "listen", "fix", "call_back"),
        ),
        # Not of an answer: for customers who may leave without a word.
        Playbook(
            "keep",
            "at_risk",
            _("Keep"),
            _("Call before they leave: ask what is missing, and put it right."),
            ("listen", "find_cause", "fix", "call_back"),
        ),
    )
}
OF_CLASS = {book.score_class: book.code for book in PLAYBOOKS.values()}


def of(case: Case) -> Playbook:
    return PLAYBOOKS.get(case.playbook, PLAYBOOKS["fast"])


def checklist(case: Case) -> list[Item]:
    """The steps in order; what the case itself proves needs no tick."""
    ticked = {done.step: done for done in case.done_steps.all()}
    return [_item(case, actions()[code], ticked.get(code)) for code in of(case).steps]


def _item(case: Case, action: Action, ticked: DoneStep | None) -> Item:
    if ticked:
        return Item(action, ticked.at, ticked.by)
    return Item(action, action.proof(case), waits=action.waits(case))


@verb
def do(case: Case, *, step: str, by: User, params: Any = None) -> Case:
    """Do a step of the playbook; a step that is done stays done once."""
    action = actions()[step]
    params = action.Params() if params is None else params
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())
    if action.proof(case) is None and not case.done_steps.filter(step=step).exists():
        action.perform(case, by=by, params=params)
        if action.is_ticked:
            DoneStep.objects.create(case=case, step=step, by=by, params=_plain(params))
        record(StepDone(case=case.pk, customer=case.customer_id, step=step), by=by, unit=case.unit)
    return case


def _plain(params: Any) -> dict[str, Any]:
    return dict(json.loads(json.dumps(asdict(params), cls=DjangoJSONEncoder)))
