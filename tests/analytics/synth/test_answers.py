"""Made-up answers for benchmarks: as many as asked for, in the lake's schema, by month."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from voiceloop.analytics.schema import arrow_schema
from voiceloop.analytics.synth import answers_batches

TODAY = date(2026, 11, 20)


class TestAnswersBatches:
    def test_it_speaks_the_schema_of_the_lake(self) -> None:
        assert next(answers_batches(10, months=1, today=TODAY)).schema == arrow_schema("answers")

    @pytest.mark.parametrize("n", [0, 1, 35, 300_001])
    def test_it_makes_as_many_rows_as_asked_for_with_unique_ids(self, n: int) -> None:
        ids = [batch["answer_id"] for batch in answers_batches(n, months=3, today=TODAY)]
        found = pa.chunked_array(ids, pa.int64())
        assert len(found) == n == pc.count_distinct(found).as_py()

    def test_it_is_the_same_for_the_same_seed(self) -> None:
        one, two = (list(answers_batches(5_000, seed=3, months=4, today=TODAY)) for _ in range(2))
        assert all(left.equals(right) for left, right in zip(one, two, strict=True))

    def test_each_batch_lies_in_one_month_and_its_days_agree(self) -> None:
        for batch in answers_batches(20_000, months=12, today=TODAY):
            local = pc.add(batch["at"], pa.scalar(8 * 3600 * 10**6, pa.duration("us")))
            assert pc.strftime(local, "%Y-%m").unique().to_pylist() == batch["month"].unique().to_pylist()
            assert pc.cast(pc.cast(local, pa.timestamp("us")), pa.date32(), safe=False).equals(batch["day"])

    def test_every_score_lies_on_its_scale(self) -> None:
        table = pa.Table.from_batches(answers_batches(60_000, months=2, today=TODAY))
        for scale, low, high in (("nps_0_10", 0, 10), ("csat_1_5", 1, 5), ("ces_1_7", 1, 7)):
            scores = table.filter(pc.field("scale") == scale)["score"]
            assert pc.min_max(scores).as_py() == {"min": low, "max": high}

    def test_nps_rises_over_the_months(self) -> None:
        table = pa.Table.from_batches(answers_batches(200_000, months=36, today=TODAY))
        nps = table.filter(pc.field("question") == "nps")
        first, last = (
            nps.filter(pc.field("month") == month)["score"].to_numpy() for month in ("2023-12", "2026-11")
        )
        assert (last >= 9).mean() > (first >= 9).mean() + 0.05
