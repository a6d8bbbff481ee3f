"""The ledger as a file: CSV that spreadsheets open, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(rows: Iterable[list[Any]], form: str, name: str) -> HttpResponseBase:
    if form == "csv":
        found: HttpResponseBase = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    elif form == "xlsx":
        found = HttpResponse(_xlsx(rows), content_type=SHEET)
    else:
        raise Http404
    found["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return found


def _csv(rows: Iterable[list[Any]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    # The mark lets a spreadsheet read Chinese.
    yield "\ufeff"
    for values in rows:
        writer.writerow([_tame(value) for value in values])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _tame(value: Any) -> Any:
    """A customer's words must not become a formula of who opens the file."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _xlsx(rows: Iterable[list[Any]]) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, values in enumerate(rows):
            sheet.write_row(number, 0, values)
    return out.getvalue()
