"""A customer comes in: looked up on one card, and announced to the store that serves them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, Notice, NoticeChoice
from voiceloop.server.act.visits import visits
from voiceloop.server.act.visits.card import card, glance
from voiceloop.server.collect import orders
from voiceloop.server.collect.models import Customer, Response, Transaction
from voiceloop.server.core import reactor
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.understand.customers import preferences

pytestmark = [pytest.mark.django_db]
SignIn = Callable[[User], Client]
NUTS = "花生过敏"


@pytest.fixture
def known(wang: Customer, alice: User) -> Customer:
    preferences.add(wang, by=alice, kind="likes", words="靠窗的座位")
    preferences.add(wang, by=alice, kind="must_not", words=NUTS, consent="spoken")
    preferences.add(wang, by=alice, kind="address", words="王女士")
    return wang


@pytest.fixture
def case(says: Callable[..., Response]) -> Case:
    return cases.open_for_response(says())


@pytest.mark.requirement(131)
class TestGlance:
    def test_it_says_how_to_address_and_what_must_not_be_first(self, known: Customer, alice: User) -> None:
        found = glance(known, alice)
        assert found is not None
        assert (found.address, [one.kind for one in found.preferences]) == ("王女士", ["must_not", "likes"])

    def test_it_shows_the_last_three_problems_besides_this_one(
        self, known: Customer, alice: User, case: Case, says: Callable[..., Response]
    ) -> None:
        others = [cases.open_for_response(says()) for _ in range(4)]
        found = glance(known, alice, besides=others[-1])
        assert found is not None
        assert (found.problems, found.n_problems) == (others[2::-1], 4)

    def test_it_shows_what_is_still_owed(self, known: Customer, alice: User, case: Case) -> None:
        found = glance(known, alice)
        assert found is not None
        assert [one.case for one in found.promises] == [case]
        contacts_of(case, alice)
        again = glance(known, alice)
        assert again is not None
        assert again.promises == []

    def test_it_shows_nothing_of_a_customer_of_another_branch(self, known: Customer, charlie: User) -> None:
        assert glance(known, charlie) is None

    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "以往问题"), ("en", "Problems before")])
    def test_a_case_shows_it_when_it_is_opened(
        self, signed_in: SignIn, alice: User, known: Customer, case: Case, language: str, word: str
    ) -> None:
        for address in (reverse("case", args=[case.pk]), f"{reverse('workbench')}?case={case.pk}"):
            page = signed_in(alice).get(address, headers={"accept-language": language}).text
            assert all(part in page for part in (word, NUTS, "王女士"))


def contacts_of(case: Case, by: User) -> None:
    cases.contact(case, by=by, channel="phone", result="reached")


@pytest.mark.requirement(96)
class TestVisit:
    @pytest.mark.parametrize("words", ["13812345678", "C-1001", "王小明"])
    def test_it_shows_one_card(self, signed_in: SignIn, alice: User, known: Customer, words: str) -> None:
        page = signed_in(alice).post(reverse("visit"), {"q": words}).text
        assert all(part in page for part in (NUTS, "王女士", "忌口与偏好"))
        assert "13812345678" not in page

    def test_looking_somebody_up_is_written_down(
        self, signed_in: SignIn, alice: User, known: Customer
    ) -> None:
        signed_in(alice).post(reverse("visit"), {"q": "C-1001"})
        assert Event.objects.about("customer", known.pk).get(type="customer.received").by == alice

    def test_of_several_one_is_chosen_and_only_that_one_is_written_down(
        self, signed_in: SignIn, alice: User, known: Customer
    ) -> None:
        Customer.objects.create(unit=known.unit, number="C-2", name="王小明")
        browser = signed_in(alice)
        page = browser.post(reverse("visit"), {"q": "王小明"}).text
        assert "是哪一位？" in page
        assert not Event.objects.filter(type="customer.received").exists()
        assert NUTS in browser.post(reverse("visit"), {"customer": known.pk}).text

    def test_charlie_finds_nobody(self, signed_in: SignIn, charlie: User, known: Customer) -> None:
        browser = signed_in(charlie)
        for given in ({"q": "C-1001"}, {"customer": known.pk}):
            assert "未找到客户" in browser.post(reverse("visit"), given).text

    def test_the_card_knows_score_and_budget(
        self, alice: User, known: Customer, says: Callable[..., Response]
    ) -> None:
        says(9, at=now() - timedelta(days=1))
        found = card(known, alice)
        assert found.score is not None
        assert (found.score["value"], found.budget["rests"]) == (9, False)


@pytest.mark.requirement(96)
class TestApi:
    def test_a_till_gets_the_same_card(self, signed_in: SignIn, alice: User, known: Customer) -> None:
        body = {"phone": "138 1234 5678"}
        found = signed_in(alice).post("/api/visits", body, content_type="application/json").json()
        told = found["card"]
        assert (told["address"], told["preferences"][0]["words"]) == ("王女士", NUTS)
        assert Event.objects.filter(type="customer.received").count() == 1

    def test_nobody_is_404(self, signed_in: SignIn, charlie: User, known: Customer) -> None:
        body = {"number": "C-1001"}
        refused = signed_in(charlie).post("/api/visits", body, content_type="application/json")
        assert refused.status_code == 404

    def test_an_order_is_taken_once_and_said(self, signed_in: SignIn, dora: User, known: Customer) -> None:
        body = {"number": "T-1", "unit": "store-1", "customer": "C-1001", "amount": 88, "kind": "dine_in"}
        browser = signed_in(dora)
        codes = [
            browser.post("/api/orders", body, content_type="application/json").status_code for _ in range(2)
        ]
        assert (codes, Transaction.objects.get().customer) == ([201, 200], known)

    @pytest.mark.parametrize(("change", "code"), [({"customer": "nobody"}, 422), ({"unit": "nowhere"}, 404)])
    def test_an_order_of_nobody_or_nowhere_is_refused(
        self, signed_in: SignIn, dora: User, known: Customer, change: dict[str, Any], code: int
    ) -> None:
        body = {"number": "T-1", "unit": "store-1", "amount": 88} | change
        answer = signed_in(dora).post("/api/orders", body, content_type="application/json")
        assert (answer.status_code, Transaction.objects.count()) == (code, 0)

    def test_an_agent_takes_no_orders(self, signed_in: SignIn, alice: User, known: Customer) -> None:
        body = {"number": "T-1", "unit": "store-1", "amount": 88}
        answer = signed_in(alice).post("/api/orders", body, content_type="application/json")
        assert answer.status_code == 403


@pytest.mark.requirement(96)
class TestAnnounce:
    @pytest.fixture
    def waiter(self, person: Callable[..., User], store: Unit) -> User:
        return person("Wei", "agent", store)

    def order(self, known: Customer, dora: User, number: str = "T-1", **more: Any) -> Transaction:
        given = {"unit": known.unit, "at": now(), "kind": "dine_in", "amount": 88, "customer": known} | more
        return orders.take(number=number, by=dora, **given)[0]

    def told(self) -> list[User]:
        reactor.deliver()
        return [one.user for one in Notice.objects.filter(kind="visit").select_related("user")]

    def test_the_people_of_the_store_are_told_without_the_words(
        self, known: Customer, dora: User, waiter: User, alice: User
    ) -> None:
        self.order(known, dora)
        assert self.told() == [waiter]
        sentence = Notice.objects.get(kind="visit").event.sentence
        assert "3" in sentence
        assert NUTS not in sentence

    def test_once_a_customer_and_day(self, known: Customer, dora: User, waiter: User) -> None:
        for number in ("T-1", "T-2"):
            self.order(known, dora, number)
        assert self.told() == [waiter]
        assert visits.announce(Transaction.objects.get(number="T-2")) == 0

    def test_a_customer_without_preferences_is_no_news(
        self, wang: Customer, dora: User, waiter: User
    ) -> None:
        self.order(wang, dora)
        assert self.told() == []

    def test_history_is_no_visit(self, known: Customer, dora: User, waiter: User) -> None:
        self.order(known, dora, at=now() - timedelta(days=3))
        assert self.told() == []

    def test_who_does_not_want_to_be_told_is_not_shown_it(
        self, known: Customer, dora: User, waiter: User
    ) -> None:
        NoticeChoice.objects.create(user=waiter, kind="visit", in_app=False)
        self.order(known, dora)
        assert self.told() == [waiter]
        assert not Notice.objects.filter(kind="visit", is_shown=True).exists()

    def test_where_nobody_works_the_lead_is_told(self, known: Customer, dora: User, bob: User) -> None:
        self.order(known, dora)
        assert self.told() == [bob]
