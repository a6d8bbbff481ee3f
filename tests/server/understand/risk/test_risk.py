"""Who may leave and what they are worth: computed at night, listed, acted on, forgotten on demand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from procrastinate.contrib.django.models import ProcrastinateJob

from voiceloop.analytics import Lake
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Customer
from voiceloop.server.core import reactor
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.store import erasure
from voiceloop.server.understand.models import CustomerRisk, RiskModel
from voiceloop.server.understand.risk import nightly, verbs

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(80)]
SignIn = Callable[[User], Client]
TODAY = date(2026, 10, 1)
N = 400


@pytest.fixture
def people(east: Unit) -> list[Customer]:
    rows = [Customer(unit=east, number=f"C-{i}", name=f"客户{i}") for i in range(N)]
    return Customer.objects.bulk_create(rows)


@pytest.fixture
def lake(tmp_path: Path, people: list[Customer]) -> Lake:
    """Half come often, half seldom; some stopped coming."""
    rng = np.random.default_rng(1)
    rows = []
    for i, one in enumerate(people):
        end = TODAY - timedelta(days=int(rng.integers(0, 300))) if rng.random() < 0.5 else TODAY
        day = TODAY - timedelta(days=360 - int(rng.integers(0, 30)))
        while day <= end:
            at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
            rows.append({"customer_key": one.pk, "day": day, "at": at, "kind": "a", "amount": 10.0 + i % 90})
            day += timedelta(days=1 + int(rng.exponential(6 if i % 2 else 30)))
    found = Lake(tmp_path / "lake")
    found.append("transactions", [{"transaction_id": i, **row} for i, row in enumerate(rows, 1)])
    return found


@pytest.fixture
def wang(east: Unit) -> CustomerRisk:
    customer = Customer.objects.create(unit=east, number="C-1001", name="王小明")
    return CustomerRisk.objects.create(
        customer=customer,
        as_of=TODAY,
        band="high",
        probability=0.62,
        reasons=[{"column": "recency_days", "value": "90", "effect": 0.7, "odds": 2.0}],
        kind="high_keep",
        rfm="255",
        stage="at_risk",
        historic=900.0,
        expected=300.0,
        low=0.0,
        high=800.0,
        is_dear=True,
    )


class TestRefresh:
    @pytest.mark.requirement(18)
    def test_it_scores_everyone_who_bought_with_value_and_reasons(self, lake: Lake) -> None:
        run = nightly.refresh(lake)
        assert run.n == CustomerRisk.objects.count() == N
        scored = CustomerRisk.objects.exclude(probability=None)
        assert scored.filter(band="high").exists()
        assert all(one.low <= one.expected * 1.0001 or one.low == 0 for one in scored[:50])
        assert any(one.reasons for one in scored)
        assert RiskModel.objects.get().report["auc"] > 0.6

    def test_a_second_night_keeps_the_model_and_the_rows(self, lake: Lake) -> None:
        for _ in range(2):
            nightly.refresh(lake)
        assert (RiskModel.objects.count(), CustomerRisk.objects.count()) == (1, N)

    def test_nobody_is_new_on_the_first_night(self, lake: Lake) -> None:
        nightly.refresh(lake)
        assert not Event.objects.filter(type="risk.raised").exists()

    def test_who_becomes_high_and_is_dear_is_raised_once(self, lake: Lake) -> None:
        nightly.refresh(lake)
        CustomerRisk.objects.update(band="low")
        CustomerRisk.objects.filter(probability__gt=0).update(is_dear=True)
        nightly.refresh(lake)
        n = Event.objects.filter(type="risk.raised").count()
        expected = CustomerRisk.objects.filter(band="high", is_dear=True).count()
        assert n == min(expected, nightly.MOST_A_NIGHT)

    def test_an_empty_company_is_told_why(self, db: None, tmp_path: Path) -> None:
        run = nightly.refresh(Lake(tmp_path / "none"))
        assert (run.n, run.why_not[0]["en"]) == (0, "Nobody has bought anything yet.")

    def test_an_erased_customer_is_not_written_again(
        self, lake: Lake, people: list[Customer], dora: User
    ) -> None:
        nightly.refresh(lake)
        erasure.erase(people[0], by=dora)
        nightly.refresh(lake)
        assert not CustomerRisk.objects.filter(customer_id=people[0].pk).exists()


class TestStart:
    def test_a_case_opens_and_somebody_gets_it(self, wang: CustomerRisk, alice: User, bob: User) -> None:
        assert verbs.start([wang], by=bob) == 1
        reactor.deliver()
        case = Case.objects.get(customer=wang.customer)
        assert (case.playbook, case.owner) == ("keep", alice)
        assert "90" in case.summary

    def test_a_customer_with_an_open_case_gets_no_other(self, wang: CustomerRisk, alice: User) -> None:
        Case.objects.create(customer=wang.customer, unit=wang.customer.unit)
        verbs.start([wang], by=alice)
        reactor.deliver()
        assert Case.objects.count() == 1

    def test_asked_twice_within_a_month_is_asked_once(self, wang: CustomerRisk, alice: User) -> None:
        assert [verbs.start([wang], by=alice) for _ in range(2)] == [1, 0]


class TestPage:
    @pytest.mark.parametrize(
        ("language", "word"), [("zh-hans", "距上次购买"), ("en", "Days since the last purchase")]
    )
    def test_it_lists_risk_value_and_why(
        self, signed_in: SignIn, alice: User, wang: CustomerRisk, language: str, word: str
    ) -> None:
        page = signed_in(alice).get(reverse("risks"), headers={"accept-language": language}).text
        assert reverse("customer", args=[wang.customer_id]) in page
        assert word in page
        assert "62%" in page

    def test_charlie_sees_nobody(self, signed_in: SignIn, charlie: User, wang: CustomerRisk) -> None:
        assert (
            reverse("customer", args=[wang.customer_id]) not in signed_in(charlie).get(reverse("risks")).text
        )

    @pytest.mark.parametrize(
        ("query", "n"),
        [("band=high", 1), ("band=low", 0), ("kind=high_keep", 1), ("stage=new", 0), ("band=nonsense", 1)],
    )
    def test_its_filters_narrow(
        self, signed_in: SignIn, alice: User, wang: CustomerRisk, query: str, n: int
    ) -> None:
        assert len(signed_in(alice).get(reverse("risks") + f"?{query}").context["page"].object_list) == n

    def test_who_is_set_aside_is_hidden_until_then(
        self, signed_in: SignIn, alice: User, wang: CustomerRisk
    ) -> None:
        browser = signed_in(alice)
        browser.post(reverse("risk_snooze", args=[wang.customer_id]), {"days": "30"})
        wang.refresh_from_db()
        assert wang.snoozed_until == localdate() + timedelta(days=29)
        assert not list(browser.get(reverse("risks")).context["page"])
        assert list(browser.get(reverse("risks") + "?asleep=1").context["page"]) == [wang]

    def test_outreach_starts_for_the_chosen(self, signed_in: SignIn, alice: User, wang: CustomerRisk) -> None:
        signed_in(alice).post(reverse("risks_start"), {"customer": [str(wang.customer_id), "0", "x"]})
        assert Event.objects.filter(type="risk.raised").count() == 1

    def test_whoever_is_impatient_waits_for_one_job(self, signed_in: SignIn, dora: User) -> None:
        browser = signed_in(dora)
        assert [browser.post(reverse("risks_refresh")).status_code for _ in range(2)] == [302, 302]
        assert ProcrastinateJob.objects.filter(task_name="understand.risk_refresh").count() == 1

    def test_it_exports_what_it_lists(self, signed_in: SignIn, bob: User, wang: CustomerRisk) -> None:
        found = b"".join(signed_in(bob).get(reverse("risks_export"))).decode("utf-8-sig")
        assert "C-1001" in found

    def test_an_agent_exports_nothing(self, signed_in: SignIn, alice: User) -> None:
        assert signed_in(alice).get(reverse("risks_export")).status_code == 403

    @pytest.mark.requirement(46)
    def test_the_customer_s_page_shows_value_risk_and_health(
        self, signed_in: SignIn, alice: User, wang: CustomerRisk
    ) -> None:
        page = (
            signed_in(alice)
            .get(reverse("customer", args=[wang.customer_id]), headers={"accept-language": "en"})
            .text
        )
        for words in ("Value and risk", "62%", "Health card", "Promises", "Preferences"):
            assert words in page

    def test_erasing_a_customer_takes_the_risk_with_them(self, wang: CustomerRisk, dora: User) -> None:
        erasure.erase(wang.customer, by=dora)
        assert not CustomerRisk.objects.exists()
