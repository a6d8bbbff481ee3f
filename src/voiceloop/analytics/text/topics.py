"""Themes that nobody named before: what comments are about, what of it is new, how it moves by the week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.batch import Bools, Floats, Ints
from voiceloop.analytics.text.duplicates import duplicates
from voiceloop.analytics.text.themes import news as newest
from voiceloop.analytics.text.themes.assigning import Assigner
from voiceloop.analytics.text.themes.chart import places
from voiceloop.analytics.text.themes.clusters import directions, how_many, nearest, spread, unit
from voiceloop.analytics.text.themes.following import Followed, follow, new_id, projected
from voiceloop.analytics.text.themes.naming import Phrases, characteristic, name, phrases, title
from voiceloop.analytics.text.themes.vectors import Vectors, presence, vectors
from voiceloop.analytics.text.themes.words import Lexicon

SEED = 20_261_122
# Themes are found in so many comments, drawn by the seed; all comments are then given to them.
SAMPLE = 60_000
# Comparing more texts with one another for copies would take longer than all the rest.
COMPARED = 120_000
N_COMMENTS, N_PHRASES = 5, 6
Days = Sequence[date | datetime]


@dataclass(frozen=True)
class Theme:
    """One theme.

    ``id`` stays from run to run; ``name`` is its first phrases. ``trend`` counts comments a week, the oldest
    first. ``is_new``: not there before this run's last seven days. ``rises``: more in them than before, by
    more than chance; ``g2`` and ``p_value`` say how sure. ``comments`` are places of typical comments, ``x``
    and ``y`` those on the map. ``words`` is what it is made of: enough to follow it in the next run.
    """

    id: str
    name: str
    phrases: tuple[str, ...]
    n: int
    share: float
    trend: tuple[int, ...] = ()
    is_new: bool = False
    rises: bool = False
    g2: float = 0.0
    p_value: float = 1.0
    comments: tuple[int, ...] = ()
    x: float = 0.0
    y: float = 0.0
    split_from: str = ""
    words: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class News:
    """A word that rose in the last seven days by more than chance, and the theme that holds it."""

    word: str
    theme: str
    n: int
    n_before: int
    g2: float
    p_value: float


@dataclass(frozen=True)
class Topics:
    """Themes by size, the place of each comment's theme among them (−1: none), and what changed since.

    ``coverage`` is the share of comments in a theme. ``weeks`` are the first days of each trend's weeks.
    ``merged`` maps an id of the run before to the one that took it up; ``gone`` had too few comments.
    """

    themes: tuple[Theme, ...]
    of: Ints
    likeness: Floats
    coverage: float
    n: int
    weeks: tuple[date, ...]
    news: tuple[News, ...]
    merged: dict[str, str]
    gone: tuple[str, ...]
    idf: dict[str, float]
    seed: int

    def assigner(self) -> Assigner:
        """What gives further comments to these themes."""
        return Assigner([theme.words for theme in self.themes], self.idf)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the arrays over comments, for JSON."""
        return {
            "n": self.n,
            "coverage": self.coverage,
            "weeks": [day.isoformat() for day in self.weeks],
            "themes": [{k: v for k, v in asdict(theme).items() if k != "words"} for theme in self.themes],
            "news": [asdict(one) for one in self.news],
            "merged": self.merged,
            "gone": list(self.gone),
            "seed": self.seed,
        }


def topics(
    texts: Sequence[str],
    *,
    at: Days | None = None,
    known: Topics | Mapping[str, Mapping[str, float]] | None = None,
    n_themes: int | None = None,
    seed: int = SEED,
) -> Topics:
    """Find the themes of many comments.

    Words of the segmenter, weighed by their rarity, compressed to 64 dimensions and clustered by k-means give
    first directions; these are sharpened in the space of words, where each theme is at most 40 words and
    every comment in it holds one of them. Comments near no theme stay outside.

    Parameters
    ----------
    texts : sequence of str
        Comments, Chinese and English mixed.
    at : sequence of date, optional
        The day of each: gives trends and what is new in the last seven days.
    known : Topics or {id: {word: weight}}, optional
        The run before; its themes keep their ids as long as comments bear them out.
    n_themes : int, optional
        How many to look for; by default grows with the root of the number of comments.
    seed : int
        The same seed and texts give the same themes.

    Returns
    -------
    Topics
        Themes by size; none when there are too few comments.

    Raises
    ------
    AnalyticsError
        When there is not one day for each text.

    Examples
    --------
    >>> said = ["快递太慢，物流等了一周", "物流慢，快递员不送", "屏幕碎了，电池差", "电池掉电，屏幕发黄"]
    >>> found = topics(said * 30)
    >>> found.n, len(set(found.of[::4])), found.coverage
    (120, 1, 0.75)
    """
    if at is not None and len(at) != len(texts):
        raise AnalyticsError("Each comment needs its day.", "每条评论都需要日期。")
    if not len(texts):
        return _nothing(seed)
    lexicon = Lexicon()
    words = lexicon.read(texts)
    has = presence(words, len(lexicon.words))
    calendar = _Calendar(at, texts)
    rise = _rise(has, calendar)
    sure = np.flatnonzero(rise.is_sure) if rise else np.zeros(0, dtype=np.int64)
    given = vectors(words, len(lexicon.words), also=sure)
    names = [lexicon.words[number] for number in given.kept]
    followed = _followed(given, names, known, n_themes, seed, _seeds(given, sure, calendar))
    of, likeness = nearest(given.rows, followed.themes)
    told = phrases(words, lexicon.words)
    found = _Telling(texts, given, names, told, followed, of, likeness, calendar)
    themes = found.themes(_ids(known))
    order = sorted(range(len(themes)), key=lambda i: (-themes[i].n, themes[i].id))
    place = np.full(len(themes) + 1, -1)
    place[np.array(order, dtype=np.int64)] = np.arange(len(order))
    ranked = tuple(themes[i] for i in order)
    return Topics(
        ranked,
        place[of],
        likeness,
        float((of >= 0).mean()) if len(texts) else 0.0,
        len(texts),
        calendar.weeks,
        _news(rise, sure, lexicon.words, ranked),
        {old: new for old, new in followed.merged.items()},
        tuple(followed.gone),
        _idf(given, names, followed.themes),
        seed,
    )


def _nothing(seed: int) -> Topics:
    return Topics((), np.zeros(0, np.int64), np.zeros(0), 0.0, 0, (), (), {}, (), {}, seed)


class _Calendar:
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


def _rise(has: Any, calendar: _Calendar) -> newest.Rise | None:
    if not calendar.has_news or not has.shape[1]:
        return None
    now, before = calendar.counts & (calendar.ago == 0), calendar.counts & (calendar.ago > 0)
    counts = [
        np.asarray(has[np.flatnonzero(rows)].sum(axis=0)).ravel().astype(np.int64) for rows in (now, before)
    ]
    return newest.risen(counts[0], counts[1], int(now.sum()), int(before.sum()))


def _seeds(given: Vectors, sure: Ints, calendar: _Calendar) -> Floats | None:
    """A direction for each group of new words, out of the last week's comments that use them."""
    if not len(sure):
        return None
    columns = np.searchsorted(given.kept, sure)
    week = np.flatnonzero(calendar.ago == 0)
    everyone = np.asarray(given.rows.mean(axis=0)).ravel()
    found = []
    for group in newest.together(given.has, columns, week):
        users = week[np.diff(given.has[week][:, group].indptr) > 0]
        if len(users) >= newest.LEAST:
            more = np.maximum(np.asarray(given.rows[users].mean(axis=0)).ravel() - everyone, 0)
            weight = np.where(np.isin(np.arange(len(more)), group), more, more / 4)
            found.append(np.where(weight >= np.sort(weight)[-min(40, len(weight))], weight, 0))
    return unit(np.array(found)) if found else None


def _followed(
    given: Vectors,
    names: Sequence[str],
    known: Topics | Mapping[str, Mapping[str, float]] | None,
    n_themes: int | None,
    seed: int,
    seeds: Floats | None,
) -> Followed:
    rows = _sampled(given.rows, seed)
    n = how_many(rows.shape[0]) if n_themes is None else n_themes
    old = _known(known)
    fresh = directions(rows, n, seed) if rows.shape[1] else np.zeros((0, 0))
    before = projected(list(old.values()), names)
    found = follow(rows, before, list(old), fresh)
    # What is new may be too small to be found as a cluster; it is added unless a theme already holds it.
    for extra in seeds if seeds is not None else []:
        if not len(found.themes) or float((found.themes @ extra).max()) < 0.4:
            themes = np.vstack([found.themes, extra])
            found = found._replace(themes=themes, ids=[*found.ids, None])
    return found


def _sampled(rows: Any, seed: int) -> Any:
    if rows.shape[0] <= SAMPLE:
        return rows
    chosen = np.random.default_rng(seed).choice(rows.shape[0], SAMPLE, replace=False)
    return rows[np.sort(chosen)]


def _known(known: Topics | Mapping[str, Mapping[str, float]] | None) -> Mapping[str, Mapping[str, float]]:
    return {theme.id: theme.words for theme in known.themes} if isinstance(known, Topics) else known or {}


def _ids(known: Topics | Mapping[str, Mapping[str, float]] | None) -> set[str]:
    return set(_known(known)) | (set(known.merged) | set(known.gone) if isinstance(known, Topics) else set())


class _Telling:
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
        calendar: _Calendar,
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


def _news(
    rise: newest.Rise | None, sure: Ints, words: Sequence[str], themes: Sequence[Theme]
) -> tuple[News, ...]:
    if rise is None:
        return ()
    found = []
    for number in sorted(sure.tolist(), key=lambda i: -rise.g2[i]):
        word = words[number]
        home = max(themes, key=lambda theme: theme.words.get(word, 0.0), default=None)
        key = home.id if home and word in home.words else ""
        g2, p_value = round(float(rise.g2[number]), 1), float(rise.p_value[number])
        found.append(News(word, key, int(rise.now[number]), int(rise.before[number]), g2, p_value))
    return tuple(found)


def _idf(given: Vectors, names: Sequence[str], themes: Floats) -> dict[str, float]:
    """Weights of all words: a comment's other words make it longer, so less like any theme."""
    return {word: round(float(weight), 3) for word, weight in zip(names, given.idf, strict=True)}
