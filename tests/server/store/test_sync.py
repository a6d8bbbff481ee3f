"""The lake follows the database: nothing lost, nothing twice."""

from __future__ import annotations

import threading
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection

from tests.server.store.conftest import Respond, Rows
from voiceloop.analytics.lake import Lake
from voiceloop.server.core.models import Unit
from voiceloop.server.store import sync as room

pytestmark = pytest.mark.django_db(transaction=True)


class TestSync:
    def test_it_brings_an_answer_with_its_moment(self, lake: Lake, respond: Respond, rows: Rows) -> None:
        respond("a", 3)
        room.sync()
        (row,) = rows()
        assert (row["score"], row["touchpoint"], row["unit"]) == (3, "hotline", "s1")
        assert row["segment"] is None
        assert dict(row["attributes"]) == {"floor": "2"}

    def test_it_adds_nothing_when_nothing_changed(self, lake: Lake, respond: Respond, rows: Rows) -> None:
        respond("a")
        room.sync()
        version = lake.version("answers")
        assert room.sync() == 0
        assert lake.version("answers") == version

    def test_who_is_not_the_writer_waits_for_the_one_who_is(
        self, lake: Lake, respond: Respond, rows: Rows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        respond("a")
        room.catch_up()
        respond("b")
        monkeypatch.setattr(room.time, "sleep", lambda _seconds: room.sync())
        with psycopg.connect(**_connection()) as writer:
            writer.execute("select pg_advisory_lock(%s)", [room.LOCK])
            before = lake.version("answers")
            room.catch_up()
        assert (len(rows()), lake.version("answers")) == (2, before + 1)
        with psycopg.connect(**_connection()) as writer:
            assert writer.execute("select pg_try_advisory_lock(%s)", [room.LOCK]).fetchone() == (True,)

    def test_it_replaces_a_changed_answer(self, lake: Lake, respond: Respond, rows: Rows) -> None:
        response = respond("a", 3)
        room.sync()
        response.answers.update(score=8)
        room.sync()
        assert [row["score"] for row in rows()] == [8]

    def test_it_forgets_a_deleted_answer_once(self, lake: Lake, respond: Respond, rows: Rows) -> None:
        respond("a").delete()
        kept = respond("b", 10)
        room.sync()
        kept.delete()
        assert room.sync() == 2  # the answer and its response
        assert rows() == []
        assert room.sync() == 0

    def test_it_loses_no_row_of_a_transaction_that_commits_late(
        self, unit: Unit, respond: Respond, rows: Rows
    ) -> None:
        with psycopg.connect(**_connection()) as slow:
            # It takes its transaction id and its row id now, and commits after the others were carried over.
            slow.execute(
                "insert into collect_response (idempotency_key, unit_id, state, at, weight, wants_contact,"
                " attributes, programme, survey, touchpoint, stage, channel, source, segment, tier, region,"
                " team, agent, language, about) values ('slow', %s, 'complete', now(), 1, false, '{}',"
                " '', '', '', '', '', '', '', '', '', '', '', '', '')",
                [unit.pk],
            )
            slow.execute(
                "insert into collect_answer (response_id, question, scale, score, options)"
                " select id, 'nps', 'nps_0_10', 1, '[]' from collect_response where idempotency_key = 'slow'"
            )
            respond("fast", 10)
            room.sync()
            slow.commit()
        room.sync()
        assert sorted(row["score"] for row in rows()) == [1, 10]

    @pytest.mark.parametrize("n_more", [0, 2])
    def test_it_goes_on_behind_the_chunk_that_was_written(
        self, n_more: int, lake: Lake, respond: Respond, rows: Rows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(room, "CHUNK", 2)
        late = []
        for key in "abcde":
            late += [respond(key)] * n_more
        # Their answers lie apart: ids of answers and of responses do not grow together.
        for n, response in enumerate(reversed(late)):
            response.answers.create(question=f"q{n}", scale="nps_0_10", score=5)
        appends = []

        def dies_at_the_second(*args: Any, **kwargs: Any) -> int:
            appends.append(args)
            if sum(given[0] == "answers" for given in appends) == 2:
                raise KeyboardInterrupt
            return Lake.append(lake, *args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(lake, "append", dies_at_the_second)
            with pytest.raises(KeyboardInterrupt):
                room.sync()
        room.sync()
        ids = [row["answer_id"] for row in rows()]
        assert len(ids) == len(set(ids)) == 5 * (1 + n_more)

    def test_it_follows_an_answer_whose_moment_moved_into_the_next_month(
        self, lake: Lake, respond: Respond, rows: Rows
    ) -> None:
        zone = ZoneInfo("Asia/Shanghai")
        response = respond("a", 3, at=datetime(2026, 10, 31, 23, 59, tzinfo=zone))
        room.sync()
        response.at = datetime(2026, 11, 1, 0, 1, tzinfo=zone)
        response.save()
        room.sync()
        assert [(row["day"], row["score"]) for row in rows()] == [(date(2026, 11, 1), 3)]
        assert [row["day"] for row in rows("responses")] == [date(2026, 11, 1)]

    def test_it_reads_nothing_twice_that_never_becomes_a_fact(self, lake: Lake, respond: Respond) -> None:
        respond("a").answers.update(score=None, scale="")
        room.sync()
        version = lake.version("answers")
        assert room.sync() == 0
        assert lake.version("answers") == version

    @pytest.mark.parametrize("dies_at", ["upsert", "append"])
    def test_it_is_repeated_when_killed_between_the_rows_and_the_mark(
        self, dies_at: str, lake: Lake, respond: Respond, rows: Rows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = respond("a", 1)
        room.sync()
        old.answers.update(score=2)
        respond("b", 10)
        method = getattr(Lake, dies_at)

        def dies(*args: Any, **kwargs: Any) -> int:
            if dies_at == "upsert" and args[0] == "answers":
                method(lake, *args, **kwargs)
            if args[0] == "answers":
                raise KeyboardInterrupt
            return int(method(lake, *args, **kwargs))

        with monkeypatch.context() as patch:
            patch.setattr(lake, dies_at, dies)
            with pytest.raises(KeyboardInterrupt):
                room.sync()
        room.sync()
        assert [row["score"] for row in rows()] == [2, 10]

    def test_two_processes_take_turns(self, lake: Lake) -> None:
        assert room._is_the_writer()
        held: list[bool] = []

        def other() -> None:
            held.append(room._is_the_writer())
            connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert held == [False]


def _connection() -> dict[str, Any]:
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    settings = connection.settings_dict
    return {theirs: settings[ours] for ours, theirs in names.items() if settings[ours]}
