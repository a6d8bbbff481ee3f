"""Peak hours: contacts and waits by hour of the week, and people there against people needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.analytics.attempts import WRITTEN
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.hours import Hour, Week, by_hour
from voiceloop.analytics.measure import measure
from voiceloop.analytics.result import Row
from voiceloop.analytics.stats.erlang import Staffing, agents_needed
from voiceloop.analytics.stats.intervals import count_interval
from voiceloop.analytics.stats.parts import Parts
from voiceloop.server.act.cases.promise_forms import WEEKDAYS
from voiceloop.server.act.hours.presence import Present, present
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync

# What is looked at together: its words, the kinds of conversations, how their wait is timed, the seat.
KINDS: dict[str, tuple[Any, tuple[str, ...], str, str]] = {
    "live": (gettext_lazy("Calls and chats"), ("call", "chat"), "waiting_time", ""),
    "call": (gettext_lazy("Calls"), ("call",), "waiting_time", "phone"),
    "chat": (gettext_lazy("Chats"), ("chat",), "waiting_time", "online"),
    "written": (gettext_lazy("Mails and messages"), WRITTEN, "first_response_time", ""),
}
# Our choices where nobody says otherwise: the usual 80/20 promise, and three tenths of the paid time in
# breaks, trainings and meetings.
DEFAULTS = {"share": 80, "within": 20, "away": 30, "at_once": 1}
BOUNDS = {"share": (1, 99), "within": (0, 86_400), "away": (0, 90), "at_once": (1, 20)}
WORST = 5


@dataclass(frozen=True)
class Cell:
    """One hour of the week with all that is said of it."""

    hour: Hour
    there: float | None = None
    need: Staffing | None = None
    need_low: int | None = None
    need_high: int | None = None

    @property
    def gap(self) -> float | None:
        """People who are missing; below zero are more than needed."""
        return None if self.need is None or self.there is None else self.need.on_duty - self.there

    @property
    def is_sure(self) -> bool:
        """Whether people are missing even at the fewest contacts that chance allows for."""
        return self.need_low is not None and self.there is not None and self.need_low > self.there

    @property
    def name(self) -> str:
        """Monday 18:00–19:00."""
        clock = self.hour.clock
        return f"{WEEKDAYS[self.hour.weekday]} {clock:02}:00–{clock + 1:02}:00"


class Report:
    """All that the page, its files and the endpoint say."""

    def __init__(self, user: User, query: Mapping[str, Any]) -> None:
        self.user, self.part = user, whole_days(Slice.of(user, query))
        self.kind = str(query.get("of") or "live")
        if self.kind not in KINDS:
            self.kind = "live"
        self.settings = {name: _number(name, query.get(name)) for name in DEFAULTS}

    @cached_property
    def week(self) -> Week:
        _word, kinds, time, _seat = KINDS[self.kind]
        return by_hour(sync.lake(), time=time, kinds=kinds, min_n=numbers.MIN_N, **self.part.arguments())

    @cached_property
    def present(self) -> Present:
        return present(self.user, self.part, KINDS[self.kind][3])

    @property
    def is_staffed(self) -> bool:
        """Whether Erlang C has something to say: of contacts that wait in a queue, with known work."""
        return self.kind != "written" and self.week.handling is not None

    @cached_property
    def cells(self) -> list[Cell]:
        return [self._cell(hour) for hour in self.week.hours]

    def worst_gaps(self) -> list[Cell]:
        """Where most people are missing, of hours in which it is no accident first."""
        missing = [cell for cell in self.cells if (cell.gap or 0) > 0]
        return sorted(missing, key=lambda c: (not c.is_sure, -(c.gap or 0), -c.hour.n))[:WORST]

    def slowest(self) -> list[Cell]:
        """Where nine of ten were answered latest, of hours with enough contacts to say so."""
        timed = [cell for cell in self.cells if cell.hour.p90 is not None and cell.hour.n_timed >= 30]
        return sorted(timed, key=lambda cell: -(cell.hour.p90 or 0))[:WORST]

    def busiest(self) -> Cell | None:
        found = max(self.cells, key=lambda cell: cell.hour.per_hour or 0)
        return found if found.hour.n >= numbers.MIN_N else None

    def peak(self) -> Row:
        """The share of a day's busiest hour, of the same contacts."""
        kinds = list(KINDS[self.kind][1])
        asked = self.part.arguments()
        asked["where"] = {**asked["where"], "kind": kinds}
        return measure(sync.lake(), "peak_hour_share", min_n=numbers.MIN_N, **asked).one

    def n_outside(self) -> int:
        """Contacts that began while nobody was there."""
        return sum(cell.hour.n for cell in self.cells if cell.there is not None and cell.there <= 0)

    def rows(self) -> Iterator[list[Any]]:
        """One line an hour, with a head, as a file says it."""
        yield [
            _("Weekday"), _("Hour"), _("Contacts"), _("Number of days"), _("Contacts per hour"), _("Timed"),
            _("P50 (s)"), _("P90 (s)"), _("P90 low (s)"), _("P90 high (s)"), _("People there"),
            _("People needed"), _("Needed at least"), _("Needed at most"), _("People missing"),
        ]  # fmt: skip
        for cell in self.cells:
            hour, need = cell.hour, cell.need
            shown = hour.n >= numbers.MIN_N
            yield [
                str(WEEKDAYS[hour.weekday]), f"{hour.clock:02}:00", hour.n if shown else None, hour.days,
                _rounded(hour.per_hour) if shown else None, hour.n_timed if shown else None,
                *(_rounded(value) for value in (hour.p50, hour.p90, hour.p90_low, hour.p90_high)),
                _rounded(cell.there), need.on_duty if need else None, cell.need_low, cell.need_high,
                _rounded(cell.gap),
            ]  # fmt: skip

    def _cell(self, hour: Hour) -> Cell:
        there = self.present.hours[hour.at] if self.present.hours else None
        if not self.is_staffed or hour.n < numbers.MIN_N or not hour.days:
            return Cell(hour, there)
        days, n = float(hour.days), float(hour.n)
        low, high = count_interval(Parts(hour.days, days, days, n, n))
        return Cell(
            hour,
            there,
            self._need(n / days),
            self._need(float(low)).on_duty,
            self._need(float(high)).on_duty,
        )

    def _need(self, per_hour: float) -> Staffing:
        set_ = self.settings
        return agents_needed(
            per_hour,
            self.week.handling or 1.0,
            share=set_["share"] / 100,
            within=set_["within"],
            shrinkage=set_["away"] / 100,
            at_once=set_["at_once"],
        )


def whole_days(part: Slice) -> Slice:
    """Today is not over: an hour of it that has not come yet is no quiet hour."""
    today = localdate()
    return replace(part, until=today) if part.until is None or part.until > today else part


def _number(name: str, said: Any) -> int:
    low, high = BOUNDS[name]
    if said in (None, ""):
        return DEFAULTS[name]
    if not str(said).isdigit() or not low <= int(said) <= high:
        raise AnalyticsError(
            f"Give a whole number from {low} to {high} for {name}.", f"“{name}”须为 {low} 到 {high} 的整数。"
        )
    return int(said)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
