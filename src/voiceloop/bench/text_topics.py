"""How good themes and search are on published sets, and how fast they are on many comments."""

from __future__ import annotations

import csv
import gzip
import io
import random
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from voiceloop.analytics.text.search import meaning
from voiceloop.analytics.text.search.index import Index
from voiceloop.analytics.text.search.script import spell
from voiceloop.analytics.text.search.terms import terms
from voiceloop.analytics.text.themes.naming import characteristic
from voiceloop.analytics.text.themes.vectors import presence
from voiceloop.analytics.text.themes.words import Lexicon
from voiceloop.analytics.text.topics import Topics
from voiceloop.analytics.text.topics import topics as find

SEED = 20_261_122
SETS = {"zh_shopping": "reviews.csv.gz", "zh_hotel": "reviews.csv.gz", "airline_tweets": "tweets.csv.gz"}
PAIRS = {"bank_bq": "bank_bq.csv.gz", "ant_atec": "ant_atec.csv.gz"}
WEEKS, PLANTED, SHUFFLES, QUERIES, LARGE = 12, 0.02, 10, 600, 1_000_000
Pairs = list[tuple[str, set[int]]]


def topics(data: Path, large: int = 0) -> dict[str, Any]:
    """Coherence, stability, what is new, false alarms and speed; also on ``large`` comments where not 0."""
    found: dict[str, Any] = {name: _quality(_texts(data, name)) for name in SETS}
    shop = _texts(data, "zh_shopping")
    found["new_theme"] = _planted(shop, _texts(data, "airline_tweets"))
    found["false_alarms"] = _false_alarms(shop)
    found["speed_50000"] = _speed(_many(shop, 50_000))
    if large:
        found[f"speed_{large}"] = _speed(_many(shop, large))
    return found


def search(data: Path, large: int = 0) -> dict[str, Any]:
    """R@1 and mean reciprocal rank beside bm25s, with meaning where installed; speed on ``large``."""
    sets = {name: _pairs(data / "zh_question_pairs" / file) for name, file in PAIRS.items()}
    sets["banking77"] = _intents(data)
    found: dict[str, Any] = {name: _retrieval(*each) for name, each in sets.items()}
    if large:
        found[f"speed_{large}"] = _search_speed(_texts(data, "zh_shopping"), large)
    return found


def _quality(texts: list[str]) -> dict[str, Any]:
    began = time.perf_counter()
    found = find(texts)
    seconds = time.perf_counter() - began
    dice = np.random.default_rng(SEED)
    again = [int(i) for i in np.unique(dice.integers(0, len(texts), len(texts)))]
    other = find([texts[i] for i in again], seed=1)
    same = find([texts[i] for i in again], known=found)
    half = len(texts) * 9 // 10
    before = find(texts[:half])
    week = find(texts, known=before)
    return {
        "n": len(texts),
        "themes": len(found.themes),
        "names": [theme.name for theme in found.themes[:8]],
        "coverage": round(found.coverage, 3),
        "npmi": _npmi(texts, found, held_out=False),
        "npmi_held_out": _npmi(texts, found, held_out=True),
        "seconds": round(seconds, 1),
        "bootstrap_ari_unrelated_run": _ari(found.of[again], other.of),
        "bootstrap_ari_following_run": _ari(found.of[again], same.of),
        "bootstrap_ids_kept": _kept(found, same),
        "a_tenth_more_ids_kept": _kept(before, week),
        "a_tenth_more_new_ids": len({t.id for t in week.themes} - {t.id for t in before.themes}),
    }


def _kept(before: Topics, after: Topics) -> float:
    old, new = {theme.id for theme in before.themes}, {theme.id for theme in after.themes}
    return round(len(old & new) / max(len(old), 1), 3)


def _ari(one: Any, two: Any) -> float:
    """Adjusted Rand index of the comments that both runs put into a theme."""
    from sklearn.metrics import adjusted_rand_score

    both = (one >= 0) & (two >= 0)
    return round(float(adjusted_rand_score(one[both], two[both])), 3)


def _npmi(texts: list[str], found: Topics, *, held_out: bool) -> float:
    """Coherence of the ten words of each theme; held out: words of the even comments judged by the odd."""
    lexicon = Lexicon()
    has = presence(lexicon.read(texts), len(lexicon.words))
    even = np.arange(len(texts)) % 2 == 0
    learn, judge = (even, ~even) if held_out else (np.ones(len(texts), bool), np.ones(len(texts), bool))
    own, everywhere = has[learn], np.asarray(has[learn].mean(axis=0)).ravel()
    values = []
    for theme in range(len(found.themes)):
        words = characteristic(own, np.flatnonzero(found.of[learn] == theme), everywhere)
        values.append(_pairwise(has[judge][:, words]))
    return round(float(np.mean(values)), 3) if values else 0.0


def _pairwise(has: Any) -> float:
    n = has.shape[0]
    both = np.asarray((has.T @ has).todense()) / n
    alone = np.maximum(np.diag(both), 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(both > 0, np.log(both / np.outer(alone, alone)) / -np.log(both), -1.0)
    return float(value[np.triu_indices(len(alone), 1)].mean()) if len(alone) > 1 else 0.0


def _planted(texts: list[str], strangers: list[str]) -> dict[str, Any]:
    """2 % of the last week's comments are about something never heard of before."""
    runs = []
    for seed in range(5):
        dice = random.Random(seed)
        said = dice.sample(texts, 12_000)
        at = _days(len(said), seed)
        lost = [text for text in strangers if "luggage" in text.lower() or " bag" in text.lower()]
        n = max(5, round(PLANTED * sum(day > date(2026, 11, 15) for day in at)))
        found = find([*said, *dice.sample(lost, n)], at=[*at, *[date(2026, 11, 20)] * n])
        new = {int(place) for place in found.of[len(said) :]}
        is_found = any(place >= 0 and found.themes[place].is_new for place in new)
        others = sum(theme.is_new for place, theme in enumerate(found.themes) if place not in new)
        runs.append((n, is_found, others))
    return {
        "injected": [n for n, _, _ in runs],
        "found": sum(ok for _, ok, _ in runs),
        "of": len(runs),
        "other_themes_called_new": sum(others for _, _, others in runs),
    }


def _false_alarms(texts: list[str]) -> dict[str, Any]:
    """Days drawn at random: whatever is called new is a mistake."""
    said = random.Random(SEED).sample(texts, 8_000)
    runs = [find(said, at=_days(len(said), seed)) for seed in range(SHUFFLES)]
    return {
        "runs": SHUFFLES,
        "runs_with_an_alarm": sum(bool(run.news) or any(t.rises for t in run.themes) for run in runs),
        "alarms": sum(len(run.news) for run in runs),
    }


def _speed(texts: list[str]) -> dict[str, Any]:
    began = time.perf_counter()
    found = find(texts)
    seconds = time.perf_counter() - began
    return {
        "themes": len(found.themes),
        "seconds": round(seconds, 1),
        "per_second": round(len(texts) / seconds),
    }


def _retrieval(documents: list[str], asked: Pairs) -> dict[str, Any]:
    chosen = random.Random(SEED).sample(asked, min(QUERIES, len(asked)))
    index = Index.build(range(len(documents)), documents)
    found: dict[str, Any] = {"documents": len(documents), "queries": len(chosen)}
    found["ours"] = _judged([_answers(index, text) for text, _ in chosen], chosen)
    found["bm25s_same_words"] = _judged(_bm25s(documents, [text for text, _ in chosen]), chosen)
    if meaning.is_installed():
        with_meaning = Index.build(range(len(documents)), documents, semantic=True)
        found["with_meaning"] = _judged([_answers(with_meaning, text) for text, _ in chosen], chosen)
    return found


def _answers(index: Index, text: str) -> list[int]:
    return [int(segment.ids[place]) for segment, place, _ in index.ranked(text, 20)]


def _judged(answers: Sequence[list[int]], asked: Pairs) -> dict[str, float]:
    ranks = []
    for found, (_, right) in zip(answers, asked, strict=True):
        ranks.append(next((place for place, one in enumerate(found, 1) if one in right), 0))
    r1 = sum(rank == 1 for rank in ranks) / len(ranks)
    return {"r_at_1": round(r1, 3), "mrr": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 3)}


def _bm25s(documents: list[str], queries: list[str]) -> list[list[int]]:
    """The library beside us, on our characters, pairs and words."""
    import bm25s

    def split(texts: list[str]) -> list[list[str]]:
        codes, starts = spell(texts)
        found = terms(codes)
        row = np.searchsorted(starts, found.start, side="right") - 1
        lists: list[list[str]] = [[] for _ in texts]
        for text, term, is_part in zip(row, found.hash, found.is_part, strict=True):
            if not is_part:
                lists[text].append(str(term))
        return lists

    library = bm25s.BM25()
    library.index(split(documents), show_progress=False)
    found, _ = library.retrieve(split(queries), k=20, show_progress=False)
    return [[int(one) for one in row] for row in found]


def _search_speed(texts: list[str], n: int) -> dict[str, Any]:
    index, many = Index(), _many(texts, n)
    began = time.perf_counter()
    for first in range(0, n, 100_000):
        last = min(first + 100_000, n)
        index.add(range(first, last), many[first:last])
    built = time.perf_counter() - began
    queries = _short_queries(texts)
    waits = [_waited(index, query) for query in queries]
    began = time.perf_counter()
    index.add([n + 1], ["刚刚写下的一句话"])
    return {
        "build_seconds": round(built, 1),
        "queries": len(queries),
        "p50_ms": round(float(np.percentile(waits, 50)), 1),
        "p95_ms": round(float(np.percentile(waits, 95)), 1),
        "add_one_ms": round(1000 * (time.perf_counter() - began), 1),
        "megabytes": round(sum(_bytes(segment) for segment in index.segments) / 1e6),
    }


def _bytes(segment: Any) -> int:
    arrays = (
        segment.documents,
        segment.impacts,
        segment.bytes,
        segment.hashes,
        segment.offsets,
        segment.ends,
    )
    return sum(array.nbytes for array in arrays)


def _short_queries(texts: list[str]) -> list[str]:
    """Pieces of comments, of the length that people type."""
    dice = random.Random(SEED)
    long = [text for text in texts if len(text) > 20]
    pieces = []
    for text in dice.sample(long, 100):
        first = dice.randrange(len(text) - 12)
        pieces.append(text[first : first + dice.randrange(2, 11)])
    return pieces


def _waited(index: Index, query: str) -> float:
    began = time.perf_counter()
    index.search(query, 20)
    return 1000 * (time.perf_counter() - began)


def _days(n: int, seed: int) -> list[date]:
    dice = random.Random(seed)
    return [date(2026, 11, 22) - timedelta(days=dice.randrange(7 * WEEKS)) for _ in range(n)]


def _many(texts: list[str], n: int) -> list[str]:
    """So many comments, no two of them equal."""
    return [f"{texts[i % len(texts)]} {i // len(texts)}" if i >= len(texts) else texts[i] for i in range(n)]


def _texts(data: Path, name: str) -> list[str]:
    return [row["text"] for row in _rows(data / name / SETS[name])]


def _pairs(file: Path) -> tuple[list[str], Pairs]:
    """Second questions of the pairs that mean the same are the documents, the first ones ask."""
    places: dict[str, int] = {}
    asked: dict[str, set[int]] = {}
    for row in _rows(file):
        if row["label"] == "1":
            asked.setdefault(row["question1"], set()).add(places.setdefault(row["question2"], len(places)))
    return list(places), list(asked.items())


def _intents(data: Path) -> tuple[list[str], Pairs]:
    """The first answer should be of the same intent."""
    rows = _rows(data / "banking77" / "train.csv")
    random.Random(SEED).shuffle(rows)
    asked, kept = rows[:QUERIES], rows[QUERIES:]
    of: dict[str, set[int]] = {}
    for place, row in enumerate(kept):
        of.setdefault(row["category"], set()).add(place)
    return [row["text"] for row in kept], [(row["text"], of[row["category"]]) for row in asked]


def _rows(file: Path) -> list[dict[str, str]]:
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")))
