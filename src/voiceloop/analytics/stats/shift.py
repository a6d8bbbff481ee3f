"""A watch over one series: each new period is held against the level before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from math import sqrt

from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.skew import bent, skewness, straightened
from voiceloop.analytics.stats.student import two_sided

# Our choices, by simulation (`voiceloop.bench.truth`).
WINDOWS = (1, 2, 3, 4, 6, 8)
THRESHOLD = 3.45
LEAST_PERIODS, LEAST_ANSWERS, MOST_PERIODS = 4, 20.0, 26
SETTLED = 8
BACK = 1.0  # two periods within one standard error of the usual level end an alarm
# Six windows that overlap are as many independent looks as this.
LOOKS = 2.5
# Worth of the assumption that periods differ by chance alone, in periods.
TRUST = 20.0

Limits = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Sums:
    """What is known of some periods: Σ of effective answers, totals, squares, and of total² / answers."""

    n: float = 0.0
    total: float = 0.0
    squares: float = 0.0
    between: float = 0.0
    periods: int = 0

    @classmethod
    def of(cls, parts: Parts) -> Sums:
        """Return the sums of one period; one without answers counts as no period."""
        n = float(parts.effective_n)
        if n <= 0 or not parts.weight > 0:
            return cls()
        share = n / float(parts.weight)
        total = float(parts.total) * share
        return cls(n, total, float(parts.squares) * share, total * total / n, 1)

    def __add__(self, other: Sums) -> Sums:
        return self._with(other, 1)

    def __sub__(self, other: Sums) -> Sums:
        return self._with(other, -1)

    def _with(self, other: Sums, sign: int) -> Sums:
        return Sums(
            self.n + sign * other.n,
            self.total + sign * other.total,
            self.squares + sign * other.squares,
            self.between + sign * other.between,
            self.periods + sign * other.periods,
        )

    @property
    def mean(self) -> float:
        """Mean of the answers; 0 without any."""
        return self.total / self.n if self.periods else 0.0

    @property
    def variance(self) -> float:
        """Variance of the answers, with one degree of freedom less."""
        inner = self.squares - self.n * self.mean**2
        # What is left of equal answers after rounding is no variance.
        return inner / (self.n - 1) if self.n > 1 and inner > 1e-9 * self.squares else 0.0

    @property
    def spread(self) -> float:
        """How much more than by chance the periods differ among each other: variance ratio, at least 1."""
        if self.periods < 2 or self.variance <= 0:
            return 1.0
        chi = (self.between - self.n * self.mean**2) / self.variance
        return max((chi + TRUST) / (self.periods - 1 + TRUST), 1.0)


def shift_score(recent: Sums, base: Sums, bounds: tuple[float, float] | None, spread: float = 1.0) -> float:
    """Return how surprising it is that ``recent`` and ``base`` are of one level, as a normal score.

    A score test: the variance is that of both together, as if nothing had changed.

    Parameters
    ----------
    recent, base : Sums
        Of periods that do not overlap.
    bounds : (low, high), optional
        Ends of the scale.
    spread : float
        How much more than by chance periods differ among each other (variance ratio, >= 1).

    Examples
    --------
    >>> base, recent = Sums.of(Parts.of([1, 1, 1, 0] * 50)), Sums.of(Parts.of([1, 0] * 20))
    >>> round(shift_score(recent, base, (0, 1)), 2)
    -3.02
    """
    both = recent + base
    variance = both.variance * spread
    if variance <= 0 or not recent.periods or not base.periods:
        return 0.0
    thin = 1 / recent.n + 1 / base.n
    t = (recent.mean - base.mean) / sqrt(variance * thin)
    lean = (1 / recent.n**2 - 1 / base.n**2) / thin**1.5
    return straightened(t, skewness(both.mean, both.variance, bounds) * lean)


class Watch:
    """The memory of one series; for each period call `look`, then `settle`.

    Attributes
    ----------
    since : date or None
        First period of the present alarm.
    limits : (centre, lower, upper)
        For the period last looked at, before `Metric.factor`.

    Examples
    --------
    >>> watch = Watch((-1, 1))
    >>> for week in range(1, 8):
    ...     p = watch.look(date(2026, 1, week), Parts.of([1, 1, 0, -1] * 25))
    ...     watch.settle()
    >>> p, watch.since
    (1.0, None)
    """

    def __init__(self, bounds: tuple[float, float] | None) -> None:
        self.bounds = bounds
        self.since: date | None = None
        self.limits: Limits = (None, None, None)
        # Sums up to each period at the usual level, so that those of any stretch are a difference.
        self._calm: list[tuple[date, Sums]] = []
        self._off: list[tuple[date, Sums]] = []
        self._best: tuple[float, int] = (0.0, 0)

    def look(self, day: date, parts: Parts) -> float | None:
        """Take in a period; return the p-value of an alarm that it would begin, None without one to judge."""
        self._best = (0.0, 0)
        now = Sums.of(parts)
        if self.since:
            self._off.append((day, now))
            self._set_limits(now, self._base(0))
            self._follow()
            return None
        self._calm.append((day, self._until(0) + now))
        self._set_limits(now, self._base(1))
        scores = [(self._score(k), k) for k in WINDOWS if _enough(self._base(k))] if now.periods else []
        if not scores:
            return None
        self._best = max(scores, key=lambda one: abs(one[0]))
        return min(LOOKS * two_sided(self._best[0]), 1.0)

    def settle(self, may_alarm: bool = True) -> None:
        """Begin an alarm if the period last looked at is beyond the threshold."""
        score, k = self._best
        if may_alarm and abs(score) >= THRESHOLD:
            at = len(self._calm) - k
            ends = [self._until(i) for i in range(k, -1, -1)]
            days = [day for day, _ in self._calm[at:]]
            self._off = [(day, b - a) for day, (a, b) in zip(days, pairwise(ends), strict=True)]
            self._calm, self.since = self._calm[:at], days[0]

    def _follow(self) -> None:
        """End the alarm when the level is back, or is the usual one by now."""
        base, last = self._base(0), sum((sums for _, sums in self._off[-2:]), Sums())
        if len(self._off) >= SETTLED:
            days, sums = zip(*self._off, strict=True)
            self._calm, self._off, self.since = list(zip(days, accumulate(sums), strict=True)), [], None
        elif last.periods and abs(shift_score(last, base, self.bounds, base.spread)) < BACK:
            self._off, self.since = [], None

    def _until(self, k: int) -> Sums:
        """Sums of all periods at the usual level but the last ``k``."""
        return self._calm[-1 - k][1] if len(self._calm) > k else Sums()

    def _base(self, k: int) -> Sums:
        return self._until(k) - self._until(k + MOST_PERIODS)

    def _score(self, k: int) -> float:
        base = self._base(k)
        return shift_score(self._until(0) - self._until(k), base, self.bounds, base.spread)

    def _set_limits(self, now: Sums, base: Sums) -> None:
        self.limits = (None, None, None)
        if not now.periods or not _enough(base):
            return
        thin = 1 / now.n + 1 / base.n
        error = sqrt(base.variance * base.spread * thin)
        lean = skewness(base.mean, base.variance, self.bounds) * (1 / now.n**2 - 1 / base.n**2) / thin**1.5
        low, high = self.bounds or (float("-inf"), float("inf"))
        lower, upper = (base.mean + bent(z, lean) * error for z in (-THRESHOLD, THRESHOLD))
        self.limits = (base.mean, max(lower, low), min(upper, high))


def _enough(base: Sums) -> bool:
    return base.periods >= LEAST_PERIODS and base.n >= LEAST_ANSWERS
