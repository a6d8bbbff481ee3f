"""A customer is forgotten: in the database at once, in the lake in the next pass; the receipt says what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from tests.server.store.conftest import Respond, Rows
from voiceloop.analytics import measure
from voiceloop.analytics.lake import RETENTION_HOURS, Lake
from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Answer, Customer, Response
from voiceloop.server.core.events import record
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.store import erasure, upkeep
from voiceloop.server.store import sync as room
from voiceloop.server.store.models import Erasure

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement(196)]
AUGUST = datetime(2026, 8, 15, 4, tzinfo=UTC)
SignedIn = Callable[[User], Client]


@pytest.fixture
def unit(east: Unit) -> Unit:
    return east


@pytest.fixture
def customer(unit: Unit) -> Customer:
    return Customer.objects.create(unit=unit, number="C1", name="王小明", phone="13900000001")


@pytest.fixture
def unhappy(customer: Customer, respond: Respond, alice: User) -> Case:
    """They gave a 2 in August, and there is a case with a talk about it; somebody else gave a 10."""
    response = respond("theirs", 2, customer=customer, at=AUGUST)
    respond("another's", 10, at=AUGUST)
    case = cases.open_for_response(response)
    cases.contact(case, by=alice, result="reached", note="他很生气")
    room.sync()
    return case


class TestErase:
    def test_it_deletes_all_that_hangs_on_the_customer(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User
    ) -> None:
        erasure.erase(customer, by=dora, reason="电话要求")
        assert not Customer.objects.exists()
        assert not Case.objects.exists()
        assert list(Response.objects.values_list("idempotency_key", flat=True)) == ["another's"]
        assert Answer.objects.count() == 1

    def test_the_log_keeps_nothing_but_that_it_happened(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User
    ) -> None:
        receipt = erasure.erase(customer, by=dora)
        assert [(e.type, e.about) for e in Event.objects.all()] == [
            ("customer.erased", [f"erasure:{receipt.pk}"])
        ]

    def test_the_lake_forgets_in_the_next_pass(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User, rows: Rows
    ) -> None:
        assert {row["customer_key"] for row in rows("conversations")} == {customer.pk}
        key = customer.pk
        erasure.erase(customer, by=dora)
        room.sync()
        for table in ("responses", "answers", "cases", "conversations", "events"):
            assert key not in {row["customer_key"] for row in rows(table)}, table

    def test_what_was_answered_after_the_last_pass_never_reaches_the_lake(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User, respond: Respond, rows: Rows
    ) -> None:
        respond("late", 1, customer=customer)
        erasure.erase(customer, by=dora)
        room.sync()
        assert [row["score"] for row in rows()] == [10]


class TestReceipt:
    def test_it_counts_what_the_lake_lost(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User
    ) -> None:
        receipt = erasure.erase(customer, by=dora)
        before = lake.version("answers")
        room.sync()
        receipt.refresh_from_db()
        assert receipt.taken is not None
        assert receipt.taken["answers"] == {"2026-08": 1}
        assert receipt.taken["conversations"] == {f"{now():%Y-%m}": 1}
        assert receipt.versions["answers"][0] == before
        assert receipt.versions["answers"][1] > before
        assert receipt.rows["act.Contact"] == 1

    def test_a_figure_differs_by_exactly_the_receipt(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User
    ) -> None:
        before = measure(lake, "nps", min_n=1).one
        receipt = erasure.erase(customer, by=dora)
        room.sync()
        receipt.refresh_from_db()
        after = measure(lake, "nps", min_n=1).one
        (lost,) = receipt.scores
        assert (lost["score_class"], lost["total"]) == ("detractor", 2)
        assert before.n - after.n == lost["n"] == 1
        assert (before.value, after.value) == (0, 100)

    def test_a_repetition_after_a_kill_counts_the_same(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receipt = erasure.erase(customer, by=dora)

        def dies(table: str, *args: Any) -> int:
            if table == "cases":
                raise KeyboardInterrupt
            return Lake.delete(lake, table, *args)

        with monkeypatch.context() as patch:
            patch.setattr(lake, "delete", dies)
            with pytest.raises(KeyboardInterrupt):
                room.sync()
        room.sync()
        receipt.refresh_from_db()
        assert receipt.taken is not None
        assert receipt.taken["answers"] == {"2026-08": 1}
        assert receipt.lake_at is not None

    def test_it_says_when_the_bytes_are_gone(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User
    ) -> None:
        receipt = erasure.erase(customer, by=dora)
        room.sync()
        upkeep.vacuum(lake)
        receipt.refresh_from_db()
        assert receipt.bytes_gone_at is None
        Erasure.objects.update(lake_at=now() - timedelta(hours=RETENTION_HOURS, minutes=1))
        upkeep.vacuum(lake)
        receipt.refresh_from_db()
        assert receipt.bytes_gone_at is not None

    def test_no_byte_of_the_row_is_left_behind_the_window(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User
    ) -> None:
        kept = {str(path) for path in Path(lake.path).rglob("*.parquet")}
        erasure.erase(customer, by=dora)
        room.sync()
        for table in ("answers", "cases"):
            lake.vacuum(table, retention_hours=0)
        left = {str(path) for path in Path(lake.path).rglob("*.parquet")}
        assert not {path for path in left & kept if "/answers/" in path or "/cases/" in path}


class TestPages:
    def test_an_admin_erases_on_the_customers_page(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User, signed_in: SignedIn
    ) -> None:
        browser = signed_in(dora)
        page = browser.get(f"/customers/{customer.pk}/", headers={"accept-language": "en"}).content.decode()
        assert f"/customers/{customer.pk}/erasure/" in page
        answer = browser.post(f"/customers/{customer.pk}/erasure/", {"sure": "yes", "reason": "asked"})
        assert answer.status_code == 302
        room.sync()
        receipt = browser.get(answer["Location"], headers={"accept-language": "en"}).content.decode()
        assert "2026-08: 1" in receipt
        assert "王小明" not in receipt
        assert "asked" in browser.get("/erasures/").content.decode()


class TestApi:
    def test_it_answers_with_the_receipt(
        self, lake: Lake, unhappy: Case, customer: Customer, dora: User, signed_in: SignedIn
    ) -> None:
        browser = signed_in(dora)
        path = f"/api/customers/{customer.pk}/erasure"
        answer = browser.post(path, {"reason": "asked"}, content_type="application/json")
        assert answer.status_code == 201
        assert answer.json()["taken"] is None
        room.sync()
        receipt = browser.get(f"/api/erasures/{answer.json()['id']}").json()
        assert receipt["taken"]["answers"] == {"2026-08": 1}
        assert [one["id"] for one in browser.get("/api/erasures").json()] == [receipt["id"]]


def test_an_event_that_says_nonsense_does_not_stop_the_sync(lake: Lake, unit: Unit, rows: Rows) -> None:
    from voiceloop.server.act.events import CareDone

    record(CareDone(care_task=1, customer=None, result="cared"), unit=unit)
    Event.objects.create(type="case.noted", unit=unit, data={"case": "no id", "customer": [1]})
    room.sync()
    assert [row["customer_key"] for row in rows("events")] == [None, None]
