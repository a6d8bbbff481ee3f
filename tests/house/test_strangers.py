"""Who is not signed in gets no further than the sign-in; who lacks a right gets no further than that."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.house import routes
from tests.house import world as worlds
from tests.house.conftest import As
from tests.house.test_charlie import body
from voiceloop.server.core.models import ApiKey
from voiceloop.server.web.navigation import ROOMS

PAGES = routes.pages()
OPERATIONS = routes.operations()
ENTRANCE = "/accounts/login/"
ASKING_A_RIGHT = [room for _, rooms in ROOMS for room in rooms if room.right]


def stranger() -> Client:
    return Client(raise_request_exception=False)


class TestStrangers:
    @pytest.mark.parametrize("route", PAGES, ids=str)
    def test_they_are_sent_to_the_entrance(self, route: routes.Route, world: worlds.World) -> None:
        if route.name in routes.PUBLIC or route.pattern.startswith("accounts/"):
            return
        for method in ("get", "post"):
            before = worlds.snapshot()
            answer = getattr(stranger(), method)(route.paths(world)[0])
            assert answer.status_code == 302, f"{method} {route} answers {answer.status_code}"
            assert answer.headers["Location"].startswith(ENTRANCE)
            assert worlds.changes(before) == []

    @pytest.mark.parametrize("operation", OPERATIONS, ids=str)
    def test_programs_are_refused(self, operation: routes.Operation, world: worlds.World) -> None:
        if operation.public:
            return
        before = worlds.snapshot()
        content = operation.content() if operation.body else {}
        for path in operation.paths(world)[:1]:
            answer = getattr(stranger(), operation.method)(path, **content)
            assert answer.status_code == 401, f"{path} answers {answer.status_code}"
        assert worlds.changes(before) == []

    def test_what_is_public_is_listed(self) -> None:
        assert {str(o) for o in OPERATIONS if o.public} == {"put /api/answers/{token}"}
        assert {route.name for route in PAGES} >= routes.PUBLIC

    @pytest.mark.parametrize("path", ["/s/unknown/", "/q/unknown/", "/u/unknown/", "/share/unknown/"])
    def test_a_guessed_link_tells_nothing(self, path: str, world: worlds.World) -> None:
        answer = stranger().get(path)
        assert answer.status_code == 404
        assert worlds.MARK not in body(answer)

    def test_a_survey_tells_nothing_of_the_customer(self, world: worlds.World) -> None:
        """A link that is passed on shows the questions; name, number and address stay with us."""
        words = world.one("Customer")
        for route in (r for r in PAGES if r.name in {"survey_answer", "link_answer", "leave", "share"}):
            said = body(stranger().get(route.paths(world)[0])).replace(world.one("PublicLink").slug, "")
            assert f"{words.name}<" not in said
            assert words.masked_phone not in said


class TestRights:
    def test_every_room_has_an_address(self) -> None:
        """Navigation leaves out what does not resolve, so nobody would miss it."""
        assert [room.name for _, rooms in ROOMS for room in rooms if not routes.exists(room.name)] == []

    @pytest.mark.parametrize("room", ASKING_A_RIGHT, ids=lambda room: room.name)
    def test_a_room_is_closed_to_those_whom_it_is_not_shown(
        self, room: object, world: worlds.World, sign_in: As
    ) -> None:
        name, right = room.name, room.right  # type: ignore[attr-defined]
        (route,) = (route for route in PAGES if route.name == name)
        for role in ("agent", "lead", "analyst", "manager"):
            may = worlds.sign_up(role, world.east).may(right)
            answer = sign_in(role, world.east).get(route.paths(world)[0])
            assert (answer.status_code == 200) == may, f"{role} gets {answer.status_code} from {name}"


class TestKeys:
    def test_a_key_opens_what_its_person_may_see(self, world: worlds.World) -> None:
        _, secret = ApiKey.issue(user=worlds.sign_up("agent", world.east), name="till")
        asked = {"headers": {"authorization": f"Bearer {secret}"}}
        assert stranger().get("/api/cases", **asked).status_code == 200
        assert stranger().get("/api/metrics/nps", **asked).status_code == 403

    def test_a_wrong_key_opens_nothing(self, world: worlds.World) -> None:
        assert stranger().get("/api/cases", headers={"authorization": "Bearer vl_wrong"}).status_code == 401


class TestDocumentation:
    def test_it_loads_nothing_from_other_sites(self) -> None:
        page = body(stranger().get("/api/docs"))
        assert "swagger-ui-bundle.js" in page
        assert "://" not in page.split("Content-Security-Policy")[0].replace("http://testserver", "")
