"""As Charlie of another branch, every page and endpoint refuses or shows nothing; no write gets through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from tests.house import routes
from tests.house import world as worlds
from tests.house.conftest import As
from tests.house.forms import Page, shape

REFUSED = {403, 404}
ALLAUTH = {"mfa_remove_webauthn", "mfa_edit_webauthn"}
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
            assert answer.status_code < 500, f"{method} {path} fails"
            said = worlds.MARK in body(answer)
            assert is_public or not said, f"{method} {path} shows what is the eastern branch's"
            yield path, answer
    assert list(worlds.rows_of_the_east(worlds.changes(before))) == []


@pytest.fixture
def seen(dora: Client, world: worlds.World) -> dict[routes.Route, list[tuple[str, int, str]]]:
    """Every page of the product as the company's admin sees it: its address, its status, its words."""
    found: dict[routes.Route, list[tuple[str, int, str]]] = {}
    for route in PAGES:
        for path in route.paths(world)[:2]:
            answer = dora.get(path)
            found.setdefault(route, []).append((path, answer.status_code, body(answer)))
    return found


def theirs(found: dict[routes.Route, list[tuple[str, int, str]]]) -> Iterator[Page]:
    """The pages that could be read; what is public is everybody's who has the link."""
    for route, answers in found.items():
        if route.name not in routes.PUBLIC and not route.pattern.startswith("accounts/"):
            yield from (Page(path, words) for path, status, words in answers if status == 200)


def is_public(path: str) -> bool:
    try:
        return resolve(urlsplit(path).path).view_name in routes.PUBLIC
    except Resolver404:
        raise AssertionError(f"A page leads to {path}, which is no address.") from None


class TestPages:
    @pytest.mark.parametrize("route", PAGES, ids=str)
    def test_they_show_him_nothing(self, route: routes.Route, world: worlds.World, charlie: Charlie) -> None:
        for path, answer in does(
            charlie, "get", route.paths(world)[:2], is_public=route.name in routes.PUBLIC
        ):
            refused = answer.status_code in {*REFUSED, 405}
            assert refused or not route.is_of_an_object, f"{path} answers {answer.status_code}"

    @pytest.mark.parametrize("route", PAGES, ids=str)
    def test_they_let_him_change_nothing(
        self, route: routes.Route, world: worlds.World, charlie: Charlie
    ) -> None:
        if route.name not in routes.PUBLIC:
            paths = [*route.paths(world)[:2], route.company_path(world)]
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
        paths = [*operation.paths(world)[:2], operation.company_path(world)]
        for path, answer in does(charlie, operation.method, paths, **content):
            refused = answer.status_code in REFUSED or str(worlds.COMPANYS) in path
            assert refused or not operation.is_of_an_object, (
                f"{path} answers {answer.status_code}: {body(answer)}"
            )


class TestWhatAnAdminFinds:
    """The company's admin walks through every page; Charlie then tries whatever he found there."""

    def test_charlie_may_not(
        self, world: worlds.World, charlie: Charlie, seen: dict[routes.Route, list[tuple[str, int, str]]]
    ) -> None:
        pages = list(theirs(seen))
        forms = {str(form): form for page in pages for form in page.forms if not is_public(form.path)}
        assert len(forms) > 40
        for form in forms.values():
            with transaction.atomic():
                list(does(charlie, form.method, [form.path], data=form.fields))
                transaction.set_rollback(True)
        links = {shape(link): link for page in pages for link in page.links if not is_public(link)}
        known = {urlsplit(path).path for answers in seen.values() for path, _, _ in answers}
        new = [link for (path, _), link in links.items() if path not in known or "?" in link]
        assert len(new) > 10
        # A filter that is echoed shows no more than the link itself did.
        list(does(charlie, "get", [link for link in new if worlds.MARK not in link]))
        # Else all of the above would prove nothing.
        # What opens by a customer's own link or visit opens to nobody who is signed in.
        elsewhere = {*ALLAUTH, *routes.PUBLIC}
        of_objects = {
            r: answers for r, answers in seen.items() if r.is_of_an_object and r.name not in elsewhere
        }
        found = {str(r) for r, answers in of_objects.items() if {s for _, s, _ in answers} & {200, 302, 405}}
        assert {str(r) for r in of_objects} - found == set(), "tests/house/world.py has no object for these"
        shown = {
            str(r) for r, answers in seen.items() if any(worlds.MARK in words for _, _, words in answers)
        }
        assert {"cases", "case", "customers", "customer", "invitations", "voice", "people"} <= shown
