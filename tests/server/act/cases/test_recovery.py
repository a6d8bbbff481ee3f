"""What the customer says after the last callback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import now

from voiceloop.server.act.cases import callbacks, cases, recovery
from voiceloop.server.act.models import Callback, Case, RootCause
from voiceloop.server.collect import responses
from voiceloop.server.collect.models import Invitation, Response
from voiceloop.server.collect.questions import published
from voiceloop.server.collect.starter import starter
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.reactor import deliver

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(103)]
Says = Callable[..., Response]


class TestHear:
    @pytest.mark.parametrize(
        ("score", "code"), [(3, "not_recovered"), (6, "not_recovered"), (7, "recovered"), (10, "recovered")]
    )
    def test_it_takes_the_customers_word(self, resolved: Case, says: Says, score: int, code: str) -> None:
        recovery.hear(resolved, response=says(score))
        assert resolved.outcome.code == code

    def test_it_keeps_the_words_of_who_is_still_unhappy(self, resolved: Case, says: Says) -> None:
        recovery.hear(resolved, response=says(1, "还是没人理我"))
        assert resolved.notes.get().text == "还是没人理我"

    def test_it_does_not_reopen_by_itself(self, resolved: Case, says: Says) -> None:
        recovery.hear(resolved, response=says(1))
        assert resolved in Case.objects.resolved()

    def test_it_is_heard_once(
        self, resolved: Case, says: Says, events_about: Callable[[Case], list[str]]
    ) -> None:
        response = says(9)
        for _ in range(2):
            recovery.hear(resolved, response=response)
        assert events_about(resolved).count("case.verified") == 1

    def test_it_corrects_a_late_answer(self, resolved: Case, says: Says) -> None:
        recovery.give_up(resolved)
        recovery.hear(resolved, response=says(9))
        assert resolved.outcome.code == "recovered"

    def test_a_reopened_case_has_no_outcome(self, resolved: Case, says: Says, alice: User) -> None:
        recovery.hear(resolved, response=says(1))
        cases.reopen(resolved, by=alice)
        assert not hasattr(resolved, "outcome")


class TestUnanswered:
    def called(self, case: Case, days: int) -> None:
        Callback.objects.filter(case=case).update(done_at=now() - timedelta(days=days), result="solved")

    def test_it_waits_a_week(self, resolved: Case) -> None:
        self.called(resolved, days=6)
        assert resolved not in recovery.unanswered()

    def test_it_finds_those_who_never_answered(self, resolved: Case) -> None:
        self.called(resolved, days=8)
        assert list(recovery.unanswered()) == [resolved]

    def test_it_waits_for_the_callbacks(self, resolved: Case) -> None:
        self.called(resolved, days=8)
        resolved.callbacks.filter(step=72).update(done_at=None)
        assert resolved not in recovery.unanswered()

    def test_it_forgets_the_calls_that_a_reopening_cancelled(
        self, resolved: Case, alice: User, slow_kitchen: RootCause
    ) -> None:
        cases.reopen(resolved, by=alice)
        cases.resolve(resolved, by=alice, root_cause=slow_kitchen)
        Callback.objects.filter(round=2).update(done_at=now() - timedelta(days=8), result="solved")
        assert list(recovery.unanswered()) == [resolved]


class TestAsk:
    @pytest.fixture(autouse=True)
    def _survey(self, root: Unit) -> None:
        starter(root)

    def called_back(self, case: Case, alice: User) -> None:
        for callback in case.callbacks.waiting():
            callbacks.record(callback, by=alice, result="solved")
        deliver()

    def test_the_last_callback_sends_the_re_survey(self, resolved: Case, alice: User) -> None:
        self.called_back(resolved, alice)
        asked = Invitation.objects.get(about=f"case:{resolved.pk}")
        assert (asked.programme, asked.suppressed_by) == ("recovery", "")

    def test_it_is_sent_once(self, resolved: Case, alice: User) -> None:
        self.called_back(resolved, alice)
        recovery.ask(resolved)
        assert Invitation.objects.count() == 1

    def test_it_is_taken_back_when_the_case_is_reopened(self, resolved: Case, alice: User) -> None:
        self.called_back(resolved, alice)
        cases.reopen(resolved, by=alice)
        assert not Invitation.objects.answerable().exists()

    def test_an_answer_to_it_says_how_the_case_came_out(self, resolved: Case, alice: User) -> None:
        self.called_back(resolved, alice)
        asked = Invitation.objects.get()
        lead = published(asked.survey_version_id).lead.id
        responses.complete(invitation=asked, answers={lead: 9})
        deliver()
        assert Case.objects.get().outcome.code == "recovered"
