"""Comments of customers, for the tests of this room."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest
from django.utils.timezone import get_default_timezone, localdate

from tests.server.feedback import respond
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import Unit
from voiceloop.server.understand import labelling

WORDS = (
    (3, "上菜太慢了，等了四十分钟，不过服务员很热情"),
    (2, "账单多收了我两次，太气人了"),
    (9, "味道很好，下次还来"),
    (6, "停车位太少，找车位找了半小时"),
    (10, "The staff were friendly and the food was great"),
)
COLLECTED_ON = localdate()


@pytest.fixture(autouse=True)
def _the_day_of_the_collection(time_machine: Any) -> None:
    """A run that midnight overtakes goes on in the day that its modules have read."""
    if localdate() != COLLECTED_ON:
        late = datetime.combine(COLLECTED_ON, time(23, 30), get_default_timezone())
        time_machine.move_to(late)


@pytest.fixture
def said(east: Unit) -> list[Verbatim]:
    """Five comments, labelled."""
    found = [respond(east, score, words=words).verbatims.get() for score, words in WORDS]
    labelling.label(found)
    return found
