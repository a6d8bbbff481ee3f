"""An answer as text: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from datetime import date
from typing import Any

from voiceloop.analytics.asking import Answer
from voiceloop.analytics.chart import digits
from voiceloop.analytics.result import Comparison, Result, Row

_WORDS = {
    "zh": {
        "n": "n",
        "value": "数值",
        "low": "下限",
        "high": "上限",
        "mean": "均值",
        "verdict": "与其余相比",
        "before": "与上期相比",
    },
    "en": {
        "n": "n",
        "value": "value",
        "low": "low",
        "high": "high",
        "mean": "mean",
        "verdict": "against the rest",
        "before": "against the period before",
    },
}
UNITS = {
    "points": ("分", "points"),
    "%": ("%", "%"),
    "score": ("分", "score"),
    "minutes": ("分钟", "minutes"),
    "seconds": ("秒", "seconds"),
    "CNY": ("元", "as in the data"),
    "per 1,000": ("每千", "per 1,000"),
}
VERDICTS = {"signal": ("显著", "signal"), "noise": ("无法区分", "noise")}


def as_json(answer: Answer) -> str:
    """Return one JSON object: the figure or the rows, and how the file was read."""
    result = answer.result
    said = result.to_dict()
    rows = said.pop("rows")
    for row, found in zip(rows, answer.comparisons, strict=False):
        row["compared"] = _compared(found)
    first: dict[str, Any] = {"metric": said.pop("metric")}
    if not result.by and not result.every:
        first |= {name: rows[0][name] for name in ("n", "value", "low", "high", "more") if name in rows[0]}
    first |= {"method": said.pop("method"), **said}
    if result.by or result.every:
        first["rows"] = rows
    if answer.reading:
        first["read_as"] = answer.reading.to_dict()
    return json.dumps(first, ensure_ascii=False)


def as_csv(answer: Answer) -> str:
    """Return the rows as CSV: keys, n, value, low, high, and what else the metric tells."""
    result, out = answer.result, io.StringIO()
    more = _more(result)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [*keys_of(result), "n", "value", "low", "high", *more, *(["verdict"] if answer.comparisons else [])]
    )
    for i, row in enumerate(result.rows):
        cells = [row.key[name] for name in keys_of(result)]
        figures = [row.n, row.value, row.low, row.high, *(row.more.get(name) for name in more)]
        verdict = [answer.comparisons[i].verdict] if answer.comparisons else []
        writer.writerow(["" if cell is None else cell for cell in [*cells, *figures, *verdict]])
    return out.getvalue()


def as_table(answer: Answer, language: str) -> str:
    """Return the answer as a table, with its name above and its method below."""
    result, words = answer.result, _WORDS[language]
    names, more = keys_of(result), _more(result)
    against = "verdict" if result.by else "before"
    heads = ["n", "value", "low", "high", *more, *([against] if answer.comparisons else [])]
    periods = {"period": "时间" if language == "zh" else "period"}
    lines = [[*(periods.get(name, name) for name in names), *(words.get(head, head) for head in heads)]]
    places = max(2, digits(result.metric.unit))
    for i, row in enumerate(result.rows):
        figures = [row.value, row.low, row.high, *(row.more.get(name) for name in more)]
        verdict = [told(answer.comparisons[i], language)] if answer.comparisons else []
        lines.append(
            [
                *(named(row.key[name], result.every) for name in names),
                f"{row.n:,}",
                *(number(x, places) for x in figures),
                *verdict,
            ]
        )
    widths = [max(_width(line[i]) for line in lines) for i in range(len(lines[0]))]
    table = [
        "  ".join(_padded(cell, widths[i], i < len(names)) for i, cell in enumerate(line)).rstrip()
        for line in lines
    ]
    label = result.metric.label_zh if language == "zh" else result.metric.label_en
    return "\n".join([label, *table, foot(result, language)])


def foot(result: Result, language: str) -> str:
    """Return the line below a table: the unit, the method, the scale and the time of the data."""
    unit = UNITS.get(result.metric.unit, (result.metric.unit, result.metric.unit))[language != "zh"]
    parts = [unit, result.method, *([result.scale] if result.scale else [])]
    if result.as_of:
        parts.append(
            ("数据截至 " if language == "zh" else "data as of ") + f"{result.as_of:%Y-%m-%d %H:%M} UTC"
        )
    return ("；" if language == "zh" else "; ").join(parts)


def said(answer: Answer, language: str) -> list[str]:
    """Return how the file was read, line by line."""
    reading, at = answer.reading, 0 if language == "en" else 1
    if reading is None:
        return []
    pairs = ", ".join(
        f"{name} = {column}{('' if name not in reading.guessed else ' (guessed)' if at == 0 else '（推断）')}"
        for name, column in reading.columns.items()
    )
    scale = f"; {reading.scale}" if reading.scale else ""
    lines = [
        f"Read {reading.rows:,} rows as {reading.label[0]}: {pairs}{scale}"
        if at == 0
        else f"共 {reading.rows:,} 行，按{reading.label[1]}读取：{pairs}{scale}"
    ]
    lines += [note[at] for note in reading.notes]
    for one in reading.left_out:
        first = (
            (f", first on line {one.first}" if at == 0 else f"，首个在第 {one.first} 行") if one.first else ""
        )
        lines.append(
            f"Left out {one.n:,} rows: {one.why[0]}{first}"
            if at == 0
            else f"未计入 {one.n:,} 行：{one.why[1]}{first}"
        )
    return lines


def keys_of(result: Result) -> list[str]:
    """Return the names of the columns that tell the rows apart."""
    return [*result.by, *(["period"] if result.every else [])]


def told(found: Comparison, language: str) -> str:
    """Return a comparison in a few words: the difference and whether it is more than chance."""
    if found.difference is None:
        return "—"
    return f"{found.difference:+.2f} {VERDICTS[found.verdict][language != 'zh']}".replace("-", "−")


def number(value: float | None, places: int = 2) -> str:
    """Return a figure with so many decimals, or a dash.

    Examples
    --------
    >>> number(1234.5), number(None)
    ('1,234.50', '—')
    """
    return "—" if value is None else f"{value:,.{places}f}"


def _more(result: Result) -> list[str]:
    return list(dict.fromkeys(name for row in result.rows for name in row.more))


def _compared(found: Comparison) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("difference", "low", "high", "p_value", "verdict")}


def named(key: Any, every: str | None) -> str:
    """Return what a key is called; of a period, as much of its first day as tells it.

    Examples
    --------
    >>> from datetime import date
    >>> [named(date(2026, 4, 1), every) for every in ("year", "quarter", "month", "week")]
    ['2026', '2026-Q2', '2026-04', '2026-04-01']
    """
    if not isinstance(key, date):
        return "—" if key is None else str(key)
    quarter = f"{key.year}-Q{(key.month + 2) // 3}"
    return {"year": f"{key.year}", "quarter": quarter, "month": f"{key:%Y-%m}"}.get(
        str(every), f"{key:%Y-%m-%d}"
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int, to_left: bool) -> str:
    room = " " * (width - _width(text))
    return text + room if to_left else room + text


def row_label(row: Row, every: str | None = None) -> str:
    """Return what a row is called."""
    return " · ".join(named(key, every) for key in row.key.values()) or "—"
