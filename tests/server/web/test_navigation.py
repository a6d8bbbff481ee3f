"""Which rooms a person finds in the side bar."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import path

from voiceloop.server.core.models import Unit, User
from voiceloop.server.web import navigation

NAMES = [room.name for _, rooms in navigation.ROOMS for room in rooms]


def address(name: str) -> str:
    return "" if name == "home" else f"{name}/"


def answer(request: HttpRequest) -> None: ...


# An address for every room, so that these tests do not wait for any page.
urlpatterns = [path(address(name), answer, name=name) for name in NAMES]


def rooms_of(role: str, unit: Unit | None = None) -> list[str]:
    person = User(role=role, unit=unit or Unit(code="company"))
    return [entry.name for group in navigation.groups(person) for entry in group.entries]


@pytest.mark.urls("tests.server.web.test_navigation")
class TestGroups:
    def test_it_shows_an_admin_every_room(self) -> None:
        assert rooms_of("admin") == NAMES

    def test_it_shows_what_is_the_companys_at_the_company_only(self) -> None:
        branch = Unit(code="branch", parent=Unit(pk=1, code="company"))
        assert set(NAMES) - set(rooms_of("admin", branch)) == {
            "assistant",
            "channels",
            "health",
            "text_models",
        }

    def test_it_hides_numbers_and_settings_from_an_agent(self) -> None:
        assert {"home", "explore", "audit", "health", "imports"}.isdisjoint(rooms_of("agent"))

    def test_it_gives_an_agent_the_workbench(self) -> None:
        assert "workbench" in rooms_of("agent")

    def test_it_leaves_out_a_group_that_is_empty(self) -> None:
        assert all(group.entries for group in navigation.groups(User(role="agent")))


@pytest.mark.urls((path("", answer, name="home"),))
class TestMissingAddress:
    def test_it_leaves_out_a_room_without_an_address(self) -> None:
        assert rooms_of("admin") == ["home"]


@pytest.mark.urls("tests.server.web.test_navigation")
class TestHere:
    @pytest.mark.parametrize(
        ("at", "room"), [("/", "home"), ("/cases/", "cases"), ("/cases/12/", "cases"), ("/elsewhere/", "")]
    )
    def test_it_names_the_room_of_a_path(self, at: str, room: str) -> None:
        assert navigation.here(at, navigation.groups(User(role="admin"))) == room


class TestContext:
    def test_it_is_empty_for_strangers(self, rf: RequestFactory) -> None:
        request = rf.get("/")
        request.user = AnonymousUser()
        assert navigation.context(request) == {}
