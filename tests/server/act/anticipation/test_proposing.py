"""The hourly round: who is proposed, who is left in peace, and what is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import now

from tests.server.act.anticipation.conftest import DAY, HOUR, Calls, MakeRule, Order
from voiceloop.server.act.anticipation import proposing, tasks
from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import AnticipationRule, OutreachProposal
from voiceloop.server.collect.models import Customer, Invitation, Message
from voiceloop.server.core.models import Event, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(83)]
People = Callable[..., list[Customer]]


@pytest.fixture
def late(late_rule: AnticipationRule, wang: Customer, order: Order) -> None:
    order(wang, came=now() - 2 * HOUR, over=45)


@pytest.mark.usefixtures("late")
class TestPropose:
    def test_it_names_the_customer_once(self, wang: Customer, late_rule: AnticipationRule) -> None:
        assert tasks.anticipate(0) == 1
        assert tasks.anticipate(0) == 0
        (one,) = OutreachProposal.objects.all()
        assert (one.customer, one.rule, one.unit) == (wang, late_rule, wang.unit)
        assert one.expires_at == one.happened_at + 3 * DAY
        assert "45" in one.sentence
        assert Event.objects.about("customer", wang.pk).filter(type="outreach.proposed").count() == 1

    def test_two_rules_that_see_the_same_say_it_once(
        self, make_rule: MakeRule, wang: Customer, order: Order
    ) -> None:
        order(wang, came=now() - 20 * HOUR, over=45)
        make_rule("bad_again", days=30, minutes=20)
        proposing.make_round()
        assert OutreachProposal.objects.filter(customer=wang).count() == 1

    def test_a_dismissed_happening_stays_dismissed(self, wang: Customer) -> None:
        proposing.make_round()
        OutreachProposal.objects.update(state="dismissed")
        assert proposing.make_round() == 0

    def test_a_customer_with_an_open_case_is_left_in_peace(self, wang: Customer, alice: User) -> None:
        cases.open(wang, by=alice)
        assert proposing.make_round() == 0

    def test_so_is_one_who_contacted_us_meanwhile(self, wang: Customer, calls: Calls) -> None:
        calls(wang, now() - HOUR)
        assert proposing.make_round() == 0

    def test_so_is_one_who_was_written_to_within_the_month(self, wang: Customer) -> None:
        Message.objects.create(customer=wang, unit=wang.unit, key="t", channel="email", body="…")
        assert proposing.make_round() == 0

    def test_an_answer_about_a_case_is_no_letter(self, wang: Customer) -> None:
        about = {"about": "case:1", "channel": "email", "body": "…"}
        Message.objects.create(customer=wang, unit=wang.unit, key="t", **about)
        assert proposing.make_round() == 1

    def test_so_is_one_whom_we_asked_and_who_did_not_answer(self, wang: Customer) -> None:
        Invitation.objects.create(customer=wang, unit=wang.unit, created_at=now() - 9 * DAY)
        assert proposing.make_round() == 0

    def test_so_is_one_who_opted_out(self, wang: Customer) -> None:
        Customer.objects.update(opted_out_at=now() - DAY)
        assert proposing.make_round() == 0

    def test_a_rule_that_is_off_says_nothing(self, late_rule: AnticipationRule) -> None:
        AnticipationRule.objects.update(is_on=False)
        assert proposing.make_round() == 0

    def test_a_rule_of_another_branch_says_nothing(self, west: Unit) -> None:
        AnticipationRule.objects.update(unit=west)
        assert proposing.make_round() == 0


class TestLimits:
    def test_the_worst_come_first_and_no_more_than_a_day_allows(
        self, make_rule: MakeRule, people: People, order: Order
    ) -> None:
        make_rule("late_order", minutes=20, most_a_day=2)
        several = people(4)
        for customer, over in zip(several, (30, 60, 50, 40), strict=True):
            order(customer, came=now() - HOUR, over=over)
        assert proposing.make_round() == 2
        assert proposing.make_round() == 0
        named = set(OutreachProposal.objects.values_list("customer", flat=True))
        assert named == {several[1].pk, several[2].pk}

    def test_what_is_older_than_a_proposal_is_kept_is_no_news(
        self, late_rule: AnticipationRule, wang: Customer, order: Order
    ) -> None:
        order(wang, came=now() - 3 * DAY - HOUR, over=60)
        assert proposing.make_round() == 0


class TestSweep:
    def test_it_ends_what_nobody_decided(self, proposal: OutreachProposal) -> None:
        OutreachProposal.objects.update(expires_at=now() - timedelta(seconds=1))
        assert not OutreachProposal.objects.open().exists()
        assert proposing.sweep() == 1
        proposal.refresh_from_db()
        assert proposal.state == "expired"

    def test_it_ends_what_the_customer_was_faster_with(
        self, proposal: OutreachProposal, calls: Calls
    ) -> None:
        calls(proposal.customer, now() - timedelta(minutes=5))
        assert proposing.sweep() == 1
        proposal.refresh_from_db()
        assert proposal.state == "overtaken"

    def test_it_leaves_the_others(self, proposal: OutreachProposal) -> None:
        assert proposing.sweep() == 0
        assert OutreachProposal.objects.open().get() == proposal
