"""The published parameters of the CDNOW sample, and planted ones where the file is not at hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tests.golden.shapes import DATA
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.bgnbd import bgnbd
from voiceloop.analytics.value.cells import read
from voiceloop.analytics.value.gamma_gamma import gamma_gamma
from voiceloop.analytics.value.simulated import shoppers
from voiceloop.analytics.value.transactions import purchases

CDNOW = DATA / "cdnow" / "sample_transactions.csv"
# Fader, Hardie and Lee 2005, Table 2; Fader and Hardie 2013 for the money.
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
PUBLISHED_MONEY = {"p": 6.25, "q": 3.74, "v": 15.44}
CUT = date(1997, 10, 1).toordinal() - date(1970, 1, 1).toordinal()
WEEKS_AHEAD = 39


@pytest.fixture(scope="module")
def known():
    """The sample and its published figures, or shoppers and what they were drawn with."""
    if CDNOW.is_file():
        bought = purchases(read(CDNOW), "sample_id", "date", "amount").before(CUT)
        return bought.summary("week"), PUBLISHED, PUBLISHED_MONEY, 0.001, 0.002, -9582.4
    # α is in weeks; a day counts once, so that the rate is a little lower than planted.
    planted = {"r": 1.0, "alpha": 4.0, "a": 0.8, "b": 2.5}
    return shoppers(6000, seed=7).summary("week"), planted, {"q": 4.0}, 0.25, 0.25, None


class TestBgNbd:
    @pytest.mark.requirement(18)
    def test_it_finds_the_published_parameters(self, known):
        summary, published, _, tolerance, _, _ = known
        found = dict(zip(("r", "alpha", "a", "b"), bgnbd(summary).parameters, strict=True))
        assert found == pytest.approx(published, rel=tolerance, abs=0.0005 if tolerance < 0.01 else None)

    def test_it_finds_the_published_log_likelihood(self, known):
        summary, *_, published = known
        found = bgnbd(summary).fit.log_likelihood
        assert published is None or found == pytest.approx(published, abs=0.05)

    def test_its_standard_errors_are_those_of_the_likelihood(self, known):
        fit = bgnbd(known[0]).fit
        low, high = fit.interval()
        assert np.all(low < fit.values)
        assert np.all(fit.values < high)
        assert np.all(fit.errors > 0)

    def test_it_expects_what_simulation_gives(self, known):
        model, summary = bgnbd(known[0]), known[0]
        rng = np.random.default_rng(5)
        drawn = np.mean([model.simulate(summary, WEEKS_AHEAD, rng).sum() for _ in range(60)])
        assert drawn == pytest.approx(model.purchases(summary, WEEKS_AHEAD).sum(), rel=0.03)

    def test_more_time_is_more_purchases(self, known):
        model, summary = bgnbd(known[0]), known[0]
        near, far = (model.purchases(summary, weeks) for weeks in (4, 40))
        assert np.all(near >= 0)
        assert np.all(near < far)

    def test_who_bought_lately_is_more_likely_alive(self, known):
        summary = known[0]
        alive = bgnbd(summary).alive(summary)
        often = summary.frequency >= 2
        pause = (summary.age - summary.recency)[often]
        assert np.corrcoef(pause, alive[often])[0, 1] < -0.5

    def test_its_intervals_cover_planted_parameters(self):
        inside = 0
        for seed in range(20):
            low, high = bgnbd(
                shoppers(800, seed=seed, habits=(0.5, 8.0, 0.8, 2.5)).summary("week")
            ).fit.interval()
            inside += bool(low[0] <= 0.5 <= high[0])
        # Of twenty intervals of 95 %, fewer than sixteen hold the truth once in four hundred times.
        assert inside >= 16

    def test_it_refuses_a_handful(self):
        with pytest.raises(AnalyticsError, match="came back"):
            bgnbd(shoppers(12, seed=1).summary("week"))


class TestGammaGamma:
    def test_it_finds_the_published_parameters(self, known):
        summary, _, published, _, tolerance, _ = known
        found = dict(zip(("p", "q", "v"), gamma_gamma(summary).parameters, strict=True))
        assert {name: found[name] for name in published} == pytest.approx(published, rel=tolerance)

    def test_few_purchases_are_drawn_towards_everyone(self, known):
        summary = known[0]
        model = gamma_gamma(summary)
        mean = model.mean(summary)
        everyone = mean[summary.frequency == 0][0]
        once = (summary.frequency == 1) & (summary.monetary > 0)
        assert np.all(np.abs(mean[once] - everyone) <= np.abs(summary.monetary[once] - everyone) + 1e-9)
