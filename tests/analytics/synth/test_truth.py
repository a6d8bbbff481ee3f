"""Each planted truth, found again in the tables by plain numpy, with an interval that covers it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from voiceloop.analytics.drivers.deeds import deed
from voiceloop.analytics.drivers.misfits import misfits
from voiceloop.analytics.stats.retest import fitted
from voiceloop.analytics.synth import Company

Frame = dict[str, np.ndarray]

DAY = 86_400 * 1_000_000


def nps(scores: np.ndarray) -> float:
    known = scores[~np.isnan(scores.astype(float))]
    return float(100 * ((known >= 9).mean() - (known <= 6).mean()))


def mean_interval(values: np.ndarray, z: float = 3.29) -> tuple[float, float]:
    """99.9% interval of a mean."""
    half = z * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean() - half), float(values.mean() + half)


def mean_interval_of_people(values: np.ndarray, who: np.ndarray, z: float = 3.29) -> tuple[float, float]:
    """The same where some values are of one person, and so hang together."""
    of = np.unique(who, return_inverse=True)[1]
    half = z * np.sqrt((np.bincount(of, values - values.mean()) ** 2).sum()) / len(values)
    return float(values.mean() - half), float(values.mean() + half)


def share_interval(hits: int, n: int, z: float = 3.29) -> tuple[float, float]:
    """99.9% Wilson interval of a share."""
    share, extra = hits / n, z * z / n
    middle = (share + extra / 2) / (1 + extra)
    half = z * np.sqrt(share * (1 - share) / n + extra / (4 * n)) / (1 + extra)
    return middle - half, middle + half


def periods(frame: Frame, chain: Company) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of the three months before the strain, of the strain, and of the pilot; dining only."""
    dining, month = frame["programme"] == "dining", frame["month"]
    return (
        dining & (month >= 24) & (month < 27),
        dining & (month >= 27) & (month < 30),
        dining & (month >= 30),
    )


def in_pilot_store(frame: Frame, chain: Company) -> np.ndarray:
    return np.isin(frame["unit"], chain.truth["pilot_stores"])


def difference_in_differences(
    values: np.ndarray, treated: np.ndarray, before: np.ndarray, after: np.ndarray
) -> tuple[float, float]:
    """99.9% interval of (treated after - before) - (others after - before)."""
    cells = [
        values[after & treated],
        values[before & treated],
        values[after & ~treated],
        values[before & ~treated],
    ]
    means = [cell.mean() for cell in cells]
    half = 3.29 * np.sqrt(sum(cell.var(ddof=1) / len(cell) for cell in cells))
    change = (means[0] - means[1]) - (means[2] - means[3])
    return float(change - half), float(change + half)


def slope_interval(y: np.ndarray, x: np.ndarray, groups: tuple[np.ndarray, ...]) -> tuple[float, float]:
    """99.9% interval of the slope of y on x within the cells of all groups (least squares, robust error)."""
    cell = np.unique(
        np.stack([np.unique(group, return_inverse=True)[1] for group in groups]), axis=1, return_inverse=True
    )[1].ravel()
    centred = [
        column - (np.bincount(cell, column) / np.bincount(cell))[cell] for column in (y.astype(float), x)
    ]
    squares = (centred[1] ** 2).sum()
    slope = (centred[0] * centred[1]).sum() / squares
    half = 3.29 * np.sqrt((((centred[0] - slope * centred[1]) * centred[1]) ** 2).sum()) / squares
    return float(slope - half), float(slope + half)


def is_late(orders: Frame) -> np.ndarray:
    return (orders["kind"] == "delivery") & (orders["wait_minutes"] > orders["promised_minutes"])


def from_handover(orders: Frame, complaint: np.ndarray) -> tuple[int, int]:
    """Complaints whose hand-over took longest beyond its usual time, and all: no hidden truth is used."""
    steps = np.stack([orders[f"{step}_minutes"] for step in ("handover", "ride", "prep")])
    usual = np.array([[4.0], [18.0], [15.0]])
    slowest = (steps[:, complaint] - usual).argmax(axis=0)
    return int((slowest == 0).sum()), int(complaint.sum())


class TestServingTime:
    def test_it_drives_the_score_at_the_planted_slope(self, chain: Company, asked: Frame) -> None:
        dining = asked["programme"] == "dining"
        groups = tuple(asked[name][dining] for name in ("kind", "unit", "month"))
        low, high = slope_interval(asked["true_nps"][dining], asked["wait_minutes"][dining], groups)
        assert low < chain.truth["serving_slope_score"] < high
        assert high - low < 0.02

    def test_it_is_seen_in_the_answers_as_well(self, answered: Frame) -> None:
        known = (answered["programme"] == "dining") & ~np.isnan(answered["nps"].astype(float))
        groups = tuple(answered[name][known] for name in ("kind", "unit"))
        _, high = slope_interval(answered["nps"][known], answered["wait_minutes"][known], groups)
        assert high < -0.05


class TestPilot:
    def test_it_cuts_the_serving_time_by_40_percent(self, chain: Company, asked: Frame) -> None:
        before, _, after = periods(asked, chain)
        seated = asked["kind"] == "dine_in"
        low, high = difference_in_differences(
            np.log(asked["wait_minutes"]), in_pilot_store(asked, chain), before & seated, after & seated
        )
        assert low < np.log(chain.truth["pilot_serving_factor"]) < high

    @pytest.mark.parametrize(
        ("score", "truth"), [("true_nps", "pilot_lift_score"), ("true_csat", "pilot_lift_csat")]
    )
    def test_it_lifts_the_scores_by_the_planted_amount(
        self, chain: Company, asked: Frame, score: str, truth: str
    ) -> None:
        before, _, after = periods(asked, chain)
        low, high = difference_in_differences(
            asked[score].astype(float), in_pilot_store(asked, chain), before, after
        )
        assert low < chain.truth[truth] < high
        assert low > 0

    def test_it_brings_35_percent_more_orders(
        self,
        chain: Company,
        frame: Callable[[pa.Table], Frame],
        month_of: Callable[[pa.ChunkedArray], np.ndarray],
    ) -> None:
        orders, month = frame(chain.orders), month_of(chain.orders["at"])
        pilot = in_pilot_store(orders, chain)
        before, after = (month >= 24) & (month < 30), (month >= 30) & (month < 35)
        cells = [
            (after & pilot).sum(),
            (before & pilot).sum(),
            (after & ~pilot).sum(),
            (before & ~pilot).sum(),
        ]
        logs = np.log(cells)
        half = 3.29 * np.sqrt((1 / np.array(cells)).sum())
        assert abs(logs[0] - logs[1] - logs[2] + logs[3] - np.log(chain.truth["pilot_orders_factor"])) < half

    def test_its_stores_tell_the_story_of_82_75_and_88(self, chain: Company, answered: Frame) -> None:
        index = 25 * (answered["csat"].astype(float) - 1)
        pilot = in_pilot_store(answered, chain)
        for rows, told in zip(periods(answered, chain), chain.truth["csat_story"], strict=True):
            low, high = mean_interval(index[rows & pilot])
            assert low < told < high

    def test_stores_without_it_recover_from_the_strain_but_no_further(
        self, chain: Company, asked: Frame
    ) -> None:
        before, strain, after = periods(asked, chain)
        others = ~in_pilot_store(asked, chain)
        index = [25 * (asked["true_csat"][rows & others].mean() - 1) for rows in (before, strain, after)]
        assert index[1] < index[0] - 4
        assert abs(index[2] - index[0]) < 2


class TestLateDeliveries:
    def test_60_percent_of_the_complaints_come_from_the_kitchen_hand_over(
        self, chain: Company, answered: Frame
    ) -> None:
        ticked = np.array(["delivery_speed" in reasons for reasons in answered["reasons"]])
        complaint = is_late(answered) & ticked & (answered["nps"] <= 6)
        hits, n = from_handover(answered, complaint)
        low, high = share_interval(hits, n)
        assert low < chain.truth["late_handover_share"] < high
        assert n > 250

    def test_60_percent_of_the_calls_about_them_do_as_well(
        self, chain: Company, frame: Callable[[pa.Table], Frame]
    ) -> None:
        calls, orders = frame(chain.interactions), frame(chain.orders)
        about = np.array([int(code[1:]) - 1 for code in calls["order"]])[calls["reason"] == "late_delivery"]
        called = {name: column[about] for name, column in orders.items()}
        hits, n = from_handover(called, is_late(called))
        low, high = share_interval(hits, n)
        assert low < chain.truth["late_handover_share"] < high
        assert n > 2_000

    def test_their_comments_blame_the_rider_more_than_the_kitchen(self, answered: Frame) -> None:
        late = [
            comment for comment in answered["comment"] if comment and ("晚了" in comment or "慢了" in comment)
        ]
        assert sum("骑手" in comment for comment in late) > sum("后厨" in comment for comment in late)


class TestSkippingAgent:
    def test_it_skips_unhappy_customers(self, chain: Company, asked: Frame) -> None:
        resolved = np.array(chain.interactions["resolved"].to_pylist())
        contact = np.array(
            [int(code[1:]) - 1 if code else -1 for code in chain.invitations["interaction"].to_pylist()]
        )
        unresolved = (contact >= 0) & ~resolved[contact] & (asked["reason"] != "opted_out")
        mine = asked["agent"] == chain.truth["skipping_agent"]
        skipped = asked["reason"] == "agent_skipped"
        low, high = share_interval(int((skipped & unresolved & mine).sum()), int((unresolved & mine).sum()))
        assert low < chain.truth["skip_rate_unresolved"] < high
        low, high = share_interval(int((skipped & unresolved & ~mine).sum()), int((unresolved & ~mine).sum()))
        assert low < chain.truth["skip_rate_usual"] < high

    def test_it_looks_better_than_it_is(self, chain: Company, asked: Frame) -> None:
        service, mine = asked["programme"] == "service", asked["agent"] == chain.truth["skipping_agent"]
        spared = asked["reason"] == "agent_skipped"
        flattery = [
            nps(asked["true_nps"][rows & ~spared]) - nps(asked["true_nps"][rows])
            for rows in (service & mine, service & ~mine)
        ]
        assert flattery[0] > 2
        assert abs(flattery[1]) < 1


class TestNonResponse:
    def test_the_raw_score_flatters_the_chain(self, chain: Company, answered: Frame) -> None:
        assert nps(answered["nps"]) - chain.truth["nps_population"] > 4

    def test_weighting_by_the_chance_of_an_answer_recovers_the_truth(
        self, chain: Company, asked: Frame
    ) -> None:
        sent = ~np.isin(asked["status"], ["suppressed", "queued", "failed"])
        mature = sent & (asked["month"] < 35)
        answer = mature & (asked["status"] == "answered")
        weight = 1 / asked["true_chance_of_answer"][answer]
        score = 100.0 * (asked["true_nps"][answer] >= 9) - 100.0 * (asked["true_nps"][answer] <= 6)
        weighted = (weight * score).sum() / weight.sum()
        half = 3.29 * np.sqrt((weight**2 * (score - weighted) ** 2).sum()) / weight.sum()
        assert abs(weighted - nps(asked["true_nps"][mature])) < half

    def test_content_customers_answer_more_often_by_the_planted_ratio(
        self, chain: Company, asked: Frame
    ) -> None:
        sent = ~np.isin(asked["status"], ["suppressed", "queued", "failed"]) & (asked["month"] < 35)
        plain = sent & (asked["channel"] == "wechat")
        regular = plain & (_tier(chain, asked) == "regular")
        content, answer = asked["true_content"], asked["status"] == "answered"
        logs = [np.log(answer[regular & state].mean()) for state in (content, ~content)]
        error = np.sqrt(
            sum(
                (1 - np.exp(log)) / (np.exp(log) * (regular & state).sum())
                for log, state in zip(logs, (content, ~content), strict=True)
            )
        )
        assert abs(logs[0] - logs[1] - np.log(chain.truth["answer_ratio_content"])) < 3.29 * error


class TestHistory:
    def test_nps_rises_from_about_20_to_the_high_thirties(self, answered: Frame) -> None:
        month = answered["month"]
        assert 16 < nps(answered["nps"][month < 4]) < 24
        assert 35 < nps(answered["nps"][month >= 31]) < 42

    def test_the_expected_score_of_each_month_covers_what_happened(
        self, chain: Company, asked: Frame
    ) -> None:
        expected = list(chain.truth["nps_population_by_month"].values())
        gaps = []
        for month, value in enumerate(expected):
            scores = asked["true_nps"][asked["month"] == month]
            points = 100.0 * (scores >= 9) - 100.0 * (scores <= 6)
            gaps.append((points.mean() - value) / (points.std() / np.sqrt(len(points))))
        assert np.abs(gaps).max() < 3.5

    def test_some_stores_differ_and_the_others_do_not(self, chain: Company, asked: Frame) -> None:
        early = (asked["programme"] == "dining") & (asked["month"] < 27)
        points = 100.0 * (asked["true_nps"] >= 9) - 100.0 * (asked["true_nps"] <= 6)
        same = np.array([effect == 0 for effect in chain.truth["store_effects_nps"].values()])
        stores = np.array(list(chain.truth["store_effects_nps"]))
        base = points[early & np.isin(asked["unit"], stores[same])].mean()
        for store, effect in chain.truth["store_effects_nps"].items():
            here = early & (asked["unit"] == store)
            low, high = mean_interval_of_people(points[here] - base, asked["customer"][here])
            assert low < effect < high, store


class TestCustomers:
    def test_two_answers_of_one_customer_hang_together(self, chain: Company, asked: Frame) -> None:
        order = np.lexsort((asked["due_at"], asked["customer"]))
        who, score = asked["customer"][order], asked["true_nps"][order].astype(float)
        again = who[1:] == who[:-1]
        found = fitted(score[:-1][again], score[1:][again], asked["true_nps"].astype(float))
        assert found.correlation == pytest.approx(chain.truth["retest_correlation"], abs=0.03)

    def test_who_says_they_would_come_again_does(
        self, chain: Company, asked: Frame, frame: Callable[[pa.Table], Frame]
    ) -> None:
        met = asked["true_nps"]
        classes = np.where(met >= 9, "promoter", np.where(met <= 6, "detractor", "passive"))
        orders = frame(chain.orders)
        last = dict(zip(*_latest(orders["customer"], orders["at"]), strict=True))
        due, who = asked["due_at"], asked["customer"]
        later = np.array([last.get(one, 0) for one in who]) > due + DAY
        did = np.where(due < orders["at"].max() - 180 * DAY, later, np.nan)
        found = deed("came again", classes, did, _tier(chain, asked), who)
        assert found.is_signal
        assert found.difference.value > 0.05

    def test_guests_on_a_journey_are_unhappy_even_when_all_went_well(
        self, chain: Company, asked: Frame
    ) -> None:
        points = 100.0 * (asked["true_nps"] >= 9) - 100.0 * (asked["true_nps"] <= 6)
        row = np.array([int(code[1:]) - 1 for code in asked["customer"]])
        who = {name: chain.customers[name].to_numpy()[row] for name in ("segment", "tier")}
        fine = (asked["programme"] == "dining") & ~is_late(asked)
        found = misfits(points, fine, who, asked["due_at"].astype(float)).misfits
        assert {"segment": chain.truth["misfit_segment"]} in [one.where for one in found]


class TestContactBudget:
    def test_nobody_is_asked_twice_within_30_days(self, chain: Company, asked: Frame) -> None:
        sent = ~np.isin(asked["status"], ["suppressed", "queued"])
        order = np.lexsort((asked["sent_at"][sent], asked["customer"][sent]))
        customer, at = asked["customer"][sent][order], asked["sent_at"][sent][order]
        gaps = np.diff(at)[customer[1:] == customer[:-1]]
        assert gaps.min() >= chain.truth["contact_budget_days"] * DAY

    def test_every_message_that_was_not_sent_says_why(self, asked: Frame) -> None:
        suppressed = asked["status"] == "suppressed"
        assert all(reason is not None for reason in asked["reason"][suppressed])
        assert all(reason is None for reason in asked["reason"][~suppressed])


def _latest(who: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each customer, and when they came last."""
    order = np.lexsort((at, who))
    ends = np.flatnonzero(np.append(who[order][1:] != who[order][:-1], True))
    return who[order][ends], at[order][ends]


def _tier(chain: Company, asked: Frame) -> np.ndarray:
    row = np.array([int(code[1:]) - 1 for code in asked["customer"]])
    return chain.customers["tier"].to_numpy()[row]
