"""Net recovery, out of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from voiceloop.server.act.cases import net
from voiceloop.server.act.models import Case, Outcome
from voiceloop.server.collect.models import Answer, Customer, Response
from voiceloop.server.core.models import Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(103)]
SignIn = Callable[[User], Client]


@pytest.fixture
def said(east: Unit) -> Callable[..., Response]:
    def make(score: float, *, customer: Customer | None = None, days: int = 30, about: str = "") -> Response:
        at = now() - timedelta(days=days)
        response = Response.objects.create(
            idempotency_key=f"{Response.objects.count()}", unit=east, customer=customer,
            at=at, completed_at=at, state="complete", about=about,
        )  # fmt: skip
        Answer.objects.create(response=response, question="nps", scale="nps_0_10", score=score)
        return response

    return make


@pytest.fixture
def treated(said: Callable[..., Response]) -> Callable[..., Case]:
    def make(first: float, second: float | None) -> Case:
        response = said(first)
        case = Case.objects.create(
            response=response, unit=response.unit, opened_at=response.at, first_contact_at=response.at,
            first_contact_due_at=response.at + timedelta(hours=1),
        )  # fmt: skip
        code = "no_answer" if second is None else "recovered" if second >= 7 else "not_recovered"
        Outcome.objects.create(case=case, code=code, score=second)
        return case

    return make


class TestReport:
    def test_the_silent_are_asked_and_have_not_come_back(
        self, alice: User, treated: Callable[..., Case]
    ) -> None:
        for second in (9, 3, None):
            treated(4, second)
        found = net.report(alice, {"days": "90"}).whole
        assert (found.n, found.n_answered, found.observed) == (3, 2, 50.0)

    def test_customers_nobody_spoke_with_are_what_it_is_compared_with(
        self, alice: User, east: Unit, treated: Callable[..., Case], said: Callable[..., Response]
    ) -> None:
        treated(4, 9)
        for number in range(30):
            customer = Customer.objects.create(unit=east, number=f"n{number}")
            first = said(4, customer=customer)
            Case.objects.create(response=first, customer=customer, unit=east)
            said(8 if number % 3 == 0 else 2, customer=customer, days=20)
        found = net.report(alice, {"days": "90"}).whole
        assert (found.method, found.n_compared) == ("untreated", 30)
        assert found.expected == pytest.approx(100 / 3)

    def test_a_late_first_contact_is_shown_apart(self, alice: User, treated: Callable[..., Case]) -> None:
        late = treated(4, 9)
        late.first_contact_at = late.first_contact_due_at + timedelta(hours=1)
        late.save()
        treated(4, 2)
        (_, in_time), (_, too_late) = net.report(alice, {"days": "90"}).parts
        assert (in_time.observed, too_late.observed) == (0.0, 100.0)

    def test_charlie_counts_nothing_of_the_east(self, charlie: User, treated: Callable[..., Case]) -> None:
        treated(4, 9)
        assert net.report(charlie, {"days": "90"}).whole.n == 0


class TestPage:
    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "净修复率"), ("en", "Net recovery")])
    def test_it_shows_what_is_taken_off(
        self, signed_in: SignIn, alice: User, treated: Callable[..., Case], language: str, word: str
    ) -> None:
        treated(4, 9)
        page = signed_in(alice).get(reverse("recovery"), headers={"accept-language": language}).text
        assert word in page
        assert "netbar" in page

    def test_without_an_answer_it_says_so(self, signed_in: SignIn, alice: User) -> None:
        page: Any = signed_in(alice).get(reverse("recovery"), headers={"accept-language": "en"})
        assert "No re-survey has been answered yet" in page.text
