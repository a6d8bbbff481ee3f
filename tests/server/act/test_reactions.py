"""What happens by itself when a customer has spoken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voiceloop.server.act import reactions as room
from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Assignment, CareTask, Case, ShareLink
from voiceloop.server.act.playbooks import runs
from voiceloop.server.collect.models import Message, Response
from voiceloop.server.core.models import Event, ReactionFailure, ReactionReceipt, User
from voiceloop.server.core.reactor import deliver

pytestmark = pytest.mark.django_db
Says = Callable[..., Response]
Completes = Callable[..., Event]


def work_off() -> None:
    """What the worker does with the steps that run by themselves."""
    for pk in runs.due():
        runs.work_off(pk)


@pytest.mark.requirement(99)
class TestOpenCase:
    @pytest.mark.parametrize(("score", "n"), [(0, 1), (6, 1), (7, 0), (9, 0)])
    def test_it_opens_one_for_a_detractor(
        self, says: Says, completes: Completes, alice: User, score: int, n: int
    ) -> None:
        completes(says(score))
        deliver()
        assert Case.objects.owned_by(alice).count() == n

    def test_it_opens_one_for_a_promoter_who_wants_to_talk(self, says: Says, completes: Completes) -> None:
        completes(says(10, wants_contact=True))
        deliver()
        assert Case.objects.get().playbook == "steady"

    def test_it_opens_exactly_one_when_delivered_twice(
        self, says: Says, completes: Completes, alice: User
    ) -> None:
        event = completes(says(1))
        room.open_case(event)
        room.open_case(event)
        assert (Case.objects.count(), Assignment.objects.count()) == (1, 1)

    def test_it_leaves_nothing_when_it_dies_between_two_steps(
        self, says: Says, completes: Completes, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        event = completes(says(1))
        with monkeypatch.context() as broken:
            broken.setattr(cases, "route", lambda case: 1 / 0)
            deliver()
        assert not Case.objects.exists()
        assert not ReactionReceipt.objects.filter(event=event, reaction="act.open_case").exists()
        ReactionFailure.objects.update(next_at=event.at)
        deliver()
        assert Case.objects.get().owner == alice


class TestCareForPassive:
    @pytest.mark.parametrize(("score", "n"), [(6, 0), (7, 1), (8, 1), (9, 0)])
    def test_it_opens_a_task_for_a_passive(
        self, says: Says, completes: Completes, score: int, n: int
    ) -> None:
        event = completes(says(score))
        for _ in range(2):
            room.care_for_passive(event)
        work_off()
        assert CareTask.objects.count() == n


@pytest.mark.requirement(103)
class TestHearTheReSurvey:
    def test_it_says_how_the_case_came_out(self, resolved: Case, says: Says, completes: Completes) -> None:
        completes(says(9), resolved)
        deliver()
        assert Case.objects.get().outcome.code == "recovered"

    def test_it_opens_no_second_case(self, resolved: Case, says: Says, completes: Completes) -> None:
        completes(says(1), resolved)
        deliver()
        assert Case.objects.get() == resolved


class TestThankPromoter:
    def test_it_sends_one_thank_you_with_a_link(self, says: Says, completes: Completes) -> None:
        event = completes(says(10))
        for _ in range(2):
            room.thank_promoter(event)
        work_off()
        link = ShareLink.objects.get()
        assert link.code in Message.objects.get().body

    def test_it_gives_an_anonymous_promoter_a_link_but_no_message(
        self, says: Says, completes: Completes
    ) -> None:
        room.thank_promoter(completes(says(10, customer=None)))
        work_off()
        assert ShareLink.objects.count() == 1
        assert not Message.objects.exists()

    def test_it_leaves_the_others_alone(self, says: Says, completes: Completes) -> None:
        room.thank_promoter(completes(says(8)))
        work_off()
        assert not ShareLink.objects.exists()
