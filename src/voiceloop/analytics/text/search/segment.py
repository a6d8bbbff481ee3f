"""A part of an index that never changes: documents, and for each term the documents that use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.search.script import spell
from voiceloop.analytics.text.search.terms import Hashes, terms

# BM25's parameters, chosen on zh_question_pairs and banking77 (bench/text_topics.py).
K1, B = 0.6, 0.75
# An impact is kept in one byte; the largest possible, K1 + 1, stays below 256.
STEP = 150.0
_ARRAYS = ("ids", "hashes", "offsets", "documents", "impacts", "bytes", "ends", "meaning")

Bytes = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float32]


class Segment(NamedTuple):
    """``documents[offsets[t]:offsets[t+1]]`` use term ``hashes[t]``; ``impacts``: their parts of BM25.

    ``ids`` ascend. ``bytes`` holds the texts as UTF-8; text ``i`` ends at ``ends[i]``. ``meaning`` has a row
    for each document, or none at all. ``columns`` are numbers by which a search can be narrowed.
    """

    ids: npt.NDArray[Any]
    hashes: Hashes
    offsets: Ints
    documents: npt.NDArray[np.uint32]
    impacts: Bytes
    bytes: Bytes
    ends: Ints
    meaning: npt.NDArray[np.float16]
    columns: dict[str, Ints]

    @property
    def size(self) -> int:
        """Number of documents."""
        return len(self.ids)

    def text(self, place: int) -> str:
        """The text of one document, as it was given."""
        begin = int(self.ends[place - 1]) if place else 0
        return bytes(self.bytes[begin : int(self.ends[place])]).decode("utf-8", "surrogatepass")

    def texts(self) -> list[str]:
        """All texts."""
        return [self.text(place) for place in range(self.size)]

    def uses(self, term: np.uint64) -> slice:
        """Where the documents of a term lie."""
        place = int(np.searchsorted(self.hashes, term))
        if place == len(self.hashes) or self.hashes[place] != term:
            return slice(0, 0)
        return slice(int(self.offsets[place]), int(self.offsets[place + 1]))

    def places(self, ids: Sequence[Any]) -> Ints:
        """Where documents of these ids are; those that are not here are left out."""
        asked = np.asarray(ids, dtype=self.ids.dtype if self.ids.dtype.kind != "U" else None)
        place = np.searchsorted(self.ids, asked)
        place = place[place < self.size] if self.size else place[:0]
        return np.unique(place[np.isin(self.ids[place], asked)]) if len(place) else place

    def only(self, kept: Bools) -> Segment:
        """Another segment with some of the documents; nothing of the others is in it."""
        places = np.flatnonzero(kept)
        columns = {name: np.asarray(column)[places] for name, column in self.columns.items()}
        found = build(np.asarray(self.ids)[places], [self.text(int(place)) for place in places], columns)
        return found._replace(meaning=np.asarray(self.meaning)[places] if len(self.meaning) else self.meaning)

    def save(self, folder: Path) -> None:
        """Write every array into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        for name, column in self.columns.items():
            np.save(folder / f"column-{name}.npy", column)

    @classmethod
    def load(cls, folder: Path) -> Segment:
        """Map the arrays of ``folder`` into memory; nothing is read before it is needed."""
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        columns = {
            path.stem.removeprefix("column-"): np.load(path, mmap_mode="r")
            for path in sorted(folder.glob("column-*.npy"))
        }
        return cls(**arrays, columns=columns)


def build(ids: Any, texts: Sequence[str], columns: Mapping[str, Any]) -> Segment:
    """Index ``texts``.

    Parameters
    ----------
    ids : sequence of int or str
        Distinct.
    texts : sequence of str
        One for each id.
    columns : {name: numbers}
        What a search may be narrowed by.

    Returns
    -------
    Segment
        Sorted by id.

    Examples
    --------
    >>> found = build([7, 3], ["退款", "退货"], {})
    >>> found.ids.tolist(), found.text(0), found.documents[found.uses(found.hashes[0])].size > 0
    ([3, 7], '退货', True)
    """
    keys = np.asarray(ids) if len(ids) else np.zeros(0, np.int64)
    order = np.argsort(keys, kind="stable")
    texts = [texts[place] for place in order]
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    hashes, offsets, documents, impacts = _postings(texts)
    return Segment(
        keys[order],
        hashes,
        offsets,
        documents,
        impacts,
        np.frombuffer(b"".join(encoded), dtype=np.uint8),
        np.cumsum(np.fromiter((len(one) for one in encoded), dtype=np.int64, count=len(encoded))),
        np.zeros((0, 0), dtype=np.float16),
        {name: np.asarray(column, dtype=np.int64)[order] for name, column in columns.items()},
    )


def _postings(texts: Sequence[str]) -> tuple[Hashes, Ints, npt.NDArray[np.uint32], Bytes]:
    codes, starts = spell(texts)
    found = terms(codes)
    row = np.searchsorted(starts, found.start, side="right") - 1
    length = np.bincount(row, minlength=max(len(texts), 1)).astype(np.float64)
    hashes, number = np.unique(found.hash, return_inverse=True)
    del found
    pairs, count = np.unique(
        (number.astype(np.uint64) << np.uint64(32)) | row.astype(np.uint64), return_counts=True
    )
    term, document = (
        (pairs >> np.uint64(32)).astype(np.int64),
        (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32),
    )
    norm = K1 * (1 - B + B * length / max(float(length.mean()), 1e-9))
    impact = count * (K1 + 1) / (count + norm[document])
    offsets = np.searchsorted(term, np.arange(len(hashes) + 1))
    return hashes, offsets, document, np.round(impact * STEP).astype(np.uint8)


def scores(segment: Segment, asked: Sequence[tuple[np.uint64, float]], onto: Scores) -> None:
    """Add the share of every term, times its weight, to the score of the documents that use it."""
    for term, weight in asked:
        where = segment.uses(term)
        onto[segment.documents[where]] += segment.impacts[where] * np.float32(weight / STEP)


def runs(n: int, size: int) -> Iterator[slice]:
    """Slices of ``size`` that cover ``n``."""
    for first in range(0, n, size):
        yield slice(first, first + size)
