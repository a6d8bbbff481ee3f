"""A real survey of airport passengers gives the figures that are known for it."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from voiceloop.analytics import FileSource, measure
from voiceloop.analytics.distribution import distribution

REAL = Path(__file__).parents[3] / "shared" / "data" / "sfo_survey" / "nps_2017.csv"
COLUMNS = {"score": "recommend_0_10", "weight": "weight"}


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    """The survey where it is at hand, else a seeded file of its shape; with its known figures."""
    if REAL.is_file():
        return REAL, 2746, 39.84, 40.40
    path = tmp_path_factory.mktemp("golden") / "survey.csv"
    return path, *_made(path)


def _made(path):
    draw = random.Random(2017)
    rows = [(draw.choice(["", *map(str, range(4, 11))]), draw.choice([0.5, 1.0, 2.5])) for _ in range(2000)]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("recommend_0_10", "weight"), *rows])
    scored = [((int(score) >= 9) - (int(score) <= 6), weight) for score, weight in rows if score]
    raw = 100 * sum(x for x, _ in scored) / len(scored)
    weighted = 100 * sum(x * w for x, w in scored) / sum(w for _, w in scored)
    return len(scored), round(raw, 2), round(weighted, 2)


@pytest.mark.requirement(1)
class TestTheSurvey:
    def test_its_nps_is_the_known_one(self, survey):
        path, n, raw, _ = survey
        row = measure(FileSource(path, COLUMNS), "nps").one
        assert (row.n, round(row.value, 2)) == (n, raw)
        assert row.low < raw < row.high

    def test_its_weighted_nps_is_the_known_one(self, survey):
        path, n, _, weighted = survey
        row = measure(FileSource(path, COLUMNS), "nps", weighted=True).one
        assert (row.n, round(row.value, 2)) == (n, weighted)
        assert row.parts.effective_n < n

    def test_its_classes_give_the_same_nps(self, survey):
        path, n, raw, _ = survey
        found = distribution(FileSource(path, COLUMNS))
        assert found.n == n
        assert found.classes["promoter"] - found.classes["detractor"] == pytest.approx(raw, abs=0.005)


class TestTheMadeOne:
    def test_it_is_the_same_every_time(self, tmp_path):
        assert _made(tmp_path / "a.csv") == _made(tmp_path / "b.csv")
        assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
