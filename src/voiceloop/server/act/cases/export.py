"""Cases as a file: CSV that spreadsheets open, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from voiceloop.server.act.cases import page
from voiceloop.server.act.cases.filters import STATES
from voiceloop.server.act.models import Case

CHUNK = 500


def answer(cases: QuerySet[Any], form: str) -> HttpResponseBase:
    return table(_with_head(cases), form, "cases")


def table(rows: Iterator[list[Any]], form: str, name: str) -> HttpResponseBase:
    """Rows as a file, the head first."""
    if form == "csv":
        response: HttpResponseBase = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    elif form == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(_xlsx(rows), content_type=kind)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def head() -> list[str]:
    return [
        _("Case"), _("State"), _("Severity"), _("Score"), _("Customer"), _("Summary"), _("Unit"), _("Owner"),
        _("Opened"), _("First contact due"), _("First contact"), _("Resolved"), _("Root cause"), _("Outcome"),
    ]  # fmt: skip


def row(case: Case) -> list[Any]:
    score, done, outcome = (
        page.score_of(case),
        getattr(case, "resolution", None),
        getattr(case, "outcome", None),
    )
    return [
        case.pk,
        str(STATES.get(case.state, case.state)),
        case.get_severity_display(),
        score["value"] if score else None,
        str(case.customer or ""),
        case.summary,
        str(case.unit),
        str(case.owner or ""),
        _minute(case.opened_at),
        _minute(case.first_contact_due_at),
        _minute(case.first_contact_at),
        _minute(done.at if done else None),
        str(done.root_cause) if done else "",
        outcome.get_code_display() if outcome else "",
    ]


def _minute(at: datetime | None) -> str:
    return localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _csv(rows: Iterator[list[Any]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    # The mark lets a spreadsheet read Chinese.
    yield "\ufeff"
    for values in rows:
        writer.writerow([_tame(value) for value in values])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _with_head(cases: QuerySet[Any]) -> Iterator[list[Any]]:
    yield list(head())
    yield from (row(case) for case in cases.iterator(chunk_size=CHUNK))


def _tame(value: Any) -> Any:
    """A customer's words must not become a formula of who opens the file."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _xlsx(rows: Iterator[list[Any]]) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, values in enumerate(rows):
            sheet.write_row(number, 0, values)
    return out.getvalue()
