"""The world that the tests of every address share; each test leaves it as it found it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.house import world as worlds
from voiceloop.server.core.models import Unit
from voiceloop.server.store import sync

As = Callable[[str, Unit], Client]


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[worlds.World]:
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(settings, "LAKE", tmp_path_factory.mktemp("east") / "lake")
        sync.lake.cache_clear()
        worlds.fill_lake(sync.lake())
        yield worlds.make()
        transaction.set_rollback(True)
        sync.lake.cache_clear()


@pytest.fixture
def world(made: worlds.World, db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> worlds.World:
    monkeypatch.setattr(settings, "RATE_LIMIT_PER_MINUTE", 0)
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return made


@pytest.fixture
def sign_in(world: worlds.World) -> As:
    """A browser, in English, of somebody of a role in a branch."""

    def browser(role: str, unit: Unit) -> Client:
        client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
        client.force_login(worlds.sign_up(role, unit))
        return client

    return browser
