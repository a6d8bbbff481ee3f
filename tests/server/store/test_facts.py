"""What each table of the lake says of a row of the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from tests.server.store.conftest import Respond, Rows
from voiceloop.analytics import schema
from voiceloop.analytics.lake import Lake
from voiceloop.server.act.cases import callbacks, cases
from voiceloop.server.act.models import Callback, Case, RootCause
from voiceloop.server.act.threads import threads
from voiceloop.server.collect.models import Answer, Customer, Invitation, Response, Verbatim
from voiceloop.server.core.models import Unit, User
from voiceloop.server.store import sync as room
from voiceloop.server.store.fact import Window
from voiceloop.server.store.facts import FACTS
from voiceloop.server.store.reading import reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unit(east: Unit) -> Unit:
    return east


@pytest.fixture
def cause() -> RootCause:
    return RootCause.objects.create(code="slow", group="process", name="太慢", name_en="Too slow")


@pytest.fixture
def case(respond: Respond, unit: Unit) -> Case:
    customer = Customer.objects.create(unit=unit, number="C1")
    return cases.open_for_response(respond("a", 2, customer=customer, channel="wechat"))


class TestFacts:
    def test_every_column_of_the_lake_is_read(self, unit: Unit) -> None:
        with reader() as source:
            for fact in FACTS:
                found = source.rows(fact, Window(0, 1), 1)
                wanted = {*schema.table(fact.table).columns, "is_new"} - {"month"}
                assert set(found.column_names) == wanted, fact.table


class TestResponses:
    def test_it_counts_answers_and_words(self, lake: Lake, respond: Respond, rows: Rows) -> None:
        response = respond("a")
        Answer.objects.create(response=response, question="csat", scale="csat_1_5", score=4)
        Verbatim.objects.create(response=response, text="等了很久, but the waiter was nice!")
        room.sync()
        (row,) = rows("responses")
        assert (row["n_answers"], row["n_words"], row["state"]) == (2, 9, "started")

    def test_it_follows_answers_that_come_later(self, lake: Lake, respond: Respond, rows: Rows) -> None:
        response = respond("a")
        room.sync()
        Answer.objects.create(response=response, question="csat", scale="csat_1_5", score=4)
        room.sync()
        assert [row["n_answers"] for row in rows("responses")] == [2]

    def test_it_knows_how_long_an_invited_customer_took(
        self, lake: Lake, unit: Unit, respond: Respond, rows: Rows
    ) -> None:
        began = datetime(2026, 8, 1, 8, tzinfo=UTC)
        asked = Invitation.objects.create(unit=unit, started_at=began)
        respond("a", invitation=asked, state="complete", completed_at=began + timedelta(seconds=40))
        respond("b", state="complete", completed_at=began)
        room.sync()
        assert [row["seconds"] for row in rows("responses")] == [40, None]

    def test_answers_follow_their_response(self, lake: Lake, respond: Respond, rows: Rows) -> None:
        response = respond("a")
        room.sync()
        Response.objects.filter(pk=response.pk).update(weight=3.0)
        room.sync()
        assert [row["weight"] for row in rows()] == [3.0]


class TestCases:
    def test_it_counts_contacts_and_owners(
        self, lake: Lake, case: Case, alice: User, bob: User, rows: Rows
    ) -> None:
        cases.assign(case, to=alice, by=bob)
        cases.contact(case, by=alice, result="no_reply")
        room.sync()
        (row,) = rows("cases")
        assert (row["n_contacts"], row["n_reassigned"], row["sla_met"]) == (1, 0, None)
        cases.assign(case, to=bob, by=bob)
        cases.contact(case, by=bob, result="reached")
        room.sync()
        (row,) = rows("cases")
        assert (row["n_contacts"], row["n_reassigned"], row["sla_met"]) == (2, 1, 1)

    def test_a_late_contact_breaks_the_promise(self, lake: Lake, case: Case, alice: User, rows: Rows) -> None:
        Case.objects.update(first_contact_due_at=now() - timedelta(hours=1))
        cases.contact(case, by=alice, result="reached")
        room.sync()
        assert [row["sla_met"] for row in rows("cases")] == [0]


class TestConversations:
    def test_a_contact_is_one(self, lake: Lake, case: Case, alice: User, rows: Rows) -> None:
        cases.contact(case, by=alice, result="no_reply")
        cases.contact(case, by=alice, result="reached", channel="wechat")
        room.sync()
        first, second = rows("conversations")
        assert (first["kind"], first["outcome"], first["channel"]) == ("phone", "no_reply", "phone")
        assert (second["agent"], second["case_id"], second["unit"]) == ("alice", case.pk, "east")
        assert first["first_response_seconds"] is None
        assert second["first_response_seconds"] > 0
        assert {second[name] for name in ("wait_seconds", "handle_seconds", "cost", "solved")} == {None}

    def test_its_topic_is_the_cause_once_it_is_found(
        self, lake: Lake, case: Case, alice: User, cause: RootCause, rows: Rows
    ) -> None:
        cases.contact(case, by=alice, result="reached")
        room.sync()
        assert [row["topic"] for row in rows("conversations")] == [None]
        cases.resolve(case, by=alice, root_cause=cause)
        room.sync()
        assert [row["topic"] for row in rows("conversations")] == ["slow"]

    def test_a_callback_is_one_when_it_is_made(
        self, lake: Lake, case: Case, alice: User, cause: RootCause, rows: Rows
    ) -> None:
        cases.contact(case, by=alice, result="reached")
        cases.resolve(case, by=alice, root_cause=cause)
        room.sync()
        assert [row["kind"] for row in rows("conversations")] == ["phone"]
        callbacks.record(Callback.objects.earliest("due_at"), by=alice, result="solved")
        room.sync()
        found = {row["kind"]: row["solved"] for row in rows("conversations")}
        assert found == {"phone": None, "callback": 1}
        assert len({row["conversation_id"] for row in rows("conversations")}) == 2


class TestEvents:
    def test_it_names_a_role_and_never_a_person(
        self, lake: Lake, case: Case, alice: User, rows: Rows
    ) -> None:
        cases.note(case, by=alice, text="他很生气")
        room.sync()
        found = {row["activity"]: row for row in rows("events")}
        note = found["case.noted"]
        assert (note["actor"], note["subject"]) == ("agent", f"case:{case.pk}")
        assert found["case.opened"]["actor"] is None
        assert note["customer_key"] == case.customer_id
        assert (note["channel"], note["unit"]) == ("wechat", "east")
        assert not [row for row in found.values() if "Alice" in str(row) or "生气" in str(row)]


class TestThreads:
    def test_a_thread_with_two_answers_is_one_conversation_and_a_call_another(
        self, rows: Rows, case: Case, alice: User
    ) -> None:
        said = {"channel": "email", "address": "wang@example.com"}
        post = threads.hear(case, text="外卖没到", key="m1", **said)
        threads.reply(post.thread, by=alice, text="马上为您查询")
        threads.reply(post.thread, by=alice, text="查到了")
        threads.talk(case, by=alice, result="reached", note="已道歉")
        room.sync()
        assert sorted(row["kind"] for row in rows("conversations")) == ["mail", "phone"]
