"""The picture of a spike: counts, what is usual, and the limit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from voiceloop.analytics import spikes
from voiceloop.server.act.crisis.frame import HISTORY, Frame, Series, frame
from voiceloop.server.act.crisis.watching import Look
from voiceloop.server.act.models import Crisis, CrisisAlarm, CrisisWatch
from voiceloop.server.act.models.crisis import Chart

# Days before and after the spike in an hourly picture, and the days of a daily one.
BEFORE, AFTER, DAYS = 1, 1, 42
ALARM, USUAL, LIMIT = "#D9541A", "#667085", "#A83C0C"


def chart_of(crisis: Crisis) -> dict[str, Any] | None:
    """Hours around the spike, or days when only days were beyond their limit; None without a count."""
    watch = CrisisWatch.current()
    code = crisis.chart or str(Chart.NEGATIVE)
    daily = crisis.alarms.exists() and not crisis.alarms.filter(grain=CrisisAlarm.Grain.HOUR).exists()
    last = min(localdate(crisis.until) + timedelta(days=AFTER), localdate())
    first = last - timedelta(days=DAYS - 1) if daily else localdate(crisis.since) - timedelta(days=BEFORE)
    n_days = min((last - first).days + 1, DAYS)
    whole = frame(code, until=last, n_days=HISTORY + n_days, watch=watch)
    points = [
        point for i in range(HISTORY, HISTORY + n_days) for point in _points(crisis, whole, i, watch, daily)
    ]
    alarms = {localtime(at) for at in crisis.alarms.filter(chart=code).values_list("at", flat=True)}
    return _drawn(Chart(code).label, points, alarms, daily)


def _points(
    crisis: Crisis, whole: Frame, day: int, watch: CrisisWatch, daily: bool
) -> list[tuple[datetime | date, int, float | None, int | None]]:
    """(when, how many, usual, limit) of one day; without two weeks of past nothing is usual yet."""
    look = Look(crisis.chart or str(Chart.NEGATIVE), whole, day, watch, len(watch.charts) or 1)
    own = Series(crisis.unit, crisis.touchpoint)
    n, at = whole.of(own)[day], localtime(look.midnight)
    hours: list[datetime | date] = [at + timedelta(hours=h) for h in range(spikes.HOURS)]
    if look.is_young:
        return [(hour, int(count), None, None) for hour, count in zip(hours, n, strict=True)]
    usual, part = look.usual_of(own)
    share = part.hour if not daily else part.day
    if daily:
        mean = usual.days(look.kinds[day : day + 1])[-1, 0]
        most = look.limit(float(mean), float(usual.scatter_day[-1]), share)
        return [(at.date(), int(n.sum()), round(float(mean), 1), most)]
    means = usual.hours(look.kinds[day : day + 1])[-1, 0]
    most_of = [look.limit(float(mean), float(usual.scatter_hour[-1]), share) for mean in means]
    known = [int(count) for count in n]
    return [(hours[h], known[h], round(float(means[h]), 2), most_of[h]) for h in range(spikes.HOURS)]


def _drawn(
    name: Any, points: list[tuple[Any, int, float | None, int | None]], alarms: set[datetime], daily: bool
) -> dict[str, Any]:
    days = {at.date() for at in alarms}
    shape = "%m-%d" if daily else "%m-%d %H:00"
    words = [at.strftime(shape) for at, *_rest in points]
    beyond = [(at in days) if daily else (at in alarms) for at, *_rest in points]
    bars = [
        {"value": n, "itemStyle": {"color": ALARM if is_beyond else "#93A8EE", "borderRadius": [2, 2, 0, 0]}}
        for (_at, n, _usual, _limit), is_beyond in zip(points, beyond, strict=True)
    ]
    peak = max(points, key=lambda point: point[1], default=None)
    label = _("%(name)s: at most %(n)s at %(at)s; %(alarms)s beyond the limit") % {
        "name": name, "n": peak[1] if peak else 0, "at": peak[0].strftime(shape) if peak else "—",
        "alarms": sum(beyond),
    }  # fmt: skip
    lines = [
        _line(_("Usual"), [point[2] for point in points], USUAL, "solid"),
        _line(_("Limit"), [point[3] for point in points], LIMIT, "dashed"),
    ]
    option = {
        "grid": {"left": 8, "right": 12, "top": 28, "bottom": 8, "containLabel": True},
        "legend": {"right": 0, "top": 0, "itemHeight": 8, "textStyle": {"fontSize": 12}},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": words, "axisTick": {"show": False}},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"type": "bar", "name": str(name), "data": bars, "barCategoryGap": "20%"}, *lines],
    }
    rows = [
        [word, n, usual, limit]
        for word, (_at, n, usual, limit) in zip(words, points, strict=True)
        if n or daily
    ]
    table = {"head": [_("When"), str(name), _("Usual"), _("Limit")], "rows": rows}
    return {"option": option, "label": label, "table": table}


def _line(name: str, values: list[Any], colour: str, kind: str) -> dict[str, Any]:
    return {
        "type": "line", "name": name, "data": values, "showSymbol": False, "step": "middle",
        "lineStyle": {"width": 1.5, "color": colour, "type": kind}, "itemStyle": {"color": colour},
    }  # fmt: skip
