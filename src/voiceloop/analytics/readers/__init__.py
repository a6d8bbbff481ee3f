"""Shapes of file: a folder is the registry, every public module holds one reader or several."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.readers._reader import Reader


@cache
def readers() -> tuple[Reader, ...]:
    """Return all readers, those that are tried first before the others.

    Examples
    --------
    >>> sorted({reader.name for reader in readers()})
    ['calls', 'log', 'orders', 'rows', 'survey', 'tickets']
    """
    found: list[Reader] = []
    for info in pkgutil.iter_modules(__path__):
        if not info.name.startswith("_"):
            module = import_module(f"{__name__}.{info.name}")
            found += getattr(module, "READERS", None) or (module.READER,)
    return tuple(sorted(found, key=lambda reader: reader.rank))


def readers_of(table: str, shape: str | None = None) -> tuple[Reader, ...]:
    """Return the readers that make rows of a table, or the one of a name.

    Raises
    ------
    AnalyticsError
        When none does.
    """
    found = tuple(reader for reader in readers() if reader.table == table and shape in (None, reader.name))
    if not found:
        known = ", ".join(sorted({reader.name for reader in readers() if reader.table == table}))
        raise AnalyticsError(
            f"No file of shape {shape!r} holds {table}; there are: {known}.",
            f"形式为“{shape}”的文件不含 {table}；可用的形式：{known}。",
        )
    return found
