"""A store, its customer Wang, and what he says."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.collect.events import ResponseCompleted
from voiceloop.server.collect.models import Answer, Customer, Response, Verbatim
from voiceloop.server.core.events import record
from voiceloop.server.core.models import Event, Unit, User

Says = Callable[..., Response]


@pytest.fixture
def store(east: Unit) -> Unit:
    return Unit.objects.create(code="store-1", name="南京路店", name_en="Nanjing Road", parent=east)


@pytest.fixture
def wang(store: Unit) -> Customer:
    return Customer.objects.create(
        unit=store, number="C-1001", name="王小明", phone="13812345678", email="wang@example.com"
    )


@pytest.fixture
def says(store: Unit, wang: Customer) -> Says:
    """A complete response of Wang's, with its event, as collect writes it."""
    numbers = itertools.count()

    def say(score: float | None = 2, text: str = "等了一个小时，菜还是凉的", **more: Any) -> Response:
        values = {"customer": wang, "unit": store, "touchpoint": "delivery", "state": "complete"}
        response = Response.objects.create(idempotency_key=f"r{next(numbers)}", **(values | more))
        if score is not None:
            Answer.objects.create(response=response, question="nps", scale="nps_0_10", score=score)
        if text:
            Verbatim.objects.create(response=response, text=text, language="zh")
        return response

    return say


@pytest.fixture
def completes() -> Callable[..., Event]:
    """The event with which collect says that a response is complete."""
    return _completed


@pytest.fixture
def events_about() -> Callable[[Case], list[str]]:
    return lambda case: list(
        Event.objects.about("case", case.pk).order_by("id").values_list("type", flat=True)
    )


def _completed(response: Response, case: Case | None = None) -> Event:
    answer = response.answers.first()
    score = answer.score if answer else None
    classes = {True: "detractor", False: "passive"}
    kind = "" if score is None else "promoter" if score >= 9 else classes[score <= 6]
    return record(
        ResponseCompleted(
            response=response.pk,
            customer=response.customer_id,
            case=case.pk if case else None,
            score=score,
            score_class=kind,
            wants_contact=response.wants_contact,
        ),
        unit=response.unit,
    )


@pytest.fixture
def case(says: Says, alice: User) -> Case:
    return cases.route(cases.open_for_response(says()))


@pytest.fixture
def slow_kitchen(db: None) -> RootCause:
    return RootCause.objects.create(
        code="slow_kitchen", group="process", name="出餐慢", name_en="Slow kitchen"
    )


@pytest.fixture
def resolved(case: Case, alice: User, slow_kitchen: RootCause) -> Case:
    return cases.resolve(case, by=alice, root_cause=slow_kitchen, note="已重做")
