"""Wang writes a mail, and the ways in by which others do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voiceloop.server.act.models import Inlet, Post
from voiceloop.server.act.threads import threads
from voiceloop.server.collect import limits
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit

Heard = Callable[..., Post]


@pytest.fixture
def heard(root: Unit, wang: Customer) -> Heard:
    def hear(text: str = "外卖一直没到，什么时候能送？", key: str = "m1", **more: object) -> Post:
        said = {"channel": "email", "address": "wang@example.com", "subject": "订单"} | more
        return threads.hear(None, text=text, key=key, **said)  # type: ignore[arg-type]

    return hear


@pytest.fixture
def chat(east: Unit) -> Inlet:
    limits.forget()
    made: Inlet = Inlet.objects.create(channel="chat", unit=east, name="官网", slug="site")
    return made


@pytest.fixture
def account(east: Unit) -> Inlet:
    """An official account."""
    limits.forget()
    made: Inlet = Inlet.objects.create(
        channel="wechat", unit=east, name="公众号", slug="gzh", token="sesame", app_id="wx1", secret="s3cret"
    )
    return made
