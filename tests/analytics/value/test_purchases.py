"""Purchases and what is read off them: dirt, kinds, stages, cohorts, value and the back-test."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.backtest import backtest
from voiceloop.analytics.value.cells import day_of
from voiceloop.analytics.value.cohorts import cohorts, retention
from voiceloop.analytics.value.lifetime import lifetime
from voiceloop.analytics.value.rfm import KINDS, rfm
from voiceloop.analytics.value.simulated import shoppers
from voiceloop.analytics.value.stages import NOT_YET, STAGES, Limits, courses, limits, stages, transitions
from voiceloop.analytics.value.transactions import purchases

TODAY = 20_700
LINES = {
    "who": ["a", "a", "a", "b", "", "c", "c", "d"],
    "at": [
        "2026-01-01 10:00", "2026-01-01 18:00", "2026-02-01 09:00", "2026-01-05 08:00", "2026-01-05 08:00",
        "2026-01-09 07:00", "2026-01-09 07:00", "soon",
    ],
    "paid": ["10", "5", "-4", "7", "3", "8", "8", "1"],
    "line": ["1", "2", "3", "4", "5", "6", "6", "7"],
}  # fmt: skip


@pytest.fixture(scope="module")
def crowd():
    return shoppers(700, seed=11)


class TestPurchases:
    def test_a_day_counts_once_and_dirt_is_counted(self):
        found = purchases(LINES, "who", "at", "paid")
        assert found.keys == ("a", "b", "c")
        assert found.amount.tolist() == [15.0, 7.0, 8.0]
        dirt = found.dirt
        assert (dirt.no_customer, dirt.no_time, dirt.returns, dirt.repeated) == (1, 1, 1, 1)

    def test_returns_are_taken_off_the_value(self):
        found = purchases(LINES, "who", "at", "paid").summary("day")
        assert found.net.tolist() == [11.0, 7.0, 8.0]

    def test_the_same_line_on_the_same_day_is_no_mistake_without_a_clock(self):
        days = {**LINES, "at": [at[:10] for at in LINES["at"]]}
        assert purchases(days, "who", "at", "paid").dirt.repeated == 0

    def test_a_quantity_multiplies_the_price(self):
        table = {"c": ["a"], "t": ["2026-01-01"], "price": ["2.5"], "n": ["4"]}
        assert purchases(table, "c", "t", "price", times="n").amount.tolist() == [10.0]

    def test_nothing_left_is_said(self):
        with pytest.raises(AnalyticsError, match="No row"):
            purchases({"c": [""], "t": ["2026-01-01"], "x": [1]}, "c", "t", "x")

    def test_what_comes_later_is_not_known_before(self, crowd):
        day = crowd.first_day + 150
        past = crowd.before(day)
        assert past.day.max() < day
        assert past.summary("day").last.max() < day

    @given(st.permutations(range(8)))
    def test_the_order_of_rows_does_not_matter(self, order):
        turned = {name: [values[i] for i in order] for name, values in LINES.items()}
        assert purchases(turned, "who", "at", "paid").amount.tolist() == [15.0, 7.0, 8.0]


@pytest.mark.requirement(93)
class TestRfm:
    def test_everyone_has_one_kind_and_scores_from_1_to_5(self, crowd):
        found = rfm(crowd)
        assert sum(one.n for one in found.segments()) == len(crowd.keys)
        assert sum(one.value_share for one in found.segments()) == pytest.approx(1)
        for scores in (found.r, found.f, found.m):
            assert (scores.min() >= 1) & (scores.max() <= 5)

    def test_equal_values_have_equal_scores(self, crowd):
        found = rfm(crowd)
        for count in np.unique(found.frequency):
            assert len(set(found.f[found.frequency == count].tolist())) == 1

    def test_the_best_are_recent_often_and_dear(self, crowd):
        found = rfm(crowd)
        best = found.kind == [one.code for one in KINDS].index("high_value")
        assert found.money[best].mean() > 2 * found.money[~best].mean()
        assert found.recency_days[best].mean() < found.recency_days[~best].mean()


class TestStages:
    def test_each_is_what_its_rule_says(self):
        days = {
            "new": [-10],
            "loyal": [-120, -90, -60, -40, -20, -5],
            "at_risk": [-100, -70],
            "lapsed": [-200],
            "returning": [-300, -5],
            "growing": [-60, -30],
        }
        rows = [(name, day_of(TODAY + day).isoformat()) for name, several in days.items() for day in several]
        table = {"c": [name for name, _ in rows], "t": [day for _, day in rows], "x": [1] * len(rows)}
        of = purchases(table, "c", "t", "x", until=TODAY)
        found = stages(of, Limits(60, 150))
        got = {key: STAGES[code].code for key, code in zip(found.keys, found.stage.tolist(), strict=True)}
        assert got == {name: name for name in days}

    def test_a_regular_has_as_many_purchases_as_the_company_says(self, crowd):
        few, many = (stages(crowd, Limits(60, 150, regular)).counts()["loyal"] for regular in (2, 9))
        assert few > many

    @pytest.mark.requirement(97)
    def test_a_course_says_what_a_look_on_that_day_would_have_said(self, crowd):
        limit = limits(crowd)
        found = courses(crowd, (0, 90), limit)
        then = stages(crowd.before(crowd.until - 89), limit)
        assert found[:, 0].tolist() == stages(crowd, limit).stage.tolist()
        known = dict(zip(then.keys, then.stage.tolist(), strict=True))
        assert found[:, 1].tolist() == [known.get(key, NOT_YET) for key in crowd.keys]

    def test_moves_between_stages_hold_everyone_of_before(self, crowd):
        counts, shares = transitions(crowd)
        assert counts.sum() == len(crowd.before(crowd.until - 29).keys)
        assert np.allclose(shares.sum(axis=1)[counts.sum(axis=1) > 0], 1)


@pytest.mark.requirement(16)
class TestCohorts:
    def test_they_hold_everyone_once_and_start_at_everyone(self, crowd):
        found = cohorts(crowd)
        assert sum(one.n for one in found) == len(crowd.keys)
        assert all(one.periods[0].share == 1 for one in found)

    def test_an_interval_holds_its_share(self, crowd):
        for one in retention(crowd):
            assert one.low <= one.share <= one.high


@pytest.mark.requirement(18)
class TestLifetime:
    def test_the_total_lies_within_its_interval(self, crowd):
        total = lifetime(crowd).total()
        assert total.low < total.expected < total.high
        assert total.historic == pytest.approx(crowd.amount.sum())

    def test_a_higher_discount_is_worth_less(self, crowd):
        dear, cheap = (lifetime(crowd, discount=rate, draws=20).expected for rate in (0.0, 0.5))
        assert np.all(cheap <= dear + 1e-9)

    def test_parts_add_up_to_the_whole(self, crowd):
        found = lifetime(crowd, draws=20)
        half = np.arange(len(crowd.keys)) % 2 == 0
        assert found.total(half).expected + found.total(~half).expected == pytest.approx(
            found.total().expected
        )

    def test_returned_money_is_worth_nothing(self, crowd):
        back = type(crowd)(
            crowd.keys,
            crowd.customer,
            crowd.day,
            crowd.amount,
            np.bincount(crowd.customer, crowd.amount) / 2,
            crowd.until,
        )
        assert lifetime(back, draws=20).expected.sum() == pytest.approx(
            lifetime(crowd, draws=20).expected.sum() / 2
        )


@pytest.mark.requirement(81)
class TestBacktest:
    def test_it_is_nearer_than_naive_rules_where_the_model_holds(self):
        found = backtest(shoppers(3000, seed=5)).purchases
        model = found["model"].root_mean_square
        assert model < min(found[name].root_mean_square for name in ("naive", "same again", "mean"))

    def test_its_intervals_hold_what_came(self):
        held = [backtest(shoppers(800, seed=seed)).covered for seed in (1, 2, 3)]
        assert 0.85 < np.mean(held) < 0.99
