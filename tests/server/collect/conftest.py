"""The starter programmes of the company, and its customer Wang."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from voiceloop.server.collect import invitations, limits
from voiceloop.server.collect.letters import personal_link
from voiceloop.server.collect.models import Customer, Invitation, Programme, Survey
from voiceloop.server.collect.starter import starter
from voiceloop.server.core.models import Unit, User


@pytest.fixture(autouse=True)
def _a_new_minute() -> Iterator[None]:
    limits.forget()
    yield
    limits.forget()


@pytest.fixture
def programme(root: Unit) -> Programme:
    return starter(root)


@pytest.fixture
def survey(programme: Programme) -> Survey:
    return programme.surveys.get()


@pytest.fixture
def wang(east: Unit) -> Customer:
    return Customer.objects.create(
        unit=east, number="C-1001", name="王小明", phone="13812345678", email="wang@example.com",
        segment="family", tier="gold",
    )  # fmt: skip


@pytest.fixture
def invite(survey: Survey, wang: Customer, carol: User) -> Callable[..., Invitation]:
    def make(**more: Any) -> Invitation:
        values = {"survey": survey, "customers": [wang], "channel": "link", "by": carol}
        return invitations.send(**(values | more))[0]

    return make


@pytest.fixture
def invitation(invite: Callable[..., Invitation]) -> Invitation:
    return invite()


@pytest.fixture
def path(invitation: Invitation) -> str:
    return "/" + personal_link(invitation).split("/", 3)[3]
