"""Customers whom we wait for: asked once, then let go, then heard again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.casework import waiting
from voiceloop.server.act.models import Case, Nudge, Pause, Post, RootCause, WaitRule
from voiceloop.server.act.threads import threads
from voiceloop.server.collect.models import Message
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(120)]
EventsAbout = Callable[[Case], list[str]]
ADDRESS = "wang@example.com"


@pytest.fixture
def rule(slow_kitchen: RootCause) -> WaitRule:
    return WaitRule.objects.create(name="三天再问", nudge_after=3, close_after=4, root_cause=slow_kitchen)


@pytest.fixture
def paused(case: Case, alice: User) -> Case:
    return cases.pause(case, by=alice, reason="照片")


def days_ago(case: Case, days: float) -> None:
    Pause.objects.filter(case=case).update(at=now() - timedelta(days=days))


def asked_days_ago(days: float) -> None:
    Nudge.objects.update(at=now() - timedelta(days=days))


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


class TestNudge:
    def test_nobody_is_asked_without_a_rule(self, paused: Case) -> None:
        days_ago(paused, 30)
        assert waiting.look() == (0, 0)

    def test_nobody_is_asked_too_early(self, paused: Case, rule: WaitRule) -> None:
        days_ago(paused, 2.9)
        assert waiting.look() == (0, 0)

    def test_the_customer_is_asked_once_however_often_it_runs(
        self, paused: Case, rule: WaitRule, events_about: EventsAbout
    ) -> None:
        days_ago(paused, 3.1)
        assert [waiting.look() for _ in range(3)] == [(1, 0), (0, 0), (0, 0)]
        assert Message.objects.filter(key=f"nudge:{paused.pauses.get().pk}").count() == 1
        assert events_about(paused).count("case.nudged") == 1

    def test_it_goes_where_they_wrote_and_is_no_contact_of_ours(self, paused: Case, rule: WaitRule) -> None:
        threads.hear(paused, channel="email", address=ADDRESS, text="好的", key="m1")
        cases.pause(fresh(paused), by=User.objects.get(username="alice"))
        Pause.objects.filter(case=paused, ended_at=None).update(at=now() - timedelta(days=4))
        assert waiting.look() == (1, 0)
        asked = Post.objects.get(key__startswith="nudge:")
        assert asked.is_automatic
        assert f"#{paused.pk}" in asked.text
        assert fresh(paused).first_contact_at is None
        assert paused.pauses.filter(ended_at=None).exists()

    def test_a_catastrophe_is_left_alone(self, paused: Case, rule: WaitRule) -> None:
        Case.objects.filter(pk=paused.pk).update(severity="catastrophic")
        days_ago(paused, 30)
        assert waiting.look() == (0, 0)

    def test_the_rule_with_more_conditions_holds(self, paused: Case, rule: WaitRule) -> None:
        longer = WaitRule.objects.create(
            name="客诉", kind=paused.kind, nudge_after=9, root_cause=rule.root_cause
        )
        assert waiting.rule_for(paused) == longer

    def test_its_own_words_are_said_with_the_name_in_them(self, paused: Case, rule: WaitRule) -> None:
        WaitRule.objects.update(text_zh="{customer}您好，还在吗？")
        days_ago(paused, 4)
        waiting.look()
        assert "王小明您好，还在吗？" in Message.objects.get(key__startswith="nudge:").body


class TestClose:
    @pytest.fixture
    def silent(self, paused: Case, rule: WaitRule) -> Case:
        days_ago(paused, 8)
        waiting.look()
        asked_days_ago(4.1)
        return paused

    def test_it_ends_without_calls(self, silent: Case, events_about: EventsAbout) -> None:
        assert [waiting.look() for _ in range(2)] == [(0, 1), (0, 0)]
        assert not fresh(silent).is_open
        assert not silent.callbacks.exists()
        assert events_about(silent)[-1] == "case.closed_unanswered"

    def test_who_is_asked_today_is_not_closed_today(self, paused: Case, rule: WaitRule) -> None:
        """A worker that stood for a fortnight asks first."""
        days_ago(paused, 30)
        assert waiting.look() == (1, 0)
        assert waiting.look() == (0, 0)

    def test_a_rule_may_never_close(self, silent: Case) -> None:
        WaitRule.objects.update(close_after=0)
        assert waiting.look() == (0, 0)

    def test_one_that_became_catastrophic_stays_open(self, silent: Case) -> None:
        Case.objects.filter(pk=silent.pk).update(severity="catastrophic")
        assert waiting.look() == (0, 0)
        assert fresh(silent).is_open

    def test_an_answer_in_time_ends_the_waiting(self, silent: Case) -> None:
        threads.hear(silent, channel="email", address=ADDRESS, text="照片在这里", key="m2")
        assert waiting.look() == (0, 0)
        assert fresh(silent).is_open

    def test_the_first_word_afterwards_opens_it_again(self, silent: Case, events_about: EventsAbout) -> None:
        waiting.look()
        post = threads.hear(
            None, channel="email", address=ADDRESS, text="不好意思，刚看到，照片如下", key="m3"
        )
        assert post.thread.case == silent
        assert fresh(silent).is_open
        assert "case.reopened" in events_about(silent)

    def test_a_case_that_a_person_solved_stays_solved(
        self, resolved: Case, rule: WaitRule, alice: User
    ) -> None:
        post = threads.hear(None, channel="email", address=ADDRESS, text="又有一个新问题", key="m4")
        assert post.thread.case != resolved
