"""How well reasons are found: rules against learned heads, cross-validated on four public sets."""

from __future__ import annotations

import csv
import gzip
import io
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.text.analyse import analyse
from voiceloop.analytics.text.heads import fit_heads
from voiceloop.analytics.text.taxonomy import Reason, Taxonomy, words

FOLDS = 5
SEED = 7
# A catch-all that says "none of the others" is no reason that words or examples describe; scored apart.
CATCH_ALL = {"其他", "Can't Tell"}
_POLARITY = {"正面": 1, "中性": 0, "负面": -1}

Sets = list[dict[str, int]]


class _Data(NamedTuple):
    texts: list[str]
    reasons: Sets


def reasons(data: Path, every: bool = False) -> dict[str, Any]:
    """Return mention and side of reasons per set, as a company that labels comments would get them.

    Parameters
    ----------
    data : Path
        The folder of public data.
    every : bool
        Also the restaurant reviews and the tweets, which take minutes.

    Returns
    -------
    dict
        For each set: n, macro_f1 of rules and of heads (on texts that no head had seen), the same without
        the catch-all class, accuracy and macro_f1 of the side among reasons rightly found.
    """
    sets = {
        "zh_car_aspects": ("car", _car(data)),
        "zh_cosmetics_opinions": ("cosmetics", _cosmetics(data)),
    }
    if every:
        sets["zh_restaurant_aspects"] = (
            "restaurant",
            _aspects(data / "zh_restaurant_aspects/reviews.csv.gz"),
        )
        sets["airline_tweets"] = ("tweets", _tweets(data))
    return {name: measured(found, _taxonomy(words_of)) for name, (words_of, found) in sets.items()}


def measured(data: _Data, known: Taxonomy) -> dict[str, Any]:
    """Return the figures of one set by cross-validation over its texts."""
    fold = np.random.default_rng(SEED).permutation(len(data.texts)) % FOLDS
    rule: Sets = [{} for _ in data.texts]
    head: Sets = [{} for _ in data.texts]
    seconds = 0.0
    for held in range(FOLDS):
        train, test = np.flatnonzero(fold != held).tolist(), np.flatnonzero(fold == held).tolist()
        fitted = fit_heads([data.texts[row] for row in train], [data.reasons[row] for row in train], known)
        asked = [data.texts[row] for row in test]
        began = time.process_time()
        for row, found in zip(
            test, analyse(asked, evidence=False, taxonomy=known, heads=fitted.heads), strict=True
        ):
            head[row] = {reason.code: reason.polarity for reason in found.reasons}
        seconds += time.process_time() - began
        for row, found in zip(test, analyse(asked, evidence=False, taxonomy=known), strict=True):
            rule[row] = {reason.code: reason.polarity for reason in found.reasons}
    return {
        "n": len(data.texts),
        "rules": _figures(rule, data.reasons, known),
        "heads": _figures(head, data.reasons, known),
        "rows_per_second": round(len(data.texts) / seconds),
    }


def _figures(guess: Sets, truth: Sets, known: Taxonomy) -> dict[str, Any]:
    by_reason = {code: _f1(guess, truth, code) for code in known.codes}
    without = [f1 for code, f1 in by_reason.items() if code not in CATCH_ALL]
    both = [(g[code], t[code]) for g, t in zip(guess, truth, strict=True) for code in g.keys() & t.keys()]
    sides = np.array(both).reshape(-1, 2)
    return {
        "macro_f1": round(float(np.mean(list(by_reason.values()))), 4),
        "macro_f1_without_catch_all": round(float(np.mean(without)), 4),
        "side_accuracy": round(float(np.mean(sides[:, 0] == sides[:, 1])), 4),
        "side_macro_f1": round(_side_f1(sides), 4),
        "by_reason": {code: round(f1, 3) for code, f1 in by_reason.items()},
    }


def _f1(guess: Sets, truth: Sets, code: str) -> float:
    said, right = [code in one for one in guess], [code in one for one in truth]
    both = sum(a and b for a, b in zip(said, right, strict=True))
    return 2 * both / max(sum(said) + sum(right), 1)


def _side_f1(sides: np.ndarray[Any, Any]) -> float:
    values = []
    for value in np.unique(sides[:, 1]):
        said, right = sides[:, 0] == value, sides[:, 1] == value
        values.append(2 * np.sum(said & right) / max(np.sum(said) + np.sum(right), 1))
    return float(np.mean(values))


def _taxonomy(name: str) -> Taxonomy:
    known = tomllib.loads(files(__package__).joinpath("text_reasons.toml").read_text("utf-8"))[name]
    return Taxonomy.of(Reason(code, code, code, words(line)) for code, line in known.items())


def _car(data: Path) -> _Data:
    rows = list(_rows(data / "zh_car_aspects/opinions.csv.gz"))
    said: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for row in rows:
        said[row["content_id"]].setdefault(row["subject"], []).append(int(row["sentiment_value"]))
    texts = {row["content_id"]: row["text"] for row in rows}
    return _Data(list(texts.values()), [_sided(said[key]) for key in texts])


def _cosmetics(data: Path) -> _Data:
    said: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for row in _rows(data / "zh_cosmetics_opinions/labels.csv"):
        said[row["id"]].setdefault(row["category"], []).append(_POLARITY[row["polarity"]])
    # A few texts stand twice; both copies together, or one fold would know the other's.
    texts = {row["text"]: row["id"] for row in _rows(data / "zh_cosmetics_opinions/reviews.csv")}
    return _Data(list(texts), [_sided(said[key]) for key in texts.values()])


def _aspects(path: Path) -> _Data:
    rows = list(_rows(path))
    other = {"id", "text", "star", "source_split"}
    return _Data(
        [row["text"] for row in rows],
        [
            {
                name: int(float(value))
                for name, value in row.items()
                if name not in other and value not in ("", "-2")
            }
            for row in rows
        ],
    )


def _tweets(data: Path) -> _Data:
    rows = {row["text"]: row for row in _rows(data / "airline_tweets/tweets.csv.gz") if row["negativereason"]}
    return _Data(list(rows), [{row["negativereason"]: -1} for row in rows.values()])


def _sided(said: dict[str, list[int]]) -> dict[str, int]:
    return {code: int(np.sign(sum(values))) for code, values in said.items()}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    yield from csv.DictReader(io.StringIO(text, newline=""))
