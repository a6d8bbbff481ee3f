"""The table of an answer as CSV, line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.measure.exports.content import Content
from voiceloop.server.measure.exports.naming import attached


def response(answer: Exploration) -> StreamingHttpResponse:
    content = Content(answer)
    return attached(streamed([content.head()], content.lines()), answer.asked, "csv")


def streamed(*tables: Iterable[list[Any]]) -> StreamingHttpResponse:
    return StreamingHttpResponse(_lines(*tables), content_type="text/csv; charset=utf-8")


def _lines(*tables: Iterable[list[Any]]) -> Iterator[str]:
    # TRICKY: the mark at the start tells Excel that the file is UTF-8; without it Chinese is garbled.
    yield "\ufeff"
    for table in tables:
        for line in table:
            buffer = io.StringIO()
            csv.writer(buffer).writerow(["" if cell is None else cell for cell in line])
            yield buffer.getvalue()
