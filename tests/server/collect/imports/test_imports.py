"""A file becomes responses: once, whoever imports it and however often it is interrupted."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils.timezone import now
from django.utils.translation import override
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.server.collect.imports.conftest import HEADER, ROWS, Bring, WriteFile, waiting
from voiceloop.server.collect import imports
from voiceloop.server.collect.importers import Unreadable
from voiceloop.server.collect.importing import run as running
from voiceloop.server.collect.importing.faults import sentence
from voiceloop.server.collect.importing.run import run
from voiceloop.server.collect.models import (
    Answer,
    Customer,
    Import,
    ImportSource,
    RejectedRow,
    Response,
    Touchpoint,
    Verbatim,
)
from voiceloop.server.core.models import Event, Unit, User

COUNTS = ("n_read", "n_new", "n_known", "n_bad")


def counts(import_: Import) -> tuple[int, ...]:
    return tuple(getattr(import_, name) for name in COUNTS)


def faults(import_: Import) -> dict[int, str]:
    return dict(RejectedRow.objects.filter(batch=import_).values_list("number", "fault"))


@pytest.mark.requirement(51, 61)
class TestRun:
    def test_it_brings_scores_comments_and_customers(self, table: WriteFile, bring: Bring) -> None:
        assert counts(bring(table())) == (3, 3, 0, 0)
        assert sorted(Answer.objects.values_list("question", "scale", "score")) == [
            ("nps", "nps_0_10", 3.0),
            ("nps", "nps_0_10", 9.0),
            ("nps", "nps_0_10", 10.0),
        ]
        assert Customer.objects.get(phone="138 0013 8001").number == "C1"
        assert Response.objects.filter(customer__number="C1").count() == 2

    def test_it_freezes_the_dimensions_of_the_moment(
        self, table: WriteFile, bring: Bring, east: Unit
    ) -> None:
        Touchpoint.objects.create(unit=east, code="dine-in", name="堂食", stage="meal")
        path = table([["9", "堂食", "金卡", "很好"]], ["推荐意愿", "触点", "会员等级", "评论"])
        bring(path, "touchpoint=触点", "tier=会员等级")
        response = Response.objects.get()
        assert (response.touchpoint, response.stage, response.tier) == ("dine-in", "meal", "金卡")
        assert (response.programme, response.source, response.language) == ("guests", "guests", "zh")
        assert (response.state, response.unit) == ("complete", east)

    def test_it_masks_personal_data_and_seals_what_was_typed(self, table: WriteFile, bring: Bring) -> None:
        bring(table())
        masked = Verbatim.objects.get(text__contains="太慢")
        assert "13912345678" not in masked.text
        assert masked.as_typed == "送餐太慢，请致电 13912345678"
        assert Verbatim.objects.get(text__contains="好吃").as_typed is None

    def test_it_masks_attributes_too(self, table: WriteFile, bring: Bring) -> None:
        bring(table([["9", "回电 13912345678"]], ["nps", "note"]), "score=nps:nps_0_10", "attribute=note")
        assert "13912345678" not in json.dumps(Response.objects.get().attributes)

    def test_it_adds_nothing_the_second_time(self, table: WriteFile, bring: Bring) -> None:
        bring(table())
        assert counts(bring(table(name="again.csv"))) == (3, 0, 3, 0)
        assert Response.objects.count() == 3
        assert Customer.objects.count() == 2

    def test_it_takes_equal_rows_of_one_file_for_several_people(self, table: WriteFile, bring: Bring) -> None:
        path = table([["9", "好"], ["9", "好"], ["3", "差"], ["9", "好"]], ["推荐意愿", "评论"])
        words = ("score=推荐意愿:nps_0_10", "comment=评论")
        assert counts(bring(path, *words)) == (4, 4, 0, 0)
        assert counts(bring(path, *words)) == (4, 0, 4, 0)

    def test_it_adds_only_what_is_new_in_a_longer_file(self, table: WriteFile, bring: Bring) -> None:
        bring(table())
        more = [*ROWS, ["2025-03-03 12:00", "5", "一般", "C9", "", "app"]]
        assert counts(bring(table(more))) == (4, 1, 3, 0)

    def test_it_refuses_bad_rows_and_says_why(self, table: WriteFile, bring: Bring) -> None:
        bad = [
            ["2025-03-01", "11", "", "", "", ""],
            ["2025-03-01", "nine", "", "", "", ""],
            ["2025-02-30", "9", "", "", "", ""],
            ["2199-01-01", "9", "", "", "", ""],
            ["2025-03-01", "", "", "", "", ""],
            ["2025-03-01", "9"],
        ]
        import_ = bring(table([*ROWS * 7, *bad]))
        assert (import_.n_new, import_.n_bad) == (21, 6)
        assert faults(import_) == {
            23: "off_scale",
            24: "no_number",
            25: "no_date",
            26: "impossible_date",
            27: "nothing_said",
            28: "too_few",
        }

    def test_it_refuses_bytes_that_are_no_text(self, table: WriteFile, bring: Bring) -> None:
        path = table(ROWS * 9)
        path.write_bytes(path.read_bytes() + b"2025-03-01,9,\xff\xfe bad,C1,,app\n")
        assert faults(bring(path)) == {29: "undecodable"}

    def test_it_refuses_an_id_that_comes_twice(self, table: WriteFile, bring: Bring) -> None:
        import_ = bring(
            table([["a", "9"], ["b", "3"], ["a", "4"]], ["id", "nps"]), "external_id=id", "score=nps:nps_0_10"
        )
        assert (import_.n_new, faults(import_)) == (2, {4: "repeated_id"})

    def test_it_gives_rows_to_the_stores_they_name(
        self, table: WriteFile, bring: Bring, dora: User, east: Unit
    ) -> None:
        path = table([["9", "华东店"], ["3", "east"], ["5", "月球店"], ["7", ""]], ["nps", "store"])
        import_ = bring(path, "score=nps:nps_0_10", "unit=store", by=dora)
        assert Response.objects.filter(unit=east).count() == 2
        assert faults(import_) == {4: "unknown_unit"}

    def test_it_takes_no_store_of_another_branch(self, table: WriteFile, bring: Bring, west: Unit) -> None:
        import_ = bring(table([["9", "west"]], ["nps", "store"]), "score=nps:nps_0_10", "unit=store")
        assert faults(import_) == {2: "unknown_unit"}

    def test_it_knows_a_customer_by_phone_when_there_is_no_number(
        self, table: WriteFile, bring: Bring
    ) -> None:
        header = ["nps", "姓名", "手机号"]
        rows = [
            ["9", "王小明", "138-0013-8001"],
            ["3", "王先生", "+86 13800138001"],
            ["5", "李雷", ""],
            ["6", "李雷", ""],
        ]
        words = ("score=nps:nps_0_10", "customer_name=姓名", "customer_phone=手机号")
        bring(table(rows, header), *words)
        assert sorted(c.name for c in Customer.objects.all()) == ["李雷", "王小明"]

    def test_it_counts_values_that_mean_no_answer_as_none(self, table: WriteFile, bring: Bring) -> None:
        rows = [[str(1 + n % 10), str(n % 6)] for n in range(30)]
        bring(table(rows, ["overall rating", "seat_comfort"]))
        assert Answer.objects.filter(question="seat_comfort").count() == 25

    def test_it_records_that_it_is_finished(self, table: WriteFile, bring: Bring) -> None:
        import_ = bring(table())
        event = Event.objects.about("import_", import_.pk).get(type="import.finished")
        assert event.data["n_new"] == 3

    def test_it_tells_nobody_of_history(self, table: WriteFile, bring: Bring) -> None:
        bring(table())
        assert not Event.objects.filter(type="response.completed").exists()

    def test_it_tells_of_detractors_of_the_last_days_when_asked(self, table: WriteFile, bring: Bring) -> None:
        yesterday = (now() - timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
        rows = [[yesterday, "2", "太慢", "C7", "", ""], [yesterday, "10", "好", "C8", "", ""], *ROWS]
        bring(table(rows), recent_days=7)
        event = Event.objects.get(type="response.completed")
        assert (event.data["score"], event.data["score_class"]) == (2.0, "detractor")

    def test_it_holds_foreign_keys_without_row_by_row_checks(self, table: WriteFile, bring: Bring) -> None:
        bring(table())
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('session_replication_role')")
            assert cursor.fetchone() == ("origin",)
            cursor.execute("set constraints all immediate")
        assert not Answer.objects.filter(response__isnull=True).exists()

    def test_it_does_nothing_when_another_run_holds_it(self, table: WriteFile, carol: User) -> None:
        import_ = waiting(table(), by=carol)
        Import.objects.filter(pk=import_.pk).update(state="done")
        assert run(import_).n_read == 0

    def test_it_stops_when_the_file_has_changed(self, table: WriteFile, carol: User) -> None:
        path = table()
        import_ = waiting(path, by=carol)
        path.write_text("score\n1\n")
        assert run(import_).state == "failed"
        assert import_.error


@pytest.mark.requirement(51)
class TestResume:
    def test_it_goes_on_behind_the_last_committed_row(
        self, table: WriteFile, carol: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "BATCH", 5)
        rows = [[str(n % 11), "same" if n % 2 else f"row {n}"] for n in range(23)]
        import_ = waiting(table(rows, ["nps", "comment"]), "score=nps:nps_0_10", "comment=comment", by=carol)

        def die_in_the_third(moved: Import) -> None:
            if moved.n_read == 10:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(import_, die_in_the_third)
        assert Response.objects.count() == 10
        assert counts(run(Import.objects.get(pk=import_.pk))) == (23, 23, 0, 0)
        assert Response.objects.count() == 23

    @hypothesis_settings(
        max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        rows=st.lists(
            st.tuples(st.integers(0, 10), st.sampled_from(["", "好", "差", "a,b"])), min_size=1, max_size=30
        ),
        again=st.lists(st.integers(0, 29), max_size=30),
    )
    def test_it_holds_each_row_as_often_as_the_fullest_file(
        self, table: WriteFile, bring: Bring, rows: list[tuple[int, str]], again: list[int]
    ) -> None:
        """Of rows that come again only repetitions beyond the known ones are new."""
        Import.objects.all().delete()
        words = ("score=nps:nps_0_10", "comment=comment")
        first = [[str(score), said] for score, said in rows]
        second = [first[n % len(first)] for n in again] or first
        for file in (first, second, first):
            bring(table(file, ["nps", "comment"]), *words)
        most = {tuple(row): max(first.count(row), second.count(row)) for row in first}
        assert Response.objects.count() == sum(most.values())


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_it_adds_nothing_twice(self, table: WriteFile, carol: User) -> None:
        rows = [[str(n % 11), f"row {n}", f"C{n % 40}"] for n in range(3000)]
        words = ("score=nps:nps_0_10", "comment=comment", "customer_number=who")
        path = table(rows, ["nps", "comment", "who"])
        both = [waiting(path, *words, by=carol) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(_run_apart, both))
        assert sum(import_.n_new for import_ in done) == 3000
        assert (Response.objects.count(), Customer.objects.count()) == (3000, 40)


def _run_apart(import_: Import) -> Import:
    try:
        return run(import_)
    finally:
        connection.close()


class TestReceive:
    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "empty"),
            (b"nps,comment\n", "no rows"),
            (b"%PDF-1.4", "PDF"),
            (b"1,2\n3,4\n", "names of the columns"),
        ],
    )
    def test_it_refuses_in_one_sentence_and_keeps_nothing(
        self, content: bytes, why: str, carol: User
    ) -> None:
        path = imports.keep("answers.csv", [content])
        assert carol.unit
        with override("en"), pytest.raises(Unreadable, match=why):
            imports.receive(name="answers.csv", path=path, unit=carol.unit, by=carol)
        assert not (Path(settings.MEDIA_ROOT) / path).exists()
        assert not Import.objects.exists()

    def test_it_refuses_a_file_that_is_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imports, "MAX_BYTES", 10)
        with pytest.raises(Unreadable):
            imports.keep("big.csv", [b"123456", b"123456"])

    def test_it_gives_the_programme_the_name_it_is_told(self, table: WriteFile, bring: Bring) -> None:
        bring(table())
        assert bring(table(name="later.csv")).programme == Import.objects.earliest("pk").programme


class TestStart:
    def test_it_refuses_a_file_without_score_and_comment(self, table: WriteFile, carol: User) -> None:
        with override("en"), pytest.raises(Unreadable, match="score or a comment"):
            waiting(table([["a", "b"]], ["x", "y"]), by=carol)

    def test_it_remembers_the_columns_for_the_next_file(self, table: WriteFile, carol: User) -> None:
        rows = [["9", "x"], ["3", "y"]]
        waiting(table(rows, ["q1", "q2"]), "score=q1:nps_0_10", "segment=q2", by=carol)
        again = waiting(table(rows, ["q1", "q2"], name="next.csv"), by=carol)
        assert [column["role"] for column in again.mapping["columns"]] == ["score", "segment"]
        assert ImportSource.objects.count() == 1

    def test_it_starts_once(self, table: WriteFile, carol: User) -> None:
        import_ = waiting(table(), by=carol)
        imports.start(import_=import_, mapping=_mapping(import_), by=carol)
        assert Event.objects.filter(type="import.started").count() == 1


def _mapping(import_: Import) -> Any:
    from voiceloop.server.collect.importing.columns import Mapping

    return Mapping.load(import_.mapping)


class TestRemove:
    def test_it_takes_back_what_the_import_brought(self, table: WriteFile, bring: Bring, carol: User) -> None:
        kept = bring(table())
        import_ = bring(table([["2025-04-01 12:00", "8", "新的", "C5", "", ""]], name="more.csv"))
        imports.carry_out_removal(imports.remove(import_=import_, by=carol))
        import_.refresh_from_db()
        assert (import_.state, Response.objects.count()) == ("removed", kept.n_new)

    def test_it_lets_the_file_come_in_again(self, table: WriteFile, bring: Bring, carol: User) -> None:
        imports.carry_out_removal(imports.remove(import_=bring(table()), by=carol))
        assert bring(table()).n_new == 3

    def test_it_leaves_an_import_that_is_still_running(self, table: WriteFile, carol: User) -> None:
        import_ = waiting(table(), by=carol)
        assert imports.remove(import_=import_, by=carol).state == "queued"


class TestDiscard:
    def test_it_forgets_a_file_that_was_not_started(
        self, carol: User, django_capture_on_commit_callbacks: Callable[..., Any]
    ) -> None:
        assert carol.unit
        path = imports.keep("a.csv", [",".join(HEADER).encode() + b"\n1,2,3,4,5,6\n"])
        import_ = imports.receive(name="a.csv", path=path, unit=carol.unit, by=carol)
        with django_capture_on_commit_callbacks(execute=True):
            imports.discard(import_=import_)
        assert not Import.objects.exists()
        assert not (Path(settings.MEDIA_ROOT) / path).exists()


class TestResumeDead:
    def test_it_queues_again_what_nobody_runs(self, table: WriteFile, carol: User) -> None:
        import_ = waiting(table(), by=carol)
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set status = 'doing' where args->>'import_id' = %s",
                [str(import_.pk)],
            )
        assert imports.resume_dead() == [import_.pk]
        assert imports.resume_dead() == []


class TestFaults:
    def test_it_is_said_in_the_readers_language(self) -> None:
        with override("en"):
            english = sentence("off_scale", "nps", "11")
        with override("zh-hans"):
            chinese = sentence("off_scale", "nps", "11")
        assert "11 in nps" in english
        assert chinese != english
        assert "nps" in chinese
