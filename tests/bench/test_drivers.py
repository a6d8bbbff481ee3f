"""The bench of drivers measures what was planted, with or without public data."""

from __future__ import annotations

from pathlib import Path

import pytest

from voiceloop.bench import drivers


class TestMeasure:
    def test_it_covers_and_orders_what_was_planted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(drivers, "SEEDS", 20)
        found = drivers.measure(tmp_path / "none", 0.1)
        assert set(found["planted"]) == set(drivers.WORLDS)
        for world in found["planted"].values():
            assert 0.88 <= world["coverage"] <= 1
            assert world["rank_correlation"] > 0.9
        assert "surveys" not in found
