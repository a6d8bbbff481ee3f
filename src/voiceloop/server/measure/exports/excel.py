"""The answer as a workbook: the table, a chart of Excel's own over its cells, and a sheet of origins."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.server.measure.exploration import MOST_BARS, MOST_SMALL, Exploration
from voiceloop.server.measure.exports.content import Content
from voiceloop.server.measure.exports.series import Series, series_of

HEAD, FIRST = 2, 3
ACCENT, SOFT = "#2F55D4", "#C3CFF5"
FORMATS = {"signed": "+0.0;-0.0;0.0", "pct": '0.0"%"', "score": "0.00", "money": '"¥"#,##0', "rate": '0.0"‰"'}
CHART = {"width": 720, "height": 380}


def book(answer: Exploration) -> bytes:
    target, content = io.BytesIO(), Content(answer)
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as made:
        sheet = made.add_worksheet(answer.metric.name[:31])
        _table(made, sheet, content)
        _chart(made, sheet, answer, content)
        _origins(made, content)
    return target.getvalue()


def _table(made: Any, sheet: Any, content: Content) -> None:
    bold, head = made.add_format({"bold": True}), made.add_format({"bold": True, "bottom": 1})
    number = made.add_format({"num_format": FORMATS.get(content.fmt, "#,##0.0")})
    sheet.write_row(0, 0, [content.title, content.filter, content.finding, content.verdict], bold)
    sheet.write_row(HEAD, 0, content.head(), head)
    at = len(content.keys)
    for line, cells in enumerate(content.lines(), FIRST):
        sheet.write_row(line, 0, cells)
        for column in range(at + 1, at + 4):
            if cells[column] is not None:
                sheet.write_number(line, column, cells[column], number)
    sheet.freeze_panes(FIRST, at)
    sheet.set_column(0, max(at - 1, 0), 18)
    sheet.set_column(at, at + 12, 13)


def _chart(made: Any, sheet: Any, answer: Exploration, content: Content) -> None:
    found = series_of(answer)
    if found is None:
        return
    chart = made.add_chart({"type": "line"} if found.is_over_time else {"type": "bar"})
    data = _sheet_of(made, found)
    rows = len(found.names)
    for number, name in enumerate(found.lines, 1):
        series: dict[str, Any] = {
            "name": [data, 0, number],
            "categories": [data, 1, 0, rows, 0],
            "values": [data, 1, number, rows, number],
        }
        chart.add_series(series | _look(found, name, number))
    chart.set_title({"name": content.finding, "name_font": {"size": 11, "bold": False}})
    if found.is_over_time:
        chart.set_x_axis({"label_position": "low"})
    else:
        chart.set_y_axis({"reverse": True, "label_position": "low"})
        chart.set_x_axis({"label_position": "high"})
    chart.set_legend({"position": "bottom"} if len(found.lines) > 1 else {"none": True})
    chart.set_size(CHART)
    sheet.insert_chart(FIRST, len(content.head()) + 1, chart)
    if answer.kind == "heat":
        _colour(sheet, content)


def _look(found: Series, name: str, number: int) -> dict[str, Any]:
    if found.is_over_time:
        return {"marker": {"type": "circle", "size": 5}, "smooth": False}
    if len(found.lines) > 1:
        return {"gap": 60}
    whisker = {
        "type": "custom",
        "plus_values": [high or 0 for _, high in found.whiskers],
        "minus_values": [low or 0 for low, _ in found.whiskers],
        "line": {"color": "#1C2536", "width": 1},
    }
    return {"fill": {"color": SOFT}, "y_error_bars": whisker, "gap": 60}


def _sheet_of(made: Any, found: Series) -> str:
    """The cells that a chart draws: names down, one column for each series."""
    sheet = made.add_worksheet(_("Chart data"))
    sheet.write_row(0, 1, list(found.lines))
    for line, name in enumerate(found.names, 1):
        sheet.write_string(line, 0, name)
        for column, values in enumerate(found.lines.values(), 1):
            if values[line - 1] is not None:
                sheet.write_number(line, column, values[line - 1])
    return str(sheet.get_name())


def _colour(sheet: Any, content: Content) -> None:
    at, last = len(content.keys) + 1, FIRST + len(content.groups) - 1
    scale = {"type": "3_color_scale", "min_color": "#E08050", "mid_color": "#F5F2EC", "max_color": "#4FA9B0"}
    sheet.conditional_format(FIRST, at, last, at, scale)


def _origins(made: Any, content: Content) -> None:
    metric = content.answer.metric
    english = get_language() == "en"
    sheet = made.add_worksheet(_("About"))
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90, made.add_format({"text_wrap": True}))
    rows = [
        (_("Metric"), f"{content.title} ({metric.id})"),
        (_("Definition"), metric.definition_en if english else metric.definition_zh),
        (_("Filter"), content.filter),
        (_("Finding"), " ".join(filter(None, (content.finding, content.verdict)))),
        (_("Origin"), content.footnote),
        (
            _("Chart"),
            _("The %(bars)s largest groups, or %(lines)s lines") % {"bars": MOST_BARS, "lines": MOST_SMALL},
        ),
    ]
    for line, cells in enumerate(rows):
        sheet.write_row(line, 0, cells)
