"""What a customer likes and must not have: encrypted, with consent, withdrawn on demand, erased with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, now
from django.utils.translation import override

from voiceloop.server.collect.models import Customer, Preference, Transaction
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.store import erasure
from voiceloop.server.understand.customers import preferences

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(96)]
SignIn = Callable[[User], Client]
NUTS = "花生过敏，一点都不行"


@pytest.fixture
def wang(east: Unit) -> Customer:
    return Customer.objects.create(unit=east, number="C-1001", name="王小明", phone="13812345678")


@pytest.fixture
def nuts(wang: Customer, alice: User) -> Preference:
    return preferences.add(wang, by=alice, kind="must_not", words=NUTS, consent="spoken")


class TestAdd:
    def test_an_allergy_needs_consent(self, wang: Customer, alice: User) -> None:
        with pytest.raises(preferences.NotKept):
            preferences.add(wang, by=alice, kind="must_not", words=NUTS)
        assert not Preference.objects.exists()

    def test_the_database_holds_no_allergy_without_consent(self, nuts: Preference) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Preference.objects.filter(pk=nuts.pk).update(consent="")

    def test_what_staff_saw_may_be_kept_without(self, wang: Customer, alice: User) -> None:
        seen = preferences.add(wang, by=alice, kind="likes", words="靠窗的座位", source="seen")
        assert (seen.consent, seen.consent_at, seen.by) == ("", None, alice)

    def test_the_words_are_encrypted(self, nuts: Preference) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select words from collect_preference where id = %s", [nuts.pk])
            assert "花生".encode() not in bytes(cursor.fetchone()[0])
        assert Preference.objects.get(pk=nuts.pk).words == NUTS

    def test_the_event_says_the_kind_and_not_the_words(self, nuts: Preference) -> None:
        said = Event.objects.get(type="preference.added")
        assert "花生" not in f"{said.data}{said.sentence}"

    def test_the_same_thing_is_kept_once(self, wang: Customer, nuts: Preference, alice: User) -> None:
        again = preferences.add(wang, by=alice, kind="must_not", words=f" {NUTS} ", consent="written")
        assert (again.pk, again.consent, Preference.objects.count()) == (nuts.pk, "written", 1)

    @pytest.mark.parametrize("words", ["", "  ", "字" * 201])
    def test_it_is_short_and_says_something(self, wang: Customer, alice: User, words: str) -> None:
        with pytest.raises(preferences.NotKept):
            preferences.add(wang, by=alice, kind="likes", words=words)


class TestOf:
    def test_what_must_not_be_comes_first(self, wang: Customer, nuts: Preference, alice: User) -> None:
        preferences.add(wang, by=alice, kind="likes", words="靠窗的座位")
        assert [one.kind for one in preferences.of(wang)] == ["must_not", "likes"]

    def test_what_is_past_its_day_is_not_shown(self, wang: Customer, alice: User) -> None:
        kept = preferences.add(wang, by=alice, kind="likes", words="少盐", expires_on=localdate())
        assert preferences.of(wang) == [kept]
        Preference.objects.update(expires_on=localdate() - timedelta(days=1))
        assert preferences.of(wang) == []


class TestWithdraw:
    def test_it_is_gone_and_can_come_back(self, wang: Customer, nuts: Preference, alice: User) -> None:
        preferences.withdraw(nuts, by=alice)
        assert preferences.of(wang) == []
        preferences.restore(nuts, by=alice)
        assert preferences.of(wang) == [nuts]


class TestForget:
    def test_what_was_withdrawn_long_ago_is_deleted(
        self, wang: Customer, nuts: Preference, alice: User
    ) -> None:
        kept = preferences.add(wang, by=alice, kind="likes", words="靠窗")
        for one in (nuts, kept):
            preferences.withdraw(one, by=alice)
        Preference.objects.filter(pk=nuts.pk).update(withdrawn_at=now() - timedelta(days=31))
        assert preferences.forget() == 1
        assert list(Preference.objects.all()) == [kept]

    def test_what_ran_out_long_ago_is_deleted(self, wang: Customer, nuts: Preference) -> None:
        Preference.objects.update(expires_on=localdate() - timedelta(days=31))
        assert preferences.forget() == 1


class TestErasure:
    def test_they_go_with_the_customer(self, wang: Customer, nuts: Preference, dora: User) -> None:
        receipt = erasure.erase(wang, by=dora)
        assert not Preference.objects.exists()
        assert receipt.rows["collect.Preference"] == 1
        assert not Event.objects.filter(type__startswith="preference.").exists()


class TestPage:
    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "过敏与忌口"), ("en", "Allergy or must not")])
    def test_the_customer_page_shows_them_with_consent(
        self, signed_in: SignIn, alice: User, nuts: Preference, language: str, word: str
    ) -> None:
        page = signed_in(alice).get(
            reverse("customer", args=[nuts.customer_id]), headers={"accept-language": language}
        )
        assert word in page.text
        assert NUTS in page.text

    def test_the_form_says_why_it_is_refused(self, signed_in: SignIn, alice: User, wang: Customer) -> None:
        given = {"kind": "must_not", "words": NUTS, "source": "said", "consent": ""}
        page = signed_in(alice).post(reverse("preference_add", args=[wang.pk]), given)
        assert "只有客户同意后才能记录" in page.text
        assert NUTS in page.text

    def test_the_form_adds_withdraws_and_undoes(self, signed_in: SignIn, alice: User, wang: Customer) -> None:
        browser = signed_in(alice)
        given = {"kind": "likes", "words": "靠窗", "source": "seen", "consent": "", "expires_on": ""}
        browser.post(reverse("preference_add", args=[wang.pk]), given)
        one = Preference.objects.get()
        browser.post(reverse("preference_consent", args=[one.pk]), {"consent": "spoken"})
        browser.post(reverse("preference_withdraw", args=[one.pk]))
        page = browser.get(reverse("customer", args=[wang.pk])).text
        assert reverse("preference_restore", args=[one.pk]) in page
        browser.post(reverse("preference_restore", args=[one.pk]))
        one.refresh_from_db()
        assert (one.consent, one.withdrawn_at) == ("spoken", None)

    def test_charlie_finds_none(self, signed_in: SignIn, charlie: User, nuts: Preference) -> None:
        browser = signed_in(charlie)
        assert browser.post(reverse("preference_withdraw", args=[nuts.pk])).status_code == 404
        assert browser.get(f"/api/customers/{nuts.customer_id}/preferences").status_code == 404


class TestApi:
    def test_it_does_what_the_page_does(self, signed_in: SignIn, alice: User, wang: Customer) -> None:
        browser, place = signed_in(alice), f"/api/customers/{wang.pk}/preferences"
        refused = browser.post(place, {"kind": "must_not", "words": NUTS}, content_type="application/json")
        assert (refused.status_code, Preference.objects.count()) == (422, 0)
        body = {"kind": "must_not", "words": NUTS, "consent": "written"}
        made = browser.post(place, body, content_type="application/json")
        assert made.status_code == 201
        assert [one["words"] for one in browser.get(place).json()] == [NUTS]
        browser.put(f"/api/preferences/{made.json()['id']}/withdrawal")
        assert browser.get(place).json() == []
        browser.delete(f"/api/preferences/{made.json()['id']}/withdrawal")
        assert len(browser.get(place).json()) == 1

    def test_an_analyst_reads_and_does_not_write(
        self, signed_in: SignIn, carol: User, nuts: Preference
    ) -> None:
        browser, place = signed_in(carol), f"/api/customers/{nuts.customer_id}/preferences"
        assert len(browser.get(place).json()) == 1
        body = {"kind": "likes", "words": "靠窗"}
        assert browser.post(place, body, content_type="application/json").status_code == 403


@pytest.mark.requirement(91)
class TestSeen:
    """The computed part of the profile: from what, up to when, and anew at every reading."""

    def bought(
        self, wang: Customer, number: str, days: int, kind: str = "delivery", amount: int = 80
    ) -> None:
        at = now() - timedelta(days=days)
        Transaction.objects.create(
            unit=wang.unit, customer=wang, number=number, at=at, kind=kind, amount=amount
        )

    def page(self, browser: Client, wang: Customer) -> str:
        address = reverse("customer", args=[wang.pk])
        return browser.get(address, headers={"accept-language": "en"}).text

    def test_each_attribute_says_from_what_and_as_of_when(
        self, signed_in: SignIn, alice: User, wang: Customer
    ) -> None:
        self.bought(wang, "O-1", days=40)
        self.bought(wang, "O-2", days=9)
        page = self.page(signed_in(alice), wang)
        day = localdate() - timedelta(days=9)
        assert all(word in page for word in ("Mostly orders", "Delivery", "2 orders", "¥80"))
        with override("en"):
            assert date_format(day, "DATE_FORMAT") in page

    def test_it_is_recalculated_when_something_happens(
        self, signed_in: SignIn, alice: User, wang: Customer
    ) -> None:
        browser = signed_in(alice)
        self.bought(wang, "O-1", days=40, amount=80)
        assert "¥80" in self.page(browser, wang)
        for n in (2, 3):
            self.bought(wang, f"O-{n}", days=1, kind="dine_in", amount=200)
        page = self.page(browser, wang)
        assert all(word in page for word in ("Dine in", "3 orders", "¥200"))

    def test_what_happened_in_another_branch_is_not_told(
        self, signed_in: SignIn, alice: User, wang: Customer, west: Unit
    ) -> None:
        Transaction.objects.create(
            unit=west, customer=wang, number="W-1", at=now(), kind="delivery", amount=300
        )
        page = self.page(signed_in(alice), wang)
        assert "West store" not in page
        assert "¥300" not in page
