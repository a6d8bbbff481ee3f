"""Stored sums in place of rows: the same figures, never stale ones."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from itertools import cycle, islice

import pytest

from voiceloop.analytics import Lake, cubes, measure
from voiceloop.analytics.cube import CUBES
from voiceloop.analytics.cubes import Cubes

pytestmark = pytest.mark.requirement(87, 200)

FIRST, DAYS = date(2026, 1, 10), 100
SCALES = (("nps", "nps_0_10", 11), ("csat", "csat_1_5", 5), ("ces", "ces_1_7", 7), ("nps", "nps_signed", 21))


def some(n, start=0, months=None):
    """Answers of several questions and scales, over days and dimensions that repeat at different lengths."""
    rows = []
    for i in range(start, start + n):
        question, scale, points = SCALES[i % len(SCALES)]
        low = {"nps_0_10": 0, "nps_signed": -10}.get(scale, 1)
        place = i % 6
        rows.append(
            {
                "answer_id": i,
                "response_id": i,
                "question": question,
                "scale": scale,
                "score": low + (i * 7) % points,
                "day": FIRST + timedelta(days=(i * 13) % DAYS),
                "touchpoint": ("till", "call", None)[i % 3],
                "channel": ("web", "sms")[i % 2],
                "segment": ("new", "old", "lost")[(i // 2) % 3],
                "region": ("east", "west")[place // 3],
                "unit": f"s{place}",
                "team": f"t{place}",
                "agent": f"a{i % 12}",
                "language": ("zh", "en")[(i // 5) % 2],
            }
        )
    return rows


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A lake with its cubes, made once: nobody writes to it."""
    lake = Lake(tmp_path_factory.mktemp("cubed") / "lake")
    lake.append("answers", some(3000))
    Cubes(lake).rebuild()
    return lake


@pytest.fixture
def cubed(made, tmp_path):
    """The same in a folder of its own, to be changed."""
    shutil.copytree(made.path, tmp_path / "own")
    return Lake(tmp_path / "own")


def figures(lake, metric, **asked):
    found = measure(lake, metric, min_n=1, **asked)
    return found.source, [(dict(row.key), row.n, row.value, row.low, row.high) for row in found.rows]


QUESTIONS = [
    {},
    {"every": "month"},
    {"every": "week", "by": ["channel"]},
    {"every": "quarter", "by": ["segment"]},
    {"by": ["touchpoint", "segment"], "where": {"channel": "web"}},
    {"by": ["agent"], "where": {"region": ["east", "west"], "unit": ["s1", "s4"]}},
    {"by": ["unit"], "since": date(2026, 2, 3), "until": date(2026, 3, 20)},
    {"by": ["region", "language"], "since": date(2026, 1, 20), "until": date(2026, 4, 1)},
    {"by": ["score_class"], "where": {"touchpoint": [None, "till"]}},
    {"by": ["month", "channel"]},
    {"by": ["scale"]},
    {"where": {"agent": []}},
    {"where": {"month": "2026-03"}, "by": ["team"]},
]


class TestFigures:
    @pytest.mark.parametrize("asked", QUESTIONS, ids=str)
    @pytest.mark.parametrize(
        "metric", ["nps", "nps_signed", "nps_stretched", "weighted_index", "csat", "csat_top_box", "ces"]
    )
    def test_they_are_those_of_the_rows(self, made, metric, asked):
        source, from_cube = figures(made, metric, **asked)
        _, from_rows = figures(made, metric, use_cubes=False, **asked)
        assert [figure[:2] for figure in from_cube] == [figure[:2] for figure in from_rows]
        for one, other in zip(from_cube, from_rows, strict=True):
            assert one[2:] == pytest.approx(other[2:], abs=1e-9, nan_ok=True)
        assert source.startswith("cube ") or metric == "nps_stretched"

    @pytest.mark.parametrize(
        "asked",
        [
            {"weighted": True},
            {"cluster": "unit"},
            {"by": ["source"]},
            {"by": ["attributes.city"]},
            {"by": ["agent"], "where": {"touchpoint": "till"}},
        ],
        ids=str,
    )
    def test_a_question_that_no_cube_covers_says_so(self, made, asked):
        assert measure(made, "nps", **asked).source == "rows"

    def test_the_smallest_that_knows_enough_is_read(self, made):
        sizes = Cubes(made).status()["cubes"]
        source = measure(made, "nps", by=["channel"]).source
        knowing = [cube.name for cube in CUBES if "channel" in cube.dimensions]
        assert source == "cube " + min(knowing, key=lambda name: sizes[name]["n_rows"])
        assert measure(made, "nps", by=["agent"], every="week").source == "cube agent_day"


class TestRebuild:
    def test_nothing_is_made_twice(self, cubed):
        assert Cubes(cubed).rebuild() == 0
        assert Cubes(cubed).stale() == ()

    def test_a_changed_month_is_read_from_its_rows_until_it_is_made_again(self, cubed):
        before = measure(cubed, "nps").one.n
        cubed.append("answers", [row for row in some(400, 5000) if row["day"].month == 2])
        assert Cubes(cubed).stale() == ("2026-02",)
        added = sum(1 for row in some(400, 5000) if row["day"].month == 2 and row["scale"] == "nps_0_10")
        assert measure(cubed, "nps").one.n == before + added
        assert measure(cubed, "nps").source.startswith("cube ")
        assert Cubes(cubed).rebuild() == 1
        assert measure(cubed, "nps").one.n == before + added

    def test_later_rows_are_read_beside_the_cube(self, cubed):
        before = measure(cubed, "nps").one.n
        cubed.append("answers", some(200, 7000))
        assert Cubes(cubed).broken() == ()
        assert len(Cubes(cubed).stale()) == 4
        added = sum(1 for row in some(200, 7000) if row["scale"] == "nps_0_10")
        found = measure(cubed, "nps")
        assert (found.one.n, found.source[:5]) == (before + added, "cube ")
        cubed.compact("answers")
        assert len(Cubes(cubed).broken()) == 4
        assert measure(cubed, "nps").one.n == before + added

    def test_deleted_rows_are_gone_at_once(self, cubed):
        assert "s2" in [row.key["unit"] for row in measure(cubed, "nps", by=["unit"]).rows]
        cubed.delete("answers", "unit", ["s2"])
        assert "s2" not in [row.key["unit"] for row in measure(cubed, "nps", by=["unit"]).rows]
        Cubes(cubed).rebuild()
        assert measure(cubed, "nps", by=["unit"]).source.startswith("cube ")
        assert "s2" not in [row.key["unit"] for row in measure(cubed, "nps", by=["unit"]).rows]

    def test_a_cube_half_made_is_nobodys(self, cubed, monkeypatch):
        cubed.append("answers", some(50, 9000))
        whole = figures(cubed, "nps", every="month")[1]
        monkeypatch.setattr(Cubes, "_publish", lambda self, kept: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            Cubes(cubed).rebuild()
        monkeypatch.undo()
        assert figures(Lake(cubed.path), "nps", every="month")[1] == whole
        Cubes(cubed).rebuild()
        assert figures(cubed, "nps", every="month")[1] == whole

    def test_those_of_another_version_are_made_anew(self, cubed):
        manifest = cubed.path / "cubes" / "manifest.json"
        manifest.write_text(manifest.read_text().replace(cubes.SHAPE, "older"))
        assert measure(cubed, "nps").source == "rows"
        assert Cubes(cubed).rebuild() == 4
        assert measure(cubed, "nps").source.startswith("cube ")

    def test_only_the_months_asked_for_are_made(self, lake):
        lake.append("answers", some(3000))
        assert Cubes(lake).rebuild(frozenset({"2026-02"})) == 1
        assert Cubes(lake).stale() == ("2026-01", "2026-03", "2026-04")

    def test_a_month_without_rows_leaves_no_cube(self, cubed):
        cubed.delete("answers", "month", ["2026-04"])
        Cubes(cubed).rebuild()
        assert all("2026-04" not in parts for parts in Cubes(cubed).parts().values())

    def test_old_files_go_when_nobody_can_hold_them_any_more(self, cubed, monkeypatch):
        monkeypatch.setattr("voiceloop.analytics.cubes.KEPT_SECONDS", -1)
        cubed.append("answers", some(50, 9000))
        Cubes(cubed).rebuild()
        files = list((cubed.path / "cubes").glob("*/month=*/*"))
        assert len(files) == sum(len(parts) for parts in Cubes(cubed).parts().values())
        assert len(files) == len(CUBES) * 4


def test_rows_of_one_question_are_not_asked_for_it(lake):
    lake.append("answers", list(islice((row for row in cycle(some(40)) if row["scale"] == "nps_0_10"), 10)))
    assert lake.scan("answers", None, None).certain == {"question=nps", "scale=nps_0_10", "score"}
    assert measure(lake, "nps").one.n == 10
    lake.append("answers", some(40, 100))
    assert lake.scan("answers", None, None).certain == {"score"}
    assert measure(lake, "nps").one.n == 20
