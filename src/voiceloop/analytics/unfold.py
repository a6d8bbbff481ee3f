"""Which metrics are means, and on what scale: what can be charted, split and weighted."""

from __future__ import annotations

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.metric import Average, Metric, Score, Share
from voiceloop.analytics.scales import scale as scale_of


def bounds_of(metric: Metric, scale: str | None = None) -> tuple[float, float] | None:
    """Return the ends of the scale of a metric's mean before `Metric.factor`; None without ends.

    Raises
    ------
    AnalyticsError
        When the metric is no mean of something.

    Examples
    --------
    >>> from voiceloop.analytics import registry
    >>> bounds_of(registry.metric("nps")), bounds_of(registry.metric("order_value"))
    ((-1.0, 1.0), None)
    """
    if isinstance(metric, Score):
        values = [0.0, *(float(value) for _, value in metric.class_values)]
        return min(values), max(values)
    if isinstance(metric, Share):
        return 0.0, 1.0
    if isinstance(metric, Average):
        on = scale_of(scale or metric.scales[0]) if metric.scales else None
        return (on.low, on.high) if on else None
    raise AnalyticsError(
        f"{metric.name} is no mean, so it cannot be split or charted this way.",
        f"指标 {metric.name} 不是均值类指标，不能这样分解或监控。",
    )
