"""The lake follows the database: nothing lost, nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from voiceloop.analytics.lake import Lake
from voiceloop.server.collect.models import Answer, Response
from voiceloop.server.core.models import Unit
from voiceloop.server.store import sync as room

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lake]:
    lake = Lake(tmp_path)
    monkeypatch.setattr(room, "lake", lambda: lake)
    return lake


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(code="s1", name="一店")


def respond(unit: Unit, key: str, score: float = 9) -> Response:
    with transaction.atomic():
        response = Response.objects.create(
            unit=unit, idempotency_key=key, touchpoint="hotline", attributes={"floor": 2}
        )
        Answer.objects.create(response=response, question="nps", scale="nps_0_10", score=score)
    return response


def rows(lake: Lake) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    return sorted(
        (row for uri in lake.uris("answers") for row in pq.read_table(uri, partitioning=None).to_pylist()),
        key=lambda row: row["answer_id"],
    )


class TestSync:
    def test_it_brings_an_answer_with_its_moment(self, lake: Lake, unit: Unit) -> None:
        respond(unit, "a", 3)
        room.sync()
        (row,) = rows(lake)
        assert (row["score"], row["touchpoint"], row["unit"]) == (3, "hotline", "s1")
        assert row["segment"] is None
        assert dict(row["attributes"]) == {"floor": "2"}

    def test_it_adds_nothing_when_nothing_changed(self, lake: Lake, unit: Unit) -> None:
        respond(unit, "a")
        room.sync()
        version = lake.version("answers")
        assert room.sync() == 0
        assert lake.version("answers") == version

    def test_it_replaces_a_changed_answer(self, lake: Lake, unit: Unit) -> None:
        response = respond(unit, "a", 3)
        room.sync()
        response.answers.update(score=8)
        room.sync()
        assert [row["score"] for row in rows(lake)] == [8]

    def test_it_forgets_a_deleted_answer_once(self, lake: Lake, unit: Unit) -> None:
        respond(unit, "a").delete()
        kept = respond(unit, "b", 10)
        room.sync()
        kept.delete()
        assert room.sync() == 1
        assert rows(lake) == []
        assert room.sync() == 0

    def test_it_loses_no_row_of_a_transaction_that_commits_late(self, lake: Lake, unit: Unit) -> None:
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
            respond(unit, "fast", 10)
            room.sync()
            slow.commit()
        room.sync()
        assert sorted(row["score"] for row in rows(lake)) == [1, 10]

    def test_it_goes_on_behind_the_chunk_that_was_written(
        self, lake: Lake, unit: Unit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(room, "CHUNK", 2)
        for key in "abcde":
            respond(unit, key)
        appends = []

        def dies_at_the_second(*args: Any, **kwargs: Any) -> int:
            appends.append(args)
            if len(appends) == 2:
                raise KeyboardInterrupt
            return Lake.append(lake, *args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(lake, "append", dies_at_the_second)
            with pytest.raises(KeyboardInterrupt):
                room.sync()
        room.sync()
        ids = [row["answer_id"] for row in rows(lake)]
        assert len(ids) == len(set(ids)) == 5

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
