"""The importance of drivers as bars with whiskers, and importance against performance."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from voiceloop.analytics.chart import ACCENT, CAPTION, SECOND, SPLIT, TEXT, option
from voiceloop.analytics.charts.bars import TONES
from voiceloop.analytics.drivers.burden import Burden
from voiceloop.analytics.drivers.result import Driver, Drivers, Estimate
from voiceloop.server.core.numerals import formatted
from voiceloop.server.measure.charts import Picture
from voiceloop.server.understand.drivers.claiming import Line
from voiceloop.server.understand.drivers.costing import COUNTS, PARTS, Costs
from voiceloop.server.understand.drivers.names import driver_name, kind_name

MOST = 15
ROW, HEAD = 30, 48


def importance(found: Drivers) -> Picture:
    rows = found.drivers[:MOST]
    names = [driver_name(one.name) for one in rows]
    finding = _("Most goes with %(first)s: %(share)s%% of what is explained, n = %(n)s") % {
        "first": names[0],
        "share": f"{100 * rows[0].share.value:.0f}",
        "n": f"{found.n:,}",
    }
    return _lying(finding, names, [_bar(one) for one in rows], [_span(one.share, 100) for one in rows])


def quadrant(found: Drivers) -> Picture | None:
    """Above the middle line: important; left of it: done worse than the others."""
    shown = [one for one in found.drivers[:MOST] if one.performance is not None]
    if len(shown) < 3:
        return None
    usual = sum(_at(one) for one in shown) / len(shown)
    middle = 100 / max(len(found.drivers), 1)
    first = [one for one in shown if 100 * one.share.value > middle and _at(one) < usual]
    words = ", ".join(driver_name(one.name) for one in first[:3]) or _("none")
    finding = _("Important and done worse than the rest: %(names)s") % {"names": words}
    axis = {"nameTextStyle": {"fontSize": 11, "color": CAPTION}, "splitLine": {"lineStyle": {"color": SPLIT}}}
    aside = {"fontSize": 11, "color": CAPTION, "align": "left"}
    below = {"nameLocation": "middle", "nameGap": 24}
    label = {"show": True, "position": "right", "fontSize": 11, "color": SECOND, "formatter": "{b}"}
    drawn = option(
        finding,
        grid={"left": 8, "right": 70, "top": 28, "bottom": 24, "containLabel": True},
        tooltip={"trigger": "item", "formatter": {"$fmt": "tip"}},
        xAxis={"type": "value", "min": 0, "max": 100, "name": _("performance"), **below, **axis},
        yAxis={"type": "value", "min": 0, "name": _("importance %"), **axis, "nameTextStyle": aside},
        series=[
            {
                "type": "scatter",
                "symbolSize": 11,
                "data": [_point(one, one in first) for one in shown],
                "label": label,
                "labelLayout": {"hideOverlap": True},
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "label": {"show": False},
                    "lineStyle": {"type": "dashed", "color": ACCENT, "opacity": 0.5},
                    "data": [{"xAxis": round(usual, 1)}, {"yAxis": round(middle, 2)}],
                },
            }
        ],
    )
    return Picture(drawn, finding, 360)


def cost(found: Costs) -> Picture | None:
    """What each part adds for a detractor, against customers like them."""
    parts = [one for one in found.burdens if one.name not in COUNTS]
    if not parts:
        return None
    names = [str(PARTS[one.name]) for one in parts]
    most = max(parts[: len(parts) - 1] or parts, key=lambda one: one.attached.value)
    finding = _("Most of it: %(part)s, %(amount)s a detractor") % {
        "part": PARTS[most.name],
        "amount": formatted(most.attached.value, "money"),
    }
    bars, spans = [_cost_bar(one) for one in parts], [_span(one.attached) for one in parts]
    return _lying(finding, names, bars, spans, tick="¥{value}")


def claims(found: list[Line]) -> Picture | None:
    """What is found here in per cent of what is claimed: 100 is as claimed, 0 is nothing."""
    rows = [(one, _share_of(one)) for one in found if one.found]
    if not rows:
        return None
    finding = "; ".join(f"{one.says}: {one.word}" for one, _share in rows)
    label = {"formatter": _("as claimed"), "fontSize": 11, "color": CAPTION}
    line = {"type": "dashed", "color": ACCENT}
    mark = {"silent": True, "symbol": "none", "lineStyle": line, "label": label, "data": [{"xAxis": 100}]}
    bars, spans = [_claim_bar(*one) for one in rows], [_span(share) for _one, share in rows]
    return _lying(finding, [one.says for one, _share in rows], bars, spans, width=150, row=46, mark=mark)


def _lying(
    finding: str,
    names: list[str],
    bars: list[dict[str, Any]],
    spans: list[list[float]],
    *,
    tick: str = "{value}%",
    width: int = 118,
    row: int = ROW,
    mark: dict[str, Any] | None = None,
) -> Picture:
    """One bar a line, its name before it and its interval over it."""
    drawn = option(
        finding,
        grid={"left": 4, "right": 28, "top": 28, "bottom": 4, "containLabel": True},
        tooltip={"trigger": "item", "formatter": {"$fmt": "tip"}},
        xAxis={
            "type": "value",
            "position": "top",
            "splitNumber": 4,
            "axisLabel": {"fontSize": 11, "color": CAPTION, "formatter": tick, "hideOverlap": True},
            "splitLine": {"lineStyle": {"color": SPLIT}},
        },
        yAxis={
            "type": "category",
            "inverse": True,
            "data": names,
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"fontSize": 12, "color": SECOND, "width": width, "overflow": "break"},
        },
        series=[
            {"type": "bar", "barMaxWidth": 14, "data": bars, **({"markLine": mark} if mark else {})},
            {
                "type": "boxplot",
                "data": spans,
                "boxWidth": [8, 8],
                "itemStyle": {"color": TEXT, "borderColor": TEXT, "borderWidth": 1.25},
                "z": 3,
            },
        ],
    )
    return Picture(drawn, finding, HEAD + row * len(bars))


def _share_of(one: Line) -> Estimate:
    assert one.found is not None
    times = 100 / one.claim.claimed
    return Estimate(*(times * x for x in (one.found.value, one.found.low, one.found.high)))


def _claim_bar(one: Line, share: Estimate) -> dict[str, Any]:
    said = f"{share.value:.0f}% ({share.low:.0f} – {share.high:.0f})"
    tip = [one.says, str(one.word), said, f"n = {one.n:,}"]
    return {"value": round(share.value, 1), "itemStyle": {"color": ACCENT, "borderRadius": 3}, "tip": tip}


def _cost_bar(one: Burden) -> dict[str, Any]:
    side = ("worse" if one.attached.value > 0 else "better") if one.is_signal else ""
    of = one.attached
    low, value, high = (formatted(amount, "money") for amount in (of.low, of.value, of.high))
    said = [str(PARTS[one.name]), f"{value} ({low} – {high})", f"n = {one.n:,}"]
    style = {"color": TONES[side], "borderRadius": 3}
    return {"value": round(of.value, 2), "itemStyle": style, "tip": said}


def tip(one: Driver) -> list[str]:
    share = one.share
    said = f"{100 * share.value:.1f}% ({100 * share.low:.1f} – {100 * share.high:.1f})"
    return [driver_name(one.name), said, kind_name(one.kind), f"n = {one.n:,}"]


def _bar(one: Driver) -> dict[str, Any]:
    side = ("", "better", "worse")[one.direction if one.is_signal else 0]
    tone = TONES[side]
    style = {"color": tone, "borderRadius": 3, **({} if one.is_signal else {"opacity": 0.5})}
    return {"value": round(100 * one.share.value, 2), "itemStyle": style, "tip": tip(one)}


def _span(of: Estimate, times: float = 1) -> list[float]:
    low, value, high = (round(times * x, 2) for x in (of.low, of.value, of.high))
    return [low, value, value, value, high]


def _point(one: Driver, is_first: bool) -> dict[str, Any]:
    at = _at(one)
    colour = TONES["worse"] if is_first else ACCENT
    return {
        "name": driver_name(one.name),
        "value": [round(at, 1), round(100 * one.share.value, 2)],
        "itemStyle": {"color": colour},
        "tip": [*tip(one), f"{at:.0f} / 100"],
    }


def _at(one: Driver) -> float:
    return one.performance.value if one.performance else 0.0
