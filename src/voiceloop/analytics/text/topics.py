"""Themes that nobody named before: what comments are about, what of it is new, how it moves by the week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.themes import news as newest
from voiceloop.analytics.text.themes.assigning import Assigner
from voiceloop.analytics.text.themes.calendar import Calendar, Days
from voiceloop.analytics.text.themes.clusters import directions, how_many, nearest, unit
from voiceloop.analytics.text.themes.following import Followed, follow, projected
from voiceloop.analytics.text.themes.naming import phrases
from voiceloop.analytics.text.themes.telling import Telling
from voiceloop.analytics.text.themes.theme import News, Theme
from voiceloop.analytics.text.themes.vectors import Vectors, presence, vectors
from voiceloop.analytics.text.themes.words import Lexicon

__all__ = ["News", "Theme", "Topics", "topics"]

SEED = 20_261_122
# Themes are found in so many comments, drawn by the seed; all comments are then given to them.
SAMPLE = 60_000


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
    calendar = Calendar(at, texts)
    rise = _rise(has, calendar)
    sure = np.flatnonzero(rise.is_sure) if rise else np.zeros(0, dtype=np.int64)
    given = vectors(words, len(lexicon.words), also=sure)
    names = [lexicon.words[number] for number in given.kept]
    followed = _followed(given, names, known, n_themes, seed, _seeds(given, sure, calendar))
    of, likeness = nearest(given.rows, followed.themes)
    told = phrases(words, lexicon.words)
    found = Telling(texts, given, names, told, followed, of, likeness, calendar)
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


def _rise(has: Any, calendar: Calendar) -> newest.Rise | None:
    if not calendar.has_news or not has.shape[1]:
        return None
    now, before = calendar.counts & (calendar.ago == 0), calendar.counts & (calendar.ago > 0)
    counts = [
        np.asarray(has[np.flatnonzero(rows)].sum(axis=0)).ravel().astype(np.int64) for rows in (now, before)
    ]
    return newest.risen(counts[0], counts[1], int(now.sum()), int(before.sum()))


def _seeds(given: Vectors, sure: Ints, calendar: Calendar) -> Floats | None:
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
