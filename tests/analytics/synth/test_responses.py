"""Synthetic responses of a large company: their codes agree, and what is planted can be found."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from voiceloop.analytics.synth import volume
from voiceloop.analytics.synth.clock import window
from voiceloop.analytics.synth.responses import Month

SPAN = window(date(2026, 11, 20), None, 36)


def made(n: int, *, index: int = 35, seed: int = 7, rows: int = 50_000) -> pa.Table:
    return pa.Table.from_batches(Month(SPAN, index, 100, n, n * 36, seed).batches(rows))


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return made(300_000)


class TestBatches:
    def test_it_is_the_same_for_the_same_seed_only(self) -> None:
        one, two, other = made(3_000), made(3_000), made(3_000, seed=8)
        assert one.equals(two)
        assert not one.equals(other)

    def test_it_numbers_the_responses_from_where_the_month_before_ended(self, table: pa.Table) -> None:
        assert pc.min_max(table["answer_id"]).as_py() == {"min": 101, "max": 300_100}
        assert table["answer_id"].equals(table["response_id"])

    def test_it_is_sorted_by_agent_then_day_however_it_is_cut(self) -> None:
        whole, cut = made(30_000, rows=30_000), made(30_000, rows=977)
        order = pc.add(pc.multiply(agents_of(whole), 100_000), pc.cast(whole["day"], pa.int32()))
        assert np.all(np.diff(order.to_numpy()) >= 0)
        assert agents_of(whole).equals(agents_of(cut))
        assert whole["day"].to_pylist() == cut["day"].to_pylist()

    def test_every_local_day_agrees_with_its_instant_and_none_is_later_than_today(
        self, table: pa.Table
    ) -> None:
        local = pc.add(table["at"], pa.scalar(8 * 3600 * 10**6, pa.duration("us")))
        days = pc.cast(pc.cast(local, pa.timestamp("us")), pa.date32(), safe=False)
        assert days.equals(table["day"])
        assert pc.min_max(table["day"]).as_py() == {"min": date(2026, 11, 1), "max": date(2026, 11, 20)}

    @pytest.mark.parametrize(
        ("column", "many"),
        [("channel", 8), ("touchpoint", 20), ("segment", 12), ("region", 31), ("agent", 5_000), ("tier", 4)],
    )
    def test_it_has_every_code(self, table: pa.Table, column: str, many: int) -> None:
        assert pc.count_distinct(decoded(table, column)).as_py() == many

    @pytest.mark.parametrize(
        ("inner", "outer"),
        [
            ("agent", "team"),
            ("team", "unit"),
            ("unit", "region"),
            ("touchpoint", "stage"),
            ("touchpoint", "programme"),
            ("customer_key", "region"),
            ("customer_key", "segment"),
            ("customer_key", "language"),
        ],
    )
    def test_each_lies_in_one(self, table: pa.Table, inner: str, outer: str) -> None:
        plain = pa.table({name: decoded(table, name) for name in (inner, outer)})
        pairs = plain.group_by([inner, outer]).aggregate([]).num_rows
        assert pairs == pc.count_distinct(plain[inner]).as_py()


class TestPlanted:
    def test_it_is_found_between_channels(self, table: pa.Table) -> None:
        nps = nps_by(table, "channel")
        planted = 136 * (volume.CONTENT_BY_CHANNEL[0] - volume.CONTENT_BY_CHANNEL[-1])
        assert nps["wechat"] - nps["kiosk"] == pytest.approx(planted, abs=3)

    def test_a_region_has_trouble_in_the_last_months(self, table: pa.Table) -> None:
        now, before = nps_by(table, "region"), nps_by(made(300_000, index=30), "region")
        assert now["chongqing"] - before["chongqing"] == pytest.approx(-19, abs=6)
        assert abs(now["beijing"] - before["beijing"]) < 6


def decoded(table: pa.Table, name: str) -> pa.ChunkedArray:
    column = table[name]
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def agents_of(table: pa.Table) -> pa.ChunkedArray:
    return pc.cast(pc.utf8_slice_codeunits(decoded(table, "agent"), 1), pa.int64())


def nps_by(table: pa.Table, name: str) -> dict[str, float]:
    classes = pc.subtract(
        pc.cast(pc.greater_equal(table["score"], 9), pa.int8()),
        pc.cast(pc.less(table["score"], 7), pa.int8()),
    )
    found = pa.table({"key": decoded(table, name), "x": classes}).group_by("key").aggregate([("x", "mean")])
    return {
        key: 100 * x for key, x in zip(found["key"].to_pylist(), found["x_mean"].to_pylist(), strict=True)
    }
