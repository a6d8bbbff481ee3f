"""Weeks from Monday to Sunday, and the slices of facts that a digest looks at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.timezone import localdate

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.slices import Slice

# Our choice: one week against the four before it; one against one would call almost nothing a signal.
WEEKS_BEFORE = 4


@dataclass(frozen=True)
class Week:
    monday: date

    @classmethod
    def of(cls, said: str | None) -> Week:
        """Read `2026-W47` or a day; nothing said is the last whole week."""
        if not said:
            return cls(_monday(localdate()) - timedelta(weeks=1))
        try:
            if "W" in said:
                year, _dash, week = said.partition("-W")
                return cls(date.fromisocalendar(int(year), int(week), 1))
            return cls(_monday(date.fromisoformat(said)))
        except ValueError:
            raise AnalyticsError(f"Not a week: {said}.", f"周次不正确：{said}。") from None

    @property
    def until(self) -> date:
        return self.monday + timedelta(weeks=1)

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    @property
    def before(self) -> Week:
        return Week(self.monday - timedelta(weeks=1))

    @property
    def after(self) -> Week | None:
        """None where that week has not begun."""
        return Week(self.until) if self.until <= localdate() else None

    @property
    def is_over(self) -> bool:
        return self.until <= localdate()

    def __str__(self) -> str:
        year, week, _day = self.monday.isocalendar()
        return f"{year}-W{week:02}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def slices(user: User, unit: Unit, week: Week) -> tuple[Slice, Slice]:
    """The week, and the weeks that it is compared with, of a unit that the reader may see."""
    whole = Slice.of(user, {"since": week.monday.isoformat(), "until": week.last.isoformat()})
    part = replace(whole, units=_codes(user, unit, whole.units))
    return part, replace(part, since=week.monday - timedelta(weeks=WEEKS_BEFORE), until=week.monday)


def _codes(user: User, unit: Unit, allowed: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if unit.parent_id is None and allowed is None:
        return None
    below = Unit.objects.visible_to(user).filter(path__startswith=unit.path or "")
    return tuple(below.values_list("code", flat=True))
