"""A store whose customers recommend, and the cause of what goes wrong there."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.server.feedback import lake_in, respond
from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit, User
from voiceloop.server.store import sync
from voiceloop.server.verify import initiatives
from voiceloop.server.verify.models import Initiative

Solved = Callable[..., Case]


@pytest.fixture
def handover(db: None) -> RootCause:
    return RootCause.objects.create(code="handover", group="process", name="后厨交接慢", name_en="Hand-over")


@pytest.fixture
def attitude(db: None) -> RootCause:
    return RootCause.objects.create(code="attitude", group="people", name="服务态度", name_en="Attitude")


@pytest.fixture
def company(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before: East has 6 promoters, 2 passives and 2 detractors (+40); West has 8 detractors."""
    lake_in(tmp_path, monkeypatch)
    for score in [9, 10, 9, 10, 9, 9, 7, 8, 3, 0]:
        respond(east, score, days_ago=10, touchpoint="delivery")
    for _ in range(8):
        respond(west, 2, days_ago=10, touchpoint="delivery")
    sync.sync()


@pytest.fixture
def initiative(company: None, bob: User, handover: RootCause) -> Initiative:
    return initiatives.plan(
        by=bob, title="后厨交接提速", root_cause=handover, goal="双人交接", metric="nps", target=60
    )


@pytest.fixture
def solved(bob: User, east: Unit) -> Solved:
    """Open and resolve a case of a unit, some days ago."""
    numbers = itertools.count()

    def solve(cause: RootCause, unit: Unit = east, *, days_ago: float = 1, **more: Any) -> Case:
        from datetime import timedelta

        from django.utils.timezone import now

        customer = Customer.objects.create(unit=unit, number=f"C{next(numbers)}")
        case = cases.open(customer, by=bob, summary="zqcase", unit=unit, **more)
        case = cases.resolve(case, by=bob, root_cause=cause)
        type(case.resolution).objects.filter(case=case).update(at=now() - timedelta(days=days_ago))
        return case

    return solve
