"""Rows that are already what the lake keeps: every column under the lake's own name."""

from __future__ import annotations

from collections.abc import Callable

from voiceloop.analytics import schema
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.readers._fields import Field
from voiceloop.analytics.readers._names import CUSTOMER, rest_of, when
from voiceloop.analytics.readers._reader import Reader


def _fields(table: str) -> Callable[[Metric | None], tuple[Field, ...]]:
    return lambda metric: rest_of(table, (when(), CUSTOMER))


READERS = tuple(
    Reader("rows", table, f"rows of {table}", f"{table} 的数据行", _fields(table), rank=9)
    for table in schema.TABLES
)
