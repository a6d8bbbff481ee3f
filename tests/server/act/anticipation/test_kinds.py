"""What each kind of rule sees, from the very number on, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate, now

from tests.server.act.anticipation.conftest import DAY, HOUR, Calls, Order
from voiceloop.server.act.anticipation import kinds
from voiceloop.server.act.anticipation.kinds import Occasion, Period, Refused
from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import AnticipationRule, Callback, Case, Resolution
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import Unit, User
from voiceloop.server.understand.risk_models import CustomerRisk

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(83)]
Says = Callable[..., Response]


def seen(kind: str, root: Unit, *, days: int = 3, live: bool = False, **numbers: int) -> list[Occasion]:
    at = now()
    period = Period(at - days * DAY, at, root.path or "", known=at if live else None)
    return list(kinds.of(kind).occasions(kinds.values(kind, numbers), period))


def happened(kind: str, root: Unit, **more: Any) -> list[Occasion]:
    return [one for one in seen(kind, root, **more) if one.happened]


class TestLateOrder:
    @pytest.mark.parametrize(("over", "is_late"), [(19.9, False), (20, True)])
    def test_it_counts_from_the_very_minute(
        self, root: Unit, wang: Customer, order: Order, over: float, is_late: bool
    ) -> None:
        order(wang, came=now() - HOUR, over=over)
        assert bool(happened("late_order", root, minutes=20)) is is_late

    def test_it_is_known_when_the_order_came(self, root: Unit, wang: Customer, order: Order) -> None:
        came = now() - HOUR
        taken = order(wang, came=came, over=30)
        (one,) = happened("late_order", root, minutes=20)
        assert (one.at, one.since) == (came, taken.at)

    def test_its_sentence_adds_up(self, root: Unit, wang: Customer, order: Order) -> None:
        order(wang, came=now() - HOUR, over=45)
        (one,) = happened("late_order", root)
        said = kinds.of("late_order").said(one.facts)
        assert said == "订单 O-1 用时 75 分钟，比承诺的 30 分钟多 45 分钟。"

    def test_orders_of_another_branch_are_not_looked_at(
        self, west: Unit, wang: Customer, order: Order
    ) -> None:
        order(wang, came=now() - HOUR, over=60)
        assert seen("late_order", west) == []


class TestBadAgain:
    def test_the_second_within_the_days_counts(self, root: Unit, wang: Customer, order: Order) -> None:
        order(wang, came=now() - 10 * DAY, over=40)
        second = order(wang, came=now() - HOUR, over=40)
        (one,) = happened("bad_again", root, days=30, minutes=15)
        assert (one.key, one.facts["n"]) == (f"order:{second.pk}", 2)

    def test_one_that_is_long_past_does_not(self, root: Unit, wang: Customer, order: Order) -> None:
        order(wang, came=now() - 31 * DAY, over=40)
        order(wang, came=now() - HOUR, over=40)
        assert happened("bad_again", root, days=30, minutes=15) == []

    def test_a_return_is_bad_too(self, root: Unit, wang: Customer, order: Order) -> None:
        order(wang, came=now() - 2 * DAY, over=40)
        order(wang, came=now() - HOUR, kind="return")
        assert [one.facts["kind"] for one in happened("bad_again", root)] == ["return"]

    def test_a_good_order_after_a_bad_one_is_not(self, root: Unit, wang: Customer, order: Order) -> None:
        order(wang, came=now() - 2 * DAY, over=40)
        order(wang, came=now() - HOUR, over=0)
        assert happened("bad_again", root, count=2) == []


class TestBrokenPromise:
    @pytest.fixture
    def due(self, resolved: Case) -> Callback:
        """A call that was promised ten hours ago."""
        resolved.callbacks.exclude(step=1).delete()
        Callback.objects.filter(case=resolved).update(due_at=now() - 10 * HOUR)
        return Callback.objects.get(case=resolved)

    def test_a_call_that_nobody_made(self, root: Unit, due: Callback) -> None:
        (one,) = happened("broken_promise", root, hours=4)
        assert (one.key, one.at) == (f"callback:{due.pk}", due.due_at + 4 * HOUR)

    def test_it_is_not_late_yet(self, root: Unit, due: Callback) -> None:
        assert happened("broken_promise", root, hours=11) == []

    def test_a_call_in_time_keeps_it(self, root: Unit, due: Callback) -> None:
        Callback.objects.filter(pk=due.pk).update(done_at=due.due_at + HOUR)
        assert [one.happened for one in seen("broken_promise", root, hours=4)] == [False]

    def test_a_word_in_time_keeps_it(self, root: Unit, due: Callback, alice: User) -> None:
        cases.contact(due.case, by=alice, result="reached")
        due.case.contacts.update(at=due.due_at + HOUR)
        assert happened("broken_promise", root, hours=4) == []

    def test_a_case_that_ended_before_we_spoke(self, root: Unit, resolved: Case) -> None:
        resolved.callbacks.all().delete()
        Case.objects.filter(pk=resolved.pk).update(first_contact_due_at=now() - 20 * HOUR)
        Resolution.objects.filter(case=resolved).update(at=now() - 10 * HOUR)
        assert [one.facts["what"] for one in happened("broken_promise", root)] == ["first_contact"]


class TestUnheard:
    def test_a_low_answer_without_a_word(self, root: Unit, says: Says) -> None:
        response = says(3, at=now() - 30 * HOUR)
        (one,) = happened("unheard", root, hours=24)
        assert (one.own, one.at) == (f"response:{response.pk}", response.at + 24 * HOUR)

    def test_a_high_one_is_no_occasion(self, root: Unit, says: Says) -> None:
        says(9, at=now() - 30 * HOUR)
        assert seen("unheard", root) == []

    def test_a_talk_in_time_is_a_word(self, root: Unit, says: Says, alice: User) -> None:
        response = says(3, at=now() - 30 * HOUR)
        case = cases.open_for_response(response)
        cases.contact(case, by=alice, result="reached")
        case.contacts.update(at=response.at + HOUR)
        assert [one.happened for one in seen("unheard", root, hours=24)] == [False]


class TestSameTopic:
    def test_the_second_contact_about_it(self, root: Unit, wang: Customer, calls: Calls) -> None:
        calls(wang, now() - 2 * DAY, topic="refund")
        calls(wang, now() - DAY, topic="delivery")
        second = calls(wang, now() - HOUR, topic="refund")
        assert [one.key for one in happened("same_topic", root)] == [f"conversation:{second.pk}"]

    def test_after_its_days_it_begins_anew(self, root: Unit, wang: Customer, calls: Calls) -> None:
        calls(wang, now() - 15 * DAY, topic="refund")
        calls(wang, now() - HOUR, topic="refund")
        assert happened("same_topic", root, days=14) == []


class TestRiskSilent:
    @pytest.fixture
    def at_risk(self, wang: Customer, says: Says) -> Customer:
        """A low answer a fortnight and a day ago; a risk of 70 % since yesterday, of 20 % before."""
        says(2, at=now() - 15 * DAY)
        yesterday, long_ago = localdate() - DAY, localdate() - 20 * DAY
        CustomerRisk.objects.create(
            customer=wang, as_of=yesterday, probability=0.7, history=[[long_ago.isoformat(), 0.2]]
        )
        return wang

    def test_silence_and_risk(self, root: Unit, at_risk: Customer) -> None:
        (one,) = happened("risk_silent", root, live=True, percent=60, days=14)
        assert one.facts["percent"] == 70

    def test_the_past_knows_only_the_risk_of_its_day(self, root: Unit, at_risk: Customer) -> None:
        CustomerRisk.objects.update(as_of=localdate())
        assert [one.happened for one in seen("risk_silent", root, percent=60, days=14)] == [False]

    def test_whoever_bought_again_is_not_silent(self, root: Unit, at_risk: Customer, order: Order) -> None:
        order(at_risk, came=now() - 3 * DAY)
        assert happened("risk_silent", root, live=True, percent=60, days=14) == []

    def test_nobody_scored_is_no_occasion(self, root: Unit, says: Says) -> None:
        says(2, at=now() - 15 * DAY)
        assert seen("risk_silent", root, live=True) == []


class TestNumbers:
    @pytest.mark.parametrize("given", [{"minutes": 0}, {"minutes": True}, {"minutes": 1.5}, {"other": 1}])
    def test_what_makes_no_sense_is_refused(self, given: dict[str, Any]) -> None:
        with pytest.raises(Refused):
            kinds.checked(kinds.of("late_order").PARAMETERS, given)

    @pytest.mark.parametrize("kind", AnticipationRule.Kind.values)
    def test_every_kind_says_something_of_nothing(self, kind: str) -> None:
        assert kinds.of(kind).said({})
        assert kinds.values(kind, {}) == kinds.checked(kinds.of(kind).PARAMETERS, {})


def test_a_period_holds_its_first_moment_and_not_its_last() -> None:
    at = now()
    period = Period(at, at + timedelta(days=1), "")
    assert period.holds(at)
    assert not period.holds(at + timedelta(days=1))
