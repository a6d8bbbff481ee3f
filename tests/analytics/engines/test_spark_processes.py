"""Spark seen from outside: through a Connect server, from a forked process, and when the cluster dies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import closing

import pytest

from voiceloop.analytics import AnalyticsError
from voiceloop.analytics.engines.spark import SparkEngine
from voiceloop.analytics.engines.spark_settings import Settings
from voiceloop.bench.spark_cluster import QUICK, Cluster, connect_server, stop

_QUICK = {
    "VOICELOOP_SPARK_CONF_spark_driver_extraJavaOptions": QUICK,
    "VOICELOOP_SPARK_CONF_spark_sql_shuffle_partitions": "2",
    "VOICELOOP_SPARK_TIMEOUT": "300",
}
_FORK = """
import os, sys
from voiceloop.analytics import Lake, measure
lake = Lake(sys.argv[1])
parent = measure(lake, "nps").one.n
child = os.fork()
found = measure(lake, "nps", where={"channel": None}).one.n if child == 0 else None
if child == 0:
    os._exit(found)
_, status = os.waitpid(child, 0)
print(parent, os.waitstatus_to_exitcode(status), measure(lake, "nps", by=["channel"]).rows[0].n)
"""


@pytest.fixture
def answered(lake, answers):
    lake.append("answers", answers([10, 9, 8, 3, 0, 7]))
    return lake


def _ran(words, **environ):
    return subprocess.run(
        [sys.executable, *words],
        env={**os.environ, **_QUICK, "VOICELOOP_ENGINE": "spark", **environ},
        capture_output=True,
        text=True,
    )


def _first_error(spark, scan):
    """Ask until it fails: what the executors had finished before they ended is answered rightly."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            assert spark.run("SELECT max(score) FROM facts", scan) == [(10,)]
        except AnalyticsError as error:
            assert time.monotonic() < until
            return str(error)
    return "never"


class TestConnect:
    def test_a_server_gives_the_figures_that_duckdb_gives(self, answered):
        words = [
            "-m",
            "voiceloop",
            "measure",
            "nps",
            "--lake",
            str(answered.path),
            "--every",
            "week",
            "--json",
        ]
        with connect_server() as address:
            spark = _ran(words, VOICELOOP_SPARK_MASTER=address)
        assert (spark.returncode, spark.stderr) == (0, "")
        duck = _ran(words, VOICELOOP_ENGINE="duckdb")
        assert json.loads(spark.stdout)["rows"] == json.loads(duck.stdout)["rows"]


class TestFork:
    def test_a_child_has_a_spark_of_its_own(self, answered):
        ran = _ran(["-c", _FORK, str(answered.path)], VOICELOOP_SPARK_MASTER="local[1]")
        assert (ran.stdout, ran.stderr) == ("6 6 6\n", "")


class TestLost:
    def test_a_question_to_a_cluster_that_died_ends(self, answered):
        scan = answered.scan("answers", None, None)
        with Cluster(workers=1) as cluster:
            given = {**_QUICK, "VOICELOOP_SPARK_MASTER": cluster.address}
            given |= {"VOICELOOP_SPARK_CONF_spark_executor_memory": "600m"}
            with closing(SparkEngine(Settings.of(given))) as spark:
                assert spark.run("SELECT count(*) FROM facts", scan) == [(6,)]
                for process in reversed(cluster.processes):
                    stop(process)
                assert "Spark at" in _first_error(spark, scan)
                with pytest.raises(AnalyticsError, match="No Spark answers"):
                    spark.run("SELECT min(score) FROM facts", scan)
