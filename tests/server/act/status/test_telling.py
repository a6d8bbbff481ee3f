"""Each milestone is told once, in the customer's words, when it is news, wanted and not at night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, Milestone, StatusRefusal, Thread
from voiceloop.server.act.status import milestones, refusing, rules, sending
from voiceloop.server.act.status.milestones import Conflict, Report
from voiceloop.server.act.status.rules import Rules
from voiceloop.server.collect import invitations, orders
from voiceloop.server.collect.models import Customer, Message, Transaction
from voiceloop.server.core import reactor
from voiceloop.server.core.models import Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(130)]
Says = Callable[..., Milestone]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def on(unit: Unit, by: User, *codes: str, **more: Any) -> None:
    events = {code: {"on": True} for code in codes}
    rules.save(unit, by=by, events=events, **({"hold_minutes": 0} | more))


class TestTelling:
    def test_it_is_told_with_number_new_time_and_link(self, became: Says, order: Transaction) -> None:
        one = became("delayed", new_time=datetime(2099, 1, 1, 18, 30, tzinfo=SHANGHAI))
        assert one.message is not None
        assert all(part in one.message.body for part in ("A-77", "18:30", "/track/"))
        assert one.message.key == f"status:{one.pk}"

    @pytest.mark.parametrize(("language", "word"), [("zh", "送达"), ("en", "delivered")])
    def test_it_is_told_in_the_customers_language(
        self, became: Says, wang: Customer, language: str, word: str
    ) -> None:
        Customer.objects.filter(pk=wang.pk).update(language=language)
        message = became("delivered").message
        assert message is not None
        assert word in message.body

    def test_a_repetition_tells_nothing_new(self, became: Says) -> None:
        first = became("delivered", key="k1")
        assert (became("delivered", key="k1").pk, became("delivered").pk) == (first.pk, first.pk)
        assert Message.objects.count() == 1

    def test_a_second_delay_to_another_time_is_told(self, became: Says) -> None:
        became("delayed")
        again = became("delayed", new_time=now() + timedelta(hours=3))
        assert again.message is not None
        assert Message.objects.count() == 2

    def test_a_key_is_for_one_thing(self, became: Says) -> None:
        became("underway", key="k1")
        with pytest.raises(Conflict):
            became("delivered", key="k1")

    def test_telling_twice_tells_once(self, became: Says) -> None:
        one = became("delivered")
        assert not sending.tell(one)
        assert sending.tell_due() == 0
        assert Message.objects.count() == 1

    def test_who_died_before_the_end_left_nothing_and_it_is_told_later(
        self, became: Says, store: Unit, dora: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The message and its mark are one transaction."""
        rules.save(store, by=dora, events={}, hold_minutes=5)
        one = became("delayed")
        Milestone.objects.update(due_at=now())
        with monkeypatch.context() as patch:
            patch.setattr(sending, "record", _die)
            with pytest.raises(RuntimeError):
                sending.tell(one)
        assert Message.objects.count() == 0
        assert sending.tell_due() == 1
        assert Message.objects.count() == 1

    def test_one_that_fails_keeps_nobody_else_waiting(
        self, became: Says, order: Transaction, monkeypatch: pytest.MonkeyPatch, store: Unit, dora: User
    ) -> None:
        rules.save(store, by=dora, events={}, hold_minutes=5)
        first, second = became("delayed"), became("delayed", new_time=now() + timedelta(hours=3))
        Milestone.objects.update(due_at=now())
        honest = sending.why_not
        monkeypatch.setattr(sending, "why_not", lambda one, by: _die() if one == first else honest(one, by))
        assert sending.tell_due() == 1
        second.refresh_from_db()
        assert second.message is not None

    def test_an_order_that_is_taken_is_on_the_timeline(
        self, store: Unit, wang: Customer, alice: User
    ) -> None:
        order, _ = orders.take(
            number="B-1",
            unit=store,
            at=now(),
            kind="dine_in",
            amount=Decimal(8),
            by=alice,
            customer=wang,
        )
        reactor.deliver()
        (one,) = order.milestones.all()
        assert (one.kind, one.held_back_by) == ("placed", "off")


def _die(*_given: Any, **_more: Any) -> None:
    raise RuntimeError("killed")


class TestWhyNot:
    def test_nobody_is_known(self, became: Says, order: Transaction) -> None:
        Transaction.objects.filter(pk=order.pk).update(customer=None)
        assert became("delivered").held_back_by == "no_customer"

    def test_it_is_switched_off_for_the_unit(self, became: Says, store: Unit, dora: User) -> None:
        rules.save(store, by=dora, events={"delivered": {"on": False}})
        assert became("delivered").held_back_by == "off"

    def test_it_became_known_too_late(self, became: Says) -> None:
        assert became("delivered", ago=25 * 60).held_back_by == "late"

    def test_no_address(self, became: Says, wang: Customer) -> None:
        wang.phone = wang.email = wang.number = None
        wang.save()
        assert became("delivered").held_back_by == "no_address"

    def test_the_last_message_came_back(self, became: Says) -> None:
        first = became("underway").message
        assert first is not None
        Message.objects.filter(pk=first.pk).update(held_back_by="failed")
        assert became("delivered").held_back_by == "bounced"

    def test_a_new_address_may_be_written_to(self, became: Says, wang: Customer) -> None:
        Message.objects.filter(pk=became("underway").message.pk).update(held_back_by="failed")  # type: ignore[union-attr]
        wang.phone = "13900001111"
        wang.save()
        assert became("delivered").message is not None

    def test_the_customer_refused(self, became: Says, wang: Customer) -> None:
        refusing.refuse(wang)
        assert became("underway").held_back_by == "refused"
        refusing.want(wang)
        assert became("delivered").held_back_by == ""
        assert StatusRefusal.objects.live().count() == 0

    def test_no_more_surveys_is_no_word_against_service(self, became: Says, wang: Customer) -> None:
        invitations.opt_out(customer=wang)
        assert became("delivered").message is not None


class TestSuperseded:
    def test_a_delay_that_was_made_up_for_is_not_told(self, became: Says, store: Unit, dora: User) -> None:
        rules.save(store, by=dora, events={}, hold_minutes=5)
        delay = became("delayed", ago=1)
        assert delay.state == "waiting"
        done = became("delivered")
        Milestone.objects.update(due_at=now())
        sending.tell_due()
        delay.refresh_from_db()
        assert (delay.held_back_by, done.state) == ("superseded", "outbox")
        assert Message.objects.count() == 1

    def test_what_arrives_in_the_wrong_order_is_old_news_too(self, became: Says) -> None:
        became("delivered", ago=1)
        assert became("underway", ago=9).held_back_by == "superseded"

    def test_after_the_hold_it_is_told(self, became: Says, store: Unit, dora: User) -> None:
        rules.save(store, by=dora, events={}, hold_minutes=5)
        delay = became("delayed")
        assert sending.tell_due() == 0
        Milestone.objects.update(due_at=now())
        assert sending.tell_due() == 1
        delay.refresh_from_db()
        assert delay.message is not None


class TestQuietHours:
    @pytest.mark.parametrize(
        ("clock", "told"), [("21:59", "21:59"), ("22:00", "08:00"), ("03:00", "08:00"), ("08:00", "08:00")]
    )
    def test_what_happens_at_night_is_told_in_the_morning(self, clock: str, told: str) -> None:
        held = Rules({}, time(22), time(8), 0)
        at = datetime.fromisoformat(f"2026-03-04T{clock}").replace(tzinfo=SHANGHAI)
        found = held.out_of_quiet(at)
        assert found.strftime("%H:%M") == told
        assert found >= at

    def test_at_noon_too(self) -> None:
        held = Rules({}, time(12), time(14), 0)
        at = datetime(2026, 3, 4, 13, tzinfo=SHANGHAI)
        assert held.out_of_quiet(at) == datetime(2026, 3, 4, 14, tzinfo=SHANGHAI)

    def test_it_waits_until_they_end(self, became: Says, store: Unit, dora: User) -> None:
        hour = now().astimezone(SHANGHAI)
        begin, end = (hour - timedelta(hours=1)).time(), (hour + timedelta(hours=1)).time()
        rules.save(store, by=dora, events={}, quiet_from=begin, quiet_until=end)
        one = became("refunded")
        assert one.state == "waiting"
        assert one.due_at is not None
        assert one.due_at > now()


class TestCases:
    def test_a_case_tells_itself(self, case: Case, alice: User, slow_kitchen: Any) -> None:
        reactor.deliver()
        cases.resolve(case, by=alice, root_cause=slow_kitchen, note="")
        reactor.deliver()
        rows = list(case.milestones.in_order().values_list("kind", "held_back_by"))
        assert rows == [("case_received", "off"), ("case_taken", "off"), ("case_solved", "off")]

    def test_it_is_told_where_a_lead_wants_it(self, case: Case, east: Unit, bob: User) -> None:
        on(east, bob, "case_taken")
        reactor.deliver()
        (one,) = case.milestones.filter(kind="case_taken")
        assert one.message is not None
        assert str(case.pk) in one.message.body

    def test_who_has_our_answer_is_not_told_again(self, case: Case, east: Unit, bob: User) -> None:
        on(east, bob, "case_received")
        thread = Thread.objects.create(case=case, customer=case.customer, channel="email", address="w@x.com")
        thread.posts.create(direction="out", key="a", text="收到", is_automatic=True)
        one = milestones.follow(case, kind="case_received", key="x", at=now())
        assert one.held_back_by == "answered"

    def test_a_case_waits_only_while_it_is_paused(self, case: Case, east: Unit, bob: User) -> None:
        on(east, bob, "case_waiting")
        one = milestones.follow(case, kind="case_waiting", key="x", at=now())
        assert one.held_back_by == "superseded"


class TestTakingBack:
    def test_in_time_nothing_leaves(self, became: Says, alice: User) -> None:
        one = became("cancelled")
        assert milestones.withdraw(one, by=alice)
        one.refresh_from_db()
        assert (one.held_back_by, one.message.held_back_by) == ("withdrawn", "withdrawn")  # type: ignore[union-attr]

    def test_too_late_it_is_off_the_timeline_only(self, became: Says, alice: User) -> None:
        one = became("cancelled")
        Message.objects.update(sent_at=now())
        one.refresh_from_db()
        assert not milestones.withdraw(one, by=alice)
        assert Milestone.objects.live().count() == 0

    def test_the_right_one_can_be_reported_after_it(
        self, became: Says, alice: User, order: Transaction
    ) -> None:
        milestones.withdraw(became("cancelled"), by=alice)
        again, is_new = milestones.report(order, said=Report("cancelled", now()))
        assert is_new
        assert again.message is not None
