"""Things done for all who are affected: cases opened, a statement sent; each once, however often it dies."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from voiceloop.server.act.cases import cases
from voiceloop.server.act.crisis import affected, crises
from voiceloop.server.act.crisis.events import RunEnded, RunStarted
from voiceloop.server.act.crisis.statements import NotApproved
from voiceloop.server.act.models import Case, Crisis, CrisisRun, Statement
from voiceloop.server.collect import channels, messages
from voiceloop.server.collect.models import Customer, Message
from voiceloop.server.collect.survey_visit import company_of
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

TASK, BATCH = "act.crisis_run", 100
# Without an answer from the customer, what they told us last is what we may do.
OPTED_OUT, NO_ADDRESS = "opted_out", "no_address"


@verb
def open_cases(crisis: Crisis, *, by: User) -> CrisisRun:
    """A case for each response in the spike that has none."""
    return _start(crisis, by=by, kind=CrisisRun.Kind.CASES)


@verb
def write_to_all(crisis: Crisis, *, statement: Statement, by: User) -> CrisisRun:
    """An approved statement to every affected customer who may be written to."""
    if not statement.is_usable or statement.crisis_id != crisis.pk:
        raise NotApproved
    return _start(crisis, by=by, kind=CrisisRun.Kind.MESSAGE, statement=statement)


def go_on(run: CrisisRun) -> CrisisRun:
    """Do what is left, a batch in each transaction."""
    while not _batch(run):
        pass
    return run


def reach(crisis: Crisis) -> dict[str, int]:
    """How many would be written to, and how many not and why."""
    found = {"reached": 0, OPTED_OUT: 0, NO_ADDRESS: 0}
    for customer in affected.customers_of(crisis).iterator(chunk_size=500):
        found[why_not(customer) or "reached"] += 1
    return found


@verb
def _batch(run: CrisisRun) -> bool:
    """True when nothing was left."""
    run.refresh_from_db(from_queryset=CrisisRun.objects.select_for_update(of=("self",)))
    if run.done_at:
        return True
    rows = _waiting(run)[:BATCH]
    for row in rows:
        reason = _one(run, row)
        if reason:
            run.left_out[reason] = run.left_out.get(reason, 0) + 1
        else:
            run.n_done += 1
        run.last = row.pk
    if not rows:
        run.done_at = now()
        event = RunEnded(
            crisis=run.crisis_id, run=run.pk, kind=run.kind, n=run.n_done, left=sum(run.left_out.values())
        )
        record(event, by=run.by, unit=run.crisis.unit)
    run.save(update_fields=["last", "n_done", "left_out", "done_at"])
    return run.done_at is not None


def _start(crisis: Crisis, *, by: User, kind: str, **more: Any) -> CrisisRun:
    run: CrisisRun = CrisisRun.objects.create(crisis=crisis, by=by, kind=kind, **more)
    record(RunStarted(crisis=crisis.pk, run=run.pk, kind=kind), by=by, unit=crisis.unit)
    app.configure_task(TASK, queue="default").defer(run_id=run.pk)
    return run


def _waiting(run: CrisisRun) -> list[Any]:
    rows = (
        affected.without_case(run.crisis).select_related("unit", "customer")
        if run.kind == CrisisRun.Kind.CASES
        else affected.customers_of(run.crisis)
    )
    return list(rows.filter(pk__gt=run.last).order_by("pk")[:BATCH])


def _one(run: CrisisRun, row: Any) -> str:
    if run.kind == CrisisRun.Kind.MESSAGE:
        return _write(run, row)
    case: Case = cases.open_for_response(row)
    cases.route(case)
    crises.link(run.crisis, cases=[case], by=run.by)
    return ""


def why_not(customer: Customer) -> str:
    if customer.opted_out_at:
        return OPTED_OUT
    return "" if channels.preferred().address_of(customer) else NO_ADDRESS


def _write(run: CrisisRun, customer: Customer) -> str:
    reason = why_not(customer)
    if reason or run.statement is None:
        return reason
    adapter, unit = channels.preferred(), run.crisis.unit
    with translation.override("en" if customer.language.startswith("en") else "zh-hans"):
        company = company_of(unit.pk)
        _message: Message = messages.write(
            # A statement reaches a customer once, whoever presses the button how often.
            key=f"crisis:{run.crisis_id}:{run.statement_id}:{customer.pk}",
            channel_code=adapter.code,
            to=adapter.address_of(customer),
            subject=_("%(company)s: about what you met") % {"company": company},
            body="\n".join([_("Hello,"), run.statement.in_language(customer.language or "zh"), "", company]),
            unit=unit,
            customer=customer,
            about=f"crisis:{run.crisis_id}",
        )
    return ""
