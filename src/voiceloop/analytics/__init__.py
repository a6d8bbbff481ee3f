"""Tables in, numbers out: the figures of the product, without a server."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voiceloop.analytics.errors import AnalyticsError
    from voiceloop.analytics.files import FileSource
    from voiceloop.analytics.lake import Lake
    from voiceloop.analytics.measure import compare, measure
    from voiceloop.analytics.registry import metrics

__all__ = ["AnalyticsError", "FileSource", "Lake", "compare", "measure", "metrics"]

# Brought when they are first asked for: who only reads comments does not wait for the lake's engines.
_HOMES = {
    "AnalyticsError": "errors",
    "FileSource": "files",
    "Lake": "lake",
    "compare": "measure",
    "measure": "measure",
    "metrics": "registry",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found


class _Package(ModuleType):
    """`measure` and `metrics` are functions here, whichever module of that name is imported first."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
