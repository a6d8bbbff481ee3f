"""The Spark engine without a Spark: what it says when there is none, its settings, its dialect."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import pytest

from voiceloop.analytics import AnalyticsError, Lake
from voiceloop.analytics.engines import choose_again, engine
from voiceloop.analytics.engines.spark import SparkEngine
from voiceloop.analytics.engines.spark_settings import Settings
from voiceloop.analytics.engines.spark_sql import spark_sql
from voiceloop.bench.spark_cluster import free_port


@pytest.fixture
def answered(lake, answers):
    lake.append("answers", answers([10, 9, 8, 3, 0]))
    return lake


def _asking(lake: Lake, **environ: str) -> AnalyticsError:
    spark = SparkEngine(Settings.of(environ))
    with pytest.raises(AnalyticsError) as caught:
        spark.run("SELECT count(*) FROM facts", lake.scan("answers", None, None))
    return caught.value


class TestEngine:
    def test_it_is_chosen_by_name(self, monkeypatch):
        monkeypatch.setenv("VOICELOOP_ENGINE", "spark")
        choose_again()
        assert type(engine()).__name__ == "SparkEngine"
        choose_again()

    def test_it_names_the_engines_that_there_are(self, monkeypatch):
        monkeypatch.setenv("VOICELOOP_ENGINE", "hive")
        choose_again()
        with pytest.raises(AnalyticsError, match=r"'hive'.*duckdb, spark") as caught:
            engine()
        assert "hive" in caught.value.zh


class TestNoSpark:
    def test_a_closed_port_is_one_sentence_and_nothing_changes(self, answered):
        before = sorted(answered.path.rglob("*"))
        address = f"spark://127.0.0.1:{free_port()}"
        environ = {**os.environ, "VOICELOOP_ENGINE": "spark", "VOICELOOP_SPARK_MASTER": address}
        for language, sentence in (("en", f"No Spark answers at {address}."), ("zh", "没有应答")):
            words = ["measure", "nps", "--lake", str(answered.path), "--lang", language]
            ran = subprocess.run(
                [sys.executable, "-m", "voiceloop", *words], env=environ, capture_output=True, text=True
            )
            assert (ran.returncode, ran.stdout) == (2, "")
            assert sentence in ran.stderr
            assert ran.stderr.count("\n") == 1
        assert sorted(answered.path.rglob("*")) == before

    def test_connect_is_looked_for_in_the_same_way(self, answered):
        address = f"sc://127.0.0.1:{free_port()}"
        assert str(_asking(answered, VOICELOOP_SPARK_MASTER=address)) == f"No Spark answers at {address}."

    def test_a_master_that_never_answers_is_not_waited_for(self, answered):
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen()
            address = f"spark://127.0.0.1:{deaf.getsockname()[1]}"
            began = time.monotonic()
            error = _asking(answered, VOICELOOP_SPARK_MASTER=address, VOICELOOP_SPARK_TIMEOUT="2")
            assert "gave no worker within 2 seconds" in str(error)
            assert "2 秒" in error.zh
            assert time.monotonic() - began < 30

    def test_a_failure_is_told_again_without_a_new_try(self, answered):
        port = free_port()
        spark = SparkEngine(Settings.of({"VOICELOOP_SPARK_MASTER": f"spark://127.0.0.1:{port}"}))
        told = []
        for _ in range(2):
            with pytest.raises(AnalyticsError) as caught:
                spark.run("SELECT 1 FROM facts", answered.scan("answers", None, None))
            told.append(caught.value)
        assert told[0] is told[1]

    def test_it_says_how_to_install_pyspark(self, answered, monkeypatch):
        for name in [name for name in sys.modules if name.split(".")[0] == "pyspark"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "pyspark", None)
        assert "pip install 'voiceloop[pyspark]'" in str(_asking(answered))

    def test_it_says_that_java_is_missing(self, answered, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.delenv("JAVA_HOME", raising=False)
        error = _asking(answered)
        assert "needs Java 17" in str(error)
        assert "openjdk-17-jre-headless" in error.zh


class TestSettings:
    def test_they_come_from_a_file_and_then_from_the_environment(self, tmp_path):
        path = tmp_path / "spark.properties"
        path.write_text(
            "# ours\nspark.executor.memory 2g\nspark.hadoop.fs.s3a.endpoint = http://store:9000\n\nspark.x=a=b\n"
        )
        settings = Settings.of(
            {
                "VOICELOOP_SPARK_PROPERTIES": str(path),
                "VOICELOOP_SPARK_CONF_spark_executor_memory": "4g",
                "VOICELOOP_SPARK_MASTER": "spark://a:7077,b:7078",
            }
        )
        conf = settings.conf
        assert conf["spark.executor.memory"] == "4g"
        assert conf["spark.hadoop.fs.s3a.endpoint"] == "http://store:9000"
        assert conf["spark.x"] == "a=b"
        assert conf["spark.sql.session.timeZone"] == "UTC"
        assert "spark.driver.host" not in conf

    def test_a_driver_of_this_machine_listens_to_this_machine(self):
        assert Settings.of({}).conf["spark.driver.bindAddress"] == "127.0.0.1"

    def test_a_file_that_is_not_there_is_named(self, tmp_path):
        with pytest.raises(AnalyticsError, match="gone"):
            Settings.of({"VOICELOOP_SPARK_PROPERTIES": str(tmp_path / "gone")})

    def test_a_time_that_is_no_number_is_told(self):
        with pytest.raises(AnalyticsError, match="soon"):
            Settings.of({"VOICELOOP_SPARK_TIMEOUT": "soon"})

    def test_one_of_several_masters_is_enough(self):
        with socket.socket() as master:
            master.bind(("127.0.0.1", 0))
            master.listen()
            here = f"127.0.0.1:{master.getsockname()[1]}"
            both = Settings.of({"VOICELOOP_SPARK_MASTER": f"spark://127.0.0.1:{free_port()},{here}"})
            assert both.is_reachable()


class TestSql:
    @pytest.mark.parametrize(
        ("duck", "spark"),
        [
            ("SELECT count(*) FROM facts", "SELECT COUNT(*) FROM v AS facts"),
            ("SELECT attributes['a b'] FROM facts", "SELECT attributes['a b'] FROM v AS facts"),
            (
                "SELECT 1 FROM (SELECT 2 FROM facts) AS made",
                "SELECT 1 FROM (SELECT 2 FROM v AS facts) AS made",
            ),
            ("SELECT 1 FROM facts AS f", "SELECT 1 FROM v AS f"),
            (
                "SELECT date_diff('day', a, b) FROM facts",
                "SELECT DATEDIFF(CAST(b AS DATE), CAST(a AS DATE)) FROM v AS facts",
            ),
            (
                "SELECT extract(epoch FROM (b - a)) FROM facts",
                "SELECT ((UNIX_MICROS(b) - UNIX_MICROS(a)) / 1000000) FROM v AS facts",
            ),
        ],
    )
    def test_it_is_said_in_sparks_words(self, duck, spark):
        assert spark_sql(duck, "v") == spark


class TestPlainFile:
    def test_it_is_read_by_duckdb_without_a_spark(self, tmp_path):
        path = tmp_path / "answers.csv"
        path.write_text("s\n10\n9\n0\n")
        environ = {**os.environ, "VOICELOOP_ENGINE": "spark", "VOICELOOP_SPARK_MASTER": "spark://127.0.0.1:1"}
        words = ["measure", "nps", str(path), "--score", "s", "--json"]
        ran = subprocess.run([sys.executable, "-m", "voiceloop", *words], env=environ, capture_output=True)
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert b'"n": 3' in ran.stdout
