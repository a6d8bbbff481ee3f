"""Dry runs: whom a rule would have named, and what only the time after that may say of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from tests.server.act.anticipation.conftest import DAY, HOUR, Calls, MakeRule, Order
from voiceloop.server.act.anticipation import page, tasks, trials
from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import AnticipationRule, Case
from voiceloop.server.collect.models import Customer, Invitation
from voiceloop.server.core.models import Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(83)]
People = Callable[..., list[Customer]]
THEN = 20 * DAY


@pytest.fixture
def late(wang: Customer, order: Order) -> datetime:
    """Wang's order came half an hour late, twenty days ago; when a proposal would have been made."""
    came = now() - THEN
    order(wang, came=came, over=30)
    return trials.next_round(came)


def tried(rule: AnticipationRule, days: int = 30) -> dict[str, Any]:
    return trials.tried(rule, days=days)


class TestFollowing:
    @pytest.mark.parametrize(
        ("after", "came"),
        [(timedelta(seconds=1), 1), (7 * DAY, 1), (7 * DAY + HOUR, 0)],
    )
    def test_only_the_week_after_the_proposal_counts(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime, calls: Calls, after: timedelta,
        came: int,
    ) -> None:  # fmt: skip
        calls(wang, late + after)
        found = tried(late_rule)
        assert (found["n_named"], found["n_came"]) == (1, came)

    def test_whoever_came_first_is_not_anticipated(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime, calls: Calls
    ) -> None:
        calls(wang, late - timedelta(minutes=1))
        found = tried(late_rule)
        assert (found["n_named"], found["spared"]) == (0, {"came_first": 1})

    def test_a_call_while_they_waited_is_first_too(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime, calls: Calls
    ) -> None:
        calls(wang, now() - THEN - timedelta(minutes=20))
        assert tried(late_rule)["spared"] == {"came_first": 1}

    def test_what_went_before_the_order_does_not_matter(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime, calls: Calls
    ) -> None:
        calls(wang, late - 5 * DAY)
        assert tried(late_rule)["n_named"] == 1

    def test_a_week_that_is_not_over_is_left_out(
        self, late_rule: AnticipationRule, wang: Customer, order: Order
    ) -> None:
        order(wang, came=now() - 6 * DAY, over=60)
        assert tried(late_rule)["n_occasions"] == 0

    def test_a_visit_or_a_case_of_ours_is_no_contact(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime, calls: Calls
    ) -> None:
        calls(wang, late + HOUR, kind="visit")
        Case.objects.create(customer=wang, unit=wang.unit, channel="risk", opened_at=late + HOUR)
        assert tried(late_rule)["n_came"] == 0


class TestSparing:
    def test_an_open_case_spares(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime, alice: User
    ) -> None:
        case = cases.open(wang, by=alice)
        Case.objects.filter(pk=case.pk).update(opened_at=late - 9 * DAY)
        assert tried(late_rule)["spared"] == {"open_case": 1}

    @pytest.mark.parametrize(("days", "n_named"), [(29, 0), (31, 1)])
    def test_a_letter_within_the_month_spares(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime, days: int, n_named: int
    ) -> None:
        Invitation.objects.create(customer=wang, unit=wang.unit, created_at=late - days * DAY)
        assert tried(late_rule)["n_named"] == n_named

    def test_an_invitation_that_was_answered_by_then_is_a_talk(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime
    ) -> None:
        asked = {"created_at": late - 9 * DAY, "answered_at": late - 8 * DAY}
        Invitation.objects.create(customer=wang, unit=wang.unit, **asked)
        assert tried(late_rule)["n_named"] == 1

    def test_one_that_was_answered_later_was_a_letter_then(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime
    ) -> None:
        asked = {"created_at": late - 9 * DAY, "answered_at": late + DAY}
        Invitation.objects.create(customer=wang, unit=wang.unit, **asked)
        assert tried(late_rule)["spared"] == {"written": 1}

    def test_whoever_opted_out_is_spared_from_then_on(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime
    ) -> None:
        Customer.objects.filter(pk=wang.pk).update(opted_out_at=late + DAY)
        assert tried(late_rule)["n_named"] == 1
        Customer.objects.filter(pk=wang.pk).update(opted_out_at=late - DAY)
        assert tried(late_rule)["spared"] == {"opted_out": 1}


class TestComparing:
    def arrange(self, people: People, order: Order, calls: Calls, *, late: int, fine: int) -> None:
        """Ten late customers of whom some then call; forty others of whom some do."""
        came = now() - THEN
        for n, customer in enumerate(people(10)):
            order(customer, came=came, over=40)
            if n < late:
                calls(customer, came + DAY)
        for n, customer in enumerate(people(40)):
            order(customer, came=came, over=0)
            if n < fine:
                calls(customer, came + DAY)

    def test_it_says_that_it_foretells(
        self, late_rule: AnticipationRule, people: People, order: Order, calls: Calls
    ) -> None:
        self.arrange(people, order, calls, late=8, fine=4)
        found = tried(late_rule)
        assert (found["named"]["n"], round(found["named"]["value"])) == (10, 80)
        assert (found["others"]["n"], round(found["others"]["value"])) == (40, 10)
        assert round(found["difference"]["value"]) == 70
        assert found["difference"]["low"] > 0
        assert page.verdict(found) == "more"

    def test_it_says_when_chance_would_do(
        self, late_rule: AnticipationRule, people: People, order: Order, calls: Calls
    ) -> None:
        self.arrange(people, order, calls, late=2, fine=6)
        assert page.verdict(tried(late_rule)) == "same"

    def test_it_withholds_what_few_say(
        self, late_rule: AnticipationRule, people: People, order: Order
    ) -> None:
        for customer in people(4):
            order(customer, came=now() - THEN, over=40)
        found = tried(late_rule)
        assert (found["n_named"], found["named"]["value"], page.verdict(found)) == (4, None, "few")

    def test_others_are_weighted_to_the_units_of_those_named(
        self, late_rule: AnticipationRule, people: People, order: Order, calls: Calls, root: Unit
    ) -> None:
        """Where nobody was named nobody is compared, however often customers call there."""
        self.arrange(people, order, calls, late=5, fine=4)
        elsewhere = Unit.objects.create(code="south", name="华南店", parent=root)
        for customer in people(60, elsewhere):
            order(customer, came=now() - THEN, over=0)
            calls(customer, now() - THEN + DAY)
        assert round(tried(late_rule)["others"]["value"]) == 10

    def test_whoever_has_nobody_beside_them_is_counted_apart(
        self, late_rule: AnticipationRule, people: People, order: Order, calls: Calls, root: Unit
    ) -> None:
        self.arrange(people, order, calls, late=5, fine=4)
        alone = Unit.objects.create(code="south", name="华南店", parent=root)
        order(people(1, alone)[0], came=now() - THEN, over=50)
        found = tried(late_rule)
        assert (found["n_named"], found["n_alone"], found["named"]["n"]) == (11, 1, 10)

    def test_a_customer_counts_once(
        self, late_rule: AnticipationRule, wang: Customer, late: datetime, order: Order
    ) -> None:
        order(wang, came=now() - 15 * DAY, over=50)
        order(wang, came=now() - 10 * DAY, over=0)
        found = tried(late_rule)
        assert (found["n_happened"], found["n_named"], found["n_others"]) == (2, 1, 0)


class TestTrial:
    def test_it_is_counted_by_a_job(self, make_rule: MakeRule, dora: User, late: datetime) -> None:
        rule = make_rule("late_order", on=False, minutes=20)
        trial = trials.start(rule, by=dora, days=30)
        assert not trials.is_tried(rule)
        assert trials.start(rule, by=dora, days=30) == trial
        assert tasks.anticipation_trial(trial.pk) == 1
        trial.refresh_from_db()
        assert trial.state == "done"
        assert trials.is_tried(rule)

    def test_other_numbers_are_another_trial(self, make_rule: MakeRule, late: datetime, dora: User) -> None:
        rule = make_rule("late_order", on=False, minutes=20)
        trials.count(trials.start(rule, by=dora))
        rule.parameters = {"minutes": 21}
        assert not trials.is_tried(rule)

    def test_what_fails_says_so(
        self, make_rule: MakeRule, dora: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trial = trials.start(make_rule("late_order", on=False), by=dora)
        monkeypatch.setattr(trials, "tried", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            trials.count(trial)
        trial.refresh_from_db()
        assert (trial.state, trial.error) == ("failed", "ZeroDivisionError")


@pytest.mark.parametrize(("minute", "hours"), [(6, 0), (7, 0), (8, 1)])
def test_rounds_are_at_minute_seven(minute: int, hours: int) -> None:
    at = datetime(2026, 5, 4, 10, minute)
    assert trials.next_round(at) == datetime(2026, 5, 4, 10 + hours, 7)
