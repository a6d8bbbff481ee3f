"""As Charlie of another branch, every page and endpoint refuses or shows nothing; no write gets through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.house import routes
from tests.house import world as worlds
from tests.house.conftest import As
from tests.house.forms import Page, shape

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


def does(
    charlie: Charlie, method: str, paths: list[str], *, is_public: bool = False, **content: Any
) -> Iterator[tuple[str, Any]]:
    """He tries each of these: nothing that is not his is said or changed."""
    before = worlds.snapshot()
    for path in paths:
        for answer in charlie.answers(method, path, **content):
            said = worlds.MARK in body(answer)
            assert is_public or not said, f"{method} {path} shows what is the eastern branch's"
            yield path, answer
    assert list(worlds.rows_of_the_east(worlds.changes(before))) == []


def seen_by(dora: Client, world: worlds.World) -> list[Page]:
    """Every page of the product as she sees it."""
    answers = [(path, dora.get(path)) for route in PAGES for path in route.paths(world)]
    return [
        Page(path, body(answer))
        for path, answer in answers
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    ]


class TestPages:
    @pytest.mark.parametrize("route", PAGES, ids=str)
    def test_they_show_him_nothing(self, route: routes.Route, world: worlds.World, charlie: Charlie) -> None:
        for path, answer in does(charlie, "get", route.paths(world), is_public=route.name in routes.PUBLIC):
            refused = answer.status_code in {*REFUSED, 405}
            assert refused or not route.is_of_an_object, f"{path} answers {answer.status_code}"

    @pytest.mark.parametrize("route", PAGES, ids=str)
    def test_they_let_him_change_nothing(
        self, route: routes.Route, world: worlds.World, charlie: Charlie
    ) -> None:
        if route.name not in routes.PUBLIC:
            paths = [*route.paths(world), route.company_path(world)]
            for path, answer in does(charlie, "post", paths, data={}):
                refused = answer.status_code in {*REFUSED, 405}
                is_shared = str(worlds.COMPANYS) in path
                assert refused or not route.is_of_an_object or is_shared, (
                    f"{path} answers {answer.status_code}"
                )


class TestOperations:
    @pytest.mark.parametrize("operation", OPERATIONS, ids=str)
    def test_they_show_and_change_nothing(
        self, operation: routes.Operation, world: worlds.World, charlie: Charlie
    ) -> None:
        if operation.public:
            return  # who holds the link is the customer
        content = operation.content() if operation.body else {}
        paths = [*operation.paths(world), operation.company_path(world)]
        for path, answer in does(charlie, operation.method, paths, **content):
            refused = answer.status_code in REFUSED or str(worlds.COMPANYS) in path
            assert refused or not operation.is_of_an_object, (
                f"{path} answers {answer.status_code}: {body(answer)}"
            )


class TestForms:
    def test_what_an_admin_may_press_he_may_not(
        self, world: worlds.World, charlie: Charlie, dora: Client
    ) -> None:
        """Every form that the company's admin finds on any page, sent by Charlie as it stands."""
        forms = [form for page in seen_by(dora, world) for form in page.forms]
        assert len(forms) > 40
        for form in {str(form): form for form in forms if not form.path.startswith("/accounts/")}.values():
            with transaction.atomic():
                list(does(charlie, form.method, [form.path], data=form.fields))
                transaction.set_rollback(True)

    def test_links_of_an_admin_show_him_nothing(
        self, world: worlds.World, charlie: Charlie, dora: Client
    ) -> None:
        """A link may carry a filter that names the eastern branch."""
        links = {shape(link): link for page in seen_by(dora, world) for link in page.links}
        known = {urlsplit(path).path for route in PAGES for path in route.paths(world)}
        new = [link for (path, _), link in links.items() if path not in known or "?" in link]
        assert len(new) > 10
        # A filter that is echoed shows no more than the link itself did.
        list(does(charlie, "get", [link for link in new if worlds.MARK not in link]))


class TestTheWorld:
    def test_the_admin_sees_what_charlie_must_not(self, world: worlds.World, dora: Client) -> None:
        """Else the tests above would prove nothing."""
        unseen = [
            str(route)
            for route in PAGES
            if route.is_of_an_object and dora.get(route.paths(world)[0]).status_code not in {200, 302, 405}
        ]
        assert unseen == [], "tests/house/world.py has no object for these addresses"

    def test_most_pages_show_something_of_the_east_to_the_admin(
        self, world: worlds.World, dora: Client
    ) -> None:
        shown = {str(r) for r in PAGES if any(worlds.MARK in body(dora.get(p)) for p in r.paths(world))}
        assert {"cases", "case", "customers", "customer", "invitations", "voice", "people"} <= shown
