"""The table of drivers as a file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import xlsxwriter
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.analytics.drivers.result import Driver, Drivers
from voiceloop.server.core import spreadsheets
from voiceloop.server.core.spreadsheets import XLSX, Response, streamed
from voiceloop.server.measure.slices import Slice, in_words
from voiceloop.server.understand.drivers.costing import Asked, Costs, named
from voiceloop.server.understand.drivers.names import driver_name, kind_name


def head() -> list[str]:
    return [
        _("driver"), _("share of what is explained"), _("low"), _("high"), _("part of R²"), _("direction"),
        _("kind"), _("penalty"), _("reward"), _("performance"), "n", _("verdict"),
    ]  # fmt: skip


def lines(found: Drivers) -> list[list[Any]]:
    return [_cells(one) for one in found.drivers]


def _cells(one: Driver) -> list[Any]:
    return [
        driver_name(one.name), one.share.value, one.share.low, one.share.high, one.importance.value,
        one.direction, kind_name(one.kind), *_sides(one), one.performance.value if one.performance else None,
        one.n, _("signal") if one.is_signal else _("noise"),
    ]  # fmt: skip


def _sides(one: Driver) -> list[float | None]:
    return [one.sides.penalty.value, one.sides.reward.value] if one.sides else [None, None]


def as_csv(found: Drivers, part: Slice) -> HttpResponseBase:
    return _attached(streamed([head()], lines(found), _origin(found, part)), "csv")


def as_json(found: Drivers, part: Slice) -> HttpResponseBase:
    body = {**found.to_dict(), "filter": in_words(part)}
    return _attached(JsonResponse(body, json_dumps_params={"ensure_ascii": False}), "json")


def as_book(found: Drivers, part: Slice) -> HttpResponseBase:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as made:
        sheet, bold = made.add_worksheet("drivers"), made.add_format({"bold": True})
        sheet.write_row(0, 0, head(), bold)
        for at, cells in enumerate(lines(found), 1):
            sheet.write_row(at, 0, cells)
        sheet.set_column(0, 0, 24)
        sheet.freeze_panes(1, 1)
        about = made.add_worksheet(_("About"))
        for at, cells in enumerate(_origin(found, part)):
            about.write_row(at, 0, cells)
    return _attached(HttpResponse(target.getvalue(), content_type=XLSX), "xlsx")


def cost_lines(found: Costs, part: Slice, asked: Asked) -> Iterator[list[Any]]:
    """What detractors cost, the head first and what it rests on last."""
    yield [
        _("part"), _("per detractor"), _("per other customer"), _("attached per detractor"), _("low"),
        _("high"), _("attached to all"), _("low"), _("high"), "n", _("others"), _("compared"), _("verdict"),
    ]  # fmt: skip
    for name, _figure, one in named(found):
        each, every = one.attached, one.total
        yield [
            str(name), one.detractors, one.others, each.value, each.low, each.high, every.value, every.low,
            every.high, one.n, one.n_others, one.compared, _("signal") if one.is_signal else _("noise"),
        ]  # fmt: skip
    yield []
    yield [_("Filter"), in_words(part)]
    yield [_("Days followed"), asked.window]
    yield [_("Cost of a contact"), found.contact]


MAKERS: Mapping[str, Callable[[Drivers, Slice], HttpResponseBase]] = {
    "csv": as_csv,
    "json": as_json,
    "xlsx": as_book,
}


def _origin(found: Drivers, part: Slice) -> list[list[Any]]:
    english = get_language() == "en"
    return [
        [],
        [_("Outcome"), found.outcome.name.upper()],
        [_("Filter"), in_words(part)],
        ["n", found.n],
        ["R²", found.r2],
        [_("Method"), found.method if english else found.method_zh],
    ]


def _attached(response: Response, kind: str) -> Response:
    return spreadsheets.named(response, f"drivers.{kind}", f"{_('Drivers')} {localdate():%Y-%m-%d}.{kind}")
