"""Playbooks are followed: chosen by rules, kept in their version, each step once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.cases.actions import actions
from voiceloop.server.act.models import Case, Notice, PlaybookRun, PlaybookVersion, StepRun
from voiceloop.server.act.notices import reading
from voiceloop.server.act.playbooks import checklist, dry, editing, handing, runs, shipped, tending
from voiceloop.server.collect.models import Message, Response
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.core.reactor import deliver
from voiceloop.server.web.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(106)]
Says = Callable[..., Response]
SignIn = Callable[[User], Client]
SERIOUS = {"all": [{"fact": "score", "is": "at_most", "value": 2}]}
SORRY = {"key": "apologise", "action": "apologise", "mode": "auto"}
NOTE = {
    "key": "note",
    "action": "leave_note",
    "mode": "auto",
    "after": "previous",
    "params": {"text": "致电"},
}


def into_use(by: User, *steps: dict[str, object], first: bool = True, **said: object) -> PlaybookVersion:
    draft = editing.new(by=by, name="金卡", name_en="Gold")
    editing.save(draft, by=by, said={"conditions": SERIOUS, "steps": list(steps), **said})
    dry.count(dry.start(draft, by=by))
    while first and draft.playbook.position > 1:
        editing.move(draft.playbook, by=by, up=True)
        draft.playbook.refresh_from_db()
    return editing.activate(draft, by=by)


def keys(case: Case) -> dict[str, str]:
    return dict(StepRun.objects.filter(run__case=case).values_list("key", "state"))


class TestBegin:
    def test_the_first_that_fits_is_followed(self, says: Says, dora: User, alice: User) -> None:
        mine = into_use(dora, SORRY)
        caught = runs.begin_for_case(cases.open_for_response(says(1)))
        spared = runs.begin_for_case(cases.open_for_response(says(5)))
        assert caught
        assert spared
        assert (caught.version, spared.version.playbook.code) == (mine, "fast")

    def test_a_case_has_one_run(self, case: Case) -> None:
        assert runs.begin_for_case(case) == runs.begin_for_case(case)

    def test_a_case_keeps_the_version_it_began_with(self, says: Says, dora: User, alice: User) -> None:
        mine = into_use(dora, SORRY)
        case = cases.open_for_response(says(1))
        runs.begin_for_case(case)
        draft = editing.begin_draft(mine.playbook, by=dora)
        editing.save(draft, by=dora, said={"steps": [NOTE | {"after": "start"}]})
        dry.count(dry.start(draft, by=dora))
        editing.activate(draft, by=dora)
        assert (checklist.of(case), [item.key for item in checklist.items(case)]) == (mine, ["apologise"])

    def test_the_reactor_begins_it(self, says: Says, completes: Callable[..., Event], alice: User) -> None:
        completes(says(1))
        deliver()
        deliver()
        assert PlaybookRun.objects.get().case.playbook == "fast"  # type: ignore[union-attr]

    def test_an_answer_that_becomes_a_case_keeps_its_run(self, says: Says, alice: User) -> None:
        response = says(8)
        run = runs.begin_for_answer(response)
        assert run is not None
        assert list(run.steps.values_list("key", flat=True)) == ["care"]
        case = cases.open_for_response(response)
        assert runs.begin_for_case(case) == run
        assert "listen" in keys(case)


class TestAdvance:
    def test_it_does_one_step_at_a_time(self, says: Says, dora: User, alice: User) -> None:
        into_use(dora, SORRY, NOTE)
        case = cases.open_for_response(says(1))
        run = runs.begin_for_case(case)
        assert run is not None
        assert runs.advance(run.pk)
        assert keys(case) == {"apologise": "done", "note": "open"}
        assert runs.work_off(run.pk) == 1
        run.refresh_from_db()
        assert (run.state, run.next_at) == ("done", None)

    def test_it_does_nothing_twice(self, says: Says, dora: User, alice: User) -> None:
        into_use(dora, SORRY, NOTE)
        case = cases.open_for_response(says(1))
        run = runs.begin_for_case(case)
        assert run is not None
        assert [runs.work_off(run.pk) for _ in range(2)] == [2, 0]
        assert Message.objects.filter(about=f"case:{case.pk}").count() == 1
        assert case.notes.count() == 1

    def test_a_step_waits_for_its_time(self, says: Says, dora: User, alice: User) -> None:
        into_use(dora, SORRY | {"delay": 60})
        run = runs.begin_for_case(cases.open_for_response(says(1)))
        assert run is not None
        assert runs.work_off(run.pk) == 0
        PlaybookRun.objects.filter(pk=run.pk).update(started_at=now() - timedelta(hours=2))
        assert runs.work_off(run.pk) == 1

    def test_a_failure_is_kept_and_tried_again(
        self, says: Says, dora: User, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        into_use(dora, SORRY)
        case = cases.open_for_response(says(1))
        run = runs.begin_for_case(case)
        assert run is not None
        with monkeypatch.context() as broken:
            broken.setattr(actions()["apologise"], "perform", lambda *given, **named: 1 / 0)
            for _ in range(runs.TRIES):
                StepRun.objects.filter(run=run).exclude(next_at=None).update(next_at=now())
                runs.work_off(run.pk)
        step = run.steps.get()
        assert (step.state, step.n_tries, "division" in step.error) == ("failed", runs.TRIES, True)
        assert not Message.objects.exists()
        tending.retry(step, by=alice)
        runs.work_off(run.pk)
        assert keys(case) == {"apologise": "done"}


class TestTend:
    def test_what_the_case_shows_is_ticked_off(self, case: Case, alice: User) -> None:
        runs.begin_for_case(case)
        cases.contact(case, by=alice, result="reached")
        deliver()
        step = StepRun.objects.get(run__case=case, key="listen")
        assert (step.state, step.by) == ("done", alice)

    def test_what_no_longer_holds_is_opened_again(self, resolved: Case, alice: User) -> None:
        runs.begin_for_case(resolved)
        tending.settle(resolved, by=alice)
        assert keys(resolved)["fix"] == "done"
        cases.reopen(resolved, by=alice)
        tending.settle(resolved, by=alice)
        assert keys(resolved)["fix"] == "open"

    def test_a_step_can_be_left_out(self, case: Case, alice: User) -> None:
        runs.begin_for_case(case)
        tending.skip(StepRun.objects.get(run__case=case, key="remedy"), by=alice, note="不需要")
        assert keys(case)["remedy"] == "skipped"

    def test_a_run_can_be_stopped(self, case: Case, alice: User) -> None:
        run = runs.begin_for_case(case)
        assert run is not None
        assert tending.stop(run, by=alice).state == "stopped"
        assert not StepRun.objects.open().exists()


class TestActivate:
    def test_it_wants_a_dry_run_of_these_conditions(self, dora: User) -> None:
        draft = editing.new(by=dora, name="金卡")
        editing.save(draft, by=dora, said={"conditions": SERIOUS, "steps": [SORRY]})
        with pytest.raises(editing.NotReady):
            editing.activate(draft, by=dora)
        dry.count(dry.start(draft, by=dora))
        editing.save(draft, by=dora, said={"conditions": {"all": []}})
        with pytest.raises(editing.NotReady):
            editing.activate(draft, by=dora)

    def test_it_refuses_faults(self, dora: User) -> None:
        draft = editing.new(by=dora, name="金卡")
        dry.count(dry.start(draft, by=dora))
        with pytest.raises(editing.NotReady):
            editing.activate(draft, by=dora)


class TestDryRun:
    def test_it_counts_whom_it_would_have_caught(self, says: Says, dora: User, alice: User) -> None:
        for score in (0, 1, 2, 4, 6, 8, 10):
            says(score)
        says(1, about="case:1")
        draft = editing.new(by=dora, name="金卡", name_en="Gold")
        editing.save(draft, by=dora, said={"conditions": SERIOUS, "steps": [SORRY]})
        found = dry.count(dry.start(draft, by=dora, days=30)).result
        assert (found["n_seen"], found["n_caught"]) == (5, 3)
        assert sum(n for _day, n in found["days"]) == 3
        assert [(row["n"], row["alone"]) for row in found["rules"]] == [(3, 2)]
        assert [(row["name"], row["n"], row["before"]) for row in found["overlap"]] == [("快", 3, True)]
        assert found["n_lost"] == 3

    def test_it_changes_nothing(self, says: Says, dora: User) -> None:
        says(1)
        shipped.starter()
        draft = editing.new(by=dora, name="金卡")
        dry.count(dry.start(draft, by=dora))
        assert not Case.objects.exists()
        assert not PlaybookRun.objects.exists()


@pytest.mark.requirement(125)
class TestHanding:
    @pytest.fixture
    def technical(self, root: Unit) -> Unit:
        return Unit.objects.create(
            code="tech", name="技术部", name_en="Technical", kind="department", parent=root
        )

    def test_the_department_sees_it_and_nobody_else(
        self, case: Case, alice: User, technical: Unit, person: Callable[..., User], charlie: User
    ) -> None:
        zhao = person("Zhao", "agent", technical)
        step = handing.hand(case, by=alice, unit=technical, what="查接口", minutes=60)
        assert list(StepRun.objects.handed_to(zhao)) == [step]
        assert step.due_at is not None
        assert not StepRun.objects.visible_to(charlie).exists()
        assert not Case.objects.visible_to(zhao).exists()

    def test_it_is_taken_done_and_told(
        self, case: Case, alice: User, technical: Unit, person: Callable[..., User],
        events_about: Callable[[Case], list[str]],
    ) -> None:  # fmt: skip
        zhao = person("Zhao", "agent", technical)
        step = handing.hand(case, by=alice, unit=technical, what="查接口")
        handing.take(step, by=zhao)
        handing.finish(step, by=zhao, note="已修复")
        step.refresh_from_db()
        assert (step.state, step.owner, step.note) == ("done", zhao, "已修复")
        assert [t for t in events_about(case) if t.startswith("step.")] == [
            "step.handed", "step.taken", "step.finished",
        ]  # fmt: skip

    def test_it_comes_back_with_a_word_and_goes_again(
        self, case: Case, alice: User, technical: Unit, person: Callable[..., User]
    ) -> None:
        zhao = person("Zhao", "agent", technical)
        step = handing.hand(case, by=alice, unit=technical, what="查接口")
        handing.give_back(step, by=zhao, note="缺订单号")
        assert [one.state for one in handing.strip(case)] == ["returned"]
        handing.hand_again(step, by=alice, unit=technical, note="订单号 42")
        assert [one.state for one in handing.strip(case)] == ["open"]

    def test_nobody_else_finishes_it(self, case: Case, alice: User, technical: Unit) -> None:
        step = handing.hand(case, by=alice, unit=technical, what="查接口")
        with pytest.raises(handing.NotTheirs):
            handing.finish(step, by=alice)

    def test_a_step_for_a_role_is_told_to_those_who_hold_it_and_waits_on_their_desk(
        self, says: Says, dora: User, alice: User, bob: User, charlie: User
    ) -> None:
        check = {"key": "check", "action": "task", "who": "role", "role": "lead", "params": {"what": "复核"}}
        into_use(dora, check)
        case = cases.open_for_response(says(1))
        cases.assign(case, to=alice, by=dora)
        runs.begin_for_case(case)
        deliver()
        told = Notice.objects.filter(event__type="playbook.step_asked")
        assert [one.user for one in told] == [bob]
        assert (told[0].case, reading.href_of(told[0].event)) == (case, f"/cases/{case.pk}/")
        assert [list(Desk(one, tab="steps").rows) != [] for one in (bob, alice)] == [True, False]
        checklist.do(case, step="check", by=bob)
        assert keys(case) == {"check": "done"}

    def test_somebody_of_the_role_takes_it_and_keeps_it(
        self, says: Says, dora: User, bob: User, alice: User, east: Unit, person: Callable[..., User],
        signed_in: SignIn,
    ) -> None:  # fmt: skip
        check = {"key": "check", "action": "task", "who": "role", "role": "lead", "params": {"what": "复核"}}
        into_use(dora, check)
        case = cases.open_for_response(says(1))
        runs.begin_for_case(case)
        step = StepRun.objects.get(key="check")
        url, other = reverse("step_claim", args=[step.pk]), person("Erin", "lead", east)
        assert url not in signed_in(alice).get(reverse("case", args=[case.pk])).text
        refused = signed_in(alice).post(url, follow=True).text
        assert "这个步骤不需要您这个角色的人领取" in refused
        assert url in signed_in(bob).get(reverse("case", args=[case.pk])).text
        assert "已由您负责" in signed_in(bob).post(url, follow=True).text
        assert "Bob 已先一步领取" in signed_in(other).post(url, follow=True).text
        assert [list(Desk(one, tab="steps").rows) != [] for one in (bob, other)] == [True, False]
        about = Event.objects.filter(type="playbook.step_claimed")
        assert [event.by for event in about] == [bob]

    def test_the_next_department_waits_for_the_one_before(
        self, says: Says, dora: User, alice: User, technical: Unit, person: Callable[..., User]
    ) -> None:
        first = {"key": "one", "action": "task", "who": "unit", "unit": "tech", "params": {"what": "查"}}
        second = first | {"key": "two", "after": "previous", "minutes": 60, "params": {"what": "修"}}
        into_use(dora, first, second)
        case = cases.open_for_response(says(1))
        runs.begin_for_case(case)
        assert keys(case) == {"one": "open", "two": "waiting"}
        handing.finish(StepRun.objects.get(key="one"), by=person("Zhao", "agent", technical))
        assert keys(case) == {"one": "done", "two": "open"}
