"""The order in which playbooks are asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from voiceloop.server.act.playbooks import shipped
from voiceloop.server.core.models import Event, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(106)]
SignIn = Callable[[User], Client]


class TestMove:
    def test_a_program_moves_one_up_and_down(self, dora: User, signed_in: SignIn) -> None:
        shipped.starter()
        api = signed_in(dora)
        first, second, *rest = [one["id"] for one in api.get("/api/playbooks").json()]
        path, to = f"/api/playbooks/{second}/place", "application/json"
        moved = api.put(path, {"direction": "up"}, to).json()
        assert [one["id"] for one in moved] == [second, first, *rest]
        moved = api.put(path, {"direction": "down"}, to).json()
        assert [one["id"] for one in moved] == [first, second, *rest]
        assert Event.objects.filter(type="playbook.ordered").count() == 2

    def test_the_first_stays_the_first(self, dora: User, signed_in: SignIn) -> None:
        shipped.starter()
        api = signed_in(dora)
        before = [one["id"] for one in api.get("/api/playbooks").json()]
        moved = api.put(f"/api/playbooks/{before[0]}/place", {"direction": "up"}, "application/json").json()
        assert [one["id"] for one in moved] == before

    def test_an_agent_moves_none(self, dora: User, alice: User, signed_in: SignIn) -> None:
        shipped.starter()
        pk = signed_in(dora).get("/api/playbooks").json()[1]["id"]
        path = f"/api/playbooks/{pk}/place"
        assert signed_in(alice).put(path, {"direction": "up"}, "application/json").status_code == 403
