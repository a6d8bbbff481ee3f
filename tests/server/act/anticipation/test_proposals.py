"""Accepting, dismissing and taking back; and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.timezone import now

from tests.server.act.anticipation.conftest import DAY, HOUR, Calls
from voiceloop.server.act.anticipation import proposals, results
from voiceloop.server.act.anticipation.kinds import Refused
from voiceloop.server.act.models import AnticipationRule, Case, OutreachProposal, Thread
from voiceloop.server.act.playbooks import book
from voiceloop.server.act.threads import threads
from voiceloop.server.collect.models import Customer, Response
from voiceloop.server.core.models import Event, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(83)]
People = Callable[..., list[Customer]]


class TestAccept:
    def test_it_opens_a_case_that_says_why(self, proposal: OutreachProposal, alice: User) -> None:
        case = proposals.accept(proposal, by=alice)
        assert case is not None
        assert (case.channel, case.customer, case.unit) == ("anticipation", proposal.customer, proposal.unit)
        assert case.summary == "订单 O-7 用时 75 分钟，比承诺的 30 分钟多 45 分钟。"
        assert (case.owner, book.trigger_of(case)) == (alice, "at_risk")
        proposal.refresh_from_db()
        assert (proposal.state, proposal.case, proposal.decided_by) == ("accepted", case, alice)
        assert Event.objects.about("case", case.pk).filter(type="outreach.accepted").exists()

    def test_it_is_done_once(self, proposal: OutreachProposal, alice: User) -> None:
        proposals.accept(proposal, by=alice)
        with pytest.raises(Refused):
            proposals.accept(proposal, by=alice)
        assert Case.objects.count() == 1

    def test_a_customer_who_was_faster_needs_no_case(
        self, proposal: OutreachProposal, alice: User, calls: Calls
    ) -> None:
        calls(proposal.customer, now())
        assert proposals.accept(proposal, by=alice) is None
        proposal.refresh_from_db()
        assert proposal.state == "overtaken"
        assert not Case.objects.exists()

    def test_an_expired_one_is_over(self, proposal: OutreachProposal, alice: User) -> None:
        OutreachProposal.objects.update(expires_at=now())
        with pytest.raises(Refused):
            proposals.accept(proposal, by=alice)

    def test_of_several_each_goes_by_itself(
        self, proposal: OutreachProposal, people: People, alice: User
    ) -> None:
        other = _decided(proposal.rule, people(1)[0], "open", now())
        proposals.dismiss(other, by=alice, reason="no_time")
        done = proposals.accept_all([other, proposal], by=alice)
        assert (len(done.cases), done.n_late) == (1, 1)


class TestDismiss:
    def test_it_keeps_the_reason(self, proposal: OutreachProposal, alice: User) -> None:
        proposals.dismiss(proposal, by=alice, reason="already_done", note="店长已打电话")
        proposal.refresh_from_db()
        assert (proposal.state, proposal.reason, proposal.note) == (
            "dismissed",
            "already_done",
            "店长已打电话",
        )

    @pytest.mark.parametrize(("reason", "note"), [("", ""), ("because", ""), ("other", " ")])
    def test_it_asks_for_one(self, proposal: OutreachProposal, alice: User, reason: str, note: str) -> None:
        with pytest.raises(Refused):
            proposals.dismiss(proposal, by=alice, reason=reason, note=note)

    def test_it_is_taken_back(self, proposal: OutreachProposal, alice: User) -> None:
        proposals.dismiss(proposal, by=alice, reason="no_time")
        proposals.restore(proposal, by=alice)
        assert OutreachProposal.objects.open().get() == proposal
        assert (proposal.reason, proposal.decided_by) == ("", None)

    def test_not_when_it_has_expired_meanwhile(self, proposal: OutreachProposal, alice: User) -> None:
        proposals.dismiss(proposal, by=alice, reason="no_time")
        OutreachProposal.objects.update(expires_at=now())
        with pytest.raises(Refused):
            proposals.restore(proposal, by=alice)

    def test_not_when_another_waits(self, proposal: OutreachProposal, alice: User) -> None:
        proposals.dismiss(proposal, by=alice, reason="no_time")
        _decided(proposal.rule, proposal.customer, "open", now(), happening="order:8")
        with pytest.raises(Refused):
            proposals.restore(proposal, by=alice)


def _decided(
    rule: AnticipationRule, customer: Customer, state: str, at: Any, happening: str = "order:9"
) -> OutreachProposal:
    return OutreachProposal.objects.create(
        rule=rule, customer=customer, unit=customer.unit, happening=happening, happened_at=at, proposed_at=at,
        expires_at=at + 3 * DAY, state=state, decided_at=None if state == "open" else at,
    )  # fmt: skip


class TestResults:
    def test_they_compare_the_groups_and_withhold_what_few_say(
        self, late_rule: AnticipationRule, people: People, calls: Calls, bob: User
    ) -> None:
        at = now() - 10 * DAY
        for n, customer in enumerate(people(12)):
            _decided(late_rule, customer, "accepted" if n < 6 else "dismissed", at)
            if n >= 8:
                calls(customer, at + DAY)
        found = results.results(bob)
        accepted, left = (found["groups"][code] for code in ("accepted", "left"))
        assert (accepted["contacted"]["n"], accepted["contacted"]["value"]) == (6, 0)
        assert round(left["contacted"]["value"]) == 67
        assert found["differences"]["contacted"]["value"] < 0
        assert accepted["nps"] == {"n": 0, "value": None, "low": None, "high": None}
        assert found["states"]["accepted"] == 6

    def test_a_complaint_is_told_from_a_question(
        self, late_rule: AnticipationRule, people: People, says: Callable[..., Response], bob: User
    ) -> None:
        at = now() - 10 * DAY
        for customer in people(5):
            _decided(late_rule, customer, "expired", at)
            response = says(2, customer=customer, at=at + DAY)
            made = {"customer": customer, "unit": customer.unit, "opened_at": at + DAY, "kind": "recovery"}
            Case.objects.create(response=response, **made)
        left = results.results(bob)["groups"]["left"]
        assert left["complained"]["value"] == 100
        assert (left["nps"]["n"], left["nps"]["value"]) == (5, -100)

    def test_what_they_answer_to_our_call_is_no_contact_of_theirs(
        self, proposal: OutreachProposal, alice: User, bob: User
    ) -> None:
        case = proposals.accept(proposal, by=alice)
        threads.hear(
            case, channel=Thread.Channel.EMAIL, address="wang@example.com", text="谢谢你们打电话来", key="m1"
        )
        OutreachProposal.objects.update(decided_at=now() - 8 * DAY)
        Case.objects.update(opened_at=now() - 8 * DAY)
        found = results.results(bob)["groups"]["accepted"]
        assert (found["n"], found["contacted"]["n"]) == (1, 1)
        assert not next(iter(results._followed(OutreachProposal.objects.all()))).contacted

    def test_a_decision_of_this_week_is_not_counted_yet(
        self, proposal: OutreachProposal, alice: User, bob: User
    ) -> None:
        proposals.accept(proposal, by=alice)
        found = results.results(bob)
        assert (found["n_followed"], found["states"]["accepted"]) == (0, 1)

    def test_another_branch_sees_none(self, proposal: OutreachProposal, charlie: User) -> None:
        assert sum(results.results(charlie)["states"].values()) == 0

    def test_past_its_day_it_counts_as_expired(self, proposal: OutreachProposal, bob: User) -> None:
        OutreachProposal.objects.update(expires_at=now() - HOUR)
        found = results.results(bob)["states"]
        assert (found["open"], found["expired"]) == (0, 1)
