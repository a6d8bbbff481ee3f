"""Initiatives and causes for programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.core.models import User
from voiceloop.server.verify.models import Initiative

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], Client]
JSON = "application/json"


class TestInitiatives:
    def test_it_plans_and_moves(
        self, signed_in: SignIn, bob: User, company: None, handover: RootCause
    ) -> None:
        api = signed_in(bob)
        body = {"title": "提速", "root_cause": handover.pk, "metric": "nps", "target": 60}
        made = api.post("/api/initiatives", body, JSON).json()
        assert (made["stage"], made["baseline"]["value"]) == ("plan", 40.0)
        api.put(f"/api/initiatives/{made['id']}/start", {"note": "开始"}, JSON)
        checked = api.post(f"/api/initiatives/{made['id']}/checks", {}, JSON).json()
        assert [step["stage"] for step in checked["steps"]][-1] == "check"

    def test_a_wrong_move_is_a_conflict(self, signed_in: SignIn, bob: User, initiative: Initiative) -> None:
        answer = signed_in(bob).put(f"/api/initiatives/{initiative.pk}/standard", {"note": "x"}, JSON)
        assert answer.status_code == 409

    def test_an_unknown_metric_is_refused(self, signed_in: SignIn, bob: User) -> None:
        answer = signed_in(bob).post("/api/initiatives", {"title": "x", "metric": "luck"}, JSON)
        assert answer.status_code == 422

    def test_an_agent_may_not_plan(self, signed_in: SignIn, alice: User) -> None:
        assert signed_in(alice).post("/api/initiatives", {"title": "x"}, JSON).status_code == 403

    def test_charlie_gets_none(self, signed_in: SignIn, charlie: User, initiative: Initiative) -> None:
        api = signed_in(charlie)
        assert api.get("/api/initiatives").json() == []
        assert api.get(f"/api/initiatives/{initiative.pk}").status_code == 404
        assert api.put(f"/api/initiatives/{initiative.pk}/start", {}, JSON).status_code == 404


class TestCauses:
    def test_it_counts_within_rights(
        self,
        signed_in: SignIn,
        bob: User,
        charlie: User,
        handover: RootCause,
        solved: Callable[..., Case],
    ) -> None:
        solved(handover)
        (mine,) = signed_in(bob).get("/api/causes?days=30").json()
        (his,) = signed_in(charlie).get("/api/causes?days=30").json()
        assert (mine["n"], mine["share"], his["n"], his["share"]) == (1, 100.0, 0, None)

    def test_an_unknown_period_is_refused(self, signed_in: SignIn, bob: User) -> None:
        assert signed_in(bob).get("/api/causes?days=17").status_code == 422
