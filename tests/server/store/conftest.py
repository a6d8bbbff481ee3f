"""A lake of its own for each test, and what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import transaction

from voiceloop.analytics import schema
from voiceloop.analytics.lake import Lake
from voiceloop.server.collect.models import Answer, Response
from voiceloop.server.core.models import Unit
from voiceloop.server.store import sync as room

Rows = Callable[..., list[dict[str, Any]]]
Respond = Callable[..., Response]


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lake]:
    # A module that is loaded for the first time now would keep this lake for good.
    import_module("voiceloop.server.config.urls")
    lake = Lake(tmp_path)
    monkeypatch.setattr(room, "lake", lambda: lake)
    return lake


@pytest.fixture
def unit(db: None) -> Unit:
    return Unit.objects.create(code="s1", name="一店")


@pytest.fixture
def rows(lake: Lake) -> Rows:
    """What a table of the lake holds, in the order of its key."""

    def of(table: str = "answers") -> list[dict[str, Any]]:
        found = (row for uri in lake.uris(table) for row in pq.read_table(uri, partitioning=None).to_pylist())
        return sorted(found, key=lambda row: row[schema.table(table).key])

    return of


@pytest.fixture
def respond(unit: Unit) -> Respond:
    """Somebody answers the recommend question."""

    def make(key: str, score: float = 9, **values: Any) -> Response:
        with transaction.atomic():
            values = {"unit": unit, "touchpoint": "hotline", "attributes": {"floor": 2}, **values}
            response = Response.objects.create(idempotency_key=key, **values)
            Answer.objects.create(response=response, question="nps", scale="nps_0_10", score=score)
        return response

    return make
