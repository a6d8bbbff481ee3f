"""`voiceloop explain`: the parts on screen, as JSON, and one sentence for what is wrong."""

from __future__ import annotations

import argparse
import json
from datetime import date

import pytest

from voiceloop.analytics import Lake
from voiceloop.analytics.commands_change import add_explain, period
from voiceloop.analytics.errors import AnalyticsError


@pytest.fixture
def explain(capsys):
    def run(*words):
        parser = argparse.ArgumentParser()
        add_explain(parser.add_subparsers())
        args = parser.parse_args(["explain", *(str(word) for word in words), "--lang", "en"])
        code = args.run(args)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def file(tmp_path):
    rows = [
        ("2026-08-05", "上海", 10, 12),
        ("2026-08-31", "北京", 4, 6),
        ("2026-09-01", "上海", 10, 6),
        ("2026-09-30", "北京", 3, 12),
    ]
    lines = [f"{day},{shop},{score}" for day, shop, score, n in rows for _ in range(n)]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(["日期,城市,推荐分", *lines]), encoding="utf-8")
    return path


PERIODS = ("--before", "2026-08", "--after", "2026-09")


@pytest.mark.requirement(45)
class TestExplain:
    def test_it_explains_a_file(self, explain, file):
        code, out, _ = explain("nps", file, "--score", "推荐分", "--date", "日期", *PERIODS, "--by", "城市")
        assert code == 0
        assert out.startswith("Net Promoter Score fell by 66.7 points, from 33.3 to −33.3")
        assert [line.split()[0] for line in out.splitlines()[2:5]] == ["上海", "北京", "all"]

    def test_it_gives_json_that_adds_up(self, explain, file):
        code, out, _ = explain(
            "nps", file, "--score", "推荐分", "--date", "日期", *PERIODS, "--by", "城市", "--json"
        )
        found = json.loads(out)
        assert code == 0
        assert found["mix"] + found["within"] == pytest.approx(found["change"], abs=1e-9)
        assert {group["key"]["城市"] for group in found["groups"]} == {"上海", "北京"}

    def test_it_explains_the_lake(self, explain, tmp_path):
        lake = Lake(tmp_path / "lake")
        fixed = {"question": "nps", "scale": "nps_0_10", "channel": "web"}
        lake.append(
            "answers",
            [
                {**fixed, "answer_id": i, "response_id": i, "score": 9.0, "day": date(2026, 8 + i % 2, 3)}
                for i in range(20)
            ],
        )
        code, out, _ = explain("nps", *PERIODS, "--by", "channel", "--lake", tmp_path / "lake")
        assert code == 0
        assert "no more than chance" in out

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("nps", "--before", "2026-13", "--after", "2026-09"), "no period"),
            (("nps", "--before", "2026-09-05..2026-09-01", "--after", "2026-10"), "ends before it begins"),
            (("nps", "--before", "2026-08", "--after", "2026-08-20..2026-09-20"), "overlap"),
            (("nqs", *PERIODS), "nps"),
            (("nps", "--before", "2020", "--after", "2026-09"), "only 0 rows"),
        ],
    )
    def test_it_says_in_one_sentence_what_is_wrong(self, explain, file, words, said):
        metric, *periods = words
        code, out, err = explain(
            metric, file, "--score", "推荐分", "--date", "日期", *periods, "--by", "城市"
        )
        assert (code, out) == (2, "")
        assert said in err
        assert err.count("\n") == 1


class TestPeriod:
    @pytest.mark.parametrize(
        ("text", "days"),
        [
            ("2026", (date(2026, 1, 1), date(2027, 1, 1))),
            ("2026-08..2026-09", (date(2026, 8, 1), date(2026, 10, 1))),
            ("2026-08-31", (date(2026, 8, 31), date(2026, 9, 1))),
        ],
    )
    def test_it_holds_both_ends(self, text, days):
        assert period(text) == days

    @pytest.mark.parametrize("text", ["", "..", "2026-08..", "yesterday", "2026-02-30"])
    def test_it_refuses_what_is_none(self, text):
        with pytest.raises(AnalyticsError, match="period"):
            period(text)
