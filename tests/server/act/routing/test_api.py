"""Routing for programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import AgentProfile
from voiceloop.server.act.routing import people
from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(121)]
SignIn = Callable[[User], Client]
JSON = "application/json"


def test_it_says_my_status_and_hands_me_what_waits(
    signed_in: SignIn, alice: User, says: Callable[..., Response]
) -> None:
    people.set_status(alice, to="off", by=alice)
    cases.route(cases.open_for_response(says()))
    found = signed_in(alice).put("/api/agents/me/status", {"status": "available"}, content_type=JSON).json()
    assert found == {"status": "available", "taken": 1, "returned": 0}


def test_it_keeps_skills_and_lists_them(signed_in: SignIn, bob: User, alice: User) -> None:
    given = {"skills": {"seat:phone": 2}, "languages": ["en"], "capacity": 5, "is_senior": True}
    assert signed_in(bob).put("/api/agents/alice/skills", given, content_type=JSON).status_code == 200
    rows = {row["username"]: row for row in signed_in(bob).get("/api/agents").json()}
    assert rows["alice"]["skills"] == {"seat:phone": 2}
    assert rows["alice"]["is_free"]


def test_unknown_skills_are_refused(signed_in: SignIn, bob: User, alice: User) -> None:
    assert (
        signed_in(bob).put("/api/agents/alice/skills", {"skills": {"x": 9}}, content_type=JSON).status_code
        == 422
    )
    assert not AgentProfile.objects.exists()


def test_it_says_why_somebody_has_a_case(
    signed_in: SignIn, alice: User, says: Callable[..., Response]
) -> None:
    erin = User.objects.create_user("erin", role="agent", unit=alice.unit)
    people.set_status(erin, to="away", by=erin)
    case = cases.route(cases.open_for_response(says()))
    found = signed_in(alice).get(f"/api/cases/{case.pk}/why").json()
    assert found["steps"][0]["to"] == "alice"
    assert [(one["username"], one["verdict"]) for one in found["others"]] == [("erin", "away")]


def test_the_queue_is_that_of_the_branch(
    signed_in: SignIn, bob: User, charlie: User, alice: User, says: Callable[..., Response]
) -> None:
    for user in (alice, bob):
        people.set_status(user, to="off", by=user)
    case = cases.route(cases.open_for_response(says()))
    assert [row["id"] for row in signed_in(bob).get("/api/queue").json()] == [case.pk]
    assert signed_in(charlie).get("/api/queue").json() == []


@pytest.mark.requirement(124)
def test_the_green_channel_is_the_admins(signed_in: SignIn, bob: User, dora: User) -> None:
    given = {"tiers": ["black"], "severities": [], "reopenings": 1, "minutes": 20}
    assert signed_in(bob).put("/api/green-channel", given, content_type=JSON).status_code == 403
    assert signed_in(dora).put("/api/green-channel", given, content_type=JSON).json() == given
    assert signed_in(bob).get("/api/green-channel").json() == given
