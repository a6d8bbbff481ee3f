"""The planted share of late deliveries is traced to its step, and every complaint stays under its cause."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from voiceloop.analytics.drivers.causes import Step, late_steps, trace
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.synth.company import Company, company

pytestmark = pytest.mark.requirement(75, 76)
STEPS = {"kitchen_slow": "prep_minutes", "handover": "handover_minutes", "rider": "ride_minutes"}


@pytest.fixture(scope="module")
def chain() -> Company:
    return company(seed=7, today=date(2026, 11, 20), customers=6_000)


def column(chain: Company, name: str) -> np.ndarray:
    return chain.orders[name].to_numpy(zero_copy_only=False)


@pytest.fixture(scope="module")
def found(chain: Company) -> dict[str, Step]:
    minutes = {name: column(chain, of) for name, of in STEPS.items()}
    month = column(chain, "at").astype("datetime64[M]")
    late = column(chain, "wait_minutes") > column(chain, "promised_minutes")
    return {one.step: one for one in late_steps(minutes, late, month)}


class TestLateSteps:
    def test_it_recovers_the_share_of_the_handover(self, chain: Company, found: dict[str, Step]) -> None:
        assert list(found) == ["handover", "rider", "kitchen_slow"]
        # The kitchen makes some late by chance too, for which no cause was planted.
        for name in ("handover", "rider"):
            share = chain.truth["late_causes"][name]
            assert found[name].share.low <= share <= found[name].share.high, name

    def test_its_shares_add_up(self, found: dict[str, Step]) -> None:
        assert sum(one.share.value for one in found.values()) == pytest.approx(1)
        assert sum(one.minutes.value for one in found.values()) == pytest.approx(1)

    def test_too_few_late_ones_are_refused(self) -> None:
        with pytest.raises(AnalyticsError, match="5 late"):
            late_steps({"a": np.ones(9)}, np.arange(9) < 2)


class TestTrace:
    LEVELS = {
        "problem": ["late", "late", "late", "rude", "late"],
        "kind": ["process", "process", "people", "people", None],
        "cause": ["handover", "handover", "rider", "attitude", None],
    }

    def test_it_counts_down_to_the_complaints(self) -> None:
        late, rude = trace(self.LEVELS)
        assert (late.code, late.n, rude.n) == ("late", 4, 1)
        process = late.children[0]
        assert (process.code, process.n, process.rows) == ("process", 2, (0, 1))
        assert process.children[0].code == "handover"

    def test_shares_are_of_what_is_known(self) -> None:
        process = trace(self.LEVELS)[0].children[0]
        assert process.share.value == pytest.approx(2 / 3)
        assert process.of_problem.value == pytest.approx(2 / 4)

    def test_a_few_complaints_have_a_wide_interval(self) -> None:
        share = trace(self.LEVELS)[0].children[0].share
        assert share.high - share.low > 0.5
