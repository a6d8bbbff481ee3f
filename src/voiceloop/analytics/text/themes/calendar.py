"""The days of comments as weeks, and which comments count once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np

from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.duplicates import duplicates
from voiceloop.analytics.text.themes import news as newest

# Comparing more texts with one another for copies would take longer than all the rest.
COMPARED = 120_000
Days = Sequence[date | datetime]


class Calendar:
    """The days of comments as weeks before the last, and which of them count once."""

    def __init__(self, at: Days | None, texts: Sequence[str]) -> None:
        self.at = at
        self.days = newest.days_of(at) if at is not None else np.zeros(0, dtype=np.int64)
        self.ago = newest.weeks_ago(self.days)
        self.counts = self._firsts(texts) if self.has_news else np.zeros(0, dtype=np.bool_)

    @property
    def has_news(self) -> bool:
        """Whether there is a last week and something before it to compare with."""
        return bool(len(self.ago)) and int(self.ago.max()) >= 2

    @property
    def weeks(self) -> tuple[date, ...]:
        if not len(self.days):
            return ()
        last = date(1970, 1, 1) + timedelta(days=int(self.days.max()))
        n = int(self.ago.max()) + 1
        return tuple(
            last - timedelta(days=newest.WEEK * back + newest.WEEK - 1) for back in reversed(range(n))
        )

    def trend(self, members: Ints) -> tuple[int, ...]:
        if not len(self.days):
            return ()
        n = np.bincount(self.ago[members], minlength=int(self.ago.max()) + 1)
        return tuple(int(count) for count in n[::-1])

    def _firsts(self, texts: Sequence[str]) -> Bools:
        """One of each text: a flood of copies is no news of many people."""
        if len(texts) <= COMPARED:
            return duplicates(texts).is_first
        seen: set[str] = set()
        return np.array([not (text in seen or seen.add(text)) for text in texts])  # type: ignore[func-returns-value]
