"""A company with two stores, two calm months, and what breaks them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from voiceloop.server.act.crisis import crises
from voiceloop.server.act.models import Crisis
from voiceloop.server.collect.models import Answer, Customer, Response, Verbatim
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.understand.models import Annotation

Complains = Callable[..., list[Response]]


@pytest.fixture
def store(east: Unit) -> Unit:
    return Unit.objects.create(code="store-1", name="南京路店", name_en="Nanjing Road", parent=east)


@pytest.fixture
def other(east: Unit) -> Unit:
    return Unit.objects.create(code="store-2", name="外滩店", name_en="The Bund", parent=east)


@pytest.fixture
def complains() -> Complains:
    """Customers of a unit who wrote something negative, all in one minute."""
    numbers = itertools.count()

    def make(unit: Unit, n: int, *, text: str = "上菜太慢", days: float = 0, **more: Any) -> list[Response]:
        made = []
        for _ in range(n):
            number = next(numbers)
            customer = Customer.objects.create(
                unit=unit, number=f"S-{number}", name=f"客{number}", email=f"s{number}@example.com"
            )
            values = {"customer": customer, "unit": unit, "touchpoint": "dining", "state": "complete"}
            response = Response.objects.create(
                idempotency_key=f"s{number}", at=now() - timedelta(days=days), **(values | more)
            )
            Answer.objects.create(response=response, question="nps", scale="nps_0_10", score=1)
            words = Verbatim.objects.create(response=response, text=text, language="zh", labelled_by="t")
            Annotation.objects.create(verbatim=words, kind="sentiment", label="negative", polarity=-1)
            made.append(response)
        return made

    return make


@pytest.fixture
def calm(store: Unit, other: Unit, complains: Complains) -> None:
    """Somebody says something now and then, for two months."""
    for day in range(2, 58, 2):
        complains(store if day % 4 else other, 1, days=day)


@pytest.fixture
def crisis(store: Unit, bob: User) -> Crisis:
    return crises.open_by_hand(by=bob, unit=store, title="燃气泄漏")


@pytest.fixture
def told() -> Callable[[Crisis], list[str]]:
    return lambda crisis: list(
        Event.objects.about("crisis", crisis.pk).order_by("id").values_list("type", flat=True)
    )
