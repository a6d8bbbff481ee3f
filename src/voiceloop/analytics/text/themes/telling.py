"""Names, sizes, trends and quotes of themes that were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.themes import news as newest
from voiceloop.analytics.text.themes.calendar import Calendar
from voiceloop.analytics.text.themes.chart import places
from voiceloop.analytics.text.themes.clusters import spread
from voiceloop.analytics.text.themes.following import Followed, new_id
from voiceloop.analytics.text.themes.naming import Phrases, characteristic, name, title
from voiceloop.analytics.text.themes.theme import Theme
from voiceloop.analytics.text.themes.vectors import Vectors

N_COMMENTS, N_PHRASES = 5, 6


class Telling:
    """Names, sizes, trends and quotes of themes that were found."""

    def __init__(
        self,
        texts: Sequence[str],
        given: Vectors,
        names: Sequence[str],
        told: Phrases,
        followed: Followed,
        of: Ints,
        likeness: Floats,
        calendar: Calendar,
    ) -> None:
        self.texts, self.given, self.names, self.told = texts, given, names, told
        self.followed, self.of, self.likeness, self.calendar = followed, of, likeness, calendar
        self.everywhere = np.asarray(given.has.mean(axis=0)).ravel() if given.has.shape[0] else np.zeros(0)
        self.column = {int(number): column for column, number in enumerate(given.kept)}
        self.theme_of_use = of[told.text] if len(told.text) else told.text

    def themes(self, taken: set[str]) -> list[Theme]:
        n = spread(self.of, len(self.followed.themes))
        at = places(self.followed.themes)
        rise = self._rise()
        found: list[Theme] = []
        for number in range(len(n)):
            members = np.flatnonzero(self.of == number)
            parts = self._phrases(number, members)
            key = self.followed.ids[number] or new_id(parts, taken)
            taken.add(key)
            found.append(
                Theme(
                    key,
                    title(parts) or key,
                    parts[:N_PHRASES],
                    int(n[number]),
                    float(n[number] / max(len(self.of), 1)),
                    self.calendar.trend(members),
                    **(self._movement(rise, number) if rise else {}),
                    comments=self._comments(members),
                    x=round(float(at[number, 0]), 4),
                    y=round(float(at[number, 1]), 4),
                    split_from=self.followed.split.get(number, ""),
                    words=self._words(number),
                )
            )
        return found

    def _phrases(self, number: int, members: Ints) -> tuple[str, ...]:
        columns = characteristic(self.given.has, members, self.everywhere) if len(members) else members
        if not len(columns):
            columns = np.argsort(-self.followed.themes[number])[:3]
        shares = (
            np.asarray(self.given.has[members][:, columns].mean(axis=0)).ravel()
            if len(members)
            else [1.0] * 3
        )
        words = [(self.names[column], float(share)) for column, share in zip(columns, shares, strict=True)]
        return name(words, self._pairs(number, columns, max(len(members), 1)))

    def _pairs(self, number: int, columns: Ints, n: int) -> list[tuple[str, str, str, float]]:
        """Phrases of the theme with one of its characteristic words in them."""
        mine = np.bincount(self.told.pair[self.theme_of_use == number], minlength=len(self.told.texts))
        own = set(self.given.kept[columns].tolist())
        found = []
        for pair in np.flatnonzero(mine >= max(3, 0.02 * n)):
            first, second = int(self.told.first[pair]), int(self.told.second[pair])
            if (first in own or second in own) and first in self.column and second in self.column:
                words = self.names[self.column[first]], self.names[self.column[second]]
                found.append((*words, self.told.texts[pair], float(mine[pair] / n)))
        return found

    def _rise(self) -> newest.Rise | None:
        if not self.calendar.has_news:
            return None
        last, counted = self.calendar.ago == 0, self.calendar.counts
        k = len(self.followed.themes)
        now, before = spread(self.of[counted & last], k), spread(self.of[counted & ~last], k)
        return newest.risen(now, before, int((counted & last).sum()), int((counted & ~last).sum()))

    def _movement(self, rise: newest.Rise, number: int) -> dict[str, Any]:
        now, before = int(rise.now[number]), int(rise.before[number])
        sure = bool(rise.is_sure[number])
        # A theme is new when nearly all that is known of it came in the last week; else it only rises.
        is_new = sure and self.followed.ids[number] is None and now >= 2 * before
        p_value = float(rise.p_value[number])
        return {"is_new": is_new, "rises": sure, "g2": round(float(rise.g2[number]), 1), "p_value": p_value}

    def _comments(self, members: Ints) -> tuple[int, ...]:
        """Typical comments of readable length, no two the same."""
        # One word that is the whole comment is typical and tells nothing: a few words of it do.
        n_words = np.diff(self.given.rows.indptr)[members]
        typical = self.likeness[members] * np.minimum(n_words, 4)
        ranked = members[np.argsort(-typical, kind="stable")][:200]
        said: dict[str, int] = {}
        for member in sorted(ranked.tolist(), key=lambda i: not 8 <= len(self.texts[i]) <= 160):
            said.setdefault(self.texts[member].strip(), member)
        return tuple(list(said.values())[:N_COMMENTS])

    def _words(self, number: int) -> dict[str, float]:
        row = self.followed.themes[number]
        columns = sorted(np.flatnonzero(row).tolist(), key=lambda column: -row[column])
        return {self.names[column]: round(float(row[column]), 4) for column in columns}
