"""Public labelled comments as texts and labels, by the names of their sets."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

SEED = 20261122


class Labelled(NamedTuple):
    """Texts and the label of each."""

    texts: list[str]
    labels: list[str]

    def some(self, n: int) -> Labelled:
        """``n`` rows drawn from a fixed seed, or all where there are fewer."""
        order = np.random.default_rng(SEED).permutation(len(self.texts))[:n].tolist()
        return Labelled([self.texts[i] for i in order], [self.labels[i] for i in order])


class Where(NamedTuple):
    """File and columns of a set; rows with an empty label are left out."""

    file: str
    text: str
    label: str


SETS = {
    "zh_hotel": Where("zh_hotel/reviews.csv.gz", "text", "label"),
    "zh_waimai": Where("zh_waimai/reviews.csv.gz", "text", "label"),
    "zh_shopping": Where("zh_shopping/reviews.csv.gz", "text", "label"),
    "airline_tweets": Where("airline_tweets/tweets.csv.gz", "text", "airline_sentiment"),
    "airline_tweets_reasons": Where("airline_tweets/tweets.csv.gz", "text", "negativereason"),
    "airline_reviews": Where("airline_reviews/british_airways.csv.gz", "text", "recommended"),
    "zh_car_topic": Where("zh_car_aspects/opinions.csv.gz", "text", "subject"),
    "zh_car_sentiment": Where("zh_car_aspects/opinions.csv.gz", "text", "sentiment_value"),
    "banking77": Where("banking77/train.csv", "text", "category"),
    "zh_gov_routing": Where("zh_gov_messages/routing_tokens.csv.gz", "tokens", "label"),
}


def is_there(data: Path) -> bool:
    return all((data / where.file).is_file() for where in SETS.values())


class Sets:
    """The sets of a folder; ``scale`` below 1 takes that share of each."""

    def __init__(self, data: Path, scale: float) -> None:
        self.data, self.scale = data, min(scale, 1.0)

    def __getitem__(self, name: str) -> Labelled:
        where = SETS[name]
        rows = ((row[where.text], row[where.label]) for row in _rows(self.data / where.file))
        return self._shared((text, label) for text, label in rows if label)

    @cached_property
    def domains(self) -> dict[str, Labelled]:
        """Chinese reviews by what was bought: hotels, takeaways and the categories of the shop."""
        found = {"zh_hotel": self["zh_hotel"], "zh_waimai": self["zh_waimai"]}
        by_category: dict[str, list[tuple[str, str]]] = {}
        for row in _rows(self.data / SETS["zh_shopping"].file):
            by_category.setdefault(row["cat"], []).append((row["text"], row["label"]))
        return found | {name: self._shared(rows) for name, rows in by_category.items()}

    def _shared(self, rows: Iterable[tuple[str, str]]) -> Labelled:
        texts, labels = zip(*rows, strict=True)
        every = Labelled(list(texts), list(labels))
        # Too few rows of a label cannot be learned, however small the share.
        return (
            every.some(max(int(len(texts) * self.scale), min(len(texts), 400))) if self.scale < 1 else every
        )


def _rows(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
