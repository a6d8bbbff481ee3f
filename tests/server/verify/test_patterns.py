"""Which causes solved cases had, in whose part of the company, and whether one grows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voiceloop.server.act.models import Case, RootCause
from voiceloop.server.core.models import Unit, User
from voiceloop.server.verify.patterns import Pattern, Window, by_unit, patterns

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(109)]
Solved = Callable[..., Case]


def pattern_of(cause: RootCause, user: User, **window: object) -> Pattern:
    return next(p for p in patterns(Window(user, **window)) if p.cause == cause)  # type: ignore[arg-type]


class TestPatterns:
    def test_it_counts_each_cause_and_its_share(
        self, solved: Solved, handover: RootCause, attitude: RootCause, bob: User
    ) -> None:
        for cause in (handover, handover, handover, attitude):
            solved(cause)
        first, second = patterns(Window(bob))
        assert [(p.cause, p.hits, p.row.value) for p in (first, second)] == [
            (handover, 3, 75.0),
            (attitude, 1, 25.0),
        ]

    def test_the_share_has_an_interval(self, solved: Solved, handover: RootCause, bob: User) -> None:
        solved(handover)
        row = pattern_of(handover, bob).row
        assert (row.n, row.high) == (1, 100.0)
        assert 0 < (row.low or 0) < 50

    def test_a_share_that_grew_by_far_is_a_signal(
        self, solved: Solved, handover: RootCause, attitude: RootCause, bob: User
    ) -> None:
        for _ in range(20):
            solved(handover, days_ago=5)
            solved(attitude, days_ago=100)
        found = pattern_of(handover, bob)
        assert (found.hits, found.before, found.is_signal, found.better) == (20, 0, True, False)

    def test_one_case_more_is_noise(
        self, solved: Solved, handover: RootCause, bob: User, attitude: RootCause
    ) -> None:
        for cause, days in ((handover, 5), (handover, 5), (attitude, 5), (handover, 100), (attitude, 100)):
            solved(cause, days_ago=days)
        assert not pattern_of(handover, bob).is_signal

    def test_the_course_has_every_case_once(self, solved: Solved, handover: RootCause, bob: User) -> None:
        for days in (0, 1, 45, 89):
            solved(handover, days_ago=days)
        spark = pattern_of(handover, bob).spark
        assert (sum(spark), spark[0], spark[-1]) == (4, 1, 2)

    def test_a_cause_out_of_use_is_shown_while_it_has_cases(
        self, solved: Solved, handover: RootCause, attitude: RootCause, bob: User
    ) -> None:
        solved(handover)
        RootCause.objects.update(archived_at="2026-01-01T00:00:00Z")
        assert [p.cause for p in patterns(Window(bob))] == [handover]

    def test_charlie_counts_none_of_them(self, solved: Solved, handover: RootCause, charlie: User) -> None:
        solved(handover)
        assert [(p.hits, p.row.n, p.row.value) for p in patterns(Window(charlie))] == [(0, 0, None)]


class TestByUnit:
    def test_each_unit_is_measured_against_its_own_cases(
        self, solved: Solved, handover: RootCause, attitude: RootCause, east: Unit, west: Unit, dora: User
    ) -> None:
        for cause, unit in ((handover, east), (attitude, east), (handover, west)):
            solved(cause, unit)
        found = {str(unit.code): (hits, row.value) for unit, hits, row in by_unit(Window(dora), handover)}
        assert found == {"east": (1, 50.0), "west": (1, 100.0)}
