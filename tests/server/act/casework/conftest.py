"""A second case of the same customer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import User


@pytest.fixture
def second(says: Callable[..., Response], case: Case, alice: User) -> Case:
    return cases.route(cases.open_for_response(says(1, "退款三天了还没到")))
