"""Figures and comparisons over a lake."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceloop.analytics import AnalyticsError, Lake, compare, measure, metrics
from voiceloop.analytics.engines import engine
from voiceloop.analytics.plan import Question, conditions, sums
from voiceloop.analytics.schema import TABLES
from voiceloop.analytics.stats.parts import Parts

SUNDAY = date(2026, 3, 1)


@pytest.fixture
def answered(lake, table):
    """Ten answers in five weeks from a Sunday on, of two channels; one without a team."""
    scores = (10, 9, 9, 10, 8, 7, 3, 6, 10, 0)
    rows = [
        {
            "score": float(score),
            "scale": "nps_0_10",
            "question": "nps",
            "day": SUNDAY + timedelta(days=3 * i),
            "channel": "sms" if i % 2 else "web",
            "team": None if i == 0 else "north",
            "weight": 2.0 if i < 2 else 1.0,
        }
        for i, score in enumerate(scores)
    ]
    lake.append("answers", table("answer_id", rows))
    return lake


def values(result):
    return {tuple(row.key.values()): row.value for row in result.rows}


def counts(result):
    return {tuple(row.key.values()): row.n for row in result.rows}


@pytest.mark.requirement(1)
class TestMeasure:
    def test_it_carries_n_interval_method_and_date(self, answered):
        result = measure(answered, "nps")
        assert (result.one.n, result.one.value) == (10, 20)
        assert result.one.low < 20 < result.one.high
        assert result.method == "adjusted Wald, 3 pseudo-answers (¾, 1½, ¾), 0.95"
        assert result.as_of == answered.as_of("answers")

    def test_it_has_no_value_where_nobody_answered(self, lake):
        row = measure(lake, "nps", min_n=0).one
        assert (row.n, row.value, row.low, row.high) == (0, None, None, None)

    @pytest.mark.requirement(6)
    def test_it_groups_by_any_columns(self, answered):
        assert values(measure(answered, "nps", by=["channel"])) == {("sms",): 0, ("web",): 40}
        assert counts(measure(answered, "nps", by=["team", "channel"])) == {
            ("north", "sms"): 5,
            ("north", "web"): 4,
            (None, "web"): 1,
        }

    def test_it_withholds_small_groups_but_not_their_size(self, answered):
        row = measure(answered, "nps", by=["team"], min_n=5).rows[-1]
        assert (row.key["team"], row.n, row.value, row.low) == (None, 1, None, None)

    def test_it_measures_weeks_from_monday(self, answered):
        found = counts(measure(answered, "nps", every="week"))
        assert found == {
            (date(2026, 2, 23),): 1,
            (date(2026, 3, 2),): 2,
            (date(2026, 3, 9),): 2,
            (date(2026, 3, 16),): 3,
            (date(2026, 3, 23),): 2,
        }

    @pytest.mark.parametrize(
        ("every", "first", "n"),
        [("month", SUNDAY, 10), ("quarter", date(2026, 1, 1), 10), ("year", date(2026, 1, 1), 10)],
    )
    def test_it_measures_months_quarters_and_years(self, answered, every, first, n):
        assert counts(measure(answered, "nps", every=every)) == {(first,): n}

    def test_it_shows_a_period_without_answers(self, lake, answers):
        lake.append("answers", answers([9], day=date(2026, 1, 5)))
        lake.append("answers", answers([9], first=2, day=date(2026, 3, 5)))
        assert [row.n for row in measure(lake, "nps", every="month").rows] == [1, 0, 1]

    def test_it_counts_from_since_up_to_but_not_until(self, answered):
        found = measure(
            answered, "nps", since=SUNDAY + timedelta(days=3), until=SUNDAY + timedelta(days=9)
        ).one
        assert found.n == 2

    @pytest.mark.parametrize(
        ("where", "n"),
        [
            ({"channel": "web"}, 5),
            ({"channel": ["web", "sms"]}, 10),
            ({"channel": []}, 0),
            ({"team": None}, 1),
            ({"team": ["north", None]}, 10),
            ({"channel": "x' OR 'a' = 'a"}, 0),
            ({"score_class": "detractor"}, 3),
            ({"answer_id": [1, 2]}, 2),
            ({"day": SUNDAY}, 1),
        ],
    )
    def test_it_filters(self, answered, where, n):
        assert measure(answered, "nps", where=where).one.n == n

    def test_it_weighs_answers_and_uses_their_effective_number(self, answered):
        plain, weighted = measure(answered, "nps").one, measure(answered, "nps", weighted=True).one
        assert weighted.value == pytest.approx(100 * 4 / 12)
        assert weighted.parts.effective_n == pytest.approx(144 / 16)
        assert (weighted.n, plain.n) == (10, 10)

    def test_it_sees_a_commit_at_once(self, answered, answers):
        assert measure(answered, "nps").one.n == 10
        answered.append("answers", answers([10], first=11))
        assert measure(answered, "nps").one.n == 11

    def test_it_takes_a_metric_of_ones_own(self, answered):
        index = metrics()["weighted_index"].weighing(promoter=2, detractor=-1)
        assert measure(answered, index).one.value == 100 * (2 * 5 - 3) / 10

    def test_it_reports_plain_types(self, answered):
        import json

        result = measure(answered, "nps", by=["channel"], every="month", where={"day": SUNDAY})
        assert json.loads(json.dumps(result.to_dict()))["rows"][0]["key"] == {
            "channel": "web",
            "period": "2026-03-01",
        }

    def test_it_reports_an_arrow_table(self, answered):
        found = measure(answered, "nps", by=["team"]).to_arrow().to_pydict()
        assert found["team"] == ["north", None]
        assert found["n"] == [9, 1]
        assert found["value"][1] is None

    @pytest.mark.parametrize(
        ("asked", "why"),
        [
            ({"metric": "npss"}, "Unknown metric"),
            ({"by": ["colour"]}, "No such column: colour"),
            ({"where": {"colour": 1}}, "No such column: colour"),
            ({"every": "decade"}, "Unknown period"),
            ({"where": {"scale": "csat_1_5"}}, "not defined on the scale"),
            ({"where": {"scale": "nps"}}, "Unknown scale"),
        ],
    )
    def test_it_says_what_it_does_not_know(self, answered, asked, why):
        with pytest.raises(AnalyticsError, match=why):
            measure(answered, **{"metric": "nps", **asked})


class TestScalesAreNeverPooled:
    @pytest.fixture
    def mixed(self, lake, answers):
        lake.append("answers", answers([5, 4, 3, 5, 4, 5], scale="csat_1_5", question="csat", channel="web"))
        lake.append("answers", answers([9, 10], scale="csat_1_10", question="csat", channel="sms", first=7))
        return lake

    @pytest.mark.requirement(2, 8)
    def test_the_one_with_most_answers_is_measured_and_the_rest_is_told(self, mixed):
        result = measure(mixed, "csat", min_n=1)
        assert (result.scale, result.one.n, result.left_out) == ("csat_1_5", 6, {"csat_1_10": 2})
        assert result.one.value == pytest.approx(26 / 6)

    def test_another_can_be_asked_for(self, mixed):
        result = measure(mixed, "csat", where={"scale": "csat_1_10"}, min_n=1)
        assert (result.one.value, result.scale, result.left_out) == (9.5, "csat_1_10", {})

    def test_they_can_stand_side_by_side_but_not_be_compared(self, mixed):
        a, b = measure(mixed, "csat", by=["scale"], min_n=1).rows
        assert (a.scale, b.scale) == ("csat_1_10", "csat_1_5")
        with pytest.raises(AnalyticsError, match="one scale"):
            compare(a, b)

    def test_groups_are_all_on_the_chosen_one(self, mixed):
        assert counts(measure(mixed, "csat", by=["channel"])) == {("web",): 6}

    def test_signed_answers_do_not_enter_nps(self, mixed, answers):
        mixed.append("answers", answers([-10] * 9 + [10], scale="nps_signed", first=20))
        assert measure(mixed, "nps").one.n == 0
        assert measure(mixed, "nps_signed").one.value == -80


class TestAnotherQuestion:
    def test_its_answers_do_not_enter_csat(self, lake, answers):
        lake.append("answers", answers([5, 5], scale="csat_1_5", question="csat"))
        lake.append("answers", answers([1], scale="csat_1_5", question="rate_food", first=3))
        assert measure(lake, "csat", min_n=1).one.value == 5
        assert measure(lake, "csat", where={"question": "rate_food"}, min_n=1).one.value == 1


class TestCompare:
    def figures(self, lake, answers, a, b):
        lake.append("answers", answers(a, channel="a"))
        lake.append("answers", answers(b, channel="b", first=10_000))
        return measure(lake, "nps", by=["channel"], min_n=1).rows

    def test_it_calls_a_large_difference_a_signal(self, lake, answers):
        found = compare(*self.figures(lake, answers, [10] * 60 + [0] * 20, [10] * 40 + [0] * 40))
        assert found.verdict == "signal"
        assert found.difference == 50
        assert 0 < found.low < 50 < found.high
        assert found.p_value < 0.01

    def test_it_calls_a_small_difference_noise(self, lake, answers):
        found = compare(*self.figures(lake, answers, [10] * 6 + [0] * 2, [10] * 5 + [0] * 3))
        assert found.verdict == "noise"
        assert found.low < 0 < found.high

    def test_it_finds_nothing_where_nothing_is_shown(self, lake, answers):
        lake.append("answers", answers([10] * 9))
        now, never = measure(lake, "nps").one, measure(lake, "nps", where={"team": "x"}).one
        assert compare(now, never).difference is None
        assert compare(now, never).verdict == "noise"

    def test_it_refuses_two_metrics(self, lake, answers):
        lake.append("answers", answers([10] * 9))
        with pytest.raises(AnalyticsError, match="one metric"):
            compare(measure(lake, "nps").one, measure(lake, "weighted_index").one)


class TestSums:
    @pytest.mark.parametrize(
        ("name", "asked"),
        [
            ("nps", {}),
            ("nps_weighted_by_week", {"by": ("channel",), "every": "week", "weighted": True}),
            (
                "csat_by_attribute",
                {"by": ("attributes.city",), "where": conditions({"unit": ["a", "b"], "team": None})},
            ),
            ("recovery_rate", {"since": SUNDAY, "until": date(2026, 4, 1)}),
        ],
    )
    def test_it_is_the_known_query(self, snapshot, name, asked):
        metric = next(
            metrics()[known] for known in ("nps", "csat", "recovery_rate") if name.startswith(known)
        )
        question = Question(metric, tuple(TABLES[metric.table].columns), **asked)
        snapshot(f"{name}.sql", engine().sql(sums(question)) + "\n")


ROWS = st.lists(
    st.tuples(st.integers(0, 10), st.sampled_from("abc"), st.dates(date(2025, 11, 1), date(2026, 2, 28))),
    min_size=1,
    max_size=40,
)


class TestAgainstCountingByHand:
    @settings(max_examples=25)
    @given(rows=ROWS)
    def test_groups_and_periods_add_up_to_the_whole(self, rows):
        import pyarrow as pa

        lake = Lake(Path(mkdtemp()))
        columns = {
            "score": [float(s) for s, _, _ in rows],
            "channel": [c for _, c, _ in rows],
            "day": [d for *_, d in rows],
        }
        n = len(rows)
        fixed = {"answer_id": list(range(n)), "question": ["nps"] * n, "scale": ["nps_0_10"] * n}
        lake.append("answers", pa.table(columns | fixed))
        x = [1 if score >= 9 else -1 if score <= 6 else 0 for score, _, _ in rows]
        by_hand = Parts.of([float(value) for value in x])
        for asked in ({}, {"by": ["channel"]}, {"every": "week"}, {"every": "quarter", "by": ["channel"]}):
            assert measure(lake, "nps", **asked).total == by_hand
        assert measure(lake, "nps", min_n=1).one.value == pytest.approx(100 * sum(x) / n)


def test_a_month_without_answers_between_two_has_no_clusters(lake, answers):
    for month in (1, 3):
        lake.append(
            "answers", answers([10] * 4 + [0] * 2, first=month * 100, day=date(2026, month, 5), unit="a")
        )
    found = measure(lake, "nps", every="month", cluster="unit", min_n=1)
    assert [row.n for row in found.rows] == [6, 0, 6]
