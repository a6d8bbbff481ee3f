"""The benchmark of a large lake does what it says: rows are replaced, a forgotten customer is gone."""

from __future__ import annotations

from pathlib import Path

from voiceloop.analytics.lake import Lake
from voiceloop.bench import large


def test_it_replaces_and_forgets(tmp_path: Path) -> None:
    large.fill(Lake(tmp_path), 3_000)
    found = large.measure(1.0, str(tmp_path))
    assert found["rows"] == 3_000
    assert found["upsert"]["rows_kept"]
    assert found["erase_one_customer"]["rows_gone"] == found["erase_one_customer"]["rows"] > 0
