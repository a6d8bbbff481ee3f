"""A small company whose figures can be counted by hand, and a mailbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import QueryDict

from tests.server.feedback import lake_in, respond
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.asking import Asked
from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.store import sync

Explore = Callable[..., Exploration]


@pytest.fixture
def feedback(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """East: the hotline at +80, the shop at −50, 40 answers each; before, the hotline at +100. West: 2s."""
    lake_in(tmp_path, monkeypatch)
    for number in range(40):
        weight = 2.0 if number % 2 else 1.0
        said = {"segment": "family" if number % 4 else "student", "channel": "sms", "weight": weight}
        respond(east, 10 if number >= 4 else 3, touchpoint="hotline", days_ago=1 + number, **said)
        respond(east, 10 if number < 10 else 2, touchpoint="shop", days_ago=1 + number, **said)
        respond(east, 10, touchpoint="hotline", days_ago=95 + number, **said)
    for _ in range(8):
        respond(west, 2, channel="app", touchpoint="chat")
    sync.sync()


@pytest.fixture
def explore(feedback: None) -> Explore:
    """What somebody finds who asks: `explore(carol, "by=touchpoint")`."""

    def ask(user: User, query: str) -> Exploration:
        return Exploration(Asked.of(user, QueryDict(query)))

    return ask
