"""The promised calls after a solution."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import now

from voiceloop.server.act.cases import callbacks
from voiceloop.server.act.models import Callback, Case
from voiceloop.server.core.models import Event, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(102)]
EventsAbout = Callable[[Case], list[str]]


def last_done(case: Case) -> list[bool]:
    done = Event.objects.about("case", case.pk).filter(type="callback.done").order_by("id")
    return [event.typed.last for event in done]


class TestRecord:
    def test_it_keeps_what_the_customer_said(self, resolved: Case, alice: User) -> None:
        callback = callbacks.record(resolved.callbacks.get(step=1), by=alice, result="solved", note="好了")
        assert (callback.result, callback.by, callback.note) == ("solved", alice, "好了")

    def test_it_counts_once_when_repeated(
        self, resolved: Case, alice: User, events_about: EventsAbout
    ) -> None:
        for _ in range(2):
            callbacks.record(resolved.callbacks.get(step=1), by=alice, result="solved")
        assert events_about(resolved).count("callback.done") == 1

    def test_it_says_which_call_was_the_last(self, resolved: Case, alice: User) -> None:
        for callback in resolved.callbacks.order_by("step"):
            callbacks.record(callback, by=alice, result="solved")
        assert last_done(resolved) == [False, False, True]

    def test_it_reopens_when_it_is_not_solved(self, resolved: Case, alice: User) -> None:
        callbacks.record(resolved.callbacks.get(step=1), by=alice, result="not_solved", note="又凉了")
        assert Case.objects.open().get() == resolved
        assert last_done(resolved) == [False]

    def test_it_is_tried_again_after_four_hours_without_a_reply(self, resolved: Case, alice: User) -> None:
        callback = callbacks.record(resolved.callbacks.get(step=1), by=alice, result="no_reply")
        assert callback.done_at is None
        assert callback.due_at > now() + timedelta(hours=3, minutes=59)

    def test_it_counts_as_done_after_the_second_missed_call(self, resolved: Case, alice: User) -> None:
        for _ in range(2):
            callback = callbacks.record(resolved.callbacks.get(step=1), by=alice, result="no_reply")
        assert (callback.result, callback.done_at is None) == ("no_reply", False)

    def test_it_leaves_a_cancelled_callback_alone(self, resolved: Case, alice: User) -> None:
        Callback.objects.update(cancelled_at=now())
        assert callbacks.record(resolved.callbacks.get(step=1), by=alice, result="solved").result == ""
