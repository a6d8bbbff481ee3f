"""Style is told from opinion: simulated groups whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.response_style import BLOCKS, Counts, compared, style

pytestmark = pytest.mark.requirement(88)

ITEMS = np.array([0.2, 0.5, 0.8, 1.1, 0.6])
FIVE = (1, 2, 3, 4, 5)
SEEDS = 120


def asked(
    rng: np.random.Generator,
    n: int,
    *,
    more: float = 0.0,
    stretch: float = 1.0,
    points: int = 5,
    odd: float = 0.0,
) -> Counts:
    """Answers of people who have an opinion of everything and one of each item, and round it to the scale."""
    person = rng.normal(0, np.sqrt(0.6), (n, 1))
    opinion = ITEMS + more + person + rng.normal(0, np.sqrt(0.4), (n, len(ITEMS)))
    opinion[:, 0] += odd
    middle = (points - 1) / 2
    said = np.clip(np.rint(stretch * opinion + middle), 0, points - 1).astype(int)
    counts = np.zeros((len(ITEMS), BLOCKS, points))
    for item in range(len(ITEMS)):
        np.add.at(counts[item], (np.arange(n) % BLOCKS, said[:, item]), 1)
    return counts


class TestCompared:
    def test_style_alone_is_hardly_ever_called_a_signal(self) -> None:
        verdicts, raw = [], 0
        for seed in range(SEEDS):
            rng = np.random.default_rng(seed)
            found = compared(asked(rng, 500, stretch=1.6), asked(rng, 500), FIVE)
            verdicts.append(found.verdict)
            raw += found.raw.is_apart
        # The raw means say "different" most of the time, and would be wrong.
        assert raw / SEEDS > 0.7
        assert sum(verdict != "signal" for verdict in verdicts) / SEEDS >= 0.93

    def test_groups_that_are_alike_are_seldom_told_apart(self) -> None:
        calm = 0
        for seed in range(SEEDS):
            rng = np.random.default_rng(1000 + seed)
            calm += compared(asked(rng, 300), asked(rng, 300), FIVE).verdict != "signal"
        assert calm / SEEDS >= 0.93

    @pytest.mark.parametrize("stretch", [0.8, 1.0, 1.5])
    def test_a_true_difference_is_found_whatever_the_style(self, stretch: float) -> None:
        found = 0
        for seed in range(40):
            rng = np.random.default_rng(seed)
            one = compared(asked(rng, 700, more=0.4, stretch=stretch), asked(rng, 700), FIVE)
            found += one.verdict == "signal" and one.alike.value > 0
        # Whoever answers closer to the middle hides a part of it in the raw means.
        assert found / 40 >= 0.9

    def test_the_stretch_is_what_was_planted(self) -> None:
        rng = np.random.default_rng(5)
        found = compared(asked(rng, 3000, stretch=1.5), asked(rng, 3000), FIVE)
        assert found.stretch.low < 1.5 < found.stretch.high
        assert found.stretch.value == pytest.approx(1.5, abs=0.1)

    def test_the_two_parts_add_up(self) -> None:
        rng = np.random.default_rng(6)
        found = compared(asked(rng, 400, stretch=1.4), asked(rng, 400), FIVE)
        assert found.alike.value + found.by_style.value == pytest.approx(found.raw.value)

    def test_eleven_points_and_an_even_number_work_too(self) -> None:
        rng = np.random.default_rng(7)
        for points in (4, 11):
            wide = points / 5
            found = compared(
                asked(rng, 2000, stretch=1.5 * wide, points=points),
                asked(rng, 2000, stretch=wide, points=points),
                range(points),
            )
            assert found.verdict != "signal"
            assert found.stretch.value == pytest.approx(1.5, abs=0.15)

    def test_an_item_that_behaves_otherwise_is_named(self) -> None:
        rng = np.random.default_rng(8)
        found = compared(asked(rng, 1500, odd=0.6), asked(rng, 1500), FIVE)
        assert [one.is_alike for one in found.items] == [False, *[True] * 4]
        assert not found.items_alike

    def test_one_item_cannot_tell(self) -> None:
        one = np.ones((1, 10, 5))
        with pytest.raises(AnalyticsError):
            compared(one, one, FIVE)

    def test_an_item_that_a_group_never_answered_is_refused(self) -> None:
        full, empty = np.ones((2, 10, 5)), np.ones((2, 10, 5))
        empty[1] = 0
        with pytest.raises(AnalyticsError):
            compared(full, empty, FIVE)


class TestStyle:
    def test_the_indices_are_shares_of_answers(self) -> None:
        counts = np.zeros((2, 4, 5))
        counts[0, :, 0], counts[0, :, 2] = 1, 3  # a quarter at the lower end, the rest in the middle
        counts[1, :, 4] = 2  # all at the upper end
        found = style(counts, FIVE)
        assert found.extreme.value == pytest.approx((25 + 100) / 2)
        assert found.midpoint is not None
        assert found.midpoint.value == pytest.approx((75 + 0) / 2)
        assert found.acquiescence.value == pytest.approx((-25 + 100) / 2)
        assert (found.mean.value, found.answers) == (pytest.approx((2.5 + 5) / 2), 24)

    def test_an_even_scale_has_no_middle(self) -> None:
        assert style(np.ones((2, 4, 4)), (1, 2, 3, 4)).midpoint is None

    def test_its_intervals_hold_the_truth(self) -> None:
        truth = style(asked(np.random.default_rng(0), 200_000), FIVE).mean.value
        held = 0
        for seed in range(100):
            mean = style(asked(np.random.default_rng(seed + 1), 400), FIVE).mean
            held += mean.low <= truth <= mean.high
        assert held >= 89
