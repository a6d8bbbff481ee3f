"""Programmes: each change of the plan is a version."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from voiceloop.server.collect import invitations, programmes, responses
from voiceloop.server.collect.events import PlanChanged
from voiceloop.server.collect.funnel import by_programme
from voiceloop.server.collect.models import Customer, Plan, Programme, Survey
from voiceloop.server.collect.starter import starter
from voiceloop.server.core.models import Event, Unit, User


@pytest.mark.requirement(5)
class TestChangePlan:
    def test_it_keeps_the_parts_that_are_not_named(self, programme: Programme, carol: User) -> None:
        before = programme.plan
        after = programmes.change_plan(programme=programme, by=carol, cycle="每周")
        assert before is not None
        assert (after.number, after.cycle, after.definition) == (2, "每周", before.definition)

    def test_it_leaves_the_versions_before(self, programme: Programme, carol: User) -> None:
        programmes.change_plan(programme=programme, by=carol, cycle="每周")
        assert programme.plans.get(number=1).cycle == "随服务持续，按月报告"

    def test_it_writes_no_version_that_says_the_same(self, programme: Programme, carol: User) -> None:
        n = Event.objects.filter(type=PlanChanged.type).count()
        programmes.change_plan(programme=programme, by=carol)
        assert programme.plans.count() == 1
        assert Event.objects.filter(type=PlanChanged.type).count() == n

    def test_it_shows_what_changed(self, programme: Programme, carol: User) -> None:
        before = programme.plan
        after = programmes.change_plan(programme=programme, by=carol, cycle="每周")
        assert programmes.changes(before, after) == [("cycle", "随服务持续，按月报告", "每周")]


class TestStarter:
    def test_it_may_run_again(self, root: Unit) -> None:
        for _ in range(2):
            starter(root)
        assert set(Programme.objects.values_list("code", flat=True)) == {"service", "recovery"}
        assert all(survey.live for survey in Survey.objects.all())
        assert Plan.objects.count() == 2


class TestFunnel:
    @pytest.mark.requirement(65)
    def test_it_counts_who_was_asked_and_why_others_were_not(
        self, survey: Survey, wang: Customer, east: Unit, carol: User
    ) -> None:
        gone = Customer.objects.create(unit=east, number="C2")
        invitations.opt_out(customer=gone)
        asked = invitations.send(survey=survey, customers=[wang, gone], channel="link", by=carol)
        responses.complete(invitation=asked[0], answers={"nps": 9})
        funnel = by_programme(carol)["service"]
        assert (funnel.considered, funnel.asked, funnel.sent, funnel.started, funnel.answered) == (
            2,
            1,
            1,
            1,
            1,
        )
        assert [n for _, n in funnel.reasons] == [1]


class TestPages:
    @pytest.fixture
    def carols(self, signed_in: Callable[[User], Client], dora: User) -> Client:
        return signed_in(dora)

    def test_it_shows_the_versions_with_what_changed(
        self, carols: Client, programme: Programme, carol: User
    ) -> None:
        programmes.change_plan(programme=programme, by=carol, cycle="每周")
        html = carols.get(f"/programmes/{programme.pk}/").text
        assert '<del class="muted">随服务持续，按月报告</del><ins>每周</ins>' in html

    def test_it_makes_a_programme(self, carols: Client, root: Unit) -> None:
        plan = {"name": "会员", "code": "member", "rest_days": "90", "unit": root.pk, "definition": "0–10"}
        made = carols.post("/programmes/new/", plan, follow=True)
        assert "会员" in made.text
        assert Programme.objects.get(code="member").plan.definition == "0–10"  # type: ignore[union-attr]

    def test_it_is_not_changed_by_those_who_only_read(
        self, signed_in: Callable[[User], Client], bob: User, programme: Programme
    ) -> None:
        bobs = signed_in(bob)
        assert bobs.get(f"/programmes/{programme.pk}/").status_code == 200
        assert bobs.get(f"/programmes/{programme.pk}/plan/").status_code == 403
        assert bobs.post(f"/programmes/{programme.pk}/plan/", {"cycle": "每天"}).status_code == 403
