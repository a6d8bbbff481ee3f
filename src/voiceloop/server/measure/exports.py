"""Numbers as files: the same figures as on screen, streamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.result import Result
from voiceloop.server.measure import numbers
from voiceloop.server.measure.cards import metric_label
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.slices import Slice, in_words

Exporter = Callable[[Metric, Slice, Sequence[str], str | None], HttpResponse | StreamingHttpResponse]


def as_csv(metric: Metric, part: Slice, by: Sequence[str], every: str | None) -> StreamingHttpResponse:
    found = numbers.result(metric, part, by=by, every=every)
    # TRICKY: the mark at the start tells Excel that the file is UTF-8; without it Chinese is garbled.
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{metric.name}.csv"'
    return response


def as_xlsx(metric: Metric, part: Slice, by: Sequence[str], every: str | None) -> HttpResponse:
    found = numbers.result(metric, part, by=by, every=every)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(metric.name[:31])
        sheet.write_row(0, 0, [metric_label(metric), in_words(part), found.method, str(found.as_of or "")])
        for number, line in enumerate(_table(found), 2):
            sheet.write_row(number, 0, line)
        _chart(book, sheet, found)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(target.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{metric.name}.xlsx"'
    return response


EXPORTS: dict[str, Exporter] = {"csv": as_csv, "xlsx": as_xlsx}


def _chart(book: Any, sheet: Any, found: Result) -> None:
    n, width = len(found.rows), len(_keys(found))
    if width != 1 or n < 2:
        return
    chart = book.add_chart({"type": "line" if found.every else "column"})
    place = sheet.get_name()
    chart.add_series(
        {
            "name": metric_label(found.metric),
            "categories": [place, 3, 0, n + 2, 0],
            "values": [place, 3, 2, n + 2, 2],
        }
    )
    sheet.insert_chart(3, width + 6, chart)


def _keys(found: Result) -> list[str]:
    return [*found.by, *(["period"] if found.every else [])]


def _table(found: Result) -> Iterator[list[Any]]:
    names = [_("Period") if name == "period" else dimension_label(name) for name in _keys(found)]
    yield [*names, "n", metric_label(found.metric), _("low"), _("high"), _("method"), _("as of")]
    as_of = found.as_of.isoformat() if found.as_of else ""
    for row in found.rows:
        keys = [_key(name, row.key[name]) for name in _keys(found)]
        yield [*keys, row.n, row.value, row.low, row.high, found.method, as_of]


def _key(name: str, code: Any) -> str:
    # A cell that begins like a formula would be run by a spreadsheet.
    text = f"{code:%Y-%m-%d}" if name == "period" else label(name, code)
    return "'" + text if text[:1] in "=+-@\t\r" else text


def _lines(found: Result) -> Iterator[str]:
    yield "\ufeff"
    for line in _table(found):
        buffer = io.StringIO()
        csv.writer(buffer).writerow(["" if cell is None else cell for cell in line])
        yield buffer.getvalue()
