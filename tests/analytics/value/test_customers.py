"""What the lake knew of a customer on a day, and nothing that came later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from voiceloop.analytics import Lake
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value import customers

DAY = date(2026, 3, 1)


def at(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path):
    """Customer 1 buys every ten days, 2 bought once; both say and need something before and after DAY."""
    lake = Lake(tmp_path / "lake")
    days = [*(DAY - timedelta(days=10 * k) for k in range(1, 9)), DAY + timedelta(days=5)]
    rows = [(1, day) for day in days] + [(2, DAY - timedelta(days=20))]
    lake.append(
        "transactions",
        [
            {
                "transaction_id": i,
                "customer_key": key,
                "day": day,
                "at": at(day),
                "kind": "dine_in",
                "amount": 50.0,
            }
            for i, (key, day) in enumerate(rows, 1)
        ],
    )
    scores = [(DAY - timedelta(days=3), 9.0), (DAY, 0.0)]
    lake.append(
        "answers",
        [
            {
                "answer_id": i, "response_id": i, "customer_key": 1, "day": day, "at": at(day),
                "question": "nps", "scale": "nps_0_10", "score": score,
            }
            for i, (day, score) in enumerate(scores, 1)
        ],
    )  # fmt: skip
    lake.append(
        "cases",
        [
            {
                "case_id": 1, "customer_key": 1, "day": DAY - timedelta(days=9),
                "opened_at": at(DAY - timedelta(days=9)), "resolved_at": at(DAY + timedelta(days=2)),
                "outcome": "not_recovered",
            }
        ],
    )  # fmt: skip
    return lake


def of(snapshot, key):
    row = snapshot.table["customer_key"].tolist().index(key)
    return {name: column[row] for name, column in snapshot.table.items()}


class TestFeatures:
    def test_it_counts_what_was_bought_before(self, lake):
        found = of(customers.features(lake, DAY, 60), 1)
        assert (found["purchases"], found["recency_days"], found["tenure_days"]) == (8, 10, 80)

    @pytest.mark.requirement(80)
    def test_it_does_not_know_what_came_later(self, lake):
        found = of(customers.features(lake, DAY, 60), 1)
        assert found["last_score"] == 9.0
        assert (found["open_cases"], found["lost_cases"]) == (1, 0)

    def test_later_rows_change_nothing(self, lake):
        before = customers.features(lake, DAY, 60).table
        late = DAY + timedelta(days=1)
        lake.append(
            "transactions",
            [
                {
                    "transaction_id": 99,
                    "customer_key": 2,
                    "day": late,
                    "at": at(late),
                    "amount": 1.0,
                    "kind": "x",
                }
            ],
        )
        after = customers.features(lake, DAY, 60).table
        assert {name: column.tolist() for name, column in before.items()}.__repr__() == {
            name: column.tolist() for name, column in after.items()
        }.__repr__()

    def test_who_left_long_ago_is_not_at_risk_any_more(self, lake):
        assert customers.features(lake, DAY, 15).table["customer_key"].tolist() == [1]

    def test_the_label_is_whether_they_came_back(self, lake):
        found = customers.labelled(lake, customers.bought(lake), DAY, 30)
        assert (of(found, 1)["left"], of(found, 2)["left"]) == (0, 1)


class TestFitted:
    def test_too_little_history_is_said(self, lake):
        with pytest.raises(AnalyticsError, match="Too little history"):
            customers.fitted(lake)

    def test_an_empty_lake_is_said(self, tmp_path):
        with pytest.raises(AnalyticsError, match="Nobody has bought"):
            customers.bought(Lake(tmp_path / "none"))

    @pytest.mark.requirement(80)
    def test_it_finds_who_will_not_come_back_and_is_tested_on_later_days(self, tmp_path):
        lake = Lake(tmp_path / "lake")
        rng = np.random.default_rng(1)
        rows, today = [], date(2026, 10, 1)
        for key in range(1, 501):
            pace = rng.choice([6, 30])
            end = today - timedelta(days=int(rng.integers(0, 300))) if rng.random() < 0.5 else today
            day = today - timedelta(days=360 - int(rng.integers(0, 30)))
            while day <= end:
                rows.append({"customer_key": key, "day": day, "at": at(day), "kind": "a", "amount": 20.0})
                day += timedelta(days=1 + int(rng.exponential(pace)))
        lake.append("transactions", [{"transaction_id": i, **row} for i, row in enumerate(rows, 1)])
        model = customers.fitted(lake)
        assert model.report["auc"] > 0.6
        assert model.report["later"]["auc"] > 0.6
        assert len(model.report["snapshots"]) == 3
