"""The families in which metrics are listed: what they tell about."""

from __future__ import annotations

from importlib import import_module

# (Chinese, English), in the order in which they are listed.
FAMILIES = {
    "loyalty": ("忠诚", "Loyalty"),
    "experience": ("体验与心声", "Experience and voice"),
    "operation": ("服务运营", "Service operation"),
    "evaluation": ("评估与成本", "Evaluation and cost"),
}


def family(name: str) -> str:
    """Return the family that a metric's file names, a key of `FAMILIES`.

    Parameters
    ----------
    name : str
        Name of a metric, without its version.

    Examples
    --------
    >>> family("nps"), FAMILIES[family("waiting_time")][1]
    ('loyalty', 'Service operation')
    """
    found: str = import_module(f"voiceloop.analytics.metrics.{name}").FAMILY
    return found
