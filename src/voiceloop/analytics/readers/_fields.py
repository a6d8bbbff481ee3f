"""Which column of a file is which column of the lake: as told, else by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.readers._cells import Kind


@dataclass(frozen=True)
class Field:
    """A column that a reader looks for.

    Attributes
    ----------
    name : str
        A column of the lake's table, or one that only the reader knows.
    kind : str
        What its cells must be.
    names : tuple of str
        What people call it, best first; each holds words of equal rank, parted by blanks, ``*`` for any
        letters. Words are compared without case, blanks, signs and what stands in brackets.
    feeds : tuple of str
        The lake's columns that are made from it; itself when empty.
    within : tuple of float, optional
        Values outside are no values.
    key : bool
        A row without it does not count.
    """

    name: str
    kind: Kind
    names: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    within: tuple[float, float] | None = None
    key: bool = False

    @property
    def makes(self) -> frozenset[str]:
        """The lake's columns that depend on it."""
        return frozenset(self.feeds or (self.name,))


@dataclass(frozen=True)
class Guess:
    """What was decided for one field: its column, or the candidates that fit equally well."""

    column: str | None
    candidates: tuple[str, ...] = ()
    is_told: bool = False


def plain(name: str) -> str:
    """Return a name as it is compared.

    Examples
    --------
    >>> plain("Q_Time (s)"), plain("等待时长（秒）")
    ('qtime', '等待时长')
    """
    bare = re.sub(r"[(（\[【].*?[)）\]】]", "", name.lower())
    return re.sub(r"[\W_]+", "", bare)


def guesses(fields: Sequence[Field], header: Sequence[str], told: Mapping[str, str]) -> dict[str, Guess]:
    """Return for each field which column it is.

    A column is given to one field only, the first that asks for it.

    Raises
    ------
    AnalyticsError
        When a told field or column does not exist.
    """
    found = {name: Guess(_column(header, column), is_told=True) for name, column in told.items()}
    unknown = set(told) - {field.name for field in fields}
    if unknown:
        raise _unknown_field(min(unknown), [field.name for field in fields])
    taken = {guess.column for guess in found.values()}
    for field in fields:
        if field.name not in found:
            found[field.name] = _guess(field, [name for name in header if name not in taken])
            taken.add(found[field.name].column)
    return found


def nearest(word: str, words: Sequence[str]) -> list[str]:
    """Return the words most like ``word``, at most three.

    Examples
    --------
    >>> nearest("recomend", ["recommend_0_10", "rate_art"])
    ['recommend_0_10']
    """
    lower = {known.lower(): known for known in words}
    return [lower[found] for found in get_close_matches(word.lower(), list(lower), 3, 0.6)]


def no_column(column: str, header: Sequence[str]) -> AnalyticsError:
    """Return the error that says a file has no such column."""
    like = nearest(column, header)
    known = ", ".join(header)
    hint_en = f" Did you mean {' or '.join(map(repr, like))}?" if like else ""
    hint_zh = f"是否指“{'”或“'.join(like)}”？" if like else ""
    return AnalyticsError(
        f"The file has no column {column!r}.{hint_en} It has: {known}.",
        f"文件中没有列“{column}”。{hint_zh}已有的列：{known}。",
    )


def _guess(field: Field, header: Sequence[str]) -> Guess:
    for rank in field.names:
        words = rank.split()
        fits = [name for name in header if any(fnmatchcase(plain(name), word) for word in words)]
        if fits:
            return Guess(fits[0] if len(fits) == 1 else None, tuple(fits))
    return Guess(None)


def _column(header: Sequence[str], name: str) -> str:
    if name in header:
        return name
    alike = [known for known in header if plain(known) == plain(name)]
    if len(alike) == 1:
        return alike[0]
    raise no_column(name, header)


def _unknown_field(name: str, known: Sequence[str]) -> AnalyticsError:
    like = nearest(name, known)
    hint = f" Did you mean {like[0]!r}?" if like else ""
    hint_zh = f"是否指“{like[0]}”？" if like else ""
    listed = ", ".join(known)
    return AnalyticsError(
        f"No measured column is called {name!r}.{hint} There are: {listed}.",
        f"没有名为“{name}”的度量列。{hint_zh}可用的有：{listed}。",
    )
