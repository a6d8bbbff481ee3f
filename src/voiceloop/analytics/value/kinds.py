"""What the columns of a customer table are, and how their cells become a few codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from voiceloop.analytics.value.cells import Cells, Floats, Ints

Kind = Literal["number", "date", "flag", "category"]

# Our choices: enough steps for any curve, and levels that a person can still tell apart.
BINS, LEVELS, RARE = 40, 40, 10
_MOSTLY = 0.95
YES = {"yes", "y", "true", "t", "1", "1.0", "是", "有", "对", "on"}
NO = {"no", "n", "false", "f", "0", "0.0", "否", "无", "没有", "错", "off"}
_IDS = re.compile(
    r"(^|_|\b)(id|uuid|guid|key|no|number|phone|mobile|email|mail|account|rownumber|index)$|"
    r"(编号|号码|手机|电话|邮箱|身份证|姓名)|^(name|surname|first_?name|last_?name|unnamed.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Feature:
    """One column as the model sees it: steps of a number, or levels of a category.

    Codes are 0 … size-1; the last is "missing", for a category the one before it is "any other".
    """

    name: str
    kind: Kind
    edges: tuple[float, ...] = ()
    centres: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()

    @property
    def is_ordered(self) -> bool:
        """Whether its steps follow one another."""
        return self.kind in ("number", "date")

    @property
    def size(self) -> int:
        """How many codes there are."""
        return len(self.edges) + 2 if self.is_ordered else len(self.levels) + 2

    def codes(self, column: Cells | None, n: int, today: float = np.nan) -> Ints:
        """Return the code of each row; every row is "missing" where the column is not there."""
        if column is None:
            return np.full(n, self.size - 1, dtype=np.int64)
        if self.is_ordered:
            numbers = _numbers(self.kind, column, today)
            found = np.searchsorted(np.array(self.edges), numbers, side="right")
            return np.where(np.isnan(numbers), self.size - 1, found).astype(np.int64)
        known = {level: i for i, level in enumerate(self.levels)}
        of_word = [known.get(self._level(word), len(self.levels)) for word in column.words]
        return np.array([*of_word, self.size - 1], dtype=np.int64)[column.codes]

    def unknown(self, column: Cells) -> int:
        """Return how many rows hold a level that the fit never saw."""
        if self.is_ordered:
            return 0
        known = set(self.levels)
        new = [self._level(word) not in known for word in column.words]
        return int(column.counts[new].sum()) if new and self.shares[-2] == 0 else 0

    def _level(self, word: str) -> str:
        return flag_of(word) or word if self.kind == "flag" else word


@dataclass(frozen=True)
class Dropped:
    """A column that is no feature, and why, in both languages."""

    name: str
    en: str
    zh: str
    is_leak: bool = False

    def say(self, language: str) -> str:
        """Return the sentence in a language."""
        return self.zh if language.startswith("zh") else self.en


def flag_of(word: str) -> str | None:
    """Return 'yes' or 'no' for a word that says it, in Chinese or English.

    Examples
    --------
    >>> flag_of("是"), flag_of("FALSE"), flag_of("maybe")
    ('yes', 'no', None)
    """
    lower = word.strip().lower()
    return "yes" if lower in YES else "no" if lower in NO else None


def feature_of(name: str, column: Cells, today: float) -> Feature | Dropped:
    """Return what a column is, or why it is nothing.

    Examples
    --------
    >>> feature_of("plan", Cells.of(["a", "b"] * 30), 0.0).levels
    ('a', 'b')
    >>> feature_of("customer_id", Cells.of(range(60)), 0.0).en
    'customer_id names the customer: every value stands once.'
    """
    n, distinct = column.n, len(column.words)
    if not n:
        return Dropped(name, f"{name} is empty.", f"“{name}”是空列。")
    if distinct == 1 and n == len(column):
        return Dropped(name, f"{name} is the same in every row.", f"“{name}”每一行都相同。")
    kind = _kind(column)
    if _is_identity(name, column, kind):
        return Dropped(
            name,
            f"{name} names the customer: every value stands once.",
            f"“{name}”是客户标识：几乎每个值只出现一次。",
        )
    if kind == "category" and n >= 40 and distinct > 0.5 * n:
        return Dropped(name, f"{name} is free text or a name.", f"“{name}”是自由文本或名称。")
    return (
        _ordered(name, kind, column, today) if kind in ("number", "date") else _levelled(name, kind, column)
    )


def _kind(column: Cells) -> Kind:
    flags = {flag_of(word) for word in column.words}
    if None not in flags and len(flags) <= 2:
        return "flag"
    if np.isfinite(column.numbers).sum() >= _MOSTLY * column.n and not _are_dates(column):
        return "number"
    return "date" if np.isfinite(column.days).sum() >= _MOSTLY * column.n else "category"


def _are_dates(column: Cells) -> bool:
    """Whether eight digits are days rather than numbers."""
    whole = all(len(word) == 8 and word.isdigit() for word in column.words)
    return whole and bool(np.isfinite(column.days).sum() >= _MOSTLY * column.n)


def _is_identity(name: str, column: Cells, kind: Kind) -> bool:
    unique = len(column.words) >= 0.98 * column.n and column.n >= 40
    if kind == "number":
        whole = column.numbers[np.isfinite(column.numbers)]
        counted = bool(np.all(whole == np.round(whole)) and (np.all(np.diff(whole) > 0)))
        return unique and (bool(_IDS.search(name)) or counted)
    return kind == "category" and (unique or (bool(_IDS.search(name)) and len(column.words) > 0.5 * column.n))


def _numbers(kind: Kind, column: Cells, today: float) -> Floats:
    """Numbers as they are; of a date its age in days."""
    return column.numbers if kind == "number" else today - column.days


def _ordered(name: str, kind: Kind, column: Cells, today: float) -> Feature | Dropped:
    numbers = _numbers(kind, column, today)
    known = numbers[np.isfinite(numbers)]
    values = np.unique(known)
    middle = (values[1:] + values[:-1]) / 2
    if len(values) > BINS:
        cuts = np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])
        middle = np.unique(middle[np.clip(np.searchsorted(middle, cuts), 0, len(middle) - 1)])
    at = np.searchsorted(middle, known, side="right")
    counts = np.bincount(at, minlength=len(middle) + 1)
    centres = np.bincount(at, weights=known, minlength=len(middle) + 1) / np.maximum(counts, 1)
    shares = np.append(counts, len(numbers) - len(known)) / len(numbers)
    return Feature(name, kind, tuple(middle.tolist()), tuple(centres.tolist()), (), tuple(shares.tolist()))


def _levelled(name: str, kind: Kind, column: Cells) -> Feature | Dropped:
    counts: dict[str, int] = {}
    for word, count in zip(column.words, column.counts.tolist(), strict=True):
        level = (flag_of(word) or word) if kind == "flag" else word
        counts[level] = counts.get(level, 0) + count
    enough = max(RARE, 0.002 * len(column)) if len(column) >= 200 else 1
    common = sorted(counts, key=lambda level: -counts[level])[:LEVELS]
    levels = sorted(level for level in common if counts[level] >= enough)
    if not levels:
        return Dropped(name, f"{name} has only rare values.", f"“{name}”只有罕见取值。")
    rest = column.n - sum(counts[level] for level in levels)
    shares = np.array([*(counts[level] for level in levels), rest, len(column) - column.n]) / len(column)
    return Feature(name, kind, levels=tuple(levels), shares=tuple(shares.tolist()))


def plain_name(name: str) -> str:
    """Return a column's name without case, blanks and marks, so that MonthlyCharges is monthly_charges.

    Examples
    --------
    >>> plain_name("Monthly_Charges") == plain_name("monthlyCharges")
    True
    """
    return re.sub(r"[\W_]+", "", name).lower()


def found_in(columns: Mapping[str, Any], name: str) -> str | None:
    """Return under which name a column is there: its own, or one that differs in case or marks only.

    Examples
    --------
    >>> found_in({"Total Charges": 1}, "total_charges"), found_in({"a": 1}, "b")
    ('Total Charges', None)
    """
    if name in columns:
        return name
    return next((there for there in columns if plain_name(there) == plain_name(name)), None)
