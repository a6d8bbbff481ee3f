"""原因热力图: how often each reason is named at each touchpoint, where it stands out, and where it moved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.analytics.charts.trend import period_label
from voiceloop.analytics.plan import SCORE_CLASS
from voiceloop.analytics.result import Comparison, Result, Row
from voiceloop.analytics.voices import NAMED, Side, looks, named
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.choices import choices
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.slices import in_words
from voiceloop.server.store.sync import lake
from voiceloop.server.understand.voice_asked import SIDES, Asked

ACROSS = ("touchpoint", "channel", "region", "segment", "team", "unit", "stage", "month")
SIDE_WORDS = {
    "negative": gettext_lazy("Complaints"),
    "positive": gettext_lazy("Praise"),
    "net": gettext_lazy("Praise less complaints"),
}
AGAINST = {"rest": gettext_lazy("the other columns"), "before": gettext_lazy("the period before")}
MOST_ROWS, MOST_COLUMNS, COLOURED_FROM = 24, 12, 30
COLD, WARM, MIDDLE = -40.0, 80.0, 20.0


@dataclass(frozen=True)
class Cell:
    row: Row | None
    href: str
    shade: float = MIDDLE
    look: Comparison | None = None

    @property
    def is_shown(self) -> bool:
        return self.row is not None and self.row.value is not None

    @property
    def is_coloured(self) -> bool:
        return self.is_shown and self.row is not None and self.row.n >= COLOURED_FROM

    @property
    def is_signal(self) -> bool:
        return self.look is not None and self.look.verdict == "signal"

    @property
    def rose(self) -> bool:
        return self.look is not None and (self.look.difference or 0) > 0

    @property
    def n_named(self) -> int | None:
        """How many comments the share stands for."""
        return round(self.row.parts.total) if self.row else None


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    cells: list[Cell]
    whole: Cell


@dataclass(frozen=True)
class Heat:
    """Reasons down, groups across; `columns` are (code, name, n)."""

    columns: list[tuple[str, str, int]]
    lines: list[Line]
    side: Side
    n_signals: int = 0
    n_looks: int = 0
    cut: int = 0

    @property
    def signals(self) -> list[tuple[Line, str, Cell]]:
        """What stands out, the largest difference first."""
        found = [
            (line, name, cell)
            for line in self.lines
            for (_code, name, _n), cell in zip(self.columns, line.cells, strict=True)
            if cell.is_signal
        ]
        return sorted(found, key=lambda one: -abs((one[2].look and one[2].look.difference) or 0))


def context(user: User, query: QueryDict) -> dict[str, Any]:
    asked = Asked.of(user, query)
    across = query.get("by") if query.get("by") in ACROSS else "touchpoint"
    side = query.get("show") if query.get("show") in SIDE_WORDS else "negative"
    against = query.get("against") if query.get("against") in AGAINST else "rest"
    # Months overlap no other period, but "before" of a month is its neighbour, not another slice.
    against = "rest" if across == "month" else against
    dropped = [kind for kind in ("words", "case") if getattr(asked, kind)] + ["class"] * asked.has_score
    asked = plain(asked)
    found = heat(asked, cast(Side, side), str(across), str(against))
    return {
        "heat": found,
        "asked": asked,
        "part": asked.part,
        "words": in_words(asked.part),
        "choices": choices(user, asked.part),
        "kept": [*asked.beside_the_slice(), ("by", across), ("show", side), ("against", against)],
        "metric": NAMED[cast(Side, side)],
        "across": across,
        "across_word": _("Month") if across == "month" else dimension_label(str(across)),
        "acrosses": [(c, _("Month") if c == "month" else dimension_label(c), c == across) for c in ACROSS],
        "sides": [(code, word, code == side) for code, word in SIDE_WORDS.items()],
        "againsts": [(code, word, code == against) for code, word in AGAINST.items()],
        "against": against,
        "fmt": "signed" if side == "net" else "pct",
        "dropped": dropped,
        "better": "lower" if side == "negative" else "higher",
        "room": "voice",
    }


def plain(asked: Asked) -> Asked:
    """What of a question a table of labels can answer: reasons are its rows, words are not in the lake."""
    part = asked.part.narrowed(**{SCORE_CLASS: None})
    return replace(asked, part=part, words="", case="", side="").but(reason=())


def heat(asked: Asked, side: Side, across: str, against: str = "rest") -> Heat:
    now, whole = _named(asked, side, across), _named(asked, side, "")
    before = asked.before() if against == "before" else None
    then = _named(before, side, across) if before else None
    return _laid_out(asked, now, whole, then, across, against)


def _named(asked: Asked, side: Side, across: str) -> Result:
    how: dict[str, Any] = {"every": "month"} if across == "month" else {"by": (across,) if across else ()}
    return named(
        lake(), side=side, labels=dict(asked.labels), min_n=numbers.MIN_N, **how, **asked.part.arguments()
    )


def _laid_out(
    asked: Asked, now: Result, whole: Result, then: Result | None, across: str, against: str
) -> Heat:
    key = "period" if across == "month" else across
    rows = {(row.key["label"], _code(row, key)): row for row in now.rows if row.key[key] is not None}
    codes = _columns(rows, across)
    reasons = sorted(whole.rows, key=lambda row: (-abs(row.parts.total), str(row.key["label"])))[:MOST_ROWS]
    names = [str(row.key["label"]) for row in reasons]
    shown = {
        (reason, code): rows[reason, code] for reason in names for code in codes if (reason, code) in rows
    }
    looks = _looks(shown, _before(then, key) if then else _others(shown))
    side: Side = "net" if now.metric.name == "named_net" else (
        "positive" if now.metric.name == "named_positively" else "negative"
    )  # fmt: skip
    shades = _Shades([row for row in shown.values() if row.n >= COLOURED_FROM], side)

    def cell(reason: str, code: str) -> Cell:
        row = shown.get((reason, code))
        href = _href(asked, side, reason, across, code)
        return Cell(row, href, shades.of(row), looks.get((reason, code)))

    lines = [
        Line(
            str(row.key["label"]), label("reason", row.key["label"]),
            [cell(str(row.key["label"]), code) for code in codes],
            Cell(row, _href(asked, side, str(row.key["label"]), "", "")),
        )
        for row in reasons
    ]  # fmt: skip
    columns = [(code, _column_word(across, code), _n_of(shown, code)) for code in codes]
    n_signals = sum(look.verdict == "signal" for look in looks.values())
    n_all = len({code for _reason, code in rows})
    return Heat(columns, lines, side, n_signals, len(looks), max(n_all - len(codes), 0))


def _code(row: Row, key: str) -> str:
    code: Any = row.key[key]
    return f"{code:%Y-%m-%d}" if key == "period" else str(code)


def _columns(rows: dict[tuple[Any, str], Row], across: str) -> list[str]:
    n: dict[str, int] = defaultdict(int)
    for (_reason, code), row in rows.items():
        n[code] = max(n[code], row.n)
    if across == "month":
        return sorted(n)[-MOST_COLUMNS:]
    return sorted(n, key=lambda code: (-n[code], code))[:MOST_COLUMNS]


def _others(rows: dict[tuple[Any, str], Row]) -> dict[tuple[Any, str], Row]:
    """For each cell the rest of its line: no comment is in both."""
    of_line: dict[Any, list[tuple[str, Row]]] = defaultdict(list)
    for (reason, code), row in rows.items():
        of_line[reason].append((code, row))
    found = {}
    for (reason, code), row in rows.items():
        rest = [other.parts for name, other in of_line[reason] if name != code]
        if rest:
            parts = sum(rest[1:], rest[0])
            value = None if parts.n < numbers.MIN_N else parts.mean
            found[reason, code] = replace(row, n=int(parts.n), parts=parts, value=value)
    return found


def _before(then: Result, key: str) -> dict[tuple[Any, str], Row]:
    return {(row.key["label"], _code(row, key)): row for row in then.rows if row.key[key] is not None}


def _looks(rows: dict[tuple[Any, str], Row], other: dict[tuple[Any, str], Row]) -> dict[Any, Comparison]:
    """One budget for the whole table: of the cells marked at most one in twenty is chance."""
    keys = [
        key
        for key, row in rows.items()
        if row.value is not None and key in other and other[key].value is not None
        and row.n >= COLOURED_FROM and other[key].n >= COLOURED_FROM
    ]  # fmt: skip
    return dict(zip(keys, looks([(rows[key], other[key]) for key in keys]), strict=True))


class _Shades:
    """Light for little, dark for much: vermilion for complaints, teal for praise."""

    def __init__(self, rows: list[Row], side: Side) -> None:
        self.side = side
        self.most = max((abs(row.value or 0) for row in rows), default=0.0) or 1.0

    def of(self, row: Row | None) -> float:
        if row is None or row.value is None:
            return MIDDLE
        share = row.value / self.most
        share = -share if self.side == "negative" else share
        return MIDDLE + (WARM - MIDDLE) * share if share >= 0 else MIDDLE + (MIDDLE - COLD) * share


def _href(asked: Asked, side: Side, reason: str, across: str, code: str) -> str:
    """The comments behind a cell."""
    narrowed = asked.but(reason=reason, side=side if side in SIDES else "")
    if across == "month":
        return f"{reverse('voice')}?{_in_month(narrowed, code)}"
    part = narrowed.part.narrowed(**{across: code}) if across else narrowed.part
    return f"{reverse('voice')}?{replace(narrowed, part=part).query()}"


def _in_month(asked: Asked, first: str) -> str:
    since = date.fromisoformat(first)
    until = (since + timedelta(days=32)).replace(day=1)
    part = asked.part
    bounded = replace(
        part, since=max(since, part.since or since), until=min(until, part.until or until), days=None
    )
    return replace(asked, part=bounded).query()


def _column_word(across: str, code: str) -> str:
    return period_label(date.fromisoformat(code), "month") if across == "month" else label(across, code)


def _n_of(rows: dict[tuple[Any, str], Row], code: str) -> int:
    return max((row.n for (_reason, name), row in rows.items() if name == code), default=0)
