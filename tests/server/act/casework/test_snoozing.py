"""Cases that were put off, and come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.casework import snoozing
from voiceloop.server.act.models import Case, Notice, RootCause, Snooze
from voiceloop.server.act.threads import threads
from voiceloop.server.core.models import User
from voiceloop.server.core.reactor import deliver

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]
EventsAbout = Callable[[Case], list[str]]


def awake() -> list[Case]:
    return list(Case.objects.open().awake())


class TestSnooze:
    def test_it_leaves_the_lists_and_stays_open(self, case: Case, alice: User) -> None:
        snoozing.snooze(case, by=alice, until=now() + timedelta(hours=2))
        assert awake() == []
        assert case.is_open

    def test_the_clocks_run_on(self, case: Case, alice: User) -> None:
        snoozing.snooze(case, by=alice)
        assert case.clocks.filter(state="running").exists()

    def test_a_second_one_replaces_the_first(self, case: Case, alice: User) -> None:
        for hours in (2, 4):
            snoozing.snooze(case, by=alice, until=now() + timedelta(hours=hours))
        assert case.snoozes.filter(ended_at=None).count() == 1

    def test_a_solved_case_is_not_put_off(self, resolved: Case, alice: User) -> None:
        snoozing.snooze(resolved, by=alice)
        assert not resolved.snoozes.exists()


class TestWakeAll:
    def test_it_brings_back_what_is_due_and_says_so_once(
        self, case: Case, alice: User, events_about: EventsAbout
    ) -> None:
        snoozing.snooze(case, by=alice, until=now() - timedelta(minutes=1))
        assert [snoozing.wake_all() for _ in range(2)] == [1, 0]
        assert awake() == [case]
        assert events_about(case).count("case.awoke") == 1

    def test_it_leaves_what_waits_for_the_customer(self, case: Case, alice: User) -> None:
        snoozing.snooze(case, by=alice)
        assert snoozing.wake_all() == 0

    def test_the_owner_is_told(self, case: Case, alice: User) -> None:
        snoozing.snooze(case, by=alice, until=now() - timedelta(minutes=1))
        snoozing.wake_all()
        deliver()
        assert Notice.objects.filter(user=alice, event__type="case.awoke").count() == 1


class TestTheCustomerWrites:
    @pytest.mark.parametrize("hours", [None, 48])
    def test_the_case_is_back(self, case: Case, alice: User, hours: int | None) -> None:
        until = now() + timedelta(hours=hours) if hours else None
        snoozing.snooze(case, by=alice, until=until)
        threads.hear(case, channel="email", address="wang@example.com", text="还没好", key="m1")
        deliver()
        assert awake() == [case]
        assert case.snoozes.get().ended_by == Snooze.Ended.REPLY


def test_resolving_a_case_that_was_put_off_keeps_it_solved(
    case: Case, alice: User, slow_kitchen: RootCause
) -> None:
    snoozing.snooze(case, by=alice, until=now() - timedelta(minutes=1))
    cases.resolve(case, by=alice, root_cause=slow_kitchen)
    snoozing.wake_all()
    assert not Case.objects.get(pk=case.pk).is_open
