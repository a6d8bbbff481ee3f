"""Access: which channels are open when, and which attempts to reach somebody failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from voiceloop.analytics.attempts import Attempts, attempts, pooled, unanswered
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.act.cases.promise_forms import WEEKDAYS
from voiceloop.server.act.hours.presence import hours_open, spans, usual_calendar
from voiceloop.server.act.models import BusinessCalendar, Inlet, ServicePromise, Thread
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync

# Our choice: a working day, after which a letter without a reply is a failed attempt.
HOURS_TO_REPLY = 24
MOST_HOURS = 24 * 30
DAY = 24 * 60


@dataclass(frozen=True)
class Open:
    """The hours of one channel: the promise they come from, and each day's spans in per cent of the day."""

    channel: str
    name: str
    calendar: BusinessCalendar | None
    promise: ServicePromise | None
    is_own: bool
    days: list[list[tuple[float, float, str]]]
    hours: float


@dataclass(frozen=True)
class Line:
    """A channel's attempts as a whole, in its open hours and outside of them."""

    name: str
    whole: Attempts
    inside: Attempts | None = None
    outside: Attempts | None = None

    @property
    def is_worse_outside(self) -> bool:
        """Whether the two intervals do not even touch."""
        a, b = self.inside, self.outside
        return bool(a and b and a.high is not None and b.low is not None and b.low > a.high)


class Access:
    """All that the page, its files and the endpoint say."""

    def __init__(self, user: User, query: Mapping[str, Any]) -> None:
        self.user, self.part = user, Slice.of(user, query)
        self.reply_hours = _hours(query.get("reply"))

    @cached_property
    def open(self) -> list[Open]:
        """Every channel that customers use, has a promise or has a way in."""
        used = {one.channel for one in self._cells if one.channel}
        promised = {one.channel for one in self._promises if one.channel}
        ways_in = set(
            Inlet.objects.visible_to(self.user).filter(is_open=True).values_list("channel", flat=True)
        )
        return [self._open(channel) for channel in sorted(used | promised | ways_in)]

    @cached_property
    def lines(self) -> list[Line]:
        """Customers who tried to reach us, by channel, most attempts first."""
        by_channel: dict[str | None, list[Attempts]] = {}
        for one in self._cells:
            by_channel.setdefault(one.channel, []).append(one)
        found = [self._line(channel, cells) for channel, cells in by_channel.items()]
        return sorted(found, key=lambda line: -line.whole.n - line.whole.unknown)

    @cached_property
    def ours(self) -> list[Line]:
        """Our own attempts to reach a customer about a case."""
        cells = attempts(sync.lake(), whose="ours", min_n=numbers.MIN_N, **self.part.arguments())
        return [Line(label("channel", one.channel), one) for one in cells]

    @cached_property
    def late(self) -> list[Line]:
        """Letters and messages without a reply in time."""
        cells = unanswered(sync.lake(), self.reply_hours, min_n=numbers.MIN_N, **self.part.arguments())
        return [Line(label("channel", one.channel), one) for one in cells]

    @cached_property
    def n_bounced(self) -> int:
        """Conversations whose mail came back: we can no longer be heard there."""
        found = Thread.objects.visible_to(self.user).exclude(bounced_at=None)
        if self.part.since:
            found = found.filter(bounced_at__date__gte=self.part.since)
        if self.part.until:
            found = found.filter(bounced_at__date__lt=self.part.until)
        units = self.part.where.get("unit")
        if units is not None:
            found = found.filter(case__unit__code__in=units)
        return int(found.count())

    def by_clock(self) -> list[Attempts]:
        """All channels by hour of the day, 24 cells."""
        cells = [[one for one in self._cells if (one.at or 0) % 24 == clock] for clock in range(24)]
        return [pooled(several, min_n=numbers.MIN_N) for several in cells]

    def rows(self) -> Iterator[list[Any]]:
        """As a file says it."""
        yield [
            _("What"), _("Channel"), _("When"), _("Attempts"), _("Failed"), _("Failed (%)"), _("Low"),
            _("High"), _("End unknown"),
        ]  # fmt: skip
        theirs, ours = _("Customers who tried to reach us"), _("We who tried to reach a customer")
        late = _("Without a reply within %(n)s hours") % {"n": self.reply_hours}
        for line in self.lines:
            yield _row(theirs, line.name, "", line.whole)
            if line.inside and line.outside:
                yield _row(theirs, line.name, _("Open hours"), line.inside)
                yield _row(theirs, line.name, _("Outside open hours"), line.outside)
        for clock, one in enumerate(self.by_clock()):
            yield _row(theirs, "", f"{clock:02}:00", one)
        for what, lines in ((ours, self.ours), (late, self.late)):
            for line in lines:
                yield _row(what, line.name, "", line.whole)

    @cached_property
    def _cells(self) -> list[Attempts]:
        return attempts(sync.lake(), hourly=True, min_n=numbers.MIN_N, **self.part.arguments())

    @cached_property
    def _promises(self) -> list[ServicePromise]:
        found = ServicePromise.objects.open().filter(clock=ServicePromise.Clock.FIRST_CONTACT)
        return list(found.select_related("calendar"))

    def _open(self, channel: str) -> Open:
        own = next((one for one in self._promises if one.channel == channel), None)
        promise = own or next((one for one in self._promises if not one.channel), None)
        calendar = promise.calendar if promise else usual_calendar()
        hours = sum(hours_open(calendar)) if calendar else 0.0
        return Open(
            channel, label("channel", channel), calendar, promise, own is not None, _days(calendar), hours
        )

    def _line(self, channel: str | None, cells: list[Attempts]) -> Line:
        whole = pooled(cells, channel, min_n=numbers.MIN_N)
        calendar = self._open(channel).calendar if channel else None
        if calendar is None:
            return Line(label("channel", channel), whole)
        shares = hours_open(calendar)
        # An hour that is open for its greater part counts as open.
        inside = [one for one in cells if shares[one.at or 0] >= 0.5]
        outside = [one for one in cells if shares[one.at or 0] < 0.5]
        return Line(
            label("channel", channel),
            whole,
            pooled(inside, channel, min_n=numbers.MIN_N),
            pooled(outside, channel, min_n=numbers.MIN_N),
        )


def in_words(one: Access) -> str:
    """The one sentence over the page."""
    worse = [line for line in one.lines if line.is_worse_outside]
    total = pooled([line.whole for line in one.lines], min_n=numbers.MIN_N)
    if total.share is None:
        return _("Too few attempts in this period to say how many failed.")
    said = _("%(share)s%% of %(n)s attempts to reach us failed (%(low)s–%(high)s%%).") % {
        "share": f"{total.share:.1f}",
        "n": f"{total.n:,}",
        "low": f"{total.low:.1f}",
        "high": f"{total.high:.1f}",
    }
    if worse:
        names = _(", ").join(line.name for line in worse)
        said += " " + _("Outside open hours more fail than inside, beyond chance: %(names)s.") % {
            "names": names
        }
    return said


def _days(calendar: BusinessCalendar | None) -> list[list[tuple[float, float, str]]]:
    """Each day's open spans: left and width in per cent, and the times."""
    days: list[list[tuple[float, float, str]]] = [[] for _day in WEEKDAYS]
    for start, end in spans(calendar) if calendar else []:
        for day in range(start // DAY, -(-end // DAY)):
            begins, ends = max(start, day * DAY) - day * DAY, min(end, (day + 1) * DAY) - day * DAY
            days[day].append(
                (100 * begins / DAY, 100 * (ends - begins) / DAY, f"{_time(begins)}–{_time(ends)}")
            )
    return days


def _time(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _row(what: str, channel: str, when: str, one: Attempts) -> list[Any]:
    if one.n < numbers.MIN_N:
        return [what, channel, when, one.n, *([None] * 4), one.unknown]
    share, low, high = (
        None if value is None else round(value, 2) for value in (one.share, one.low, one.high)
    )
    return [what, channel, when, one.n, one.failed, share, low, high, one.unknown]


def _hours(said: Any) -> int:
    if said in (None, ""):
        return HOURS_TO_REPLY
    if not str(said).isdigit() or not 1 <= int(said) <= MOST_HOURS:
        raise AnalyticsError(
            f"Give a whole number of hours from 1 to {MOST_HOURS}.", f"小时数须为 1 到 {MOST_HOURS} 的整数。"
        )
    return int(said)
