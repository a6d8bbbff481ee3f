"""The pages, the customer's own page and the endpoints: what they show, to whom, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from tests.server.act.status.conftest import Says
from voiceloop.server.act.models import Case, Inlet, Milestone, StatusRefusal, StatusRules
from voiceloop.server.act.status import effect, links, milestones, rules
from voiceloop.server.collect.models import Customer, Import, Message, Transaction
from voiceloop.server.core.models import ApiKey, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(130)]
SignIn = Callable[[User], Client]


def call(user: User, method: str, path: str, **body: Any) -> Any:
    _, secret = ApiKey.issue(user=user, name=f"{method}{path}"[:60])
    asked: dict[str, Any] = {"headers": {"authorization": f"Bearer {secret}", "accept-language": "en"}}
    if method != "get":
        asked |= {"data": body, "content_type": "application/json"}
    return getattr(Client(), method)(path, **asked)


class TestCustomersPage:
    def test_it_shows_where_it_stands_without_a_sign_in(
        self, became: Says, order: Transaction, wang: Customer
    ) -> None:
        became("underway", ago=30)
        became("delayed", ago=20)
        page = Client().get(reverse("status_page", args=[links.token_of(order)]))
        assert page.status_code == 200
        assert page.text.index("延误") < page.text.index("配送中")
        assert "王小明" not in page.text
        assert wang.phone not in page.text
        assert "<script" not in page.text

    def test_it_speaks_the_customers_language_and_can_be_switched(
        self, became: Says, order: Transaction, wang: Customer
    ) -> None:
        Customer.objects.filter(pk=wang.pk).update(language="en")
        became("delivered")
        path = reverse("status_page", args=[links.token_of(order)])
        assert "Delivered" in Client().get(path).text
        assert "已送达" in Client().get(path, {"lang": "zh-CN"}).text

    def test_a_case_shows_its_steps_and_none_of_its_words(self, case: Case) -> None:
        milestones.follow(case, kind="case_received", key="r", at=now())
        page = Client().get(reverse("status_page", args=[links.token_of(case)])).text
        assert "已收到" in page
        assert "凉" not in page

    def test_what_was_taken_back_is_not_on_it(self, became: Says, order: Transaction, alice: User) -> None:
        milestones.withdraw(became("cancelled"), by=alice)
        assert "已取消" not in Client().get(reverse("status_page", args=[links.token_of(order)])).text

    def test_the_link_of_one_is_no_link_of_another(self, order: Transaction, case: Case) -> None:
        assert links.token_of(order) != links.token_of(case)
        guessed = f"AAAAAAAAAAAAAAAA{links.token_of(order)[16:]}"
        assert Client().get(reverse("status_page", args=[guessed])).status_code == 404

    def test_it_ends_after_ninety_days(self, order: Transaction) -> None:
        Transaction.objects.filter(pk=order.pk).update(at=now() - timedelta(days=91))
        page = Client().get(reverse("status_page", args=[links.token_of(order)])).text
        assert "已失效" in page
        assert "A-77" not in page

    def test_the_customer_says_no_more_and_takes_it_back(self, order: Transaction, wang: Customer) -> None:
        path = reverse("status_page", args=[links.token_of(order)])
        Client().get(path)
        assert not StatusRefusal.objects.exists()
        for said, live in (("no", 1), ("no", 1), ("yes", 0)):
            assert Client().post(path, {"messages": said}).status_code == 303
            assert StatusRefusal.objects.live().filter(customer=wang).count() == live

    def test_it_leads_to_the_chat_where_there_is_one(
        self, order: Transaction, root: Unit, became: Says
    ) -> None:
        became("delivered")
        path = reverse("status_page", args=[links.token_of(order)])
        assert "/chat/" not in Client().get(path).text
        inlet = Inlet.objects.create(unit=root, channel="chat", slug="hello")
        assert reverse("chat", args=[inlet.slug]) in Client().get(path).text


class TestOrderPage:
    def test_an_agent_writes_down_what_happened(
        self, signed_in: SignIn, alice: User, order: Transaction
    ) -> None:
        path = reverse("order_status", args=[order.pk])
        said = {"kind": "delivered", "key": "f1", "new_time": "2026-01-01T10:00"}
        for _ in range(2):
            assert signed_in(alice).post(path, said).status_code == 302
        (one,) = order.milestones.all()
        assert (one.kind, one.by, one.new_time) == ("delivered", alice, None)
        assert "A-77" in signed_in(alice).get(path).text

    @pytest.mark.parametrize(
        "said",
        [
            {"kind": "delayed"},
            {"kind": "lost"},
            {"kind": "delivered", "at": "2999-01-01T10:00"},
            {"kind": "delayed", "new_time": "2020-01-01T10:00"},
        ],
    )
    def test_what_cannot_be_is_refused(
        self, signed_in: SignIn, alice: User, order: Transaction, said: dict[str, str]
    ) -> None:
        answer = signed_in(alice).post(reverse("order_status", args=[order.pk]), said)
        assert answer.status_code == 422
        assert not order.milestones.exists()

    def test_it_is_taken_back(self, signed_in: SignIn, alice: User, became: Says) -> None:
        one = became("cancelled")
        signed_in(alice).post(reverse("milestone_withdraw", args=[one.pk]))
        assert not Milestone.objects.live().exists()

    def test_another_branch_does_not_find_it(
        self, signed_in: SignIn, charlie: User, order: Transaction, became: Says
    ) -> None:
        one = became("delivered")
        browser = signed_in(charlie)
        assert browser.get(reverse("order_status", args=[order.pk])).status_code == 404
        assert browser.post(reverse("milestone_withdraw", args=[one.pk])).status_code == 404
        assert "A-77" not in browser.get(reverse("status_notices")).text

    def test_who_only_looks_writes_nothing(self, signed_in: SignIn, carol: User, order: Transaction) -> None:
        answer = signed_in(carol).post(reverse("order_status", args=[order.pk]), {"kind": "delivered"})
        assert answer.status_code == 403

    def test_the_customers_page_of_ours_leads_there(
        self, signed_in: SignIn, alice: User, wang: Customer, order: Transaction, became: Says
    ) -> None:
        became("delivered")
        page = signed_in(alice).get(reverse("customer", args=[wang.pk])).text
        assert reverse("order_status", args=[order.pk]) in page
        signed_in(alice).post(reverse("status_choice", args=[wang.pk]), {"want": "no"})
        assert StatusRefusal.objects.live().get().by == alice


class TestList:
    def test_it_says_what_was_told_and_why_not(
        self, signed_in: SignIn, bob: User, became: Says, store: Unit
    ) -> None:
        became("delivered")
        became("underway", ago=9)
        page = signed_in(bob).get(reverse("status_notices")).text
        assert all(word in page for word in ("发件箱", "已有更新的状态", "A-77"))

    def test_it_is_narrowed_and_exported(self, signed_in: SignIn, bob: User, became: Says) -> None:
        became("delivered")
        became("underway", ago=9)
        path = reverse("status_notices_export", args=["csv"])
        answer = signed_in(bob).get(path, {"state": "superseded"})
        told = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        assert told.count("A-77") == 1

    def test_what_is_switched_off_is_left_out_until_asked_for(
        self, signed_in: SignIn, bob: User, became: Says
    ) -> None:
        became("placed")
        page = signed_in(bob).get(reverse("status_notices"))
        assert page.context["page"].paginator.count == 0
        page = signed_in(bob).get(reverse("status_notices"), {"state": "off"})
        assert page.context["page"].paginator.count == 1

    def test_an_empty_one_says_how_it_is_filled(self, signed_in: SignIn, bob: User, store: Unit) -> None:
        assert "POST /api/orders" in signed_in(bob).get(reverse("status_notices")).text


class TestRules:
    def test_a_unit_says_its_own_words(self, signed_in: SignIn, bob: User, east: Unit, became: Says) -> None:
        path = reverse("status_rules_of", args=[east.pk])
        said = {"on_delivered": "yes", "zh_delivered": "{number} 到啦，{store}"}
        assert signed_in(bob).post(path, said).status_code == 302
        message = became("delivered").message
        assert message is not None
        assert "A-77 到啦，南京路店\nhttp" in message.body

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            ("delivered", "{phone}"), ("delivered", "{number"), ("delivered", "{number.unit}"),
            ("delivered", "{new_time}"), ("delayed", "晚一点到"),
        ],
    )  # fmt: skip
    def test_unknown_places_are_refused(
        self, signed_in: SignIn, bob: User, east: Unit, code: str, text: str
    ) -> None:
        answer = signed_in(bob).post(reverse("status_rules_of", args=[east.pk]), {f"zh_{code}": text})
        assert answer.status_code == 422
        assert StatusRules.objects.filter(unit=east).count() == 0

    def test_a_preview_keeps_nothing(self, signed_in: SignIn, bob: User, east: Unit) -> None:
        said = {"zh_delivered": "{number} 到啦", "preview": "1"}
        answer = signed_in(bob).post(reverse("status_rules_of", args=[east.pk]), said)
        assert "A-1024 到啦" in answer.text
        assert StatusRules.objects.filter(unit=east).count() == 0

    def test_what_is_left_open_is_as_above(self, east: Unit, store: Unit, bob: User) -> None:
        rules.save(east, by=bob, events={"placed": {"on": True, "zh": "收到"}})
        rules.save(store, by=bob, events={"placed": {"on": None, "zh": "本店收到"}})
        line = rules.of(store).lines["placed"]
        assert (line.is_on, line.on_from, line.texts["zh"]) == (True, east, "本店收到")

    def test_an_older_version_is_brought_back(self, signed_in: SignIn, bob: User, east: Unit) -> None:
        first = rules.save(east, by=bob, events={"placed": {"on": True}})
        rules.save(east, by=bob, events={"placed": {"on": False}})
        rules.save(east, by=bob, events={"placed": {"on": False}})
        assert StatusRules.objects.filter(unit=east).count() == 2
        signed_in(bob).post(reverse("status_rules_restore", args=[first.pk]))
        assert rules.of(east).lines["placed"].is_on

    def test_a_unit_above_is_set_from_above(
        self, signed_in: SignIn, bob: User, alice: User, root: Unit, east: Unit
    ) -> None:
        assert signed_in(bob).post(reverse("status_rules_of", args=[root.pk]), {}).status_code == 404
        assert signed_in(alice).post(reverse("status_rules_of", args=[east.pk]), {}).status_code == 403
        assert signed_in(alice).get(reverse("status_rules"), follow=True).status_code == 200


class TestApi:
    def test_a_report_is_taken_once(self, dora: User, order: Transaction) -> None:
        path = "/api/orders/A-77/status"
        first = call(dora, "post", path, event="delivered", key="x")
        again = call(dora, "post", path, event="delivered", key="x")
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["id"] == again.json()["id"]
        other = call(dora, "post", path, event="cancelled", key="x")
        assert other.status_code == 409
        assert Message.objects.count() == 1

    @pytest.mark.parametrize(
        ("body", "word"),
        [
            ({"event": "vanished"}, "vanished"),
            ({"event": "delayed"}, "by when"),
            ({"event": "delivered", "at": "2026-01-01T10:00:00"}, "zone"),
            ({"event": "delivered", "at": "2999-01-01T10:00:00Z"}, "not happened"),
        ],
    )
    def test_what_cannot_be_is_said(
        self, dora: User, order: Transaction, body: dict[str, str], word: str
    ) -> None:
        answer = call(dora, "post", "/api/orders/A-77/status", **body)
        assert answer.status_code == 422
        assert word in answer.text

    def test_an_order_of_another_branch_is_unknown(self, charlie: User, order: Transaction) -> None:
        assert call(charlie, "post", "/api/orders/A-77/status", event="delivered").status_code == 404

    def test_two_imported_ones_of_one_number_are_not_guessed(
        self, dora: User, store: Unit, root: Unit
    ) -> None:
        batch = Import.objects.create(unit=root, name="x", by=dora)
        for key in "ab":
            Transaction.objects.create(
                number="Z-1", unit=store, at=now(), kind="delivery", amount=1, batch=batch, key=key
            )
        assert call(dora, "post", "/api/orders/Z-1/status", event="delivered").status_code == 409

    def test_it_is_read_and_taken_back(self, dora: User, became: Says) -> None:
        one = became("delivered")
        found = call(dora, "get", "/api/orders/A-77/status").json()
        assert [m["state"] for m in found["milestones"]] == ["outbox"]
        assert "/track/" in found["address"]
        assert call(dora, "post", f"/api/status-messages/{one.pk}/withdrawal").json()["withdrawn_at"]
        assert call(dora, "get", "/api/status-messages?state=withdrawn").json()[0]["id"] == one.pk

    def test_rules_are_read_and_written(self, bob: User, east: Unit) -> None:
        path = f"/api/status-rules/{east.pk}"
        said = {"events": {"placed": {"on": True, "en": "Got {number}"}}, "hold_minutes": 9}
        answer = call(bob, "put", path, **said).json()
        assert (answer["hold_minutes"], answer["version"]) == (9, 1)
        assert call(bob, "put", path, events={"placed": {"en": "{oops}"}}).status_code == 422
        assert call(bob, "put", path, events={"lost": {}}).status_code == 422
        version = StatusRules.objects.get(unit=east)
        assert call(bob, "post", f"/api/status-rules/versions/{version.pk}/restore").status_code == 200


class TestEffect:
    def test_it_counts_who_asked_within_three_days(self, store: Unit, bob: User) -> None:
        for n in range(12):
            self._delay(store, n, told=n < 6, asks=n in (0, 6, 7))
        found = effect.of_delays(bob)
        assert (found["told"].n, found["told"].hits) == (6, 1)
        assert (found["not_told"].n, found["not_told"].hits) == (6, 2)
        assert found["told"].low is not None
        assert found["told"].low < 100 / 6 < (found["told"].high or 0)

    def test_too_few_have_no_share(self, store: Unit, bob: User, signed_in: SignIn) -> None:
        self._delay(store, 1, told=True, asks=True)
        assert effect.of_delays(bob)["told"].value is None
        assert "并非随机" in signed_in(bob).get(reverse("status_notices")).text
        said = call(bob, "get", "/api/status-effect").json()
        assert "chance" in said["note"]
        assert said["told"] == {"n": 1, "asked": 1, "value": None, "low": None, "high": None}

    def _delay(self, store: Unit, n: int, *, told: bool, asks: bool) -> None:
        at = now() - timedelta(days=5)
        customer = Customer.objects.create(unit=store, number=f"D-{n}")
        order = Transaction.objects.create(
            number=f"D-{n}", unit=store, customer=customer, at=at, kind="delivery", amount=1
        )
        Milestone.objects.create(
            order=order, customer=customer, unit=store, kind="delayed", at=at, key=f"d{n}", due_at=at,
            told_at=at if told else None, held_back_by="" if told else "no_address",
        )  # fmt: skip
        if asks:
            Case.objects.create(unit=store, customer=customer, opened_at=at + timedelta(days=1))
        Case.objects.create(unit=store, customer=customer, opened_at=at + timedelta(days=4))
