"""Working time: when somebody is there, and how much of it lies between two moments."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from voiceloop.analytics.errors import AnalyticsError

Span = tuple[int, int]
Week = tuple[tuple[Span, ...], ...]

DAY = 24 * 60
AROUND_THE_CLOCK: Week = (((0, DAY),),) * 7
OFFICE: Week = (((9 * 60, 18 * 60),),) * 5 + ((), ())

# After the last year of any clock that still runs: hours without an open day end their search there.
_LAST = 2199
_ONE = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000


@dataclass(frozen=True)
class BusinessHours:
    """The hours of a week in a time zone, with days that are closed and days that are worked instead.

    Attributes
    ----------
    week : tuple of 7 tuples of (int, int)
        Spans of each weekday, Monday first, in minutes after its midnight; a span that ends at or before
        its beginning goes on over midnight.
    zone : str
        Name of the time zone, such as 'Asia/Shanghai'.
    closed : frozenset of date
        Local days on which no span begins, such as public holidays.
    instead : mapping of date to tuple of (int, int)
        Spans of single days in place of those of their weekday: make-up workdays, half days.

    Notes
    -----
    A span is one of the wall clock: where the clock is put forward it has fewer hours, where it is put back
    more. Closed days stay closed also when ``instead`` names them.

    Examples
    --------
    >>> hours = BusinessHours(OFFICE, "Asia/Shanghai", closed=frozenset({date(2026, 10, 1)}))
    >>> friday = datetime(2026, 9, 25, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> hours.after(friday, 3600).isoformat()
    '2026-09-28T09:30:00+08:00'
    >>> hours.between(friday, friday + timedelta(days=3))
    32400.0
    """

    week: Week = AROUND_THE_CLOCK
    zone: str = "Asia/Shanghai"
    closed: frozenset[date] = frozenset()
    instead: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spans = [span for day in (*self.week, *self.instead.values()) for span in day]
        if len(self.week) != 7 or any(not (0 <= a < DAY and 0 <= b <= DAY) for a, b in spans):
            raise AnalyticsError(
                "Hours are seven days of spans between 0:00 and 24:00.",
                "工作时间为七天，每天若干个 0:00 到 24:00 之间的时段。",
            )

    def between(self, start: datetime, end: datetime) -> float:
        """Return the seconds of working time from ``start`` to ``end``, negative when it lies before.

        Parameters
        ----------
        start, end : datetime
            Aware moments.

        Returns
        -------
        float
            Seconds.
        """
        first, last = sorted((self._number(start), self._number(end)))
        years = [self._year(number) for number in range(first, last + 1)]
        return sum(year.worked(_exact(end)) - year.worked(_exact(start)) for year in years) / _SECOND

    def after(self, start: datetime, seconds: float) -> datetime:
        """Return the first moment by which ``seconds`` of working time have passed since ``start``.

        Parameters
        ----------
        start : datetime
            Aware moment.
        seconds : float
            Working time, 0 or more; 0 gives the first open moment from ``start`` on.

        Returns
        -------
        datetime
            In the time zone of these hours.

        Raises
        ------
        AnalyticsError
            If the hours are never open, so that no time ever passes.
        """
        at, left = _exact(start), max(round(seconds * _SECOND), 0)
        for number in range(self._number(start), _LAST + 1):
            year = self._year(number)
            done = year.worked(at)
            if left < year.total - done or 0 < left == year.total - done:
                moment = _EPOCH + timedelta(microseconds=year.moment(done + left, at))
                return moment.astimezone(ZoneInfo(self.zone))
            left -= year.total - done
        raise AnalyticsError("These hours are never open.", "该工作时间没有任何开放时段。")

    def is_open(self, at: datetime) -> bool:
        """Tell whether ``at`` lies in working time.

        Parameters
        ----------
        at : datetime
            Aware moment.

        Returns
        -------
        bool
            True from a span's first moment up to, and without, its last.

        Examples
        --------
        >>> BusinessHours(OFFICE).is_open(datetime(2026, 11, 22, 3, tzinfo=UTC))
        False
        """
        return self._year(self._number(at)).is_open(_exact(at))

    def _number(self, at: datetime) -> int:
        return at.astimezone(ZoneInfo(self.zone)).year

    def _year(self, number: int) -> _Year:
        if number not in self._years:
            self._years[number] = _Year(tuple(self._spans(number)))
        return self._years[number]

    def _spans(self, year: int) -> Iterator[Span]:
        """Yield the open times of a year, merged and cut at its midnights, as microseconds since 1970."""
        first, beyond = date(year, 1, 1), date(year + 1, 1, 1)
        # The night before may reach into the year.
        days = (first + number * _ONE for number in range(-1, (beyond - first).days))
        begin, end = self._moment(first, 0), self._moment(beyond, 0)
        open_from = open_until = begin
        for start, stop in sorted(span for day in days for span in self._spans_of(day)):
            if start > open_until:
                yield from _real(open_from, open_until)
                open_from = start
            open_until = min(max(open_until, stop), end)
        yield from _real(open_from, open_until)

    def _spans_of(self, day: date) -> Iterator[Span]:
        if day not in self.closed:
            for start, stop in self.instead.get(day, self.week[day.weekday()]):
                yield self._moment(day, start), self._moment(day, stop if stop > start else stop + DAY)

    def _moment(self, day: date, minutes: int) -> int:
        days, rest = divmod(minutes, DAY)
        local = datetime.combine(day + days * _ONE, time(rest // 60, rest % 60), ZoneInfo(self.zone))
        return _exact(local)


class _Year:
    """The open times of one year, and how much of it each begins after."""

    def __init__(self, spans: tuple[Span, ...]) -> None:
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.before = [0, *accumulate(end - start for start, end in spans)]
        self.total = self.before[-1]

    def worked(self, at: int) -> int:
        """Microseconds of the year's working time before ``at``."""
        place = bisect_right(self.starts, at)
        return self.before[place] - max(0, self.ends[place - 1] - at) if place else 0

    def moment(self, worked: int, not_before: int) -> int:
        """The first moment by which so much was worked, and never one before ``not_before``."""
        place = max(bisect_left(self.before, worked) - 1, 0)
        at = self.starts[place] + worked - self.before[place]
        if at < not_before:
            # Nothing is left to work, and it is closed: the next opening.
            at = self.starts[bisect_left(self.starts, not_before)]
        return at

    def is_open(self, at: int) -> bool:
        place = bisect_right(self.starts, at)
        return place > 0 and at < self.ends[place - 1]


def _real(start: int, end: int) -> Iterator[Span]:
    if end > start:
        yield start, end


def _exact(at: datetime) -> int:
    """Microseconds since 1970: sums of them are exact, so that a clock is the same whenever it is read."""
    return (at - _EPOCH) // timedelta(microseconds=1)
