"""Spark on a real standalone cluster: every metric has the figures that DuckDB gives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from voiceloop.analytics import Lake, measure
from voiceloop.analytics.distribution import distribution
from voiceloop.analytics.drill import rows
from voiceloop.analytics.registry import metrics
from voiceloop.analytics.synth import answers_batches
from voiceloop.bench import spark_equal, spark_lake
from voiceloop.bench.spark_cluster import QUICK, Cluster

# Small and soon up; the figures do not depend on it.
_CONF = {
    "spark_driver_extraJavaOptions": QUICK,
    "spark_executor_extraJavaOptions": QUICK,
    "spark_executor_memory": "700m",
    "spark_sql_files_openCostInBytes": "1024",
    "spark_sql_shuffle_partitions": "2",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A lake with rows in every table."""
    lake = Lake(tmp_path_factory.mktemp("whole") / "lake")
    spark_lake.fill(lake, rows=3000, months=5)
    for batch in answers_batches(20_000, months=5, today=spark_lake.LAST_DAY):
        lake.append("answers", _table(batch))
    return lake


def _table(batch):
    import pyarrow as pa

    return pa.Table.from_batches([batch])


@pytest.fixture(scope="module")
def told(whole):
    """What DuckDB says."""
    return _everything(whole)


@pytest.fixture(scope="module")
def counts(whole):
    """How many rows each metric finds in the whole lake."""
    return {name: measure(whole, name, use_cubes=False).total.n for name in metrics()}


@pytest.fixture(scope="module")
def cluster():
    with Cluster() as running:
        yield running


@pytest.fixture(scope="module")
def on_spark(told, counts, cluster):
    with spark_equal.spark(cluster.address, **_CONF):
        yield


def _everything(lake):
    """Ask every metric a rich question, and one metric of each kind the plainer ones too."""
    of_kinds = {(type(m), bool(m.scales), bool(m.derived)): m.name for m in metrics().values()}

    def asked(metric):
        ask = spark_equal.questions if metric.name in of_kinds.values() else spark_equal.rich
        return spark_equal.answers(lake, metric, ask(metric, spark_lake.LAST_DAY))

    with ThreadPoolExecutor(3) as pool:
        return dict(zip(metrics(), pool.map(asked, metrics().values()), strict=True))


class TestEveryMetric:
    @pytest.mark.requirement(41)
    def test_it_has_the_same_figures_as_on_duckdb(self, whole, told, on_spark):
        found = _everything(whole)
        unlike = [
            (name, said)
            for name, results in found.items()
            for one, other in zip(told[name], results, strict=True)
            for said in spark_equal.differences(one, other)
        ]
        assert unlike == []

    def test_it_is_asked_of_rows_that_there_are(self, counts):
        assert [name for name, n in counts.items() if not n] == []


class TestOtherQuestions:
    def test_an_empty_lake_has_no_rows(self, tmp_path, on_spark):
        assert measure(Lake(tmp_path), "nps").one.n == 0

    def test_rows_behind_a_figure_are_the_same(self, whole, told, on_spark):
        page = rows(whole, "nps", where={"region": "region0"}, limit=3)
        row = page.rows[0]
        assert page.total == measure(whole, "nps", where={"region": "region0"}, use_cubes=False).one.n
        assert len(page.rows) == 3
        assert row["at"] is None or row["at"].utcoffset().total_seconds() == 0
        assert row["attributes"] is None or isinstance(row["attributes"], dict)

    def test_a_distribution_adds_up(self, whole, on_spark):
        found = distribution(whole, "nps")
        assert sum(bar.n for bar in found.bars) == found.n > 1000

    def test_it_reads_the_newest_commit(self, lake, answers, on_spark):
        lake.append("answers", answers([10] * 5))
        before = measure(lake, "nps").one.n
        lake.append("answers", answers([0] * 5, first=6))
        assert (before, measure(lake, "nps").one.n) == (5, 10)

    def test_it_counts_no_row_that_was_deleted(self, lake, answers, on_spark):
        lake.append("answers", answers([10] * 5))
        lake.delete("answers", "answer_id", [1, 2])
        assert measure(lake, "nps", min_n=1).one.n == 3
