"""A figure or its volume in the periods to come, within the rights of the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

import numpy as np
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics import registry
from voiceloop.analytics.chart import digits
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.value.forecast import Every, Forecast, forecast_periods
from voiceloop.server.core.models import User
from voiceloop.server.measure import charts, numbers
from voiceloop.server.measure.cards import FORMATS, metric_label
from voiceloop.server.measure.slices import Slice

OF: dict[str, Any] = {"value": _("The figure"), "volume": _("Its volume")}
METHODS: dict[str, Any] = {
    "naive": _("as last time"),
    "seasonal naive": _("as a season ago"),
    "mean": _("the mean so far"),
    "level": _("a smoothed level"),
    "trend": _("a level with a fading trend"),
    "seasonal": _("a level, a trend and a season"),
}
LIMITS = {"points": (-100.0, 100.0), "%": (0.0, 100.0)}
MOST_AHEAD = 24


@dataclass(frozen=True)
class Question:
    """Which figure, of which slice, by which period, how far ahead."""

    metric: Metric
    part: Slice
    of: str
    every: Every
    ahead: int | None

    @classmethod
    def asked(cls, user: User, query: QueryDict) -> Question:
        said = query.copy()
        if not {"days", "since", "until"} & set(query):
            said["days"] = "all"
        every = query.get("every") or "month"
        if every not in get_args(Every):
            raise AnalyticsError(f"Unknown period: {every}.", f"未知的周期：{every}。")
        of = "volume" if query.get("of") == "volume" else "value"
        metric = registry.metric(query.get("metric") or "nps")
        return cls(metric, Slice.of(user, said), of, every, _ahead(query.get("ahead")))  # type: ignore[arg-type]  # one of the literals, as asked above

    @property
    def fmt(self) -> str:
        return "count" if self.of == "volume" else FORMATS[self.metric.unit]

    @property
    def name(self) -> str:
        label = metric_label(self.metric)
        return f"{label} · {OF['volume']}" if self.of == "volume" else label

    def answer(self) -> Forecast:
        """Periods that are not over are left out, and so is a first one that the data begins within."""
        result = numbers.result(self.metric, self.part, every=self.every)
        rows = [(_day(row.key["period"]), row) for row in result.rows]
        over = [(day, row) for day, row in rows if _after(day, self.every) <= localdate()]
        whole = over[1:]
        counts = [row.n for _day, row in whole]
        figures = [float(n) for n in counts] if self.of == "volume" else [row.value for _day, row in whole]
        bounds = (0.0, np.inf) if self.of == "volume" else LIMITS.get(self.metric.unit, (-np.inf, np.inf))
        days = [day for day, _row in whole]
        return forecast_periods(days, figures, counts, every=self.every, ahead=self.ahead, bounds=bounds)

    def picture(self, found: Forecast) -> charts.Picture:
        places = 0 if self.of == "volume" else digits(self.metric.unit)
        drawn = charts.draw("forecast", found, name=self.name, digits=places, height=320)
        return drawn if self.of == "volume" else charts.in_unit(drawn, self.metric)


def facts(found: Forecast) -> dict[str, Any]:
    """The judgement of a forecast by what it would have said of the past."""
    better = 1 - found.error / found.naive_error if found.naive_error else 0.0
    return {
        "method": METHODS.get(found.method, found.method),
        "errors": sorted((METHODS.get(name, name), error) for name, error in found.errors.items()),
        "better": 100 * better,
        "covered": None if np.isnan(found.covered) else 100 * found.covered,
        "confidence": 100 * found.confidence,
        "last": found.history[-1],
    }


def _ahead(said: str | None) -> int | None:
    if not said:
        return None
    if not said.isdecimal() or not 1 <= int(said) <= MOST_AHEAD:
        raise AnalyticsError(
            f"Between 1 and {MOST_AHEAD} periods ahead can be asked.",
            f"可以预测未来 1 到 {MOST_AHEAD} 个周期。",
        )
    return int(said)


def _day(period: Any) -> date:
    assert isinstance(period, date)
    return period


def _after(day: date, every: str) -> date:
    """The day on which the next period begins."""
    if every in ("day", "week"):
        return day + timedelta(days=1 if every == "day" else 7)
    months = day.year * 12 + day.month - 1 + (1 if every == "month" else 3)
    return date(months // 12, months % 12 + 1, 1)
