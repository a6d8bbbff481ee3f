"""The rows behind a figure as CSV, however many: never more than a batch of them in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from voiceloop.analytics.drill import stream
from voiceloop.server.core.spreadsheets import streamed
from voiceloop.server.measure.asking import Asked
from voiceloop.server.measure.exports.naming import attached
from voiceloop.server.measure.labels import DIMENSIONS, dimension_label, label
from voiceloop.server.store.sync import lake

# Not in a file that leaves the house: they are pseudonymous, but they are somebody.
KEPT_BACK = {"customer_key", "month", "attributes"}


def as_csv(asked: Asked) -> StreamingHttpResponse:
    return attached(streamed(_lines(asked)), asked, "csv")


def _lines(asked: Asked) -> Iterator[list[Any]]:
    names: list[str] = []
    for row in stream(lake(), asked.metric, **asked.part.arguments()):
        if not names:
            names = [name for name in row if name not in KEPT_BACK]
            yield [dimension_label(name) for name in names]
        yield [_cell(name, row[name]) for name in names]
    if not names:
        yield [_("Nothing in this slice.")]


def _cell(name: str, value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    return label(name, value) if name in DIMENSIONS else value
