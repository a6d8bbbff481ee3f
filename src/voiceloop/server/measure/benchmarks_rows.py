"""Reads the rows of a file of external figures, and says of each what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.analytics import registry
from voiceloop.analytics.benchmarks import ends
from voiceloop.analytics.scales import SCALES

# What each column may mean, and the words by which it is guessed.
ROLES: dict[str, dict[str, tuple[Any, tuple[str, ...]]]] = {
    "benchmarks": {
        "metric": (gettext_lazy("Metric"), ("metric", "indicator", "指标")),
        "value": (gettext_lazy("Value"), ("value", "score", "数值", "得分", "值")),
        "scale": (gettext_lazy("Scale"), ("scale", "量表")),
        "as_of": (gettext_lazy("Date"), ("date", "as_of", "as of", "日期", "时间")),
        "source": (gettext_lazy("Source"), ("source", "publisher", "来源", "出处")),
        "n": (gettext_lazy("Sample size"), ("n", "sample", "sample size", "样本", "样本量")),
        "peer": (
            gettext_lazy("Whose"),
            ("peer", "company", "brand", "企业", "品牌", "对象"),
        ),
        "segment": (gettext_lazy("Segment"), ("segment", "客群", "细分")),
        "industry": (gettext_lazy("Industry"), ("industry", "sector", "行业")),
        "size": (gettext_lazy("Company size"), ("size", "company size", "规模", "企业规模")),
        "country": (gettext_lazy("Country"), ("country", "国家", "国家或地区")),
        "mode": (gettext_lazy("How asked"), ("mode", "survey mode", "调查方式", "访问方式")),
    },
    "series": {
        "series": (gettext_lazy("Series"), ("series", "name", "序列", "名称", "指标")),
        "at": (gettext_lazy("Date"), ("date", "at", "month", "日期", "月份", "时间")),
        "value": (gettext_lazy("Value"), ("value", "数值", "值")),
        "measured_in": (gettext_lazy("Unit"), ("unit", "单位")),
        "source": (gettext_lazy("Source"), ("source", "来源", "出处")),
    },
}
NEEDED = {"benchmarks": ("metric", "value", "as_of", "source"), "series": ("series", "at", "value", "source")}
DAY = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?)?[月日]?$")


@dataclass
class Read:
    """One row: its number as a spreadsheet counts, its cells, what it became, what is wrong."""

    number: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def guess(kind: str, columns: Sequence[str]) -> dict[str, str]:
    """Column names are recognised whole, never in part."""
    found: dict[str, str] = {}
    for role, (_label, words) in ROLES[kind].items():
        free = (one for one in columns if one not in found.values())
        match = next((one for one in free if one.strip().casefold() in words), None)
        if match is not None:
            found[role] = match
    return found


def missing_roles(kind: str, mapping: Mapping[str, str]) -> list[str]:
    return [str(ROLES[kind][role][0]) for role in NEEDED[kind] if role not in mapping]


def read(kind: str, columns: list[str], lines: list[list[str]], mapping: Mapping[str, str]) -> list[Read]:
    places = {role: columns.index(column) for role, column in mapping.items() if column in columns}
    return [_read(kind, Read(number, cells), places) for number, cells in enumerate(lines, 2)]


def _read(kind: str, row: Read, places: Mapping[str, int]) -> Read:
    said = {role: row.cells[at].strip() if at < len(row.cells) else "" for role, at in places.items()}
    for role in NEEDED[kind]:
        if not said.get(role):
            row.faults.append(_("%(column)s is missing.") % {"column": ROLES[kind][role][0]})
    for role, text in said.items():
        if text:
            _convert(row, role, text)
    if kind == "benchmarks" and not row.faults:
        _check_scale(row)
    return row


def _convert(row: Read, role: str, text: str) -> None:
    try:
        row.values[role] = CONVERTERS.get(role, _text)(text)
    except ValueError as error:
        row.faults.append(str(error))


def _text(text: str) -> str:
    return text[:120]


def _source(text: str) -> str:
    return text[:300]


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", "").replace("−", "-").removesuffix("%"))
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e15:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text[:40]})
    return number


def _count(text: str) -> int:
    number = _number(text)
    if number < 1 or number != int(number) or number > 2_000_000_000:
        raise ValueError(_("“%(text)s” is not a sample size.") % {"text": text[:40]})
    return int(number)


def _date(text: str) -> date:
    found = DAY.match(text.split(" ")[0].split("T")[0])
    try:
        if found is None:
            raise ValueError
        day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        raise ValueError(_("“%(text)s” is not a date.") % {"text": text[:40]}) from None
    if day > localdate():
        raise ValueError(_("%(day)s lies in the future.") % {"day": day})
    return day


def _metric(text: str) -> str:
    said = text.casefold()
    for name, metric in registry.metrics().items():
        if said in (name, metric.label_zh.casefold(), metric.label_en.casefold()):
            return name
    raise ValueError(_("There is no metric “%(text)s”.") % {"text": text[:40]})


def _scale(text: str) -> str:
    said = text.casefold().replace(" ", "")
    for name, scale in SCALES.items():
        if said in (name, *(one.casefold().replace(" ", "") for one in (scale.label_zh, scale.label_en))):
            return name
    raise ValueError(_("There is no scale “%(text)s”.") % {"text": text[:40]})


CONVERTERS: dict[str, Callable[[str], Any]] = {
    "metric": _metric, "scale": _scale, "value": _number, "as_of": _date, "at": _date, "n": _count,
    "source": _source, "segment": lambda text: text[:64],
    **{role: lambda text: text[:64] for role in ("industry", "size", "country", "mode")},
    "measured_in": lambda text: text[:40],
}  # fmt: skip


def _check_scale(row: Read) -> None:
    """A score without its scale is no benchmark, and one outside of it is an error."""
    metric, scale = registry.metrics()[row.values["metric"]], row.values.get("scale", "")
    if metric.scales and not scale and len(metric.scales) == 1:
        scale = row.values["scale"] = metric.scales[0]
    if metric.scales and scale not in metric.scales:
        known = ", ".join(metric.scales)
        row.faults.append(_("The scale must be one of %(scales)s.") % {"scales": known})
        return
    if not metric.scales:
        row.values.pop("scale", None)
    bounds = ends(metric, scale or None)
    if bounds and not bounds[0] <= row.values["value"] <= bounds[1]:
        row.faults.append(_("%(value)s does not lie on its scale.") % {"value": f"{row.values['value']:g}"})
