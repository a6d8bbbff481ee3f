"""Steps taken back: the case is as it was, and both the step and its undoing stay in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import now

from voiceloop.server.act.cases import cases, grading
from voiceloop.server.act.casework import merging, severing, snoozing, undoing
from voiceloop.server.act.models import Case, Deed, RootCause
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(120)]
EventsAbout = Callable[[Case], list[str]]


@pytest.fixture
def back(alice: User) -> Callable[[Case], Case]:
    """Take Alice's last step on the case back."""

    def go(case: Case) -> Case:
        deed = undoing.last(case, by=alice)
        assert deed is not None
        undoing.undo(deed, by=alice)
        return Case.objects.get(pk=case.pk)

    return go


class TestUndo:
    def test_it_gives_the_case_back_to_its_owner(
        self, case: Case, alice: User, bob: User, back: Callable[[Case], Case]
    ) -> None:
        undoing.do(case, by=alice, name="assign", act=lambda: cases.assign(case, to=bob, by=alice))
        assert back(case).owner == alice

    def test_a_claimed_case_is_nobodys_again(
        self, case: Case, alice: User, back: Callable[[Case], Case]
    ) -> None:
        severing.release(case, by=alice)
        undoing.do(case, by=alice, name="claim", act=lambda: cases.claim(case, by=alice))
        assert back(case).owner is None

    def test_a_resolved_case_was_never_solved(
        self, case: Case, alice: User, slow_kitchen: RootCause, back: Callable[[Case], Case]
    ) -> None:
        before = {clock.kind: clock.n_runs for clock in case.clocks.all()}
        undoing.do(
            case, by=alice, name="resolve", act=lambda: cases.resolve(case, by=alice, root_cause=slow_kitchen)
        )
        again = back(case)
        assert again.is_open
        assert again.callbacks.waiting().count() == 0
        assert {clock.kind: clock.n_runs for clock in again.clocks.all()} == before
        assert not again.reopenings.filter(is_undo=False).exists()

    def test_it_can_be_resolved_anew_with_its_three_calls(
        self, case: Case, alice: User, slow_kitchen: RootCause, back: Callable[[Case], Case]
    ) -> None:
        def resolve() -> None:
            cases.resolve(case, by=alice, root_cause=slow_kitchen)

        undoing.do(case, by=alice, name="resolve", act=resolve)
        case = back(case)
        resolve()
        assert case.callbacks.waiting().count() == 3

    def test_the_pause_goes_on_when_its_end_is_taken_back(
        self, case: Case, alice: User, back: Callable[[Case], Case]
    ) -> None:
        cases.pause(case, by=alice, reason="photo")
        begun = case.pauses.get().at
        undoing.do(case, by=alice, name="resume", act=lambda: cases.resume(case, by=alice))
        back(case)
        assert [(pause.at, pause.ended_at) for pause in case.pauses.all()] == [(begun, None)]

    def test_severity_snooze_and_pause_go_back(
        self, case: Case, alice: User, back: Callable[[Case], Case]
    ) -> None:
        before = undoing.state(case)
        steps = {
            "grade": lambda: grading.grade(case, by=alice, severity="catastrophic", reason="x"),
            "snooze": lambda: snoozing.snooze(case, by=alice, until=now() + timedelta(hours=4)),
            "pause": lambda: cases.pause(case, by=alice),
        }
        for name, act in steps.items():
            undoing.do(case, by=alice, name=name, act=act)
            assert undoing.state(case) != before
            back(case)
            assert undoing.state(case) == before

    def test_both_stay_in_the_log(
        self, case: Case, alice: User, events_about: EventsAbout, back: Callable[[Case], Case]
    ) -> None:
        undoing.do(case, by=alice, name="pause", act=lambda: cases.pause(case, by=alice))
        back(case)
        assert events_about(case)[-3:] == ["case.paused", "case.resumed", "case.deed_undone"]

    def test_it_is_done_once(self, case: Case, alice: User, events_about: EventsAbout) -> None:
        undoing.do(case, by=alice, name="pause", act=lambda: cases.pause(case, by=alice))
        deed = Deed.objects.get()
        for _ in range(2):
            undoing.undo(deed, by=alice)
        assert events_about(case).count("case.deed_undone") == 1

    def test_it_leaves_what_somebody_went_on_from(self, case: Case, alice: User, bob: User) -> None:
        undoing.do(case, by=alice, name="assign", act=lambda: cases.assign(case, to=bob, by=alice))
        cases.assign(case, to=alice, by=bob)
        with pytest.raises(undoing.Changed):
            undoing.undo(Deed.objects.get(), by=alice)
        assert Case.objects.get(pk=case.pk).owner == alice

    def test_a_step_that_changed_nothing_is_not_kept(self, case: Case, alice: User) -> None:
        undoing.do(case, by=alice, name="assign", act=lambda: cases.assign(case, to=alice, by=alice))
        assert not Deed.objects.exists()


class TestLast:
    def test_it_is_ones_own_and_recent(self, case: Case, alice: User, bob: User) -> None:
        undoing.do(case, by=alice, name="pause", act=lambda: cases.pause(case, by=alice))
        assert undoing.last(case, by=bob) is None
        Deed.objects.update(at=now() - timedelta(hours=1))
        assert undoing.last(case, by=alice) is None

    def test_a_merge_is_found_from_where_it_went(
        self, case: Case, alice: User, second: Case, back: Callable[[Case], Case]
    ) -> None:
        undoing.do(case, by=alice, name="merge", act=lambda: merging.merge(case, into=second, by=alice))
        back(second)
        assert Case.objects.get(pk=case.pk).is_open
