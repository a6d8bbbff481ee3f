"""The verbs of care, and what care has brought."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import now

from voiceloop.server.act.growth import care, effects
from voiceloop.server.act.models import CareTask
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import Event, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(104)]
Says = Callable[..., Response]


@pytest.fixture
def task(says: Says, alice: User) -> CareTask:
    return care.open_for_response(says(8), owner=alice)


def types() -> list[str]:
    return list(Event.objects.filter(type__startswith="care").order_by("id").values_list("type", flat=True))


class TestOpenForResponse:
    def test_it_opens_one_task_when_repeated(self, says: Says, alice: User) -> None:
        response = says(7)
        assert care.open_for_response(response) == care.open_for_response(response, owner=alice)


class TestFinish:
    def test_it_keeps_who_said_what(self, task: CareTask, alice: User) -> None:
        care.finish(task, by=alice, result="cared", note="想要更快的外卖")
        assert (task.by, task.result, task.note) == (alice, "cared", "想要更快的外卖")
        assert types() == ["care.done"]

    def test_the_first_word_counts(self, task: CareTask, alice: User, bob: User) -> None:
        care.finish(task, by=alice, result="cared")
        care.finish(task, by=bob, result="declined")
        assert (CareTask.objects.get().by, types()) == (alice, ["care.done"])


class TestReopen:
    def test_it_is_open_again(self, task: CareTask, alice: User) -> None:
        care.reopen(care.finish(task, by=alice, result="cared"), by=alice)
        assert list(effects.waiting(alice)) == [task]
        assert types() == ["care.done", "care.reopened"]

    def test_nothing_happens_to_an_open_one(self, task: CareTask, alice: User) -> None:
        care.reopen(task, by=alice)
        assert types() == []


class TestShift:
    @pytest.fixture
    def came_back(self, says: Says, alice: User, store: Unit) -> Callable[[float], None]:
        """A passive is cared for and answers again with this score."""

        def make(score: float) -> None:
            customer = Customer.objects.create(unit=store, number=f"N{Customer.objects.count()}")
            first = says(8, customer=customer, at=now() - timedelta(days=9))
            task = care.finish(care.open_for_response(first), by=alice, result="cared")
            CareTask.objects.filter(pk=task.pk).update(done_at=now() - timedelta(days=5))
            says(score, customer=customer)

        return make

    def test_it_counts_who_became_a_promoter(self, came_back: Callable[[float], None], alice: User) -> None:
        for score in (10, 9, 9, 8, 3):
            came_back(score)
        found = effects.shift(alice)
        assert (found.n, found.hits, found.value) == (5, 3, 60.0)
        assert (found.low or 0) < 60 < (found.high or 0)

    def test_under_five_there_is_no_share(self, came_back: Callable[[float], None], alice: User) -> None:
        came_back(10)
        assert (effects.shift(alice).n, effects.shift(alice).value) == (1, None)

    def test_charlie_counts_none(self, came_back: Callable[[float], None], charlie: User) -> None:
        came_back(10)
        assert effects.shift(charlie).n == 0
