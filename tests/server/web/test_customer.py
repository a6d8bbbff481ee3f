"""Customers and the page of one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from voiceloop.server.collect.models import Answer, Customer, Invitation, Response, Transaction, Verbatim
from voiceloop.server.core.models import Event, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(90)]
SignIn = Callable[[User], Client]


@pytest.fixture
def wang(east: Unit) -> Customer:
    return Customer.objects.create(
        unit=east, number="C-1001", name="王小明", phone="13812345678", email="wang@example.com"
    )


@pytest.fixture
def browser(signed_in: SignIn, alice: User) -> Client:
    return signed_in(alice)


class TestCustomers:
    @pytest.mark.parametrize(
        "words", ["13812345678", "+86 138 1234 5678", "wang@example.com", "C-1001", "王小明"]
    )
    def test_it_finds_by_the_whole_value(self, browser: Client, wang: Customer, words: str) -> None:
        page = browser.get(reverse("customers"), {"q": words}).text
        assert reverse("customer", args=[wang.pk]) in page

    def test_it_finds_nobody_by_a_part(self, browser: Client, wang: Customer) -> None:
        page = browser.get(reverse("customers"), {"q": "1381234"}).text
        assert reverse("customer", args=[wang.pk]) not in page

    def test_charlie_finds_nobody(self, signed_in: SignIn, charlie: User, wang: Customer) -> None:
        page = signed_in(charlie).get(reverse("customers"), {"q": "C-1001"}).text
        assert reverse("customer", args=[wang.pk]) not in page


class TestCustomer:
    def said(self, wang: Customer, score: int, text: str) -> None:
        response = Response.objects.create(unit=wang.unit, customer=wang, idempotency_key=text)
        Answer.objects.create(response=response, question="nps", scale="nps_0_10", score=score)
        Verbatim.objects.create(response=response, text=text)

    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "反馈"), ("en", "Feedback")])
    def test_it_shows_what_they_said_and_bought(
        self, browser: Client, wang: Customer, language: str, word: str
    ) -> None:
        self.said(wang, 3, "上菜太慢")
        self.said(wang, 9, "这次很好")
        Transaction.objects.create(
            unit=wang.unit, customer=wang, number="O-77", at=now(), kind="delivery", amount="88.00"
        )
        page = browser.get(reverse("customer", args=[wang.pk]), headers={"accept-language": language}).text
        assert all(part in page for part in (word, "上菜太慢", "这次很好", "O-77", "scores-option"))

    def test_it_masks_the_phone_until_asked_and_records_who_asked(
        self, browser: Client, wang: Customer, alice: User
    ) -> None:
        assert "13812345678" not in browser.get(reverse("customer", args=[wang.pk])).text
        shown = browser.post(reverse("customer_contact", args=[wang.pk]), headers={"HX-Request": "true"}).text
        assert "13812345678" in shown
        assert Event.objects.about("customer", wang.pk).get(type="customer.contact_shown").by == alice

    def test_it_says_when_they_may_be_asked_again(self, browser: Client, wang: Customer) -> None:
        Invitation.objects.create(unit=wang.unit, customer=wang)
        page = browser.get(reverse("customer", args=[wang.pk]), headers={"accept-language": "en"}).text
        assert "may be asked again from" in page

    def test_no_more_surveys(self, browser: Client, wang: Customer) -> None:
        browser.post(reverse("customer_opt_out", args=[wang.pk]))
        wang.refresh_from_db()
        assert wang.opted_out_at is not None

    def test_it_is_unknown_to_charlie(self, signed_in: SignIn, charlie: User, wang: Customer) -> None:
        browser = signed_in(charlie)
        assert browser.get(reverse("customer", args=[wang.pk])).status_code == 404
        assert browser.post(reverse("customer_contact", args=[wang.pk])).status_code == 404
