"""As Charlie of another branch, every page and endpoint refuses or shows nothing, and no write gets through."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.house import routes
from tests.house import world as worlds
from tests.house.conftest import As

pytestmark = pytest.mark.xdist_group("world")

REFUSED = {403, 404}
PAGES = routes.pages()
OPERATIONS = routes.operations()


def body(response: Any) -> str:
    whole = b"".join(response.streaming_content) if response.streaming else response.content
    return (whole + str(response.headers).encode()).decode("utf-8", "replace")


class Charlie:
    """A manager of the west; where that is not enough, an admin of the west."""

    def __init__(self, sign_in: As, world: worlds.World) -> None:
        self.browsers = [sign_in(role, world.west) for role in ("manager", "admin")]

    def answers(self, method: str, path: str, **content: Any) -> list[HttpResponse]:
        found: list[Any] = []
        for browser in self.browsers:
            found.append(getattr(browser, method)(path, **content))
            if found[-1].status_code != 403:
                break
        return found


@pytest.fixture
def charlie(sign_in: As, world: worlds.World) -> Charlie:
    return Charlie(sign_in, world)


@pytest.fixture
def dora(sign_in: As, world: worlds.World) -> Client:
    return sign_in("admin", world.root)


class TestPages:
    @pytest.mark.parametrize("route", PAGES, ids=str)
    def test_they_show_him_nothing(self, route: routes.Route, world: worlds.World, charlie: Charlie) -> None:
        for path in route.paths(world):
            for answer in charlie.answers("get", path):
                if route.name in routes.PUBLIC:
                    continue  # who holds the link is the customer
                assert worlds.MARK not in body(answer), f"{path} shows what is the eastern branch's"
                if route.is_of_an_object:
                    assert answer.status_code in {*REFUSED, 405}, f"{path} answers {answer.status_code}"

    @pytest.mark.parametrize("route", PAGES, ids=str)
    def test_they_let_him_change_nothing(
        self, route: routes.Route, world: worlds.World, charlie: Charlie
    ) -> None:
        if route.name in routes.PUBLIC:
            return
        before = worlds.snapshot()
        for path in route.paths(world):
            for answer in charlie.answers("post", path, data={}):
                assert worlds.MARK not in body(answer)
                if route.is_of_an_object:
                    assert answer.status_code in {*REFUSED, 405}, f"{path} answers {answer.status_code}"
        assert list(worlds.rows_of_the_east(worlds.changes(before))) == []


class TestOperations:
    @pytest.mark.parametrize("operation", OPERATIONS, ids=str)
    def test_they_show_and_change_nothing(
        self, operation: routes.Operation, world: worlds.World, charlie: Charlie
    ) -> None:
        before = worlds.snapshot()
        content = operation.content() if operation.body else {}
        for path in operation.paths(world):
            for answer in charlie.answers(operation.method, path, **content):
                assert worlds.MARK not in body(answer), f"{operation} shows what is the eastern branch's"
                if operation.is_of_an_object:
                    assert answer.status_code in REFUSED, (
                        f"{path} answers {answer.status_code}: {body(answer)}"
                    )
        assert list(worlds.rows_of_the_east(worlds.changes(before))) == []
