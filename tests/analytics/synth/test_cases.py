"""Cases of the demo company: one for each detractor, in every state, with outcomes that can be explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import Company

Frame = dict[str, np.ndarray]
HOUR = 3_600 * 1_000_000


def share_interval(hits: int, n: int, z: float = 3.29) -> tuple[float, float]:
    """99.9% Wilson interval of a share."""
    share, extra = hits / n, z * z / n
    middle = (share + extra / 2) / (1 + extra)
    half = z * np.sqrt(share * (1 - share) / n + extra / (4 * n)) / (1 + extra)
    return middle - half, middle + half


class TestCases:
    def test_every_detractor_has_exactly_one(self, chain: Company) -> None:
        rows = chain.responses.to_pydict()
        detractors = {
            code
            for code, score in zip(rows["response"], rows["nps"], strict=True)
            if score is not None and score <= 6
        }
        counted = Counter(chain.cases["response"].to_pylist())
        assert detractors <= set(counted)
        assert max(counted.values()) == 1

    def test_those_older_than_21_days_are_closed_with_an_outcome(
        self, chain: Company, frame: Callable[[pa.Table], Frame], now: datetime
    ) -> None:
        cases = frame(chain.cases)
        old = cases["opened_at"] < int(now.timestamp()) * 1_000_000 - 21 * 24 * HOUR
        assert set(cases["state"][old]) == {"closed"}
        assert all(outcome is not None for outcome in cases["outcome"][old])

    def test_recent_ones_are_in_every_state(self, chain: Company) -> None:
        assert set(chain.cases["state"].to_pylist()) == {
            "open",
            "overdue",
            "contacted",
            "callback",
            "resurvey",
            "closed",
        }

    def test_overdue_ones_passed_their_clock_without_a_contact(self, chain: Company, now: datetime) -> None:
        overdue = [row for row in chain.cases.to_pylist() if row["state"] == "overdue"]
        assert all(row["first_contact_due_at"] <= now and row["first_contact_at"] is None for row in overdue)

    def test_their_steps_follow_each_other_in_time(self, chain: Company) -> None:
        for row in chain.cases.to_pylist():
            steps = [
                row[name]
                for name in ("opened_at", "first_contact_at", "resolved_at", "closed_at")
                if row[name]
            ]
            assert steps == sorted(steps)

    def test_each_is_owned_by_an_agent_of_its_region(self, chain: Company) -> None:
        team_of = {row["code"]: row["unit"] for row in chain.people.to_pylist()}
        region_of = {row["code"]: row["parent"] for row in chain.units.to_pylist()}
        rows = chain.cases.select(["agent", "region"]).to_pylist()
        assert all(region_of[team_of[row["agent"]]] == row["region"] for row in rows)

    def test_a_quick_first_contact_recovers_more_customers(
        self, chain: Company, frame: Callable[[pa.Table], Frame]
    ) -> None:
        cases = frame(chain.cases)
        told = np.isin(cases["outcome"], ["recovered", "not_recovered"])
        quick = cases["first_contact_at"] <= cases["first_contact_due_at"]
        for rows, truth in (
            (told & quick, "recovery_rate_contacted_within_24h"),
            (told & ~quick, "recovery_rate_contacted_later"),
        ):
            low, high = share_interval(int((cases["outcome"][rows] == "recovered").sum()), int(rows.sum()))
            assert low < chain.truth[truth] < high

    def test_recovered_means_no_longer_a_detractor(self, chain: Company) -> None:
        rows = [row for row in chain.cases.to_pylist() if row["resurvey_score"] is not None]
        assert all((row["resurvey_score"] >= 7) == (row["outcome"] == "recovered") for row in rows)

    def test_only_a_callback_that_says_unsolved_reopens(self, chain: Company) -> None:
        for row in chain.cases.to_pylist():
            unsolved = "not_solved" in (row["callback_1h"], row["callback_24h"], row["callback_72h"])
            assert not unsolved or row["n_reopened"] == 1
