"""The engine in the process."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from voiceloop.analytics import measure
from voiceloop.analytics.engines import engine


class TestDuckEngine:
    def test_many_threads_get_the_same_answer(self, lake, answers):
        lake.append("answers", answers([10, 10, 9, 0] * 5))
        asked = [{"answer_id": list(range(i, 21))} for i in range(1, 13)]
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(lambda where: measure(lake, "nps", where=where, min_n=1).one.n, asked))
        assert found == [21 - i for i in range(1, 13)]

    def test_it_loads_no_extension_from_the_network(self):
        with pytest.raises(duckdb.Error, match=r"(?i)spatial"):
            engine().run("SELECT * FROM st_read('x')", None)

    def test_it_counts_time_in_utc(self):
        sql = "SELECT CAST(TIMESTAMPTZ '2026-01-01 08:00+08' AS VARCHAR)"
        assert engine().run(sql, None) == [("2026-01-01 00:00:00+00",)]

    def test_a_forked_process_makes_its_own_connection(self, lake, answers):
        lake.append("answers", answers([10] * 5))
        assert measure(lake, "nps").one.value == 100
        made = engine()
        before = made._connection
        made._pid = os.getpid() + 1
        assert measure(lake, "nps", where={"team": None}).one.value == 100
        assert made._connection is not before
