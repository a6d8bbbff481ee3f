"""Feedback for tests: a company's answers, in the database and carried into the lake."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from voiceloop.analytics.lake import Lake
from voiceloop.server.collect.models import Answer, Response, Verbatim
from voiceloop.server.core.models import Unit
from voiceloop.server.store import sync


def respond(
    unit: Unit, nps: float, *, days_ago: float = 1, words: str = "", weight: float = 1.0, **moment: Any
) -> Response:
    at: datetime = now() - timedelta(days=days_ago)
    response = Response.objects.create(
        unit=unit,
        idempotency_key=f"{unit.code}-{Response.objects.count()}",
        at=at,
        completed_at=at,
        state="complete",
        weight=weight,
        **moment,
    )
    Answer.objects.create(response=response, question="nps", scale="nps_0_10", score=nps)
    if words:
        Verbatim.objects.create(response=response, text=words)
    return response


def lake_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake of the test's own in place of the installation's, wherever it is asked for."""
    # All of them first: a module that is loaded while the name is another's would keep that for good.
    import_module("voiceloop.server.config.urls")
    lake, real = Lake(folder), sync.lake
    for name, module in list(sys.modules.items()):
        if name.startswith("voiceloop.server") and getattr(module, "lake", None) is real:
            monkeypatch.setattr(module, "lake", lambda: lake)
    return lake
