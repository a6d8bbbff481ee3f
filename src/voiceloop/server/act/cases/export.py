"""Cases as a file: CSV that spreadsheets open, or XLSX."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from voiceloop.server.act.cases import page
from voiceloop.server.act.cases.filters import STATES
from voiceloop.server.act.models import Case
from voiceloop.server.core import spreadsheets

CHUNK = 500


def answer(cases: QuerySet[Any], form: str) -> HttpResponseBase:
    return spreadsheets.answer(_with_head(cases), form, "cases")


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


def _with_head(cases: QuerySet[Any]) -> Iterator[list[Any]]:
    yield list(head())
    yield from (row(case) for case in cases.iterator(chunk_size=CHUNK))
