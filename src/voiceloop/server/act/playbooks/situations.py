"""Answers and cases with what is known about each, as it was at that moment."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from voiceloop.analytics.scales import scale
from voiceloop.server.act.cases import scores, severity
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Customer, Response, Transaction, Verbatim
from voiceloop.server.core.models import Unit
from voiceloop.server.understand import labelling
from voiceloop.server.understand.customers.lifecycle_events import StageEntered
from voiceloop.server.understand.models import Annotation

# What a customer bought in the year before is what they are worth here.
VALUE_WINDOW = timedelta(days=365)
LABELS = ("emotion", "voice", "sentiment", "reason", "urgency")
Bought = dict[int, list[tuple[datetime, float]]]


@dataclass
class Situation:
    """One answer or case, and all that is known about it."""

    at: datetime
    unit: Unit
    response: int | None = None
    case: int | None = None
    customer: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def of_response(response: Response) -> Situation:
    """The facts of one answer; its words are labelled first, if nobody has labelled them yet."""
    waiting = list(Verbatim.objects.filter(response=response, labelled_by=""))
    if waiting:
        labelling.label(waiting)
    return of_responses([response])[0]


def of_case(case: Case) -> Situation:
    if case.response is not None:
        return of_response(case.response)
    return of_cases([case])[0]


def of_responses(responses: Sequence[Response]) -> list[Situation]:
    """The facts of many answers in a fixed number of queries."""
    cases = {case.response_id: case for case in Case.objects.filter(response__in=[r.pk for r in responses])}
    found = [_of_answer(response, cases.get(response.pk)) for response in responses]
    _add_labels(found)
    _add_history(found)
    return found


def of_move(customer: Customer, moved: StageEntered, at: datetime) -> Situation:
    """The facts of a customer who moved into a stage, before there is a case."""
    return of_moves([(customer, moved, at)])[0]


def of_moves(moves: Sequence[tuple[Customer, StageEntered, datetime]]) -> list[Situation]:
    """The facts of many who moved in a fixed number of queries."""
    found = [_of_move(*one) for one in moves]
    _add_history(found)
    return found


def _of_move(customer: Customer, moved: StageEntered, at: datetime) -> Situation:
    named = {name: getattr(customer, name) for name in ("tier", "segment", "language")}
    facts = named | {"unit": _places(customer.unit)} | _of_customer(customer) | {"life": moved.stage}
    return Situation(at, customer.unit, customer=customer.pk, facts=facts)


def of_cases(cases: Sequence[Case]) -> list[Situation]:
    """The facts of cases that no answer opened."""
    found = [_of_case(case) for case in cases]
    _add_history(found)
    return found


def _of_answer(response: Response, case: Case | None) -> Situation:
    answer = scores.of(response)
    words = "\n".join(verbatim.text for verbatim in response.verbatims.all())
    value = None
    if answer is not None and answer.score is not None:
        ends = scale(answer.scale)
        value = 10 * (answer.score - ends.low) / (ends.high - ends.low)
    facts = _of_moment(response) | {
        "score": value,
        "score_class": scores.class_of(answer),
        "severity": str(case.severity if case else severity.grade(words, answer)),
        "priority": case.priority if case else None,
        "kind": str(case.kind) if case else None,
        "has_words": bool(words.strip()),
        "wants_contact": response.wants_contact,
    }
    return Situation(
        response.at, response.unit, response.pk, case.pk if case else None, response.customer_id,
        facts | _of_customer(response.customer),
    )  # fmt: skip


def _of_case(case: Case) -> Situation:
    facts = _of_moment(case) | {
        "severity": str(case.severity),
        "priority": case.priority,
        "kind": str(case.kind),
        "emotion": {case.emotion} if case.emotion else set(),
        "has_words": bool(case.summary),
    }
    return Situation(
        case.opened_at, case.unit, None, case.pk, case.customer_id, facts | _of_customer(case.customer)
    )


def _of_moment(row: Response | Case) -> dict[str, Any]:
    named = {name: getattr(row, name) for name in ("tier", "segment", "channel", "touchpoint", "language")}
    return named | {"unit": _places(row.unit)}


def _of_customer(customer: Customer | None) -> dict[str, Any]:
    if customer is None:
        return {"has_address": False, "risk": None, "life": None}
    risk, life = getattr(customer, "risk", None), getattr(customer, "life", None)
    return {
        "has_address": bool(customer.email or customer.phone) and customer.opted_out_at is None,
        "risk": str(risk.band) if risk else None,
        "life": life.stage if life else None,
    }


def _places(unit: Unit) -> set[str]:
    """The codes of a unit and of all above it."""
    codes = _codes()
    return {codes[int(part)] for part in (unit.path or "").split("/") if part and int(part) in codes}


def _codes() -> dict[int, str]:
    return dict(Unit.objects.values_list("pk", "code"))


def _add_labels(found: Iterable[Situation]) -> None:
    by_response = {one.response: one.facts for one in found if one.response}
    rows = Annotation.objects.filter(verbatim__response__in=list(by_response), kind__in=LABELS)
    for facts in by_response.values():
        facts.update({kind: set() for kind in LABELS})
    for response, kind, name in rows.values_list("verbatim__response", "kind", "label"):
        by_response[response][kind].add(name)


def _add_history(found: Sequence[Situation]) -> None:
    """How often we had to make it good before, and what was bought in the year before that day."""
    customers = {one.customer for one in found if one.customer}
    if not customers:
        return
    opened, bought = _opened(customers), _bought(customers, found)
    for one in found:
        if one.customer:
            one.facts["n_earlier"] = bisect_left(opened[one.customer], one.at)
            one.facts["value"] = _sum_before(bought[one.customer], one.at)


def _opened(customers: set[int]) -> dict[int, list[datetime]]:
    rows = Case.objects.filter(customer__in=customers).order_by("opened_at")
    found: dict[int, list[datetime]] = defaultdict(list)
    for customer, at in rows.values_list("customer", "opened_at"):
        found[customer].append(at)
    return found


def _bought(customers: set[int], found: Sequence[Situation]) -> Bought:
    first, last = min(one.at for one in found) - VALUE_WINDOW, max(one.at for one in found)
    rows = Transaction.objects.filter(customer__in=customers, at__gte=first, at__lt=last)
    bought: Bought = defaultdict(list)
    for customer, at, amount in rows.values_list("customer", "at", "amount"):
        bought[customer].append((at, float(amount)))
    return bought


def _sum_before(rows: list[tuple[datetime, float]], at: datetime) -> float:
    return sum(amount for when, amount in rows if at - VALUE_WINDOW <= when < at)
