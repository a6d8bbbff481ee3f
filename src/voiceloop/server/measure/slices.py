"""The one filter of the product: which facts, of which days, within whose rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.plan import SCORE_CLASS
from voiceloop.analytics.schema import DIMENSIONS
from voiceloop.server.core.models import Unit, User

PERIODS = (7, 30, 90, 180, 365)
DEFAULT_DAYS = 90
# The choice of a period by its first and last day, beside those that count days.
DATES = "dates"


@dataclass(frozen=True)
class Slice:
    """Facts from `since` up to, not including, `until` that meet every condition of `where`.

    `units` are the store codes that the reader may see; None means all of them.
    """

    since: date | None
    until: date | None
    days: int | None = None
    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    units: tuple[str, ...] | None = None

    @classmethod
    def of(cls, user: User, query: QueryDict | Mapping[str, Any] | None = None) -> Slice:
        """Read the filter out of a page's address; whatever it says, the reader's rights bound it."""
        query = query or {}
        since, until, days = _period(query)
        return cls(since, until, days, _chosen(query), _units(user))

    @classmethod
    def period(cls, query: Mapping[str, Any]) -> tuple[date | None, date | None]:
        """The first day of a period and the one after its last."""
        since, until, _days = _period(query)
        return since, until

    @property
    def where(self) -> dict[str, list[Any]]:
        """Conditions for `analytics.measure`."""
        conditions: dict[str, list[Any]] = {name: list(values) for name, values in self.chosen}
        if self.units is not None:
            asked = conditions.get("unit", self.units)
            conditions["unit"] = [code for code in asked if code in self.units]
        return conditions

    def arguments(self) -> dict[str, Any]:
        return {"where": self.where, "since": self.since, "until": self.until}

    def before(self) -> Slice | None:
        """The period of the same length directly before; None when there is no beginning."""
        if not self.since or not self.until:
            return None
        return replace(self, since=self.since - (self.until - self.since), until=self.since)

    def narrowed(self, **conditions: str | None) -> Slice:
        rest = tuple((name, values) for name, values in self.chosen if name not in conditions)
        more = tuple((name, (value,)) for name, value in conditions.items() if value is not None)
        return replace(self, chosen=(*rest, *more))

    @property
    def last(self) -> date | None:
        """The last day that counts: people say "until" and mean it."""
        return self.until - timedelta(days=1) if self.until else None

    def pairs(self) -> list[tuple[str, str]]:
        """The filter as names and values of an address."""
        found = [(name, value) for name, values in self.chosen for value in values]
        if self.days:
            return [*found, ("days", str(self.days))]
        days = [("since", self.since), ("until", self.last)]
        said = [(name, day.isoformat()) for name, day in days if day]
        return found + (said or [("days", "all")])

    def query(self, **more: Any) -> str:
        """The filter as the query of an address."""
        return urlencode([*self.pairs(), *((k, v) for k, v in more.items() if v not in (None, ""))])


def a_year_before(part: Slice) -> Slice | None:
    """The same days of the year before, fewer by one where that year has no 29 February."""
    if not part.since or not part.until:
        return None
    return replace(part, since=_last_year(part.since), until=_last_year(part.until), days=None)


def _last_year(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 3, 1)


def _period(query: Mapping[str, Any]) -> tuple[date | None, date | None, int | None]:
    days = query.get("days") or ""
    if days in ("", DATES) and (query.get("since") or query.get("until")):
        since, last = _day(query.get("since")), _day(query.get("until"))
        if since and last and since > last:
            raise AnalyticsError("The period ends before it begins.", "时间段的结束早于开始。")
        return since, last + timedelta(days=1) if last else None, None
    if days == "all":
        return None, None, None
    days = str(DEFAULT_DAYS) if days in ("", DATES) else days
    if not str(days).isdigit() or not 0 < int(days) <= 3660:
        raise AnalyticsError(f"Not a number of days: {days}.", f"天数不正确：{days}。")
    until = localdate() + timedelta(days=1)
    return until - timedelta(days=int(days)), until, int(days)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise AnalyticsError(f"Not a date: {text}.", f"日期不正确：{text}。") from None


def _chosen(query: QueryDict | Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    def values(name: str) -> list[str]:
        got: Any = query.getlist(name) if isinstance(query, QueryDict) else query[name]
        return [str(v) for v in ([got] if isinstance(got, str) else got) if v]

    names = [n for n in query if n in (*DIMENSIONS, SCORE_CLASS) or str(n).startswith("attributes.")]
    return tuple((name, tuple(values(name))) for name in names if values(name))


def _units(user: User) -> tuple[str, ...] | None:
    if user.unit is None:
        return ()
    if user.unit.parent_id is None:
        return None
    return tuple(Unit.objects.visible_to(user).values_list("code", flat=True))


def in_words(part: Slice) -> str:
    """The filter as people say it."""
    from voiceloop.server.measure.labels import dimension_label, label

    words = [
        f"{dimension_label(name)}: {', '.join(label(name, v) for v in values)}"
        for name, values in part.chosen
    ]
    return " · ".join([period_in_words(part), *words])


def period_in_words(part: Slice) -> str:
    if part.since is None and part.last is None:
        return _("all days")
    ends = (f"{day:%Y-%m-%d}" if day else "…" for day in (part.since, part.last))
    return " – ".join(ends)
