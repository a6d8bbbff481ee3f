"""What a cell says: numbers and dates as people write them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_ORNAMENT = re.compile(r"[\s,，分星]|stars?$|points?$", re.IGNORECASE)
_WIDE = str.maketrans("０１２３４５６７８９．－＋％", "0123456789.-+%")
_YMD = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?月?"
    r"(?:[ T]*(上午|下午)?(\d{1,2})[:时点](\d{1,2})分?(?::?(\d{1,2})秒?(?:\.\d+)?)?)?"
)
_THREE = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_WORDS = ("%d %B %Y", "%B %d %Y", "%d %b %Y", "%b %d %Y", "%d-%b-%Y", "%a %b %d %H:%M:%S %Y")
EXCEL_EPOCH = datetime(1899, 12, 30)

Parser = Callable[[str, tzinfo], datetime]


def number(text: str) -> float:
    """The number in a cell; ValueError when there is none."""
    try:
        value = float(text)
    except ValueError:
        value = float(_ORNAMENT.sub("", text.translate(_WIDE)).removesuffix("%"))
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _iso(text: str, zone: tzinfo) -> datetime:
    return _in_zone(datetime.fromisoformat(text), zone)


def _in_zone(at: datetime, zone: tzinfo) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    return found


def _year_first(text: str, zone: tzinfo) -> datetime:
    try:
        return _iso(text, zone)
    except ValueError:
        year, month, day, half, hour, minute, second = _matched(_YMD, text).groups()
    hours = int(hour or 0) + (12 if half == "下午" and int(hour) < 12 else 0)
    return datetime(
        int(year), int(month), int(day or 1), hours, int(minute or 0), int(second or 0), tzinfo=zone
    )


def _three(text: str, zone: tzinfo, *, day_first: bool) -> datetime:
    one, two, year, hour, minute, second, half = _matched(_THREE, text).groups()
    day, month = (one, two) if day_first else (two, one)
    hours = int(hour or 0) % (12 if half else 24) + (12 if (half or "").lower() == "pm" else 0)
    full = int(year) + (2000 if len(year) == 2 else 0)
    return datetime(full, int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=zone)


def _compact(text: str, zone: tzinfo) -> datetime:
    parts = [int(part or 0) for part in _matched(_COMPACT, text).groups()]
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type,misc]  # six whole numbers


def _words(text: str, zone: tzinfo) -> datetime:
    plain = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", text.strip()).replace(",", "")
    for pattern in _WORDS:
        try:
            return datetime.strptime(plain, pattern).replace(tzinfo=zone)
        except ValueError:
            continue
    raise ValueError(text)


def _epoch(text: str, zone: tzinfo) -> datetime:
    seconds = float(text)
    if not 3e8 < seconds < 3e12:
        raise ValueError(text)
    return datetime.fromtimestamp(seconds / (1000 if seconds > 3e10 else 1), UTC)


def _excel(text: str, zone: tzinfo) -> datetime:
    days = float(text)
    if not 20_000 < days < 80_000:
        raise ValueError(text)
    return (EXCEL_EPOCH + timedelta(days=days)).replace(tzinfo=zone)


def _year(text: str, zone: tzinfo) -> datetime:
    return datetime(int(float(text)), 1, 1, tzinfo=zone)


# Tried in this order; of day-first and month-first the one that all samples allow.
DATE_FORMATS: dict[str, Parser] = {
    "ymd": _year_first,
    "dmy": lambda text, zone: _three(text, zone, day_first=True),
    "mdy": lambda text, zone: _three(text, zone, day_first=False),
    "compact": _compact,
    "words": _words,
    "epoch": _epoch,
    "excel": _excel,
    "year": _year,
}


def date_format_of(values: Sequence[str]) -> str:
    """The format that reads at least nine of ten values; "" when none does."""
    zone = ZoneInfo("UTC")
    best, most = "", 0.0
    for name, parse in DATE_FORMATS.items():
        if name in {"year", "excel"}:
            continue  # any small number would do: these need the column's name as well
        share = sum(_reads(parse, value, zone) for value in values) / max(len(values), 1)
        if share > most:
            best, most = name, share
    return best if most >= 0.9 else ""


def _reads(parse: Parser, value: str, zone: tzinfo) -> bool:
    try:
        return 1900 <= parse(value, zone).year <= 2100
    except (ValueError, OverflowError):
        return False


class Dates:
    """Reads one column's dates; a file repeats its days, so each day is judged once."""

    def __init__(self, form: str, zone: tzinfo, latest: date) -> None:
        self._parse, self._zone, self._latest = DATE_FORMATS[form or "ymd"], zone, latest
        self._known: dict[str, datetime | str] = {}
        # The offset of each day, or None for a day on which the clocks are changed.
        self._offsets: dict[date, timezone | None] = {}
        self._is_iso = self._parse is _year_first

    def read(self, text: str) -> datetime | str:
        """The moment, or the name of the fault."""
        if len(text) > 10 and self._is_iso:
            return self._fresh(text)  # with a time of day: hardly ever the same again
        found = self._known.get(text)
        if found is None:
            if len(self._known) > 20_000:
                self._known.clear()
            found = self._known[text] = self._fresh(text)
        return found

    def _fresh(self, text: str) -> datetime | str:
        try:
            at = datetime.fromisoformat(text) if self._is_iso else self._parse(text, self._zone)
        except (ValueError, OverflowError):
            try:
                at = self._parse(text, self._zone)
            except (ValueError, OverflowError):
                return "no_date"
        if at.year < 1900 or at.date() > self._latest:
            return "impossible_date"
        return at if at.tzinfo not in (None, self._zone) else self._placed(at)

    def _placed(self, at: datetime) -> datetime:
        """The same local time with a plain offset, which is several times faster to work with."""
        day = at.date()
        if day not in self._offsets:
            self._offsets[day] = self._offset(day)
        return at.replace(tzinfo=self._offsets[day] or self._zone)

    def _offset(self, day: date) -> timezone | None:
        start = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        offset = start.utcoffset()
        end = start.replace(hour=23, minute=59)
        return timezone(offset) if offset is not None and end.utcoffset() == offset else None
