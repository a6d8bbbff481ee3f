"""The answer on paper: PDF set by typst in a font that the product brings along."""

from __future__ import annotations

import json
from functools import cache
from math import ceil, floor, log10
from pathlib import Path
from typing import Any, Literal

import typst
from django.contrib.staticfiles import finders
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.measure.exports.content import Content
from voiceloop.server.measure.exports.series import Series, series_of

TEMPLATE = Path(__file__).with_name("paper.typ")
FONT = "dist/fonts/NotoSansSC-400Regular.ttf"
# Our choice: a sheet or three; who wants every group takes the table as a file.
MOST_LINES, PIXELS_AN_INCH = 120, 144


def pdf(answer: Exploration) -> bytes:
    return _set(document(answer), "pdf")


def png(answer: Exploration) -> bytes | None:
    """The chart alone, for a mail; None where there is nothing to draw."""
    found = document(answer)
    return _set(found, "png", only="chart", ppi=PIXELS_AN_INCH) if found["points"] else None


@cache
def fonts() -> str:
    """The folder of our own fonts: the system's are never asked, a missing letter would vanish silently."""
    found = finders.find(FONT)
    if not found:
        raise AnalyticsError(
            "The fonts for PDF are missing: build the front end.", "缺少生成 PDF 所需的字体：请先构建前端。"
        )
    return str(Path(found).parent)


def _set(
    found: dict[str, Any], form: Literal["pdf", "png"], *, only: str = "", ppi: float | None = None
) -> bytes:
    return typst.compile(
        str(TEMPLATE),
        format=form,
        font_paths=[fonts()],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(found), "only": only},
        ppi=ppi,
    )


def document(answer: Exploration) -> dict[str, Any]:
    content, found, english = Content(answer), series_of(answer), get_language() == "en"
    drawn = found if found and len(found.lines) == 1 else None
    head, lines = content.head()[:-3], [line[:-3] for line in content.lines()]
    metric = answer.metric
    return {
        "language": "en" if english else "zh",
        "title": content.title,
        "filter": content.filter,
        "finding": content.finding,
        "verdict": content.verdict,
        "footnote": content.footnote,
        "definition": metric.definition_en if english else metric.definition_zh,
        "words": {"definition": _("Definition")},
        "note": _note(drawn, len(lines)),
        "is_over_time": bool(drawn and drawn.is_over_time),
        "points": _points(drawn, content) if drawn else [],
        "axis": _axis(drawn, content) if drawn else {"low": 0, "high": 1, "ticks": []},
        "keys": len(content.keys),
        "head": head,
        "lines": [[said(cell, content) for cell in line] for line in lines[:MOST_LINES]],
    }


def _note(drawn: Series | None, n_lines: int) -> str:
    words = []
    if drawn:
        words.append(_("Whiskers and bands: 95% intervals."))
    if drawn and any(drawn.tones):
        words.append(_("Teal or vermilion: differs from the others by more than chance."))
    if n_lines > MOST_LINES:
        words.append(_("The table shows %(shown)s of %(all)s lines.") % {"shown": MOST_LINES, "all": n_lines})
    return " ".join(words)


def _points(drawn: Series, content: Content) -> list[dict[str, Any]]:
    tones = drawn.tones or [""] * len(drawn.rows)
    return [
        {
            "name": name,
            "n": f"{row.n:,}",
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "said": content.said(row.value),
            "tone": tone,
        }
        for name, row, tone in zip(drawn.names, drawn.rows, tones, strict=True)
    ]


def _axis(drawn: Series, content: Content) -> dict[str, Any]:
    """Round ends and at most six round steps; bars begin at zero, lines need not."""
    known = [end for row in drawn.rows for end in (row.low, row.value, row.high) if end is not None]
    low, high = min(known), max(known)
    if not drawn.is_over_time:
        low, high = min(low, 0.0), max(high, 0.0)
    step = _step((high - low) or 1.0)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    ticks = [{"at": i * step, "said": content.said(i * step)} for i in range(first, last + 1)]
    return {"low": first * step, "high": last * step, "ticks": ticks}


def _step(width: float) -> float:
    raw = width / 5
    ten = 10.0 ** floor(log10(raw))
    return next(ten * times for times in (1, 2, 5, 10) if ten * times >= raw)


def said(value: Any, content: Content) -> str:
    if value is None or isinstance(value, str):
        return value or "—"
    return f"{value:,}" if isinstance(value, int) else content.said(value)
