"""Complaints are traced from the problem to cause and team, down to the case and up to its fix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests.server.feedback import lake_in, respond
from voiceloop.server.act.models import Case, Resolution, RootCause
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import Unit, User
from voiceloop.server.understand.models import Annotation

SignIn = Callable[[User], Client]
Causes = dict[str, RootCause]
pytestmark = [pytest.mark.django_db, pytest.mark.requirement(75, 76)]


@pytest.fixture
def complaints(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Causes:
    """Six late deliveries of the east by the sorting, three by the rider, one of the west."""
    lake_in(tmp_path, monkeypatch)
    causes = {
        code: RootCause.objects.create(code=code, group=group, name=code)
        for code, group in (("sorting", "process"), ("riding", "people"))
    }
    for unit, code, n in ((east, "sorting", 6), (east, "riding", 3), (west, "riding", 1)):
        for _ in range(n):
            response = respond(unit, 2)
            words = Verbatim.objects.create(response=response, text="late")
            Annotation.objects.create(
                verbatim=words, kind="reason", label="delivery", polarity=-1, probability=0.9, version="1"
            )
            case = Case.objects.create(unit=unit, response=response, opened_at=response.at)
            Resolution.objects.create(case=case, root_cause=causes[code])
    return causes


class TestSources:
    def test_each_cause_has_its_share(self, complaints: object, bob: User, signed_in: SignIn) -> None:
        (problem,) = signed_in(bob).get("/api/drivers/causes").json()["problems"]
        steps = {one["code"]: one for one in problem["children"]}
        assert (problem["code"], problem["n"]) == ("delivery", 9)
        assert steps["process"]["share"]["value"] == pytest.approx(2 / 3)
        assert steps["process"]["share"]["low"] < 2 / 3 < steps["process"]["share"]["high"]
        assert steps["process"]["children"][0]["code"] == "sorting"

    def test_one_sees_only_ones_own_branch(
        self, complaints: object, charlie: User, signed_in: SignIn
    ) -> None:
        assert signed_in(charlie).get("/api/drivers/causes").json()["n"] == 1

    def test_a_cause_leads_down_to_its_cases(self, complaints: Causes, bob: User, signed_in: SignIn) -> None:
        query = "at_problem=delivery&at_step=process&at_cause=sorting"
        page = signed_in(bob).get(f"/drivers/causes/?{query}").content.decode()
        assert page.count(f"/causes/{complaints['sorting'].pk}/initiative/") == 6
        assert f"/causes/{complaints['riding'].pk}/initiative/" not in page

    def test_without_cases_it_says_what_will_stand_here(
        self, east: Unit, bob: User, signed_in: SignIn
    ) -> None:
        assert signed_in(bob).get("/drivers/causes/").status_code == 200
