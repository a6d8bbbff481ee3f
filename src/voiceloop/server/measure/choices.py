"""What the filter at the top of a page offers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.labels import DIMENSIONS, dimension_label, label
from voiceloop.server.measure.slices import DATES, PERIODS, Slice, period_in_words

OFFERED = ("touchpoint", "segment")
# Our choice: what a list of boxes shows before it asks for a search.
MOST_CODES = 60


@dataclass(frozen=True)
class Choice:
    """One list of the filter: its name in the address, its word, and (code, word, chosen) for each option."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Condition:
    """A condition in force, and what remains of its dimension when it is taken away."""

    name: str
    text: str
    rest: list[str]


@dataclass(frozen=True)
class Filter:
    """All that the one filter form shows."""

    choices: list[Choice]
    part: Slice

    def __iter__(self) -> Iterator[Choice]:
        return iter(self.choices)

    @property
    def is_dated(self) -> bool:
        """Whether the period is named by its days."""
        return self.part.days is None and (self.part.since is not None or self.part.until is not None)

    @property
    def period(self) -> str:
        return period_in_words(self.part)

    @property
    def conditions(self) -> list[Condition]:
        return [
            Condition(
                name, f"{dimension_label(name)}: {label(name, value)}", [v for v in values if v != value]
            )
            for name, values in self.part.chosen
            for value in values
        ]

    @property
    def in_bar(self) -> set[str]:
        """Dimensions of which a list of the bar shows the one value that is chosen."""
        listed = {choice.name for choice in self.choices}
        return {name for name, values in self.part.chosen if name in listed and len(values) == 1}

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Conditions that no list of the bar shows: hidden fields carry them."""
        return self.carried(self.in_bar)

    def carried(self, but: Collection[str]) -> list[tuple[str, str]]:
        return [(name, v) for name, values in self.part.chosen if name not in but for v in values]


def choices(user: User, part: Slice) -> Filter:
    # A list shows one value; several of a dimension stay as conditions of their own.
    chosen = {name: values[0] for name, values in part.chosen if len(values) == 1}
    lists = [
        Choice("days", _("Period"), _periods(part)),
        *(_of(name, part, chosen.get(name, "")) for name in OFFERED),
        Choice("unit", dimension_label("unit"), _units(user, chosen.get("unit", ""))),
    ]
    return Filter(lists, part)


def all_codes(part: Slice, *, but: Collection[str] = ()) -> list[Choice]:
    """Every dimension that the facts of the period have codes for, the most frequent first."""
    found = []
    for name in (name for name in DIMENSIONS if name not in but):
        chosen = dict(part.chosen).get(name, ())
        codes = list(dict.fromkeys([*chosen, *_codes(name, part)]))
        if len(codes) > 1 or chosen:
            options = [(code, label(name, code), code in chosen) for code in codes[:MOST_CODES]]
            found.append(Choice(name, dimension_label(name), options))
    return found


def _periods(part: Slice) -> list[tuple[str, str, bool]]:
    words = [(str(days), _("Last %(days)s days") % {"days": days}, part.days == days) for days in PERIODS]
    dated = part.days is None and (part.since or part.until)
    if part.days and part.days not in PERIODS:
        words.append((str(part.days), _("Last %(days)s days") % {"days": part.days}, True))
    named = [(DATES, period_in_words(part), True)] if dated else []
    return [*words, ("all", _("All time"), part.days is None and not dated), *named]


def _of(dimension: str, part: Slice, chosen: str) -> Choice:
    codes = _codes(dimension, part)
    codes += [chosen] if chosen and chosen not in codes else []
    options = [(code, label(dimension, code), code == chosen) for code in sorted(codes)]
    return Choice(dimension, dimension_label(dimension), [("", _("All"), not chosen), *options])


def _codes(dimension: str, part: Slice) -> list[str]:
    rows = numbers.result("nps", replace(part, chosen=()), by=(dimension,)).rows
    known = [row for row in rows if row.key[dimension] is not None]
    return [str(row.key[dimension]) for row in sorted(known, key=lambda row: -row.n)]


def _units(user: User, chosen: str) -> list[tuple[str, str, bool]]:
    leaves = Unit.objects.visible_to(user).filter(children=None).in_tree_order()
    return [("", _("All"), not chosen), *((unit.code, str(unit), unit.code == chosen) for unit in leaves)]
