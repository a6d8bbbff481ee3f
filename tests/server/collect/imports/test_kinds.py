"""Call logs, tickets, event logs and orders come in as surveys do: once, resumable, undoable."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from tests.server.collect.imports.conftest import Bring, WriteFile, waiting
from voiceloop.server.collect import imports
from voiceloop.server.collect.importers import Unreadable
from voiceloop.server.collect.importing import facts
from voiceloop.server.collect.importing.faults import sentence
from voiceloop.server.collect.importing.preview import Sample, first_mapping, preview
from voiceloop.server.collect.importing.run import run
from voiceloop.server.collect.models import (
    Conversation,
    Customer,
    Import,
    ImportedActivity,
    ImportedTicket,
    Programme,
    RejectedRow,
    Transaction,
)
from voiceloop.server.core.models import Unit, User
from voiceloop.server.store.erasure import erase

CALLS = ["通话编号", "来电时间", "会员号", "手机号", "等待时长", "处理时长", "结果", "坐席", "班次"]
RANG = [
    ["1", "2026-03-01 09:00:00", "C1", "13800138001", "12", "180", "接通", "alice", "早班"],
    ["2", "2026-03-01 09:05:00", "C2", "13800138002", "95", "", "放弃", "", "早班"],
    ["3", "2026-03-02 10:00:00", "C1", "13800138001", "4", "60", "接通", "alice", "回电 13912345678"],
    ["4", "2026-03-02 10:01:00", "", "", "0", "0", "测试", "", "早班"],
]
TICKETS = ["ticket id", "opened at", "resolved at", "state", "priority", "customer id"]
OPENED = [
    ["T1", "2026-03-01 09:00", "2026-03-01 12:00", "Resolved", "high", "C1"],
    ["T2", "2026-03-02 09:00", "", "Open", "low", "C2"],
]
LOG = ["case id", "activity", "timestamp", "resource", "customer"]
DONE = [
    ["A", "Open", "2026-03-01 09:00:00", "bob", "C1"],
    ["A", "Take in charge", "2026-03-01 10:00:00", "bob", "C1"],
    ["B", "Open", "2026-03-02 09:00:00", "carol", "C2"],
    ["A", "Resolve ticket", "2026-03-01 15:00:00", "bob", "C1"],
]
ORDERS = ["order id", "order date", "quantity", "unit price", "customer id"]
SOLD = [
    ["100", "2026-03-01 12:00", "2", "1.255", "C1"],
    ["100", "2026-03-01 12:00", "1", "10", "C1"],
    ["C101", "2026-03-02 12:00", "-1", "10", "C1"],
    ["102", "2026-03-03 12:00", "1", "5", ""],
]
FILES = {
    "calls": (CALLS, RANG, Conversation),
    "tickets": (TICKETS, OPENED, ImportedTicket),
    "log": (LOG, DONE, ImportedActivity),
    "orders": (ORDERS, SOLD, Transaction),
}


def counts(import_: Import) -> tuple[int, ...]:
    return import_.n_read, import_.n_new, import_.n_known, import_.n_bad


@pytest.mark.requirement(51)
@pytest.mark.parametrize("kind", FILES)
class TestEveryKind:
    def test_it_is_recognised(self, kind: str, table: WriteFile, bring: Bring) -> None:
        header, rows, _model = FILES[kind]
        import_ = bring(table(rows, header))
        assert (import_.kind, import_.state, import_.error) == (kind, "done", "")

    def test_it_adds_nothing_the_second_time(self, kind: str, table: WriteFile, bring: Bring) -> None:
        header, rows, model = FILES[kind]
        first = bring(table(rows, header))
        n = model._default_manager.count()
        again = bring(table(rows, header, name="again.csv"))
        assert n == first.n_new > 0
        assert (again.n_read, again.n_new, again.n_known) == (first.n_read, 0, first.n_new)
        assert model._default_manager.count() == n

    def test_it_goes_on_where_it_was_killed(
        self, kind: str, table: WriteFile, carol: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        header, rows, model = FILES[kind]
        monkeypatch.setattr(facts, "BATCH", 1)
        import_ = waiting(table(rows, header), by=carol)

        def die_after_the_first(moved: Import) -> None:
            if model._default_manager.count() == 1:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(import_, die_after_the_first)
        done = run(Import.objects.get(pk=import_.pk))
        whole = {"calls": (4, 3, 0, 1), "tickets": (2, 2, 0, 0), "log": (4, 4, 0, 0), "orders": (4, 3, 0, 0)}
        assert counts(done) == whole[kind]
        assert model._default_manager.count() == done.n_new

    def test_it_is_taken_back(self, kind: str, table: WriteFile, bring: Bring, carol: User) -> None:
        header, rows, _model = FILES[kind]
        import_ = bring(table(rows, header))
        imports.carry_out_removal(imports.remove(import_=import_, by=carol))
        import_.refresh_from_db()
        assert import_.state == "removed"
        for model in imports.BROUGHT:
            assert not model._default_manager.exists()

    def test_it_leaves_no_copy_of_the_file(self, kind: str, table: WriteFile, bring: Bring) -> None:
        header, rows, _model = FILES[kind]
        import_ = bring(table(rows, header))
        assert not (Path(settings.MEDIA_ROOT) / "imports" / f"staged-{import_.pk}").exists()

    def test_it_goes_with_its_customer(self, kind: str, table: WriteFile, bring: Bring, carol: User) -> None:
        header, rows, _model = FILES[kind]
        bring(table(rows, header))
        erase(Customer.objects.get(number="C1"), by=carol)
        for model in (Conversation, ImportedTicket, Transaction):
            assert not model._default_manager.filter(customer__number="C1").exists()
        assert not ImportedActivity.objects.filter(ticket__number="A").exists()

    def test_it_is_nobodys_in_another_branch(
        self, kind: str, table: WriteFile, bring: Bring, charlie: User, carol: User
    ) -> None:
        header, rows, model = FILES[kind]
        bring(table(rows, header))
        visible = model._default_manager.visible_to  # type: ignore[attr-defined]  # every one is scoped
        assert visible(carol).exists()
        assert not visible(charlie).exists()

    def test_it_makes_no_programme(self, kind: str, table: WriteFile, bring: Bring) -> None:
        header, rows, _model = FILES[kind]
        bring(table(rows, header))
        assert not Programme.objects.exists()

    def test_its_first_rows_are_shown_and_nothing_is_kept(
        self, kind: str, table: WriteFile, carol: User
    ) -> None:
        header, rows, model = FILES[kind]
        assert carol.unit
        import_ = imports.receive(name="f.csv", path=table(rows, header), unit=carol.unit, by=carol)
        sample = Sample.of(import_)
        shown = preview(import_, first_mapping(import_, sample), sample)
        assert shown.n_good >= 2
        assert shown.rows[0].number == 2
        assert not model._default_manager.exists()


class TestCalls:
    def test_it_keeps_what_the_log_says(self, table: WriteFile, bring: Bring, alice: User) -> None:
        bring(table(RANG, CALLS))
        call = Conversation.objects.get(external_id="1")
        assert (call.kind, call.outcome, call.agent, call.source) == ("call", "answered", "alice", "guests")
        assert (call.wait_seconds, call.handle_seconds, call.solved) == (12.0, 180.0, None)
        assert call.started_at.isoformat() == "2026-03-01T01:00:00+00:00"
        assert call.customer == Customer.objects.get(phone="138 0013 8001")
        assert Conversation.objects.get(external_id="2").handle_seconds is None

    def test_it_masks_what_else_stands_in_the_row(self, table: WriteFile, bring: Bring) -> None:
        bring(table(RANG, CALLS))
        said = Conversation.objects.get(external_id="3").attributes
        assert "13912345678" not in json.dumps(said)
        assert Conversation.objects.get(external_id="1").attributes == {"班次": "早班"}

    def test_it_refuses_what_is_no_call(self, table: WriteFile, bring: Bring) -> None:
        import_ = bring(table(RANG, CALLS))
        row = RejectedRow.objects.get(batch=import_)
        assert (row.number, row.fault, json.loads(row.cells)) == (5, "no_call", RANG[3])

    def test_it_refuses_a_row_without_a_day_and_a_day_to_come(self, table: WriteFile, bring: Bring) -> None:
        bad = [
            ["5", "", *RANG[0][2:]],
            ["6", "soon", *RANG[0][2:]],
            ["7", "2199-01-01 10:00:00", *RANG[0][2:]],
        ]
        import_ = bring(table([*RANG * 9, *bad], CALLS))
        found = dict(RejectedRow.objects.filter(batch=import_, number__gt=37).values_list("number", "fault"))
        assert found == {38: "blank", 39: "unreadable", 40: "impossible_date"}
        with override("en"):
            assert sentence("blank", "来电时间") == "来电时间 is blank."

    def test_it_keeps_a_row_without_the_cell_that_cannot_be_read(
        self, table: WriteFile, bring: Bring
    ) -> None:
        import_ = bring(table([[*RANG[0][:5], "36291", *RANG[0][6:]], *RANG[1:]], CALLS))
        assert Conversation.objects.get(external_id="1").handle_seconds is None
        assert any("1 cells could not be read" in note["en"] for note in import_.notes)

    def test_calls_of_one_number_at_different_times_are_different(
        self, table: WriteFile, bring: Bring
    ) -> None:
        later = [["1", "2026-04-01 09:00:00", *RANG[0][2:]]]
        bring(table(RANG, CALLS))
        assert bring(table(later, CALLS)).n_new == 1


class TestTickets:
    @pytest.mark.django_db(transaction=True)
    def test_it_brings_a_known_ticket_up_to_date(self, table: WriteFile, bring: Bring) -> None:
        bring(table(OPENED, TICKETS))
        xid = ImportedTicket.objects.get(number="T2").xid
        later = [OPENED[0], ["T2", "2026-03-02 09:00", "2026-03-03 09:00", "Resolved", "low", "C2"]]
        again = bring(table(later, TICKETS))
        ticket = ImportedTicket.objects.get(number="T2")
        assert (again.n_new, again.n_known) == (0, 2)
        assert ticket.resolved_at
        assert ticket.xid > xid  # so that the lake follows

    def test_it_keeps_every_update_as_an_event(self, table: WriteFile, bring: Bring) -> None:
        header = [*TICKETS, "updated at"]
        rows = [
            ["T1", "2026-03-01 09:00", "", "New", "high", "C1", "2026-03-01 09:00"],
            ["T1", "2026-03-01 09:00", "2026-03-01 12:00", "Resolved", "high", "C1", "2026-03-01 12:00"],
        ]
        assert bring(table(rows, header)).n_new == 1
        said = ImportedActivity.objects.order_by("at").values_list("activity", "ticket__number")
        assert list(said) == [("New", "T1"), ("Resolved", "T1")]


class TestLogs:
    def test_its_cases_are_made_of_their_events(self, table: WriteFile, bring: Bring) -> None:
        bring(table(DONE, LOG))
        case = ImportedTicket.objects.get(number="A")
        assert case.first_contact_at
        assert case.resolved_at
        assert (case.resolved_at - case.opened_at).total_seconds() == 6 * 3600
        assert ImportedTicket.objects.get(number="B").resolved_at is None

    def test_a_longer_log_adds_its_events_and_moves_its_cases(self, table: WriteFile, bring: Bring) -> None:
        bring(table(DONE, LOG))
        more = [*DONE, ["B", "Resolve ticket", "2026-03-04 09:00:00", "carol", "C2"]]
        again = bring(table(more, LOG))
        assert (again.n_new, again.n_known) == (1, 4)
        assert ImportedTicket.objects.get(number="B").resolved_at

    def test_the_end_of_a_log_alone_changes_no_case(self, table: WriteFile, bring: Bring) -> None:
        bring(table(DONE, LOG))
        bring(table([["A", "Close", "2026-03-05 09:00:00", "bob", "C1"]], LOG))
        assert ImportedTicket.objects.get(number="A").opened_at.day == 1


class TestOrders:
    def test_its_lines_are_added_up(self, table: WriteFile, bring: Bring) -> None:
        import_ = bring(table(SOLD, ORDERS))
        assert counts(import_) == (4, 3, 0, 0)
        found = {one.number: (float(one.amount), one.kind) for one in Transaction.objects.all()}
        assert found == {"100": (12.51, "purchase"), "C101": (-10.0, "return"), "102": (5.0, "purchase")}

    def test_it_relates_them_to_customers_who_are_known(
        self, table: WriteFile, bring: Bring, east: Unit
    ) -> None:
        known = Customer.objects.create(unit=east, phone="13800138001")
        header = ["order id", "order date", "amount", "phone"]
        bring(table([["1", "2026-03-01", "9.5", "138 0013 8001"]], header))
        assert Transaction.objects.get().customer == known

    def test_two_shops_may_number_theirs_alike(
        self, table: WriteFile, bring: Bring, person: Callable[..., User], west: Unit
    ) -> None:
        bring(table(SOLD, ORDERS))
        bring(table(SOLD, ORDERS), by=person("Wendy", "analyst", west))
        assert Transaction.objects.filter(number="100").count() == 2

    def test_it_refuses_an_order_without_an_amount(self, table: WriteFile, bring: Bring) -> None:
        import_ = bring(
            table([["1", "2026-03-01", ""], ["2", "2026-03-02", "5"]], ["order id", "date", "amount"])
        )
        assert dict(RejectedRow.objects.filter(batch=import_).values_list("number", "fault")) == {
            2: "no_amount"
        }


class TestPages:
    def test_the_kind_can_be_changed_before_anything_is_kept(
        self, table: WriteFile, carol: User, signed_in: Callable[[User], Client]
    ) -> None:
        assert carol.unit
        import_ = imports.receive(name="f.csv", path=table(DONE, LOG), unit=carol.unit, by=carol)
        client = signed_in(carol)
        page = client.get(f"/imports/{import_.pk}/?kind=tickets").content.decode()
        assert 'name="kind" value="tickets"' in page
        assert client.get(f"/imports/{import_.pk}/").content.decode().count('name="kind" value="log"') >= 1

    def test_the_columns_and_the_words_can_be_corrected(
        self, table: WriteFile, carol: User, signed_in: Callable[[User], Client]
    ) -> None:
        assert carol.unit
        import_ = imports.receive(name="f.csv", path=table(DONE, LOG), unit=carol.unit, by=carol)
        roles = ["case_id", "activity", "at", "team", "ignore"]
        post = {f"role_{i}": role for i, role in enumerate(roles)} | {
            "kind": "log",
            "source": "desk",
            "word_resolved": "Take in charge，完成",
        }
        signed_in(carol).post(f"/imports/{import_.pk}/start/", post)
        done = run(Import.objects.get(pk=import_.pk))
        case = ImportedTicket.objects.get(number="A")
        assert (done.kind, case.team, case.source, case.customer) == ("log", "bob", "desk", None)
        assert done.mapping["words"] == {"resolved": ["Take in charge", "完成"]}

    def test_a_mapping_that_says_too_little_is_refused_in_words(self, table: WriteFile, carol: User) -> None:
        with pytest.raises(Unreadable, match=r"needs|需要"):
            waiting(table(DONE, LOG), "attribute=activity", by=carol)


class TestApi:
    def send(self, client: Client, path: Path, **said: object) -> Any:
        file = SimpleUploadedFile(path.name, path.read_bytes())
        return client.post("/api/imports", {"file": file, **said})

    def test_it_takes_the_kind_the_columns_and_the_words(
        self, table: WriteFile, carol: User, signed_in: Callable[[User], Client]
    ) -> None:
        said = {"kind": "log", "map": ["team=resource"], "word": ["resolved=Take in charge"], "order": "mdy"}
        made = self.send(signed_in(carol), table(DONE, LOG), **said)
        assert (made.status_code, made.json()["kind"]) == (201, "log")
        kept = Import.objects.get(pk=made.json()["id"])
        assert (kept.mapping["order"], kept.mapping["words"]) == ("mdy", {"resolved": ["Take in charge"]})
        assert run(kept).state == "done"
        assert ImportedTicket.objects.get(number="A").team == "bob"

    @pytest.mark.parametrize("said", [{"kind": "soup"}, {"kind": "log", "word": ["closed"]}])
    def test_it_answers_what_it_does_not_know_with_one_sentence(
        self, said: dict[str, Any], table: WriteFile, carol: User, signed_in: Callable[[User], Client]
    ) -> None:
        answer = self.send(signed_in(carol), table(DONE, LOG), **said)
        assert answer.status_code == 422
        assert not Import.objects.exists()


class TestCommandLine:
    def test_it_counts_without_writing_in_a_dry_run(self, table: WriteFile, root: Unit) -> None:
        out = StringIO()
        call_command(
            "import_file", str(table(SOLD, ORDERS)), "--dry-run", "--json", stdout=out, stderr=StringIO()
        )
        said = json.loads(out.getvalue())
        assert (said["n_read"], said["n_new"], said["n_bad"]) == (4, 3, 0)
        assert not Transaction.objects.exists()

    def test_it_says_what_it_took_the_file_for(self, table: WriteFile, root: Unit) -> None:
        err = StringIO()
        with override("en"):
            call_command("import_file", str(table(RANG, CALLS)), stdout=StringIO(), stderr=err)
        assert "Call log" in err.getvalue()
        assert "等待时长 → Waiting time" in err.getvalue()
        assert Conversation.objects.count() == 3
