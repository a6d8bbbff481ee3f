"""The answers of a lake beside what may explain them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from voiceloop.analytics.drivers.facts import Facts, facts
from voiceloop.analytics.drivers.importance import explain
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.lake import Lake

N = 400
START = datetime(2026, 3, 2, 4, tzinfo=UTC)


def rows(rng: np.random.Generator) -> dict[str, list[dict[str, object]]]:
    """Every customer bought an hour before, wrote every second time, and minds waiting."""
    made: dict[str, list[dict[str, object]]] = {"answers": [], "annotations": [], "transactions": []}
    for n in range(N):
        at = START + timedelta(hours=3 * n)
        wait = float(rng.uniform(5, 40))
        score = float(np.clip(round(11 - wait / 5 + rng.normal(0, 1)), 0, 10))
        place = {"day": at.date(), "at": at, "customer_key": n + 1, "unit": "E01", "touchpoint": "dine_in"}
        answer = {"answer_id": n + 1, "response_id": n + 1, "scale": "nps_0_10", "score": score}
        made["answers"].append(place | answer | {"question": "nps"})
        rated = {"answer_id": N + n + 1, "scale": "csat_1_5", "score": float(rng.integers(1, 6))}
        made["answers"].append(place | answer | rated | {"question": "decor"})
        bought = {"transaction_id": n + 1, "kind": "dine_in", "amount": 50.0, "wait_minutes": wait}
        made["transactions"].append(
            place | bought | {"at": at - timedelta(hours=1), "promised_minutes": 20.0}
        )
        if n % 2:
            note = {"verbatim_id": n, "response_id": n + 1, "version": "1"}
            side = -1 if wait > 25 else 1
            made["annotations"].append(
                place | note | {"annotation_id": 2 * n, "kind": "sentiment", "label": "x", "polarity": side}
            )
            made["annotations"].append(
                place
                | note
                | {"annotation_id": 2 * n + 1, "kind": "reason", "label": "waiting", "polarity": side}
            )
    return made


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake(Path(tmp_path_factory.mktemp("lake")))
    for name, found in rows(np.random.default_rng(1)).items():
        made.append(name, found)
    return made


@pytest.fixture(scope="module")
def found(lake: Lake) -> Facts:
    return facts(lake)


class TestFacts:
    def test_each_answer_has_the_purchase_before_it(self, found: Facts) -> None:
        wait = found.waits["wait_minutes"]
        assert np.isfinite(wait).all()
        assert np.corrcoef(wait, found.score)[0, 1] < -0.8
        assert found.waits["minutes_late"] == pytest.approx(wait - 20)

    def test_reasons_are_known_of_those_who_wrote(self, found: Facts) -> None:
        assert found.commented.sum() == N // 2
        assert np.isnan(found.mentions["waiting"]).sum() == N // 2

    def test_other_questions_are_ratings(self, found: Facts) -> None:
        assert "rating:decor" in {one.name for one in found.drivers}

    def test_who_was_late_is_not_fine(self, found: Facts) -> None:
        assert not found.fine[found.waits["wait_minutes"] > 20].any()

    def test_waiting_is_the_driver(self, found: Facts) -> None:
        drivers = explain(found.outcome, found.drivers, found.context, cluster=found.customer).drivers
        assert {one.name for one in drivers[:3]} >= {"fact:wait_minutes"}
        assert drivers[-1].name == "rating:decor"

    def test_a_slice_holds_only_its_own(self, lake: Lake) -> None:
        with pytest.raises(AnalyticsError, match="Nobody answered"):
            facts(lake, where={"unit": ["W01"]})

    def test_only_verdicts_are_explained(self, lake: Lake) -> None:
        with pytest.raises(AnalyticsError, match="not one of"):
            facts(lake, "decor")
