"""Merge: what was told twice is answered once."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.server.act.cases import cases, clocks, priority
from voiceloop.server.act.casework import snoozing
from voiceloop.server.act.casework.events import CaseMerged, CaseUnmerged
from voiceloop.server.act.models import Callback, Case, Contact, Merge, Note, Remedy, Thread
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.store.models import Tombstone

# What goes over to the other case, and comes back when the merge is taken back.
MOVES: tuple[Any, ...] = (Note, Contact, Remedy, Thread)
KEPT = (
    "opened_at", "severity", "first_contact_at", "customer_id", "priority", "priority_reason", "emotion",
)  # fmt: skip


class Refused(ValueError):
    """These two cannot be merged; the message says why, to the person who tried."""


def why_not(case: Case, into: Case) -> str:
    """Why a merge is impossible, or "" when it is not."""
    if case.pk == into.pk:
        return _("A case cannot be merged into itself.")
    if case.merged_into_id or into.merged_into_id:
        return _("One of them is merged into another case already.")
    if not into.is_open:
        return _("The case that stays must be open. Reopen it first.")
    return ""


def differs(case: Case, into: Case) -> bool:
    """Whether two people told it, as far as we know: the merger is warned, not stopped."""
    return None not in (case.customer_id, into.customer_id) and case.customer_id != into.customer_id


@verb
def merge(case: Case, *, into: Case, by: User) -> Merge:
    """Everything of the case goes over to the other; it stays as a pointer, and its clocks end.

    The customer has waited since the earlier of the two, so the promises of what stays run from then.
    """
    for one in sorted((case, into), key=lambda one: one.pk):
        cases.lock(one)
    if reason := why_not(case, into):
        raise Refused(reason)
    made = Merge.objects.create(case=case, into=into, by=by, before=_before(into), moved=_move(case, into))
    _take_the_worse(case, into)
    snoozing.end(case, why="person")
    case.pauses.filter(ended_at=None).update(ended_at=made.at)
    case.merged_into = into
    case.first_contact_due_at = None
    case.save(update_fields=["merged_into", "first_contact_due_at"])
    case.clocks.all().delete()
    _bury(case, into)
    clocks.wind(into)
    event = CaseMerged(case=case.pk, customer=case.customer_id, other=into.pk)
    record(event, by=by, unit=into.unit)
    return made


@verb
def unmerge(case: Case, *, by: User) -> Case:
    """Two cases again, each with what was its own; what came after the merge stays where it was written."""
    made = Merge.objects.select_related("into").filter(case=case, undone_at=None).first()
    if made is None:
        return case
    for one in sorted((case, made.into), key=lambda one: one.pk):
        cases.lock(one)
    _move_back(made)
    made.undone_at = now()
    made.save(update_fields=["undone_at"])
    case.merged_into = None
    case.save(update_fields=["merged_into"])
    # TRICKY: a row that did not change is not read anew, and the lake would forget the case for good.
    made.into.save(update_fields=["opened_at"])
    _bury(made.into)
    for one in (case, made.into):
        clocks.wind(one)
    event = CaseUnmerged(case=case.pk, customer=case.customer_id, other=made.into_id)
    record(event, by=by, unit=case.unit)
    return case


def _bury(*gone: Case) -> None:
    """The lake forgets these; what is still a case of its own is read anew, in the month it now is of."""
    table = Case._meta.db_table
    Tombstone.objects.bulk_create(Tombstone(table=table, key=one.pk) for one in gone)


def _before(into: Case) -> dict[str, Any]:
    held = {name: getattr(into, name) for name in KEPT}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in held.items()}


def _move(case: Case, into: Case) -> dict[str, list[int]]:
    moved: dict[str, list[int]] = {}
    for model in MOVES:
        rows = model.objects.filter(case=case)
        moved[model.__name__] = list(rows.values_list("pk", flat=True))
        rows.update(case=into)
    calls = Callback.objects.filter(case=case).waiting()
    moved["Callback"] = list(calls.values_list("pk", flat=True))
    calls.update(cancelled_at=now())
    return moved


def _move_back(made: Merge) -> None:
    for model in MOVES:
        model.objects.filter(pk__in=made.moved.get(model.__name__, ())).update(case=made.case)
    Callback.objects.filter(pk__in=made.moved.get("Callback", ()), done_at=None).update(cancelled_at=None)
    after = {name: value for name, value in _after(made).items() if made.before.get(name) != value}
    Case.objects.filter(pk=made.into_id).update(**{name: made.before[name] for name in after})
    made.into.refresh_from_db()


def _after(made: Merge) -> dict[str, Any]:
    """What the merge made of the other case, where nobody changed it since."""
    took = made.before.get("took", {})
    held = _before(made.into)
    return {name: held[name] for name in took if held[name] == took[name]}


def _take_the_worse(case: Case, into: Case) -> None:
    grades = list(Case.Severity)
    into.opened_at = min(case.opened_at, into.opened_at)
    into.severity = max(case.severity, into.severity, key=lambda one: grades.index(Case.Severity(one)))
    met = [one for one in (case.first_contact_at, into.first_contact_at) if one]
    into.first_contact_at = min(met, default=None)
    into.customer_id = into.customer_id or case.customer_id
    into.save(update_fields=list(KEPT))
    priority.settle(into)
    last = Merge.objects.filter(case=case, into=into).latest("pk")
    last.before["took"] = _before(into)
    last.save(update_fields=["before"])
