"""Cases that nobody has named a cause for, bundled by their words: patterns before they have a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate, now

from voiceloop.analytics.text.topics import Theme, topics
from voiceloop.server.act.models import Case
from voiceloop.server.core.models import Unit, User

DAYS, MOST = 180, 5_000
# Fewer cases have no bundles worth a name: our choice.
FEWEST = 30
QUOTES = 3


@dataclass(frozen=True)
class Bundle:
    """Cases that speak of one thing: its phrases, how many, whether it grows, where, in whose words."""

    id: str
    name: str
    phrases: tuple[str, ...]
    cases: list[int]
    trend: list[int]
    rises: bool
    is_new: bool
    places: list[tuple[Unit, int]]
    quotes: list[tuple[int, str]]

    @property
    def n(self) -> int:
        return len(self.cases)


@dataclass(frozen=True)
class Suggested:
    """The bundles, and how many of how many cases they hold."""

    bundles: list[Bundle]
    n: int
    n_bundled: int


def suggested(user: User, unit: Unit | None = None) -> Suggested:
    """Themes of the words of cases without a cause, largest first."""
    rows = _rows(user, unit)
    if len(rows) < FEWEST:
        return Suggested([], len(rows), 0)
    found = topics([row[1] for row in rows], at=[row[2].date() for row in rows])
    units = Unit.objects.in_bulk({row[3] for row in rows})
    bundles = [
        _bundle(theme, [row for row, of in zip(rows, found.of, strict=True) if of == i], rows, units)
        for i, theme in enumerate(found.themes)
    ]
    kept = [bundle for bundle in bundles if bundle.cases]
    return Suggested(kept, len(rows), sum(bundle.n for bundle in kept))


Row = tuple[int, str, datetime, int]


def _rows(user: User, unit: Unit | None) -> list[Row]:
    cases = Case.objects.visible_to(user).filter(
        resolution__isnull=True, opened_at__gte=now() - timedelta(days=DAYS)
    )
    if unit:
        cases = cases.filter(unit__path__startswith=unit.path)
    wanted = ("pk", "summary", "opened_at", "unit_id")
    return list(cases.exclude(summary="").order_by("-opened_at").values_list(*wanted)[:MOST])


def _bundle(theme: Theme, mine: Sequence[Row], rows: Sequence[Row], units: dict[int, Unit]) -> Bundle:
    counted = Counter(row[3] for row in mine).most_common(3)
    typical = [rows[place] for place in theme.comments[:QUOTES]] or list(mine[:QUOTES])
    return Bundle(
        theme.id, theme.name, theme.phrases, [row[0] for row in mine], _weeks(mine), theme.rises,
        theme.is_new, [(units[pk], n) for pk, n in counted], [(row[0], row[1]) for row in typical],
    )  # fmt: skip


def _weeks(rows: Sequence[Row]) -> list[int]:
    """Cases of the last twelve weeks, the oldest first."""
    weeks, today = [0] * 12, localdate()
    for row in rows:
        ago = (today - row[2].date()).days // 7
        if ago < 12:
            weeks[11 - ago] += 1
    return weeks
