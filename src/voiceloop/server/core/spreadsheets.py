"""Rows as a file that spreadsheets open: CSV, line by line, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import quote

import xlsxwriter
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Words of customers stay words.
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}

Response = TypeVar("Response", bound=HttpResponseBase)


def answer(rows: Iterable[Iterable[Any]], form: str, name: str) -> HttpResponseBase:
    """Rows, the head first, as the file that a person chose."""
    if form == "csv":
        return named(streamed(rows), f"{name}.csv")
    if form == "xlsx":
        return named(HttpResponse(_book(rows), content_type=XLSX), f"{name}.xlsx")
    raise Http404


def named(response: Response, name: str, said: str = "") -> Response:
    """To be kept, not shown; the plain name is for programs that do not read the one with Chinese in it."""
    more = f"; filename*=UTF-8''{quote(said)}" if said else ""
    response["Content-Disposition"] = f'attachment; filename="{name}"{more}'
    return response


def streamed(*tables: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    return StreamingHttpResponse(lines(*tables), content_type="text/csv; charset=utf-8")


def lines(*tables: Iterable[Iterable[Any]]) -> Iterator[str]:
    # TRICKY: the mark at the start tells Excel that the file is UTF-8; without it Chinese is garbled.
    yield "\ufeff"
    out = io.StringIO()
    writer = csv.writer(out)
    for table in tables:
        for row in table:
            writer.writerow([tame(cell) for cell in row])
            yield out.getvalue()
            out.seek(0)
            out.truncate()


def tame(cell: Any) -> Any:
    """What somebody wrote must not become a formula of who opens the file."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _book(rows: Iterable[Iterable[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, PLAIN) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()
