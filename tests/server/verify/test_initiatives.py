"""The verbs of an initiative: from the plan, measured before anything is done, to the standard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tests.server.feedback import respond
from voiceloop.server.act.models import RootCause
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.store import sync
from voiceloop.server.verify import initiatives
from voiceloop.server.verify.models import Initiative, Step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement(147)]


def events_of(initiative: Initiative) -> list[str]:
    rows = Event.objects.about("initiative", initiative.pk).order_by("id")
    return [event.type.removeprefix("initiative.") for event in rows]


def started_days_ago(initiative: Initiative, days: int) -> None:
    initiative.steps.filter(stage=Step.Stage.START).update(at=now() - timedelta(days=days))


class TestPlan:
    def test_it_measures_the_baseline_at_once(self, initiative: Initiative) -> None:
        baseline = initiative.baseline or {}
        assert (baseline["n"], baseline["value"]) == (10, 40.0)
        assert baseline["low"] < 40 < baseline["high"]

    def test_it_keeps_the_baseline_as_the_evidence_of_its_first_step(self, initiative: Initiative) -> None:
        step = initiative.steps.get()
        assert (step.stage, step.evidence) == ("plan", initiative.baseline)

    def test_it_reads_only_the_scope(self, company: None, bob: User) -> None:
        made = initiatives.plan(by=bob, title="x", metric="nps", scope={"touchpoint": ["dine_in"]})
        assert (made.baseline or {})["n"] == 0
        assert (made.baseline or {})["value"] is None

    def test_what_is_withheld_cannot_be_worked_out(self, company: None, bob: User, east: Unit) -> None:
        for _ in range(3):
            respond(east, 10, touchpoint="chat")
        sync.sync()
        made = initiatives.plan(by=bob, title="x", metric="nps", scope={"touchpoint": ["chat"]})
        kept = made.baseline or {}
        assert (kept["n"], kept["value"], kept["parts"]) == (3, None, None)

    def test_it_can_do_without_a_number(self, bob: User) -> None:
        assert initiatives.plan(by=bob, title="x").baseline is None

    def test_it_is_told_in_the_log_of_its_cause(self, initiative: Initiative, handover: RootCause) -> None:
        (event,) = Event.objects.about("root_cause", handover.pk)
        assert "后厨交接提速" in event.sentence


class TestRevise:
    def test_another_scope_is_measured_anew(self, initiative: Initiative, bob: User) -> None:
        initiatives.revise(initiative, by=bob, scope={"touchpoint": ["dine_in"]})
        assert (initiative.baseline or {})["n"] == 0

    def test_what_is_measured_is_fixed_after_the_start(self, initiative: Initiative, bob: User) -> None:
        initiatives.start(initiative, by=bob)
        with pytest.raises(initiatives.WrongStage):
            initiatives.revise(initiative, by=bob, metric="csat")
        assert Initiative.objects.get().metric == "nps"

    def test_the_target_may_change_at_any_time(self, initiative: Initiative, bob: User) -> None:
        initiatives.start(initiative, by=bob)
        assert initiatives.revise(initiative, by=bob, target=50.0).target == 50

    def test_nothing_is_recorded_when_nothing_changed(self, initiative: Initiative, bob: User) -> None:
        initiatives.revise(initiative, by=bob, target=60.0)
        assert events_of(initiative) == ["planned"]


class TestStart:
    def test_it_is_one_step_when_repeated(self, initiative: Initiative, bob: User) -> None:
        for _ in range(2):
            initiatives.start(initiative, by=bob)
        assert events_of(initiative) == ["planned", "started"]


class TestCheck:
    def test_it_compares_with_the_baseline(self, initiative: Initiative, bob: User, east: Unit) -> None:
        initiatives.start(initiative, by=bob)
        started_days_ago(initiative, 5)
        for _ in range(40):
            respond(east, 10, days_ago=1)
        sync.sync()
        initiatives.check(initiative, by=bob)
        evidence = initiative.newest_step.evidence  # type: ignore[union-attr]
        assert (evidence["n"], evidence["value"]) == (40, 100.0)
        assert (evidence["change"]["difference"], evidence["change"]["verdict"]) == (60.0, "signal")

    def test_it_says_nothing_of_too_few_facts(self, initiative: Initiative, bob: User) -> None:
        initiatives.start(initiative, by=bob)
        initiatives.check(initiative, by=bob)
        evidence = initiative.newest_step.evidence  # type: ignore[union-attr]
        assert (evidence["n"], evidence["value"], evidence["change"]) == (0, None, None)

    def test_it_measures_the_same_whoever_looks(
        self, initiative: Initiative, bob: User, dora: User, east: Unit, west: Unit
    ) -> None:
        """The head office sees two branches; the initiative belongs to one."""
        initiatives.start(initiative, by=bob)
        for unit in (east, west):
            for _ in range(5):
                respond(unit, 9, days_ago=0)
        sync.sync()
        initiatives.check(initiative, by=dora)
        assert initiative.newest_step.evidence["n"] == 5  # type: ignore[index, union-attr]

    def test_each_check_is_kept(self, initiative: Initiative, bob: User) -> None:
        initiatives.start(initiative, by=bob)
        for _ in range(2):
            initiatives.check(initiative, by=bob)
        assert initiative.steps.filter(stage="check").count() == 2

    def test_a_plan_cannot_be_checked(self, initiative: Initiative, bob: User) -> None:
        with pytest.raises(initiatives.WrongStage):
            initiatives.check(initiative, by=bob)
        assert events_of(initiative) == ["planned"]


@pytest.mark.requirement(109)
class TestStandardise:
    @pytest.fixture
    def checked(self, initiative: Initiative, bob: User) -> Initiative:
        initiatives.start(initiative, by=bob)
        return initiatives.check(initiative, by=bob)

    def test_it_closes_with_what_must_be_learned(self, checked: Initiative, bob: User) -> None:
        initiatives.standardise(checked, by=bob, note="双人交接", training="交接口令")
        assert not checked.is_open
        assert Event.objects.get(type="initiative.standardised").data["training"] == "交接口令"

    def test_it_happens_once(self, checked: Initiative, bob: User) -> None:
        for _ in range(2):
            initiatives.standardise(checked, by=bob, note="x")
        assert events_of(checked)[-2:] == ["checked", "standardised"]

    def test_it_needs_a_check_before(self, initiative: Initiative, bob: User) -> None:
        initiatives.start(initiative, by=bob)
        with pytest.raises(initiatives.WrongStage):
            initiatives.standardise(initiative, by=bob, note="x")


class TestReplan:
    def test_it_begins_again_with_a_new_baseline(self, initiative: Initiative, bob: User, east: Unit) -> None:
        initiatives.start(initiative, by=bob)
        for _ in range(10):
            respond(east, 10, days_ago=2)
        sync.sync()
        initiatives.replan(initiative, by=bob)
        assert (initiative.stage, (initiative.baseline or {})["n"]) == ("plan", 20)

    def test_it_wakes_what_was_stopped(self, initiative: Initiative, bob: User) -> None:
        initiatives.stop(initiative, by=bob)
        initiatives.replan(initiative, by=bob)
        assert initiative.is_open
        assert events_of(initiative) == ["planned", "stopped", "replanned"]


class TestStop:
    def test_its_steps_stay(self, initiative: Initiative, bob: User) -> None:
        initiatives.stop(initiative, by=bob, note="太贵")
        assert not initiative.is_open
        assert initiative.steps.count() == 1

    def test_it_cannot_go_on(self, initiative: Initiative, bob: User) -> None:
        initiatives.stop(initiative, by=bob)
        with pytest.raises(initiatives.WrongStage):
            initiatives.start(initiative, by=bob)
