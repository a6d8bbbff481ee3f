"""Cases: someone owes this customer an answer. The verbs that change one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now

from voiceloop.analytics.scales import PASSIVE, PROMOTER
from voiceloop.server.act import routing
from voiceloop.server.act.cases import clocks, priority, scores, severity
from voiceloop.server.act.cases.events import CasePaused, CaseResumed
from voiceloop.server.act.events import (
    CaseAssigned,
    CaseEscalated,
    CaseNoted,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    CustomerContacted,
)
from voiceloop.server.act.models import (
    Assignment,
    Callback,
    Case,
    Contact,
    Note,
    Outcome,
    Pause,
    Reopening,
    Resolution,
    RootCause,
)
from voiceloop.server.act.routing import green
from voiceloop.server.collect import invitations
from voiceloop.server.collect.models import Customer, Invitation, Response
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Role, Unit, User

# Hours after the solution: does it hold at once, the next day, after three days? (REQUIREMENTS, row 102)
CALLBACKS_AFTER = (1, 24, 72)
# What is followed until the company's own rules have chosen the playbook, a moment later.
SHIPPED_FOR = {PROMOTER: "steady", PASSIVE: "precise"}


@verb
def open_for_response(response: Response) -> Case:
    """The one case of this response, opened now if it has none yet."""
    answer, words = scores.of(response), words_of(response)
    case, is_new = Case.objects.get_or_create(
        response=response,
        defaults={
            "unit": response.unit,
            "customer": response.customer,
            "kind": Case.Kind.RECOVERY,
            "severity": severity.grade(words, answer),
            "playbook": SHIPPED_FOR.get(scores.class_of(answer), "fast"),
            "summary": words[:300],
            "opened_at": now(),
            **response.moment(),
        },
    )
    if is_new:
        priority.settle(case)
        clocks.wind(case)
        _record_opened(case, score=answer.score if answer else None)
    return case


@verb
def take_up(response: Response, *, by: User) -> Case:
    """The case of a response that somebody wants answered; who opens it answers for it."""
    case = open_for_response(response)
    if case.owner is None:
        _give(case, to=by, by=by, reason={"kind": "opened"})
    return case


@verb
def open(
    customer: Customer | None,
    *,
    by: User,
    kind: str = Case.Kind.REQUEST,
    severity: str = Case.Severity.SLIGHT,
    summary: str = "",
    unit: Unit | None = None,
) -> Case:
    """Open a case by hand; who opens it answers for it."""
    place = unit or by.unit
    assert place is not None, "a person without a unit sees no customer and opens no case"
    case = Case.objects.create(
        customer=customer,
        unit=place,
        kind=kind,
        severity=severity,
        playbook="hand",
        summary=summary[:300],
        channel="manual",
        segment=customer.segment if customer else "",
        tier=customer.tier if customer else "",
    )
    priority.settle(case)
    clocks.wind(case)
    _record_opened(case, by=by)
    _give(case, to=by, by=by, reason={"kind": "opened"})
    return case


@verb
def route(case: Case) -> Case:
    """Give a case that nobody owns to who answers it best; while nobody is free it waits in the queue."""
    lock(case)
    if case.owner is None and case.is_open:
        green.consider(case)
        choice = routing.choose(case)
        if choice.user:
            give(case, to=choice.user, reason=choice.reason)
        elif not _waits(case):
            Assignment.objects.create(case=case, to=None, by=None, reason=choice.reason)
    return case


@verb
def assign(case: Case, *, to: User, by: User, reason: str = "") -> Case:
    lock(case)
    if case.owner != to:
        _give(case, to=to, by=by, reason={"kind": "by_hand", "text": reason})
    return case


def give(case: Case, *, to: User, reason: dict[str, Any]) -> None:
    """What was chosen happens. The caller holds the case's lock."""
    _give(case, to=to, by=None, reason=reason)


@verb
def claim(case: Case, *, by: User) -> Case:
    """Take a case that nobody owns; whoever came first keeps it, and the caller reads in it who that is."""
    lock(case)
    if case.owner is None:
        _give(case, to=by, by=by, reason={"kind": "claimed"})
    return case


@verb
def escalate(case: Case, *, by: User | None, reason: str = "") -> Case:
    """Hand the case up to the nearest lead, or from a lead to the manager, who takes it over."""
    lock(case)
    if to := routing.next_above(case.unit, case.owner):
        hand_up(case, to=to, by=by, reason={"kind": "escalated", "text": reason})
    return case


def hand_up(case: Case, *, to: User, reason: dict[str, str], by: User | None = None) -> None:
    """The caller holds the case's lock."""
    _own(case, to=to, by=by, reason=reason)
    event = CaseEscalated(case=case.pk, customer=case.customer_id, to=to.pk, to_name=str(to))
    record(event, by=by, unit=case.unit, note=reason.get("text", ""))


def raise_level(case: Case, *, why: str) -> None:
    """It broke where it would be handed up to. The caller holds the case's lock."""
    if case.owner:
        case.level = _level(case, case.owner, why)
        case.save(update_fields=["level"])


def pass_on(case: Case, *, to: User, reason: dict[str, Any]) -> None:
    """To somebody else, unasked. The caller holds the case's lock."""
    if case.owner != to:
        _give(case, to=to, by=None, reason=reason)


@verb
def contact(case: Case, *, by: User, result: str, channel: str = "phone", note: str = "") -> Case:
    """A talk with the customer, or the attempt; reaching them stops the first-contact clock."""
    lock(case)
    made = Contact.objects.create(case=case, by=by, channel=channel, result=result, note=note)
    if case.owner is None:
        _give(case, to=by, by=by, reason={"kind": "claimed"})
    if result == Contact.Result.REACHED and case.first_contact_at is None:
        case.first_contact_at = made.at
        case.save(update_fields=["first_contact_at"])
    _go_on(case, at=made.at)
    clocks.wind(case)
    event = CustomerContacted(case=case.pk, customer=case.customer_id, result=result)
    record(event, by=by, unit=case.unit, note=note)
    return case


@verb
def note(case: Case, *, by: User | None, text: str) -> Note:
    made = Note.objects.create(case=case, by=by, text=text)
    record(CaseNoted(case=case.pk, customer=case.customer_id), by=by, unit=case.unit, note=text)
    return made


@verb
def resolve(case: Case, *, by: User, root_cause: RootCause, note: str = "") -> Case:
    """End a case with its cause; three callbacks will ask whether the solution holds."""
    lock(case)
    if case.is_open:
        done = Resolution.objects.create(case=case, by=by, root_cause=root_cause, note=note)
        _promise_callbacks(case, since=done)
        _go_on(case, at=done.at)
        clocks.wind(case)
        event = CaseResolved(
            case=case.pk, customer=case.customer_id, root_cause=root_cause.code, round=case.round
        )
        record(event, by=by, unit=case.unit, note=note)
    return case


@verb
def reopen(case: Case, *, by: User | None = None, reason: str = "") -> Case:
    """The solution did not hold: the case is its owner's again, the old solution stays on record."""
    lock(case)
    if hasattr(case, "resolution"):
        _keep_and_clear(case.resolution, by=by, reason=reason)
        Outcome.objects.filter(case=case).delete()
        _take_back_re_survey(case, by=by)
        case.refresh_from_db()
        clocks.wind(case)
        record(CaseReopened(case=case.pk, customer=case.customer_id), by=by, unit=case.unit, note=reason)
    return case


@verb
def pause(case: Case, *, by: User, reason: str = "") -> Case:
    """Stand still while the customer has something to send or to decide."""
    lock(case)
    if case.is_open and not case.pauses.filter(ended_at=None).exists():
        Pause.objects.create(case=case, by=by, reason=reason[:300])
        clocks.wind(case)
        record(CasePaused(case=case.pk, customer=case.customer_id), by=by, unit=case.unit, note=reason)
    return case


@verb
def resume(case: Case, *, by: User | None = None) -> Case:
    """Go on: the customer has answered, or waiting for them no longer helps."""
    lock(case)
    if _go_on(case, at=now()):
        clocks.wind(case)
        record(CaseResumed(case=case.pk, customer=case.customer_id), by=by, unit=case.unit)
    return case


def lock(case: Case) -> None:
    """One change of a case at a time; the caller's copy then says what is true now."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())


def words_of(response: Response) -> str:
    return "\n".join(verbatim.text for verbatim in response.verbatims.order_by("pk"))


def _waits(case: Case) -> bool:
    """Whether it is on record already that nobody could take it."""
    newest = case.assignments.order_by("pk").last()
    return newest is not None and newest.to is None


def _record_opened(case: Case, *, by: User | None = None, score: float | None = None) -> None:
    event = CaseOpened(case=case.pk, customer=case.customer_id, response=case.response_id, score=score)
    record(event, by=by, unit=case.unit)


def _give(case: Case, *, to: User, by: User | None, reason: dict[str, Any]) -> None:
    _own(case, to=to, by=by, reason=reason)
    event = CaseAssigned(case=case.pk, customer=case.customer_id, to=to.pk, to_name=str(to))
    record(event, by=by, unit=case.unit, note=str(reason.get("text", "")))


def _own(case: Case, *, to: User, by: User | None, reason: dict[str, Any]) -> None:
    Assignment.objects.create(case=case, to=to, by=by, reason=reason)
    case.owner = to
    case.level = _level(case, to, reason.get("kind", ""))
    case.save(update_fields=["owner", "level"])


def _level(case: Case, to: User, why: str) -> int:
    """An agent's case is handed up no more; a lead who takes one over by themselves changes nothing."""
    if why in ("overdue", "escalated"):
        return Case.Level.LEAD if to.role == Role.LEAD else Case.Level.MANAGER
    return Case.Level.NONE if to.role == Role.AGENT else case.level


def _go_on(case: Case, *, at: datetime) -> int:
    return int(Pause.objects.filter(case=case, ended_at=None).update(ended_at=at))


def _promise_callbacks(case: Case, *, since: Resolution) -> None:
    Callback.objects.bulk_create(
        Callback(case=case, round=case.round, step=hours, due_at=since.at + timedelta(hours=hours))
        for hours in CALLBACKS_AFTER
    )


def _take_back_re_survey(case: Case, *, by: User | None) -> None:
    """Nobody is asked whether it is solved while we know that it is not."""
    for invitation in Invitation.objects.answerable().filter(about=f"case:{case.pk}", answered_at=None):
        invitations.revoke(invitation=invitation, by=by)


def _keep_and_clear(resolution: Resolution, *, by: User | None, reason: str) -> None:
    case = resolution.case
    Callback.objects.filter(case=case).waiting().update(cancelled_at=now())
    Reopening.objects.create(
        case=case, by=by, resolved_at=resolution.at, root_cause=resolution.root_cause, reason=reason
    )
    resolution.delete()
