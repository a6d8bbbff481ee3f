"""An order of Wang's at noon, and what is reported of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from voiceloop.server.act.models import Milestone
from voiceloop.server.act.status import milestones, rules
from voiceloop.server.act.status.milestones import Report
from voiceloop.server.collect import channels
from voiceloop.server.collect.channels.outbox import CHANNEL
from voiceloop.server.collect.models import Customer, Message, Transaction
from voiceloop.server.core.models import Unit, User

Says = Callable[..., Milestone]


@pytest.fixture(autouse=True)
def _awake(request: pytest.FixtureRequest, root: Unit, dora: User) -> None:
    """Without quiet hours, so that a test says the same at night; who tests them sets their own."""
    at = datetime(2026, 1, 1).time()
    rules.save(root, by=dora, events={}, quiet_from=at, quiet_until=at, hold_minutes=0)


@pytest.fixture
def order(store: Unit, wang: Customer) -> Transaction:
    return Transaction.objects.create(
        number="A-77", unit=store, customer=wang, at=now(), kind="delivery", amount=50
    )


@pytest.fixture
def became(order: Transaction) -> Says:
    """What became of the order, minutes ago."""

    def report(kind: str, ago: float = 0, **more: Any) -> Milestone:
        at = now() - timedelta(minutes=ago)
        if kind == "delayed":
            more.setdefault("new_time", now() + timedelta(minutes=30))
        return milestones.report(order, said=Report(kind, at, **more))[0]

    return report


@pytest.fixture
def mailing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A channel that delivers, as the outbox does not."""
    monkeypatch.setattr(type(CHANNEL), "delivers", True)
    monkeypatch.setattr(channels, "preferred", lambda: CHANNEL)


def sent(message: Message | None) -> Message:
    """As if the channel had handed it over."""
    assert message is not None
    Message.objects.filter(pk=message.pk).update(sent_at=now(), held_back_by="")
    message.refresh_from_db()
    return message
