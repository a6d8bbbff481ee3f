"""The benchmark of figures: everybody is asked the same, and says the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from voiceloop.analytics import Lake
from voiceloop.analytics.synth.filling import fill
from voiceloop.bench import __main__ as bench
from voiceloop.bench import dashboards, lakes, measuring, postgres_rival, questions
from voiceloop.bench.clock import Spent, in_turn, middle, spent
from voiceloop.bench.rivals import COUNTS, Duck, Pandas


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    path = tmp_path_factory.mktemp("bench") / "lake"
    fill(path, 40_000, months=4, today=date(2026, 10, 31))
    return Lake(path)


class TestRivals:
    @pytest.mark.parametrize("counts", COUNTS)
    @pytest.mark.parametrize("which", [0, 1, 2])
    def test_the_sql_says_what_the_product_says(self, lake: Lake, which: int, counts: str) -> None:
        asked, duck = questions.of(lake)[which], Duck(lake)
        for told_apart in (False, True):
            columns = duck.run(duck.sql(asked, counts, told_apart=told_apart)).to_pydict()
            assert measuring.is_equal(asked.measured(lake), columns, asked)

    def test_a_difference_is_seen(self, lake: Lake) -> None:
        asked, duck = questions.of(lake)[0], Duck(lake)
        columns = duck.run(duck.sql(asked, "count_if")).to_pydict()
        columns["low"][0] += 1e-6
        assert not measuring.is_equal(asked.measured(lake), columns, asked)

    @pytest.mark.parametrize("categories", [False, True])
    @pytest.mark.parametrize("which", [0, 1, 2])
    def test_pandas_says_what_the_product_says(self, lake: Lake, which: int, categories: bool) -> None:
        asked, pandas = questions.of(lake)[which], Pandas(lake, categories=categories)
        found = pandas.run(asked, pandas.load(Pandas.COLUMNS))
        shown = {tuple(map(str, np.atleast_1d(key))): row for key, row in found.iterrows()}
        for row in asked.measured(lake).rows:
            parts = (
                f"{row.key['period']:%Y-%m}" if name == "month" else str(row.key[name]) for name in asked.keys
            )
            theirs = shown.pop(tuple(parts))
            assert theirs["n"] == row.n
            assert row.low is None or abs(theirs["low"] - row.low) < 1e-9
        assert not shown

    def test_postgresql_says_what_the_product_says(
        self, lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("VOICELOOP_BENCH", str(tmp_path))
        with postgres_rival.filled(lake) as postgres:
            for asked in questions.of(lake):
                rows = postgres.run(postgres.sql(asked))
                columns = zip(
                    (*asked.keys, "n", "value", "low", "high"), zip(*rows, strict=True), strict=True
                )
                assert measuring.is_equal(asked.measured(lake), {k: list(v) for k, v in columns}, asked)


class TestDashboard:
    def test_every_question_is_read_from_cubes_and_an_uncovered_one_says_so(self, tmp_path: Path) -> None:
        fill(tmp_path / "lake", 2_000, months=4, today=date(2026, 10, 31))
        found = dashboards.measure(Lake(tmp_path / "lake"), 0.1)
        assert found["from_rows"] == []
        assert found["uncovered"]["source"] == ["rows"]
        assert set(found["questions"]) == set(_names())
        assert found["cubes"]["months"] == 4


class TestClock:
    def test_everybody_has_as_many_turns_and_one_that_does_not_count(self) -> None:
        turns: list[str] = []
        in_turn({name: lambda name=name: turns.append(name) for name in "abc"}, 3)
        assert "".join(turns) == "abc" + "abc" + "bca" + "cab"

    def test_work_is_counted(self) -> None:
        found = spent(lambda: sum(i * i for i in range(300_000)))
        assert 0 < found.cpu < 60

    def test_one_slow_turn_is_not_the_figure(self) -> None:
        assert middle([Spent(1, 2), Spent(1, 2), Spent(50, 90)]) == Spent(1, 2)


class TestLakes:
    def test_it_is_made_once(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("VOICELOOP_BENCH", str(tmp_path))
        first = lakes.of_responses(1_000).as_of("answers")
        assert lakes.of_responses(1_000).as_of("answers") == first
        assert [path.name for path in tmp_path.iterdir()] == ["responses-1000"]


class TestParts:
    @pytest.mark.parametrize("words", [("spark", "measure"), ("--only", "spark,measure")])
    def test_they_are_named_either_way(self, words: tuple[str, ...]) -> None:
        assert bench.chosen(words).parts == ["measure", "spark"]

    def test_without_a_name_all_are_measured(self) -> None:
        assert bench.chosen([]).parts == list(bench.PARTS)

    @pytest.mark.parametrize("words", [("dance",), ("--scale", "0"), ("--responses", "-1"), ("--only", "x")])
    def test_what_cannot_be_is_refused(
        self, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as end:
            bench.chosen(words)
        assert end.value.code == 2
        assert "error" in capsys.readouterr().err

    def test_only_parts_of_the_product_start_it(self) -> None:
        with bench.product_of(["measure", "spark"]) as running:
            assert running is None


def _names() -> list[str]:
    from voiceloop.bench.asking import dashboard

    return list(dashboard(date(2026, 10, 31)))
