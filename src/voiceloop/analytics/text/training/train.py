"""Fit the shipped sentiment model: `python -m voiceloop.analytics.text.training.train --help`.

The lexicon's sum is one feature; n-gram weights learn what it leaves over. Only licence-clean material
enters: the grammar of this folder, the ASAP sample (Apache-2.0) and the lounge reviews (CC0-1.0).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.batch import Batch, Floats, Ints, lay_out
from voiceloop.analytics.text.clauses import numbers, openings
from voiceloop.analytics.text.features import BITS, latin_grams
from voiceloop.analytics.text.polarity import contributions, covered
from voiceloop.analytics.text.sentiment import is_latin
from voiceloop.analytics.text.training.grammar import samples

SEED = 20261121
N_GRAMMAR = 20_000
RIDGE = 1e-3
STEPS = 80
VERSION = "base-2"

# How much each source counts, per text: real reviews weigh more than generated ones.
WEIGHTS = {"grammar": 0.25, "asap": 3.0, "lounges": 2.0}

# Assumed shares of negative, neutral and positive when the cuts are set; our choice.
SHARES = (0.35, 0.3, 0.35)


class Source(NamedTuple):
    """Labelled texts: label -1, 0, 1 and the weight of each."""

    texts: list[str]
    labels: list[int]
    weight: float


class Design(NamedTuple):
    """The training matrix in coordinates: row, bucket and value of each n-gram; lexicon sums; script."""

    row: Ints
    bucket: Ints
    value: npt.NDArray[np.float32]
    complaint: Floats
    praise: Floats
    latin: Ints


def fit(sources: list[Source]) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays of the model file for ``sources``."""
    texts = [text for source in sources for text in source.texts]
    labels = np.array([label for source in sources for label in source.labels])
    weight = np.concatenate([np.full(len(source.texts), source.weight) for source in sources])
    design = _design(lay_out(texts))
    weight *= _balance(labels, design.latin, weight)
    weights, gain = _descend(design, (labels + 1) / 2, weight)
    # Generated praise and complaint are too easy to set a probability by: they stay out of the cuts.
    real = np.concatenate([np.full(len(source.texts), source.weight >= 1) for source in sources])
    cuts = _cuts(_held_out(design, labels, weight), labels, weight * (real | (labels == 0)))
    # Chinese alone has no n-grams to weigh.
    scale = max(float(np.abs(weights).max()) / 127, 1e-9)
    return {
        "weights": np.round(weights / scale).astype(np.int8),
        "scale": np.array(scale),
        "gain": gain,
        "cuts": cuts,
        "version": np.array(VERSION),
    }


def _design(batch: Batch) -> Design:
    found = contributions(batch, numbers(openings(batch)))
    row = batch.row[found.start]
    root = np.sqrt(np.maximum(np.bincount(row, minlength=batch.size), 1))
    complaint = np.bincount(row, np.minimum(found.value, 0), batch.size) / root
    praise = np.bincount(row, np.maximum(found.value, 0), batch.size) / root
    parts = [(batch.row[gram.at], gram.bucket) for gram in latin_grams(batch, covered(batch, found))]
    rows = np.concatenate([part[0] for part in parts])
    norm = 1 / np.sqrt(np.maximum(np.bincount(rows, minlength=batch.size), 1))
    buckets = np.concatenate([part[1] for part in parts])
    return Design(
        rows, buckets, norm[rows].astype(np.float32), complaint, praise, is_latin(batch).astype(np.int64)
    )


def _balance(labels: Ints, latin: Ints, weight: Floats) -> Floats:
    """Give praise and complaint equal weight within each script, so that no prior enters the weights."""
    balance = np.ones(len(labels))
    for script in (0, 1):
        for label in (-1, 1):
            group = (latin == script) & (labels == label)
            half = weight[(latin == script) & (labels != 0)].sum() / 2
            balance[group] = half / max(weight[group].sum(), 1e-9)
    return balance


def _scores(design: Design, weights: Floats, gain: Floats) -> Floats:
    sums = np.bincount(design.row, weights[design.bucket] * design.value, len(design.latin))
    gains = gain[design.latin]
    return np.asarray(sums + gains[:, 0] * design.complaint + gains[:, 1] * design.praise)


def _descend(design: Design, target: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Logistic regression by full-batch Adam, ridge on the n-grams only."""
    parameters = [np.zeros(2**BITS), np.full((2, 2), 1.0)]
    first = [np.zeros_like(part) for part in parameters]
    second = [np.zeros_like(part) for part in parameters]
    total, lexicon = weight.sum(), design.complaint + design.praise
    for step in range(1, STEPS + 1):
        error = weight * (1 / (1 + np.exp(-_scores(design, *parameters))) - target) / total
        slopes = [
            np.bincount(design.bucket, error[design.row] * design.value, 2**BITS) + RIDGE * parameters[0],
            np.repeat(np.bincount(design.latin, error * lexicon, 2)[:, None], 2, axis=1),
        ]
        for at, slope in enumerate(slopes):
            first[at] = 0.9 * first[at] + 0.1 * slope
            second[at] = 0.98 * second[at] + 0.02 * slope**2
            move = first[at] / (1 - 0.9**step) / (np.sqrt(second[at] / (1 - 0.98**step)) + 1e-8)
            parameters[at] = parameters[at] - 0.05 * move * (1 - step / STEPS / 1.1)
    return parameters[0], parameters[1]


def _held_out(design: Design, labels: Ints, weight: Floats) -> Floats:
    """Score every text by a model that did not see it: two folds."""
    score, fold = np.zeros(len(labels)), np.arange(len(labels)) % 2
    for held in (0, 1):
        weights, gain = _descend(design, (labels + 1) / 2, np.where(fold == held, 0.0, weight))
        score = np.where(fold == held, _scores(design, weights, gain), score)
    return score


def _cuts(score: Floats, labels: Ints, weight: Floats) -> Floats:
    """Symmetric cuts and slope of the ordered logit with the highest likelihood on a small grid."""
    mass = np.array([weight[labels == label].sum() for label in (-1, 0, 1)])
    weight = weight * (np.array(SHARES) / np.maximum(mass, 1e-9))[labels + 1]
    best, chosen = -np.inf, (-0.5, 0.5, 1.0)
    for half in np.arange(0.1, 1.6, 0.1):
        for slope in np.arange(0.3, 3.0, 0.1):
            below, above = 1 / (1 + np.exp(slope * (score + half))), 1 / (1 + np.exp(-slope * (score - half)))
            chance = np.choose(labels + 1, [below, 1 - below - above, above])
            likelihood = float((weight * np.log(np.maximum(chance, 1e-6))).sum())
            if likelihood > best:
                best, chosen = likelihood, (-half, half, slope)
    return np.array(chosen)


def _rows(path: str) -> list[dict[str, str]]:
    raw = Path(path).read_bytes()
    text = (gzip.decompress(raw) if path.endswith(".gz") else raw).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _asap(path: str) -> Source:
    rows = [row for row in _rows(path) if row["star"]]
    labels = [(float(row["star"]) > 3) - (float(row["star"]) < 3) for row in rows]
    return Source([row["text"] for row in rows], [int(label) for label in labels], WEIGHTS["asap"])


def _lounges(path: str) -> Source:
    rows = _rows(path)
    labels = [1 if row["recommended"] in {"1", "1.0", "yes"} else -1 for row in rows]
    return Source([row["text"] for row in rows], labels, WEIGHTS["lounges"])


def _generated(language: str, seed: int) -> Source:
    made = samples(language, N_GRAMMAR, seed)
    return Source([sample.text for sample in made], [sample.label for sample in made], WEIGHTS["grammar"])


def main() -> None:
    """Train from the files named and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asap", required=True)
    parser.add_argument("--lounges", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    sources = [
        _generated("zh", SEED),
        _generated("en", SEED + 1),
        _asap(options.asap),
        _lounges(options.lounges),
    ]
    arrays = fit(sources)
    with open(options.out, "wb") as stream:
        np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
