"""Limits, budgets, approvals, storno, and the ledger of all of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.cases import cases, remedies
from voiceloop.server.act.compensation import ledger, limits
from voiceloop.server.act.models import Case, Remedy
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(107)]
SignIn = Callable[[User], Client]


def give(by: User, amount: int, customer: Customer | None = None) -> Remedy:
    case = cases.open(customer, by=by, summary="菜凉了")
    return remedies.give(case, by=by, kind="voucher", amount=Decimal(amount))


class TestLimit:
    @pytest.mark.parametrize(("amount", "waits"), [(100, False), (101, True)])
    def test_what_is_shipped_holds_without_any(self, alice: User, amount: int, waits: bool) -> None:
        assert give(alice, amount).is_waiting is waits

    def test_a_persons_own_goes_before_the_roles(self, alice: User, dora: User) -> None:
        limits.set_limit(by=dora, role="agent", each=Decimal(10), month=None)
        assert give(alice, 50).is_waiting
        limits.set_limit(by=dora, person=alice, each=Decimal(50), month=None)
        assert not give(alice, 50).is_waiting

    def test_a_months_budget_runs_out(self, alice: User, dora: User) -> None:
        limits.set_limit(by=dora, role="agent", each=Decimal(100), month=Decimal(150))
        assert not give(alice, 100).is_waiting
        second = give(alice, 60)
        assert second.limit["over"] == "month"
        assert not give(alice, 50).is_waiting

    def test_what_was_taken_back_is_free_again(self, alice: User, bob: User, dora: User) -> None:
        limits.set_limit(by=dora, role="agent", each=Decimal(100), month=Decimal(100))
        remedies.reverse(give(alice, 100), by=bob, note="误发")
        assert not give(alice, 100).is_waiting

    def test_a_lead_approves_within_their_own(self, alice: User, bob: User, dora: User) -> None:
        limits.set_limit(by=dora, role="lead", each=Decimal(200), month=None)
        with pytest.raises(PermissionError):
            remedies.decide(give(alice, 300), by=bob, approved=True)
        assert remedies.decide(give(alice, 150), by=bob, approved=True).approved_by == bob

    def test_it_is_set_on_its_page(self, signed_in: SignIn, dora: User, alice: User, bob: User) -> None:
        said = {"whose": f"person:{alice.pk}", "each": "250", "month": ""}
        assert signed_in(dora).post(reverse("limits"), said).status_code == 302
        assert limits.standing(alice).each == 250
        assert signed_in(bob).get(reverse("limits")).status_code == 403


class TestReverse:
    def test_it_leaves_the_line_and_adds_one(self, alice: User, bob: User) -> None:
        given = give(alice, 80)
        line = remedies.reverse(given, by=bob, note="误发")
        assert remedies.reverse(given, by=bob, note="误发") == line
        assert [(row.amount, ledger.state_of(row)) for row in Remedy.objects.order_by("pk")] == [
            (Decimal(80), "reversed"), (Decimal(-80), "reversed"),
        ]  # fmt: skip

    def test_it_is_a_leads(self, alice: User) -> None:
        with pytest.raises(PermissionError):
            remedies.reverse(give(alice, 80), by=alice, note="误发")

    def test_the_case_may_be_given_something_else(self, alice: User, bob: User) -> None:
        given = give(alice, 80)
        remedies.reverse(given, by=bob, note="误发")
        case = Case.objects.get(pk=given.case_id)
        assert remedies.give(case, by=alice, kind="gift", amount=Decimal(20)).is_given


class TestLedger:
    def test_its_sums_take_off_what_was_taken_back(self, alice: User, bob: User) -> None:
        give(alice, 40)
        remedies.reverse(give(alice, 80), by=bob, note="误发")
        give(alice, 500)
        rows = ledger.lines(bob, ledger.Asked())
        assert ledger.total(rows) == {"sum": Decimal(40), "n": 1}
        for by in ledger.BY:
            assert sum(row["sum"] for row in ledger.sums(rows, by)) == 40

    def test_another_branch_sees_none_of_it(self, alice: User, charlie: User) -> None:
        give(alice, 40)
        assert not ledger.lines(charlie, ledger.Asked()).exists()

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_it_is_a_file(self, signed_in: SignIn, alice: User, form: str) -> None:
        give(alice, 40)
        answer = signed_in(alice).get(reverse("ledger_export", args=[form]))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200
        assert b"40.0" in content if form == "csv" else content.startswith(b"PK")

    def test_its_page_approves_and_takes_back(self, signed_in: SignIn, alice: User, bob: User) -> None:
        remedy = give(alice, 300)
        browser = signed_in(bob)
        assert "300" in browser.get(reverse("ledger")).text
        browser.post(reverse("ledger_decide", args=[remedy.pk]), {"decision": "approve"})
        browser.post(reverse("ledger_reverse", args=[remedy.pk]), {"note": "误发"})
        assert Remedy.objects.get(reverses=remedy).amount == -300
