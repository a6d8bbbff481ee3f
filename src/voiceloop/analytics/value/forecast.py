"""What comes next: score or volume by period, with the error that the same method made before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.student import t_quantile
from voiceloop.analytics.value.cells import Floats, Ints, day_of
from voiceloop.analytics.value.smoothing import Method, methods

Every = Literal["day", "week", "month", "quarter"]
SEASON = {"day": 7, "week": 52, "month": 12, "quarter": 4}
AHEAD = {"day": 14, "week": 8, "month": 6, "quarter": 4}
LEAST = 8
# Our choice: another method must have missed by a twentieth less than the naive rule to be preferred.
BETTER = 0.95
_NAIVE = ("naive", "seasonal naive")


class Point(NamedTuple):
    """One period: its first day, the value, and for the future the ends of its interval."""

    start: date
    value: float
    low: float | None
    high: float | None
    n: int | None


@dataclass(frozen=True)
class Forecast:
    """The future of a series; ``errors`` are mean absolute errors of each method in the back-test.

    ``naive_is_better`` says that nothing beat "as last time", which was then used. ``covered`` is the share
    of back-tested values inside intervals made from the other tests.
    """

    every: Every
    method: str
    confidence: float
    history: tuple[Point, ...]
    points: tuple[Point, ...]
    errors: dict[str, float]
    error: float
    naive_error: float
    naive_is_better: bool
    tests: int
    covered: float
    filled: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        found = {
            name: getattr(self, name)
            for name in ("every", "method", "confidence", "errors", "error", "naive_error")
        }
        found |= {name: getattr(self, name) for name in ("naive_is_better", "tests", "covered", "filled")}
        return {
            **found,
            "forecast": [_plain(point) for point in self.points],
            "history": [_plain(point) for point in self.history],
        }


def forecast(
    days: Floats | Ints,
    values: Floats | None = None,
    *,
    every: Every = "week",
    ahead: int | None = None,
    confidence: float = 0.9,
) -> Forecast:
    """Return the forecast of a mean (of ``values``) or of a volume (rows) by period.

    Every method is tried on the past from several origins; the one with the smallest mean absolute error
    is used when it beats the naive rules by a twentieth, else the better naive rule. Intervals are those of
    its own back-test errors at the same distance, wider for few of them (Student). Holidays are not known.
    The last period is left out when it is not over, the first when it began before the data.

    Parameters
    ----------
    days : array
        Days since 1970-01-01 of each row; NaN rows are left out.
    values : array, optional
        A number for each row; without, rows are counted.
    every : {'day', 'week', 'month', 'quarter'}
        Length of a period; weeks begin on Monday.
    ahead : int, optional
        Periods ahead.
    confidence : float
        Of the intervals.

    Raises
    ------
    AnalyticsError
        When there are fewer than eight whole periods.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = forecast(rng.integers(20_000, 20_400, 5000).astype(float), every="week", ahead=4)
    >>> len(found.points), found.points[0].low < found.points[0].value < found.points[0].high
    (4, True)
    """
    _known(every)
    starts, series, counts, filled = _series(days, values, every)
    floor = 0.0 if values is None or bool(np.nanmin(values) >= 0) else -np.inf
    return _ahead(starts, series, counts, every, ahead, confidence, (floor, np.inf), filled)


def forecast_periods(
    starts: Sequence[date],
    values: Sequence[float | None],
    counts: Sequence[int],
    *,
    every: Every,
    ahead: int | None = None,
    confidence: float = 0.9,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> Forecast:
    """Return the forecast of figures that are already there period by period.

    Parameters
    ----------
    starts : sequence of date
        First day of each whole period, in order; a period that is missing has no figure.
    values : sequence of float or None
        The figure of each; gaps are bridged by a straight line.
    counts : sequence of int
        How many rows each figure is of.
    every, ahead, confidence
        As in `forecast`.
    bounds : (low, high)
        What the figure can be at all.

    Raises
    ------
    AnalyticsError
        When there are fewer than eight whole periods from the first figure to the last.

    Examples
    --------
    >>> months = [date(2025 + k // 12, k % 12 + 1, 1) for k in range(20)]
    >>> found = forecast_periods(months, [98.0] * 20, [40] * 20, every="month", bounds=(0, 100))
    >>> found.points[0].start, found.points[0].value, found.points[0].high
    (datetime.date(2026, 9, 1), 98.0, 98.0)
    """
    _known(every)
    known = [k for k, value in enumerate(values) if value is not None]
    if not known:
        raise AnalyticsError("No row has a time and a value.", "没有一行同时具有时间和数值。")
    at = np.array([_index(np.array([_day_of(day)]), every)[0] for day in starts], np.int64)
    inside = np.arange(at[known[0]], at[known[-1]] + 1, dtype=np.int64)
    series = np.interp(inside, at[known], np.array([values[k] for k in known], float))
    n = np.zeros(len(inside), np.int64)
    here = (at >= inside[0]) & (at <= inside[-1])
    n[at[here] - inside[0]] = np.asarray(counts, np.int64)[here]
    return _ahead(inside, series, n, every, ahead, confidence, bounds, len(inside) - len(known))


def _known(every: str) -> None:
    if every not in SEASON:
        raise AnalyticsError(f"There is no period {every!r}.", f"没有“{every}”这种周期。")


def _ahead(
    starts: Ints,
    series: Floats,
    counts: Ints,
    every: Every,
    ahead: int | None,
    confidence: float,
    bounds: tuple[float, float],
    filled: int,
) -> Forecast:
    if len(series) < LEAST:
        raise AnalyticsError(
            f"{len(series)} whole periods are too few for a forecast; {LEAST} are needed.",
            f"完整的周期只有 {len(series)} 个，预测至少需要 {LEAST} 个。",
        )
    steps = ahead or AHEAD[every]
    missed = _missed(series, methods(len(series), SEASON[every]), steps)
    errors = {name: float(np.nanmean(np.abs(rows))) for name, rows in missed.items()}
    rule = min((name for name in _NAIVE if name in errors), key=lambda name: errors[name])
    best = min(errors, key=lambda name: errors[name])
    method = best if errors[best] < BETTER * errors[rule] else rule
    values = methods(len(series), SEASON[every])[method](series, steps)
    half = _half(missed[method], confidence)
    first = int(starts[-1]) + 1
    return Forecast(
        every=every,
        method=method,
        confidence=confidence,
        history=tuple(
            Point(_start_of(start, every), value, None, None, n)
            for start, value, n in zip(starts.tolist(), series.tolist(), counts.tolist(), strict=True)
        ),
        points=tuple(
            Point(_start_of(first + k, every), v, low, high, None)
            for k, (v, low, high) in enumerate(
                np.clip([values, values - half, values + half], *bounds).T.tolist()
            )
        ),
        errors=errors,
        error=errors[method],
        naive_error=errors[rule],
        naive_is_better=method in _NAIVE,
        tests=len(missed[method]),
        covered=_covered(missed[method], confidence),
        filled=filled,
    )


def _series(days: Floats | Ints, values: Floats | None, every: Every) -> tuple[Ints, Floats, Ints, int]:
    here = np.isfinite(days) if values is None else np.isfinite(days) & np.isfinite(values)
    if not here.any():
        raise AnalyticsError("No row has a time and a value.", "没有一行同时具有时间和数值。")
    day = np.floor(np.asarray(days)[here]).astype(np.int64)
    index = _index(day, every)
    first, last = int(index.min()), int(index.max())
    first += int(_day_of(_start_of(first, every)) < day.min())
    last -= int(_day_of(_start_of(last + 1, every)) - 1 > day.max())
    inside = (index >= first) & (index <= last)
    counts = np.bincount(index[inside] - first, minlength=max(last - first + 1, 0)).astype(np.int64)
    starts = np.arange(first, first + len(counts), dtype=np.int64)
    if values is None:
        return starts, counts.astype(np.float64), counts, 0
    total = np.bincount(index[inside] - first, weights=values[here][inside], minlength=len(counts))
    known = counts > 0
    means = np.interp(starts, starts[known], total[known] / counts[known]) if known.any() else total
    return starts, means.astype(np.float64), counts, int((~known).sum())


def _missed(series: Floats, tried: dict[str, Method], ahead: int) -> dict[str, Floats]:
    """Value less forecast from each origin, shape (origins, ahead); NaN beyond the end."""
    n = len(series)
    # Our choice: the last third of the series, twelve origins at most; two of three seasons remain before.
    origins = range(max(4, n - max(4, min(12 + ahead - 1, n // 3))), n)
    found = {name: np.full((len(origins), ahead), np.nan) for name in tried}
    for row, origin in enumerate(origins):
        here = min(ahead, n - origin)
        for name, method in tried.items():
            found[name][row, :here] = series[origin : origin + here] - method(series[:origin], here)
    return found


def _half(missed: Floats, confidence: float) -> Floats:
    """Half the interval at each distance: it never shrinks, and few errors make it wider."""
    n = np.isfinite(missed).sum(axis=0)
    square = np.nansum(missed**2, axis=0) / np.maximum(n, 1)
    wide = np.array([t_quantile((1 + confidence) / 2, float(max(k - 1, 1))) if k > 1 else np.nan for k in n])
    half: Floats = wide * np.sqrt(square * (1 + 1 / np.maximum(n, 1)))
    # At the far end too few origins are left to judge by; the nearer distance stands in, growing.
    for k in range(len(half)):
        nearer = half[k - 1] if k else np.nan
        if n[k] < 4 and k and np.isfinite(nearer):
            half[k] = nearer * np.sqrt((k + 1) / k)
        half[k] = np.fmax(half[k], nearer)
    return half


def _covered(missed: Floats, confidence: float) -> float:
    """Share of errors within the interval that the other origins' errors make."""
    inside, total = 0, 0
    for row in range(len(missed)):
        others = np.delete(missed, row, axis=0)
        if np.isfinite(others[:, 0]).sum() < 3:
            continue
        half = _half(others, confidence)
        known = np.isfinite(missed[row])
        inside += int((np.abs(missed[row][known]) <= half[known]).sum())
        total += int(known.sum())
    return inside / total if total else float("nan")


def _index(day: Ints, every: Every) -> Ints:
    if every == "day":
        return day
    if every == "week":
        return (day + 3) // 7
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months if every == "month" else months // 3


def _start_of(index: int, every: Every) -> date:
    if every in ("day", "week"):
        return day_of(index if every == "day" else index * 7 - 3)
    months = int(index) * (1 if every == "month" else 3)
    return date(1970 + months // 12, months % 12 + 1, 1)


def _day_of(day: date) -> int:
    return (day - date(1970, 1, 1)) // timedelta(days=1)


def _plain(point: Point) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in point._asdict().items()
        if value is not None
    }
