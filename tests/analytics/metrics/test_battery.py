"""What every metric must keep, whoever adds it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from tests.analytics.metrics.filled import fill
from voiceloop.analytics import Lake, measure, metrics
from voiceloop.analytics.families import FAMILIES, family
from voiceloop.analytics.metric import Duration, Metric
from voiceloop.analytics.registry import versions
from voiceloop.analytics.scales import SCALES
from voiceloop.analytics.schema import TABLES

ALL = sorted(metrics())
DURATIONS = sorted(name for name, metric in metrics().items() if isinstance(metric, Duration))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return fill(Lake(tmp_path_factory.mktemp("filled") / "lake"))


@pytest.mark.parametrize("name", ALL)
class TestEveryMetric:
    def test_it_is_declared_in_both_languages(self, name):
        metric = metrics()[name]
        assert isinstance(metric, Metric)
        assert all((metric.label_en, metric.label_zh, metric.definition_en, metric.definition_zh))
        assert any("一" <= letter <= "鿿" for letter in metric.definition_zh)

    def test_it_says_where_it_comes_from_and_what_it_tells_about(self, name):
        assert metrics()[name].source
        assert family(name) in FAMILIES

    def test_it_names_known_tables_and_scales(self, name):
        metric = metrics()[name]
        assert metric.table in TABLES
        assert set(metric.scales) <= set(SCALES)
        # What is derived from answers may say in its SQL on which scale.
        assert metric.table == "answers" or not metric.scales
        assert metric.table != "answers" or metric.scales or metric.derived

    def test_its_versions_count_down_to_one(self, name):
        numbers = [one.version for one in versions(name)]
        assert numbers == list(range(len(numbers), 0, -1))

    def test_it_has_no_value_without_rows(self, name, lake):
        row = measure(lake, name, min_n=0).one
        assert (row.n, row.value, row.low, row.high) == (0, None, None, None)
        assert row.more == {}

    def test_its_groups_add_up(self, name, filled):
        whole = measure(filled, name).one
        assert whole.n >= 10
        assert measure(filled, name, by=["channel"]).total == whole.parts
        assert measure(filled, name, every="week", by=["team"]).total == whole.parts

    def test_it_can_be_asked_by_period_and_under_a_condition(self, name, filled):
        asked = {"where": {"team": "north"}, "since": date(2025, 6, 1), "until": date(2026, 3, 1)}
        whole = measure(filled, name, **asked, min_n=1).one
        split = measure(filled, name, **asked, by=["channel"], every="month", min_n=1)
        assert 0 < whole.n < measure(filled, name).one.n
        assert split.total == whole.parts

    def test_a_day_outside_the_asked_ones_does_not_count(self, name, filled):
        split = measure(filled, name, every="day", min_n=1).rows
        day = max(split, key=lambda row: row.n).key["period"]
        asked = measure(filled, name, since=day, until=date.fromordinal(day.toordinal() + 1), min_n=1).one
        assert asked.parts == next(row.parts for row in split if row.key["period"] == day)

    def test_its_interval_holds_its_value(self, name, filled):
        row = measure(filled, name).one
        assert row.low <= row.value <= row.high

    def test_its_value_stays_within_its_unit(self, name, filled):
        within = {"points": (-100, 100), "%": (0, 100), "score": (-10, 100)}
        low, high = within.get(metrics()[name].unit, (0, 1e9))
        row = measure(filled, name).one
        assert low <= row.low <= row.high <= high


@pytest.mark.parametrize("name", DURATIONS)
class TestDurations:
    def test_quantiles_of_any_grouping_are_within_one_per_cent(self, name, lake, table):
        metric = metrics()[name]
        seconds = np.random.default_rng(3).lognormal(5.5, 1.0, 900).round()
        rows = [_lasting(metric.table, each) for each in seconds.tolist()]
        lake.append(metric.table, table(TABLES[metric.table].key, rows))
        merged = measure(lake, name, every="month").rows[0]
        found = (merged.value, merged.more["p90"], merged.more["p99"])
        exact = np.quantile(seconds, [0.5, 0.9, 0.99], method="inverted_cdf")
        assert found == pytest.approx(exact.tolist(), rel=0.01)
        assert merged.more["mean"] == pytest.approx(seconds.mean())

    def test_broken_clocks_do_not_count(self, name, lake, table):
        metric = metrics()[name]
        rows = [_lasting(metric.table, seconds) for seconds in (60.0, -60.0, 1e9)]
        lake.append(metric.table, table(TABLES[metric.table].key, rows))
        assert measure(lake, name, min_n=1).one.n == 1


def _lasting(table, seconds):
    """A row whose every time took as long."""
    if table == "conversations":
        return dict.fromkeys(("wait_seconds", "handle_seconds", "first_response_seconds"), seconds)
    opened = datetime(2026, 3, 1, tzinfo=UTC)
    ends = dict.fromkeys(
        ("first_contact_at", "resolved_at", "closed_at"), opened + timedelta(seconds=seconds)
    )
    return {"kind": "recovery", "outcome": "recovered", "opened_at": opened, **ends}
