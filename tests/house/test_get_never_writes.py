"""A GET never writes: mail scanners and curious browsers open every link."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.house import routes
from tests.house import world as worlds
from tests.house.conftest import As

PAGES = routes.pages()
READS = [operation for operation in routes.operations() if operation.method == "get"]


def opens(browser: Client, paths: list[str]) -> None:
    before = worlds.snapshot()
    answers = [*((path, browser.get(path)) for path in paths[:3]), (paths[0], browser.head(paths[0]))]
    for path, answer in answers:
        b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code < 500, f"{path} fails"
    assert worlds.changes(before) == []


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_opening_a_page_changes_nothing(route: routes.Route, world: worlds.World, sign_in: As) -> None:
    opens(sign_in("admin", world.root), route.paths(world))


@pytest.mark.parametrize("route", [r for r in PAGES if r.name in routes.PUBLIC], ids=str)
def test_opening_a_public_page_changes_nothing(route: routes.Route, world: worlds.World) -> None:
    opens(Client(), route.paths(world))


@pytest.mark.parametrize("operation", READS, ids=str)
def test_reading_by_program_changes_nothing(
    operation: routes.Operation, world: worlds.World, sign_in: As
) -> None:
    opens(sign_in("admin", world.root), operation.paths(world))


def test_a_write_is_seen(world: worlds.World) -> None:
    """Else the tests above could not fail."""
    before = worlds.snapshot()
    world.one("Note").delete()
    assert [table for table, _ in worlds.changes(before)] == ["act_note"]
