"""A folder is a registry: every module in it holds one plug-in."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from difflib import get_close_matches
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
    """Return the metric called ``name``, as it is defined now or, for ``name@version``, as it was.

    Raises
    ------
    AnalyticsError
        When there is none; the sentence names those that are spelled much like it, or all.

    Examples
    --------
    >>> metric("nps").id, metric("nps@1").id
    ('nps@1', 'nps@1')
    """
    base, at, version = name.partition("@")
    if base not in metrics():
        known = ", ".join(get_close_matches(base, metrics(), 3) or metrics())
        raise AnalyticsError(
            f"Unknown metric {base!r}; there are: {known}.", f"没有指标“{base}”；可用的有：{known}。"
        )
    found = {str(one.version): one for one in versions(base)}
    if at and version not in found:
        known = ", ".join(found)
        raise AnalyticsError(
            f"{base} has no version {version!r}; there are: {known}.",
            f"指标 {base} 没有版本“{version}”；已有的版本：{known}。",
        )
    return found[version] if at else metrics()[base]


def versions(name: str) -> tuple[Metric, ...]:
    """Return all versions of a metric, the one in force first; a report keeps the one it was made with.

    Examples
    --------
    >>> [one.version for one in versions("nps")]
    [1]
    """
    earlier = getattr(import_module(f"voiceloop.analytics.metrics.{name}"), "EARLIER", ())
    return (metrics()[name], *earlier)


def charts() -> Mapping[str, Chart]:
    """Return all charts by name.

    Examples
    --------
    >>> "trend" in charts()
    True
    """
    return plugins("voiceloop.analytics.charts", "CHART")
