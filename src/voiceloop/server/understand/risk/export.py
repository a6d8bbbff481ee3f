"""The list of customers at risk as a CSV file that spreadsheets open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from voiceloop.server.core import spreadsheets
from voiceloop.server.understand.risk import reading
from voiceloop.server.understand.risk_models import CustomerRisk


def answer(rows: QuerySet[CustomerRisk]) -> StreamingHttpResponse:
    return spreadsheets.named(spreadsheets.streamed(_rows(rows)), "risk.csv")


def _rows(rows: QuerySet[CustomerRisk]) -> Iterator[list[Any]]:
    yield [
        _("Customer"), _("Number"), _("Unit"), _("As of"), _("Risk %"), _("Band"), _("Why"), _("Kind"),
        _("RFM"), _("Stage of life"), _("Value so far"), _("Expected value"), _("Low"), _("High"),
    ]  # fmt: skip
    for one in rows.iterator(chunk_size=500):
        why = " · ".join(f"{r['name']} {r['value']} ×{r['odds']:.2f}" for r in reading.reasons(one))
        yield [
            str(one.customer), one.customer.number or "", str(one.customer.unit), one.as_of.isoformat(),
            None if one.probability is None else round(100 * one.probability, 1), one.get_band_display(), why,
            reading.kind_name(one.kind), one.rfm, reading.stage_name(one.stage),
            round(one.historic, 2),
            *(None if value is None else round(value, 2) for value in (one.expected, one.low, one.high)),
        ]  # fmt: skip
