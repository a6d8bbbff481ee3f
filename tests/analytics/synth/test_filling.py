"""A new lake full of synthetic responses: whole or not at all."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import date
from pathlib import Path

import pytest
from deltalake import DeltaTable

from voiceloop.analytics import Lake, measure
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.synth.filling import fill

TODAY = date(2026, 11, 20)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "lakes" / "big"


class TestFill:
    def test_the_lake_is_measured_like_any_other(self, place: Path) -> None:
        filled = fill(place, 20_000, months=4, today=TODAY)
        result = measure(Lake(place), "nps", every="month")
        assert sum(row.n for row in result.rows) == filled.rows == 20_000
        assert [f"{row.key['period']:%Y-%m}" for row in result.rows] == list(filled.months)

    def test_it_can_be_written_to_afterwards(self, place: Path) -> None:
        fill(place, 1_000, months=2, today=TODAY)
        lake = Lake(place)
        row = {"answer_id": 5, "day": TODAY, "question": "nps", "scale": "nps_0_10", "score": 0.0}
        lake.upsert("answers", [row])
        lake.compact("answers")
        # The row it has replaced lay in another month: an answer's day never changes.
        assert measure(lake, "nps").one.n == 1_001

    def test_each_file_says_what_it_holds(self, place: Path) -> None:
        fill(place, 5_000, months=2, today=TODAY)
        files = DeltaTable(place / "answers").get_add_actions(flatten=True)
        said = {name: files[name].to_pylist() for name in files.schema.names}
        assert said["min.question"] == said["max.question"] == ["nps", "nps"]
        assert said["null_count.score"] == [0, 0]
        assert (min(said["min.day"]), max(said["max.day"])) == (date(2026, 10, 1), TODAY)

    def test_it_does_not_depend_on_how_many_work_at_it(self, place: Path) -> None:
        fill(place, 3_000, months=3, today=TODAY, workers=1)
        fill(place.with_name("two"), 3_000, months=3, today=TODAY, workers=3)
        files = [sorted((place.with_name(name) / "answers").rglob("*.parquet")) for name in ("big", "two")]
        assert [file.read_bytes() for file in files[0]] == [file.read_bytes() for file in files[1]]

    def test_months_without_a_response_have_no_file(self, place: Path) -> None:
        assert fill(place, 1, months=3, today=TODAY).files == 1
        assert measure(Lake(place), "nps").one.n == 1

    @pytest.mark.parametrize("what", ["a lake", "files"])
    def test_it_touches_nothing_that_is_there_already(self, place: Path, what: str) -> None:
        before = place / "answers/_delta_log/0.json" if what == "a lake" else place / "notes.txt"
        before.parent.mkdir(parents=True)
        before.write_text("{}")
        with pytest.raises(AnalyticsError, match=f"already holds {what}"):
            fill(place, 10, today=TODAY)
        assert [path for path in place.parent.rglob("*") if path.is_file()] == [before]

    def test_an_interrupted_run_leaves_nothing(self, place: Path) -> None:
        def interrupt(rows: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fill(place, 1_000, today=TODAY, told=interrupt)
        assert list(place.parent.iterdir()) == []

    def test_it_takes_over_what_a_killed_run_left(self, place: Path) -> None:
        left = place.with_name("big.unfinished") / "answers/month=2026-11/part.parquet"
        left.parent.mkdir(parents=True)
        left.write_bytes(b"half")
        fill(place, 100, months=1, today=TODAY)
        assert [path.name for path in place.parent.iterdir()] == ["big"]
        assert len(list(place.rglob("*.parquet"))) == 1

    def test_two_runs_do_not_write_one_lake(self, place: Path) -> None:
        other = place.with_name("big.unfinished")
        other.mkdir(parents=True)
        lock = os.open(other, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(AnalyticsError, match="Another run"):
            fill(place, 10, today=TODAY)
        os.close(lock)
        assert other.is_dir()

    def test_it_says_when_the_disk_is_too_small(self, place: Path) -> None:
        with pytest.raises(AnalyticsError, match="GB are free"):
            fill(place, 10**14, months=1, today=TODAY)
        assert not list(place.parent.iterdir())

    def test_it_says_when_it_may_not_write(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(AnalyticsError, match="cannot be written"):
            fill(tmp_path / "file" / "lake", 10, today=TODAY)

    def test_one_commit_makes_all_of_it_visible(self, place: Path) -> None:
        fill(place, 300, months=3, today=TODAY)
        log = sorted((place / "answers/_delta_log").glob("*.json"))
        added = [
            [line for line in map(json.loads, file.read_text().splitlines()) if "add" in line] for file in log
        ]
        assert [len(files) for files in added] == [0, 3]
