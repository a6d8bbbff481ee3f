"""A folder is a registry: every module in it holds one plug-in."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from voiceloop.analytics.errors import AnalyticsError

if TYPE_CHECKING:
    from voiceloop.analytics.chart import Chart
    from voiceloop.analytics.metric import Metric

# TRICKY: the first import of a folder sets its name on the package, over the function `metrics` that
# the package exports; so it happens here, before that. By name: synth must not be seen to import it.
import_module("voiceloop.analytics.metrics")


@cache
def plugins(package: str, attribute: str) -> Mapping[str, Any]:
    """Return name → plug-in for all modules of ``package`` that are not private.

    Parameters
    ----------
    package : str
        Dotted name of the folder.
    attribute : str
        Name under which each module keeps its plug-in; the plug-in has a ``name``.

    Raises
    ------
    AttributeError
        When a module of the folder holds no plug-in.

    Examples
    --------
    >>> "nps" in plugins("voiceloop.analytics.metrics", "METRIC")
    True
    """
    folder = import_module(package)
    found = [
        getattr(import_module(f"{package}.{info.name}"), attribute)
        for info in pkgutil.iter_modules(folder.__path__)
        if not info.name.startswith("_")
    ]
    return MappingProxyType({plugin.name: plugin for plugin in found})


def metrics() -> Mapping[str, Metric]:
    """Return all metrics by name.

    Examples
    --------
    >>> metrics()["nps"].unit
    'points'
    """
    return plugins("voiceloop.analytics.metrics", "METRIC")


def metric(name: str) -> Metric:
    """Return the metric called ``name``.

    Raises
    ------
    AnalyticsError
        When there is none; the sentence lists those that exist.
    """
    if name not in metrics():
        known = ", ".join(metrics())
        raise AnalyticsError(
            f"Unknown metric {name!r}; there are: {known}.", f"没有指标“{name}”；可用的有：{known}。"
        )
    return metrics()[name]


def charts() -> Mapping[str, Chart]:
    """Return all charts by name.

    Examples
    --------
    >>> "trend" in charts()
    True
    """
    return plugins("voiceloop.analytics.charts", "CHART")
