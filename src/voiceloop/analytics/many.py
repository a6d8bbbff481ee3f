"""Many comparisons at once, with a budget of false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voiceloop.analytics.measure import compare
from voiceloop.analytics.metric import Average, Metric, Score, Share
from voiceloop.analytics.result import Comparison, Row
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.many import careful_p
from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.unfold import bounds_of


def compare_many(
    pairs: Sequence[tuple[Row, Row]], *, rate: float = 0.05, confidence: float = 0.95
) -> list[Comparison]:
    """Compare many pairs of figures; of those called a signal at most a share ``rate`` is chance.

    Parameters
    ----------
    pairs : sequence of (Row, Row)
        As for `compare`: a − b, of one metric on one scale, without rows in common.
    rate : float
        Share of false signals among the signals.
    confidence : float
        Level of each interval, which is that of one comparison.

    Returns
    -------
    list of Comparison
        In the order of ``pairs``. An interval may leave out zero while the verdict is noise: alone it
        would be a signal, among many it is not.

    Raises
    ------
    AnalyticsError
        As `compare` does.

    Examples
    --------
    >>> from voiceloop.analytics import measure
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> web, sms = measure(tiny_lake(), "nps", by=["channel"]).rows
    >>> [found.verdict for found in compare_many([(web, sms), (sms, web)])]
    ['noise', 'noise']
    """
    found = [compare_among_many(a, b, confidence=confidence) for a, b in pairs]
    holds = within_budget([one.p_value for one in found], rate)
    return [
        replace(one, verdict="signal" if is_signal else "noise")
        for one, is_signal in zip(found, holds, strict=True)
    ]


def compare_among_many(a: Row, b: Row, *, confidence: float = 0.95) -> Comparison:
    """Compare two figures with the p-value that a budget for many comparisons needs.

    A budget rests on very small p-values, which those of a single comparison understate for few answers;
    what it lets through is decided by `within_budget`.

    Examples
    --------
    >>> from voiceloop.analytics import measure
    >>> from voiceloop.analytics.demo import tiny_lake
    >>> web, sms = measure(tiny_lake(), "nps", by=["channel"]).rows
    >>> compare_among_many(web, sms).p_value >= compare(web, sms).p_value
    True
    """
    found = compare(a, b, confidence=confidence)
    return replace(found, p_value=p_among_many(a.metric, a.scale, a.parts, b.parts, found.p_value))


def p_among_many(metric: Metric, scale: str | None, a: Parts, b: Parts, p: float | None) -> float | None:
    """Return the p-value of a difference of a metric for use in a budget.

    Examples
    --------
    >>> from voiceloop.analytics import registry
    >>> same = Parts.of([1.0, 0.0])
    >>> p_among_many(registry.metric("nps"), None, same, same, 0.5)
    1.0
    """
    if not isinstance(metric, Score | Share | Average):
        return p
    return careful_p(a, b, p, bounds_of(metric, scale))
