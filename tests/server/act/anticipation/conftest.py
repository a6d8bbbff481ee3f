"""Orders, contacts and rules, at moments that a test names."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.timezone import now

from voiceloop.server.act.anticipation import trials
from voiceloop.server.act.models import AnticipationRule, AnticipationTrial, OutreachProposal
from voiceloop.server.collect.models import Conversation, Customer, Transaction
from voiceloop.server.core.models import Unit

Order = Callable[..., Transaction]
Calls = Callable[..., Conversation]
MakeRule = Callable[..., AnticipationRule]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def people(store: Unit) -> Callable[..., list[Customer]]:
    """As many customers of a unit."""
    numbers = itertools.count(1)

    def make(n: int, unit: Unit = store) -> list[Customer]:
        rows = [Customer(unit=unit, number=f"N-{next(numbers)}") for _ in range(n)]
        return Customer.objects.bulk_create(rows)

    return make


@pytest.fixture
def order(store: Unit) -> Order:
    """An order that came at that moment, so many minutes over the promise of half an hour."""
    numbers = itertools.count(1)

    def take(customer: Customer, *, came: datetime, over: float = 0, kind: str = "delivery") -> Transaction:
        waited = {} if kind == "return" else {"wait_minutes": 30.0 + over, "promised_minutes": 30.0}
        at = came - timedelta(minutes=waited.get("wait_minutes", 0.0))
        return Transaction.objects.create(
            unit=customer.unit, customer=customer, number=f"O-{next(numbers)}", at=at, kind=kind,
            amount=Decimal(50), **waited,
        )  # fmt: skip

    return take


@pytest.fixture
def calls() -> Calls:
    """A customer's call at that moment."""
    numbers = itertools.count(1)

    def call(customer: Customer, at: datetime, *, topic: str = "", kind: str = "call") -> Conversation:
        return Conversation.objects.create(
            unit=customer.unit, customer=customer, key=f"call-{next(numbers)}", kind=kind, topic=topic,
            started_at=at,
        )  # fmt: skip

    return call


@pytest.fixture
def make_rule(root: Unit) -> MakeRule:
    """A rule with some numbers, tried or not."""

    def make(kind: str, *, on: bool = True, unit: Unit = root, **more: Any) -> AnticipationRule:
        names = {"keep_days", "most_a_day"}
        own = {name: more.pop(name) for name in names & set(more)}
        rule = AnticipationRule.objects.create(
            kind=kind, name=kind, unit=unit, parameters=more, is_on=on, **own
        )
        if on:
            done = AnticipationTrial.State.DONE
            AnticipationTrial.objects.create(rule=rule, digest=trials.digest(rule), state=done)
        return rule

    return make


@pytest.fixture
def late_rule(make_rule: MakeRule) -> AnticipationRule:
    return make_rule("late_order", minutes=20)


@pytest.fixture
def proposal(late_rule: AnticipationRule, wang: Customer) -> OutreachProposal:
    """Wang's order was late an hour ago."""
    at = now() - HOUR
    facts = {"number": "O-7", "wait": 75, "promised": 30, "over": 45}
    return OutreachProposal.objects.create(
        rule=late_rule, customer=wang, unit=wang.unit, happening="order:7", happened_at=at, facts=facts,
        proposed_at=at, expires_at=at + 3 * DAY,
    )  # fmt: skip
