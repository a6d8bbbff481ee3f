"""The bench says how true the numbers are, and the same each time."""

from __future__ import annotations

import json

import pytest

from voiceloop.bench.truth import measure


@pytest.fixture(scope="module")
def found():
    return measure(0.01)


class TestMeasure:
    def test_it_finds_the_intervals_within_the_aim(self, found):
        exact = [
            row[n]
            for name in ("score", "share", "average")
            for row in found["coverage"][name].values()
            for n in (5, 10, 20)
        ]
        assert all(0.925 <= one <= 0.975 for one in exact)

    def test_it_tells_what_each_table_means_and_aims_at(self, found):
        assert "26 weeks" in found["control"]["definition"]
        assert found["control"]["found_least"]["aim"] == ">= 0.8"
        assert found["suppression"]["honest_called"]["aim"] == "< 0.05"
        assert found["false_discovery"]["cells"] == 120

    def test_it_covers_every_mix_and_size(self, found):
        assert {len(row) for row in found["coverage"]["score"].values()} == {7}
        assert {len(row) for row in found["control"]["false_alarms"].values()} == {7}

    def test_it_shows_what_clusters_cost_when_they_are_left_out(self, found):
        rows = [one for one in found["clusters"].values() if isinstance(one, dict)]
        assert sum(one["clusters"] for one in rows) > sum(one["plain"] for one in rows)

    def test_it_is_plain_json(self, found):
        assert json.loads(json.dumps(found))["coverage"]["aim"] == "92.5%–97.5%"
