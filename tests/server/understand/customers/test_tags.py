"""Tags by hand: given, taken, given back, gone on their last day; on every page that shows a customer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from voiceloop.server.act.cases import cases
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.store import erasure
from voiceloop.server.understand.customers import tags
from voiceloop.server.understand.models import CustomerRisk, CustomerTag

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(92)]
SignIn = Callable[[User], Client]
TODAY = localdate()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def wang(east: Unit) -> Customer:
    return Customer.objects.create(unit=east, number="C-1", name="王小明", phone="13812345678")


@pytest.fixture
def li(east: Unit) -> Customer:
    return Customer.objects.create(unit=east, number="C-2", name="李雷", tier="gold")


def lapsed(made: CustomerTag) -> CustomerTag:
    CustomerTag.objects.filter(pk=made.pk).update(expires_on=TODAY - timedelta(days=1))
    return made


class TestTag:
    def test_it_is_on_the_customer_once_however_it_is_spelt(self, wang: Customer, alice: User) -> None:
        tags.tag(wang, by=alice, name="  Coffee   lover ")
        tags.tag(wang, by=alice, name="ＣＯＦＦＥＥ lover", why="asked for beans")
        made = CustomerTag.objects.get()
        assert (made.name, made.why, made.by) == ("Coffee lover", "asked for beans", alice)
        assert Event.objects.filter(type="customer.tagged").count() == 1

    @pytest.mark.parametrize("name", ["", "   ", "长" * 41])
    def test_it_wants_a_name_of_forty_characters_at_most(
        self, wang: Customer, alice: User, name: str
    ) -> None:
        with pytest.raises(tags.Refused):
            tags.tag(wang, by=alice, name=name)

    def test_it_cannot_end_before_today(self, wang: Customer, alice: User) -> None:
        with pytest.raises(tags.Refused, match="over already"):
            tags.tag(wang, by=alice, name="老客户", expires_on=TODAY - timedelta(days=1))

    def test_a_new_one_follows_one_that_has_expired(self, wang: Customer, alice: User) -> None:
        lapsed(tags.tag(wang, by=alice, name="老客户"))
        tags.tag(wang, by=alice, name="老客户")
        assert (CustomerTag.objects.count(), len(tags.of(wang))) == (2, 1)

    def test_several_get_it_and_those_who_have_it_are_not_counted(
        self, wang: Customer, li: Customer, alice: User
    ) -> None:
        tags.tag(wang, by=alice, name="老客户")
        assert tags.tag_many([wang, li], by=alice, name="老客户") == 1


class TestUntag:
    def test_it_can_be_undone_with_its_reason(self, wang: Customer, alice: User) -> None:
        made = tags.tag(wang, by=alice, name="老客户", why="十年")
        tags.untag(made, by=alice)
        assert (tags.of(wang), tags.taken_lately(wang)) == ([], [made])
        assert [one.why for one in (tags.restore(made, by=alice), *tags.of(wang))] == ["十年", "十年"]

    def test_it_cannot_be_undone_over_a_newer_one(self, wang: Customer, alice: User) -> None:
        made = tags.untag(tags.tag(wang, by=alice, name="老客户"), by=alice)
        tags.tag(wang, by=alice, name="老客户")
        with pytest.raises(tags.Refused, match="again already"):
            tags.restore(made, by=alice)


class TestExpire:
    def test_it_is_gone_before_the_job_comes_by(self, wang: Customer, alice: User, dora: User) -> None:
        lapsed(tags.tag(wang, by=alice, name="老客户"))
        assert (tags.of(wang), tags.names(dora)) == ([], [])

    def test_the_last_day_still_counts(self, wang: Customer, alice: User) -> None:
        tags.tag(wang, by=alice, name="老客户", expires_on=TODAY)
        assert (tags.expire(), len(tags.of(wang))) == (0, 1)

    def test_the_job_writes_down_what_ended_once(self, wang: Customer, alice: User) -> None:
        made = lapsed(tags.tag(wang, by=alice, name="老客户"))
        assert [tags.expire(), tags.expire()] == [1, 0]
        made.refresh_from_db()
        assert made.ended_because == "expired"
        assert Event.objects.get(type="tags.expired").data == {"n": 1}


class TestPages:
    def test_an_agent_tags_and_untags_on_the_customers_page(
        self, wang: Customer, alice: User, signed_in: SignIn
    ) -> None:
        browser, page = signed_in(alice), reverse("customer", args=[wang.pk])
        browser.post(
            reverse("customer_tag", args=[wang.pk]), {"name": "老客户", "expires_on": "", "why": "十年"}
        )
        assert "老客户" in browser.get(page).content.decode()
        made = CustomerTag.objects.get()
        browser.post(reverse("customer_untag", args=[made.pk]))
        assert reverse("customer_tag_restore", args=[made.pk]) in browser.get(page).content.decode()
        browser.post(reverse("customer_tag_restore", args=[made.pk]))
        assert CustomerTag.objects.live().count() == 1

    def test_a_case_shows_the_tags_of_its_customer(
        self, wang: Customer, alice: User, signed_in: SignIn
    ) -> None:
        case = cases.open(by=alice, customer=wang, unit=wang.unit, kind="recovery", summary="冷")
        tags.tag(wang, by=alice, name="老客户")
        assert "老客户" in signed_in(alice).get(reverse("case", args=[case.pk])).content.decode()

    def test_the_list_is_narrowed_by_tag_and_tier(
        self, wang: Customer, li: Customer, alice: User, signed_in: SignIn
    ) -> None:
        tags.tag(wang, by=alice, name="Old friend")
        browser = signed_in(alice)
        found = {
            query: {one.pk for one in browser.get(reverse("customers") + query).context["page"]}
            for query in ("?tag=OLD+friend", "?tier=gold", "?tier=-", "?tag=other")
        }
        assert found == {
            "?tag=OLD+friend": {wang.pk}, "?tier=gold": {li.pk}, "?tier=-": {wang.pk}, "?tag=other": set(),
        }  # fmt: skip

    @pytest.mark.parametrize("query", ["?tag=%00", "?tier=%00x", "?q=%00", "?tag=%20", "?page=x"])
    def test_a_list_asked_for_oddly_is_a_list(
        self, wang: Customer, alice: User, signed_in: SignIn, query: str
    ) -> None:
        assert signed_in(alice).get(reverse("customers") + query).status_code == 200

    def test_ticked_rows_are_tagged_together(
        self, wang: Customer, li: Customer, alice: User, signed_in: SignIn
    ) -> None:
        told = {"customer": [wang.pk, li.pk], "name": "会员日", "expires_on": TODAY.isoformat()}
        answer = signed_in(alice).post(reverse("customers_tag"), told, follow=True)
        assert CustomerTag.objects.filter(name="会员日", expires_on=TODAY).count() == 2
        assert "会员日" in answer.content.decode()

    @pytest.mark.parametrize("told", [{"name": ""}, {"name": "x", "expires_on": "soon"}, {"name": "x"}])
    def test_what_cannot_be_is_said_and_changes_nothing(
        self, wang: Customer, alice: User, signed_in: SignIn, told: dict[str, str]
    ) -> None:
        answer = signed_in(alice).post(reverse("customers_tag"), told, follow=True)
        assert [str(one) for one in answer.context["messages"]] != []
        assert not CustomerTag.objects.exists()

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_the_list_is_a_file_too(
        self, wang: Customer, alice: User, bob: User, signed_in: SignIn, form: str
    ) -> None:
        tags.tag(wang, by=alice, name="老客户")
        answer = signed_in(bob).get(reverse("customers_export", args=[form]) + "?tag=老客户")
        whole = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
        assert answer["Content-Disposition"].endswith(f'"customers.{form}"')
        assert b"13812345678" not in whole
        assert form == "xlsx" or ("C-1" in whole.decode() and "老客户" in whole.decode())

    def test_an_agent_gets_no_file(self, alice: User, signed_in: SignIn) -> None:
        assert signed_in(alice).get(reverse("customers_export", args=["csv"])).status_code == 403


class TestErase:
    def test_the_tags_go_with_the_customer(self, wang: Customer, alice: User, dora: User) -> None:
        tags.untag(tags.tag(wang, by=alice, name="老客户"), by=alice)
        tags.tag(wang, by=alice, name="会员日")
        receipt = erasure.erase(wang, by=dora)
        assert not CustomerTag.objects.exists()
        assert receipt.rows["understand.CustomerTag"] == 2


class TestScope:
    def test_charlie_meets_no_tag_of_the_east(
        self, wang: Customer, alice: User, charlie: User, signed_in: SignIn
    ) -> None:
        made, browser = tags.tag(wang, by=alice, name="老客户"), signed_in(charlie)
        for name, pk in (
            ("customer_tag", wang.pk),
            ("customer_untag", made.pk),
            ("customer_tag_restore", made.pk),
        ):
            assert browser.post(reverse(name, args=[pk]), {"name": "x"}).status_code == 404
        browser.post(reverse("customers_tag"), {"customer": [wang.pk], "name": "x"})
        for page in ("customers", "tags"):
            assert "老客户" not in browser.get(reverse(page)).content.decode()
        assert CustomerTag.objects.live().get().name == "老客户"


@pytest.mark.requirement(95)
class TestHighValue:
    """The list of customers by value and risk, the way to it, and its file."""

    @pytest.fixture
    def risks(self, wang: Customer, li: Customer) -> None:
        plain = {"as_of": TODAY, "kind": "high_keep", "rfm": "555", "stage": "loyal"}
        for one, band, chance, worth, is_dear in (
            (wang, "high", 0.7, 900.0, True),
            (li, "low", 0.1, 20.0, False),
        ):
            CustomerRisk.objects.create(
                customer=one, band=band, probability=chance, expected=worth, is_dear=is_dear, **plain
            )

    @pytest.mark.parametrize("page", ["customers", "tiers"])
    def test_the_way_there_is_short(self, risks: None, bob: User, signed_in: SignIn, page: str) -> None:
        browser = signed_in(bob)
        way = reverse("risks") + "?value=dear"
        assert way in browser.get(reverse(page)).content.decode()
        assert [str(one.customer) for one in browser.get(way).context["page"]] == ["王小明"]

    def test_it_is_ordered_by_value_and_cut_by_risk(self, risks: None, bob: User, signed_in: SignIn) -> None:
        browser, way = signed_in(bob), reverse("risks")
        listed = {
            query: [str(one.customer) for one in browser.get(way + query).context["page"]]
            for query in ("?sort=value", "?sort=risk&band=low")
        }
        assert listed == {"?sort=value": ["王小明", "李雷"], "?sort=risk&band=low": ["李雷"]}

    def test_its_file_says_value_and_risk(self, risks: None, bob: User, signed_in: SignIn) -> None:
        answer = signed_in(bob).get(reverse("risks_export") + "?value=dear")
        whole = b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]
        assert "C-1" in whole
        assert "900" in whole
        assert "C-2" not in whole
