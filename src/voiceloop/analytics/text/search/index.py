"""The index: segments searched together, documents added and taken out, in a folder many processes read."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self
from uuid import uuid4

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.batch import Bools, Ints
from voiceloop.analytics.text.search import meaning as meanings
from voiceloop.analytics.text.search.query import Query, parse
from voiceloop.analytics.text.search.script import spell
from voiceloop.analytics.text.search.segment import Scores, Segment, build, runs, scores
from voiceloop.analytics.text.search.snippet import Span, folded_text, spans
from voiceloop.analytics.text.search.terms import HAN, terms

# Documents of one segment at most: what one removal has to write anew.
LARGEST = 200_000
# So many small segments become one.
SMALL, MOST_SMALL = 20_000, 6
# The rarest terms of a long question are enough to answer it.
MOST_TERMS = 96
# Parts of words tell less than words (measured on banking77).
PART_WEIGHT = 0.25
# What reaches less than this share of the best score is not shown: it shares a common word and no more.
LEAST = 0.2
# Candidates that are ranked again by meaning where documents have none of their own.
RERANKED = 60
_MANIFEST = "index.json"

Narrow = Callable[[Mapping[str, Ints]], Bools]
Document = str | Mapping[str, str]


class Hit(NamedTuple):
    """A document that was found; ``spans`` are the characters of ``text`` that the query names."""

    id: Any
    score: float
    text: str
    spans: list[Span]


class _Asked(NamedTuple):
    """Terms with their weights: those that make a document an answer, and those that only rank it."""

    main: list[tuple[np.uint64, float]]
    more: list[tuple[np.uint64, float]]


class Index:
    """Documents that can be searched by their words.

    Parameters
    ----------
    segments : sequence of Segment
        As `Index.build` and `Index.load` make them.

    Examples
    --------
    >>> index = Index.build([1, 2, 3], ["怎么申请退款", "How do I get a refund?", "快递太慢"])
    >>> [hit.id for hit in index.search("退款")], [hit.id for hit in index.search("refunds -快递")]
    ([1], [2])
    """

    def __init__(self, segments: Sequence[Segment] = (), names: Sequence[str] = ()) -> None:
        self.segments = list(segments)
        self._names: list[str | None] = list(names) or [None] * len(self.segments)

    def __len__(self) -> int:
        return sum(segment.size for segment in self.segments)

    @classmethod
    def build(
        cls,
        ids: Sequence[Any],
        texts: Sequence[Document],
        *,
        columns: Mapping[str, Sequence[int]] | None = None,
        semantic: bool = False,
    ) -> Self:
        """Index documents.

        Parameters
        ----------
        ids : sequence of int or str
            Distinct.
        texts : sequence of str or {field: text}
            Of a document with fields all are searched; their order is that of the mapping.
        columns : {name: numbers}, optional
            Numbers of each document by which a search may be narrowed.
        semantic : bool
            Keep the meaning of each document too, where the extra `semantic` is installed.

        Returns
        -------
        Index
            Of all documents.

        Raises
        ------
        AnalyticsError
            When ids repeat or there are not as many as texts.
        """
        index = cls()
        index.add(ids, texts, columns=columns, semantic=semantic)
        return index

    def add(
        self,
        ids: Sequence[Any],
        texts: Sequence[Document],
        *,
        columns: Mapping[str, Sequence[int]] | None = None,
        semantic: bool = False,
    ) -> int:
        """Add documents; one with a known id replaces what had it. Returns how many were new or changed.

        Parameters
        ----------
        ids, texts, columns, semantic
            As of `build`.

        Returns
        -------
        int
            Documents written: those that were there with the same text are left alone.
        """
        if len(ids) != len(texts) or len(set(ids)) != len(ids):
            raise AnalyticsError("Each document needs an id of its own.", "每篇文档都需要各自的编号。")
        plain = [text if isinstance(text, str) else "\n".join(text.values()) for text in texts]
        fresh = self._changed(ids, plain)
        self.remove([ids[place] for place in fresh])
        for part in runs(len(fresh), LARGEST):
            chosen = fresh[part]
            own = {name: [column[place] for place in chosen] for name, column in (columns or {}).items()}
            said = [plain[place] for place in chosen]
            made = build([ids[place] for place in chosen], said, own)
            if semantic and meanings.is_installed():
                made = made._replace(meaning=meanings.encode(made.texts()))
            self._append(made)
        self._merge_small()
        return len(fresh)

    def remove(self, ids: Sequence[Any]) -> int:
        """Take documents out; nothing of their text stays in the index. Returns how many there were."""
        n = 0
        for place, segment in enumerate(self.segments):
            gone = segment.places(ids) if len(ids) else np.zeros(0, np.int64)
            if len(gone):
                kept = np.ones(segment.size, dtype=np.bool_)
                kept[gone] = False
                self.segments[place], self._names[place] = segment.only(kept), None
                n += len(gone)
        filled = [place for place, segment in enumerate(self.segments) if segment.size]
        self.segments = [self.segments[place] for place in filled]
        self._names = [self._names[place] for place in filled]
        return n

    def search(
        self, query: str, k: int = 10, *, where: Narrow | None = None, semantic: bool | None = None
    ) -> list[Hit]:
        """Return the best ``k`` documents.

        Parameters
        ----------
        query : str
            Words, "exact phrases" and -what must not be there.
        k : int
            At most so many.
        where : callable, optional
            Given the columns of some documents, says which may be found.
        semantic : bool, optional
            Rank by meaning as much as by words; by default where the extra `semantic` is installed and the
            documents have their meaning.

        Returns
        -------
        list of Hit
            The best first; documents of equal score by id.
        """
        asked = parse(query)
        found = self.ranked(query, max(k, RERANKED) if semantic else k, where=where, semantic=semantic)[:k]
        return [
            Hit(segment.ids[at].item(), score, text := segment.text(at), spans(text, asked))
            for segment, at, score in found
        ]

    def ranked(
        self, query: str, k: int, *, where: Narrow | None = None, semantic: bool | None = None
    ) -> list[tuple[Segment, int, float]]:
        """As `search`, without texts: (segment, place in it, score)."""
        asked = parse(query)
        has_meaning = bool(self.segments) and all(len(segment.meaning) for segment in self.segments)
        by_meaning = meanings.is_installed() and (has_meaning if semantic is None else semantic)
        terms_asked = self._weighed(asked)
        if not (terms_asked.main or terms_asked.more):
            return []
        vector = meanings.encode([asked.sought])[0] if by_meaning and has_meaning else None
        found = [
            row for segment in self.segments for row in _best(segment, asked, terms_asked, k, where, vector)
        ]
        found.sort(key=lambda row: (-row[2], row[0].ids[row[1]]))
        if by_meaning and not has_meaning:
            found = _reranked(found[: max(k, RERANKED)], asked)
        best = found[0][2] if found else 0.0
        return [row for row in found[:k] if row[2] >= LEAST * best]

    def save(self, folder: Path | str) -> None:
        """Write the index into ``folder``; who reads it meanwhile sees the old one or the new one."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for place, segment in enumerate(self.segments):
            if self._names[place] is None:
                name = f"segment-{uuid4().hex[:12]}"
                segment.save(folder / name)
                self._names[place] = name
        draft = folder / f".{_MANIFEST}-{uuid4().hex[:8]}"
        draft.write_text(json.dumps({"format": 1, "segments": self._names}), "utf-8")
        os.replace(draft, folder / _MANIFEST)
        # Readers that still map an old segment keep it until they let it go: the file system sees to that.
        for old in folder.glob("segment-*"):
            if old.name not in self._names:
                shutil.rmtree(old, ignore_errors=True)

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """Open the index in ``folder``; an absent one is empty."""
        folder = Path(folder)
        for _ in range(5):
            try:
                names = json.loads((folder / _MANIFEST).read_text("utf-8"))["segments"]
                return cls([Segment.load(folder / name) for name in names], names)
            except FileNotFoundError:
                # Never written, or replaced between the two readings: then the manifest names others now.
                if not (folder / _MANIFEST).exists():
                    return cls()
            except (ValueError, KeyError, OSError) as error:
                raise AnalyticsError(f"The index is damaged: {error}.", f"索引已损坏：{error}。") from error
        raise AnalyticsError("The index is damaged: parts are missing.", "索引已损坏：缺少部分文件。")

    def _changed(self, ids: Sequence[Any], texts: Sequence[str]) -> list[int]:
        known = {}
        for segment in self.segments:
            for place in segment.places(ids):
                known[segment.ids[place].item()] = segment.text(int(place))
        return [place for place, id in enumerate(ids) if known.get(id) != texts[place]]

    def _append(self, segment: Segment) -> None:
        self.segments.append(segment)
        self._names.append(None)

    def _merge_small(self) -> None:
        small = [place for place, segment in enumerate(self.segments) if segment.size < SMALL]
        if len(small) <= MOST_SMALL:
            return
        parts = [self.segments[place] for place in small]
        columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
        made = build(
            np.concatenate([part.ids for part in parts]), [t for part in parts for t in part.texts()], columns
        )
        if all(len(part.meaning) for part in parts):
            order = np.argsort(np.concatenate([part.ids for part in parts]), kind="stable")
            made = made._replace(meaning=np.concatenate([part.meaning for part in parts])[order])
        kept = [place for place in range(len(self.segments)) if place not in set(small)]
        self.segments, self._names = [self.segments[p] for p in kept], [self._names[p] for p in kept]
        self._append(made)

    def _weighed(self, asked: Query) -> _Asked:
        """The query's terms with their rarity, the rarest first."""
        codes = spell([asked.sought])[0]
        found = terms(codes)
        n = max(len(self), 1)
        rows: dict[int, tuple[np.uint64, float, bool]] = {}
        for term, start, length, is_part in zip(*found, strict=True):
            uses = sum(where.stop - where.start for where in (s.uses(term) for s in self.segments))
            idf = float(np.log(1 + (n - uses + 0.5) / (uses + 0.5)))
            is_single = bool(length == 1 and HAN[codes[start]])
            rows[int(term)] = (term, idf * (PART_WEIGHT if is_part else 1.0), is_single)
        best = sorted(rows.values(), key=lambda row: -row[1])[:MOST_TERMS]
        main = [(term, weight) for term, weight, is_single in best if not is_single]
        more = [(term, weight) for term, weight, is_single in best if is_single]
        return _Asked(main, more) if main else _Asked(more, [])


def _best(
    segment: Segment, asked: Query, wanted: _Asked, k: int, where: Narrow | None, vector: Any
) -> list[tuple[Segment, int, float]]:
    """The best of one segment."""
    score: Scores = np.zeros(segment.size, dtype=np.float32)
    scores(segment, wanted.main, score)
    is_answer = score > 0
    scores(segment, wanted.more, score)
    if vector is not None:
        is_answer, score = _fused(segment, score, is_answer, vector)
    if where is not None:
        is_answer &= where(segment.columns)
    for phrase in asked.phrases:
        is_answer &= _holds(segment, phrase, is_answer)
    for phrase in asked.without:
        is_answer &= ~_holds(segment, phrase, is_answer)
    places = np.flatnonzero(is_answer)
    if len(places) > k:
        places = places[np.argpartition(-score[places], k - 1)[:k]]
    return [(segment, int(place), float(score[place])) for place in places]


def _fused(segment: Segment, score: Scores, is_answer: Bools, vector: Any) -> tuple[Bools, Scores]:
    """Words and meaning, each as a share of its best; what only means the same is an answer too."""
    cosine = np.asarray(segment.meaning, dtype=np.float32) @ np.asarray(vector, dtype=np.float32)
    words = score / max(float(score.max(initial=0.0)), 1e-9)
    near = cosine >= max(0.35, float(cosine.max(initial=0.0)) - 0.25)
    fused = (1 - meanings.SHARE) * words + meanings.SHARE * np.maximum(cosine, 0)
    return is_answer | near, np.asarray(fused, dtype=np.float32)


def _reranked(found: list[tuple[Segment, int, float]], asked: Query) -> list[tuple[Segment, int, float]]:
    """The best by words, ordered by words and meaning."""
    if not found:
        return found
    texts = [asked.sought, *(segment.text(place) for segment, place, _ in found)]
    vectors = meanings.encode(texts).astype(np.float32)
    cosine = np.maximum(vectors[1:] @ vectors[0], 0)
    best = max(found[0][2], 1e-9)
    mixed = [
        (segment, place, float((1 - meanings.SHARE) * score / best + meanings.SHARE * close))
        for (segment, place, score), close in zip(found, cosine, strict=True)
    ]
    return sorted(mixed, key=lambda row: (-row[2], row[0].ids[row[1]]))


def _holds(segment: Segment, phrase: str, among: Bools) -> Bools:
    """Which documents have the phrase letter for letter, looked up by its terms and then read."""
    found = terms(spell([phrase])[0])
    wanted = found.hash[~found.is_part]
    n = np.zeros(segment.size, dtype=np.int32)
    distinct = np.unique(wanted)
    for term in distinct:
        n[segment.documents[segment.uses(term)]] += 1
    places = np.flatnonzero((n == len(distinct)) & among)
    sought = folded_text(phrase)
    sure = [place for place in places.tolist() if _is_in(sought, folded_text(segment.text(place)))]
    has = np.zeros(segment.size, dtype=np.bool_)
    has[sure] = True
    return has


def _is_in(phrase: str, text: str) -> bool:
    """Whether the phrase stands in the text, not as a piece of a longer word."""
    at = text.find(phrase)
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + len(phrase) : at + len(phrase) + 1]
        if not (_goes_on(before, phrase[0]) or _goes_on(phrase[-1], after)):
            return True
        at = text.find(phrase, at + 1)
    return False


def _goes_on(left: str, right: str) -> bool:
    return bool(left and right) and left.isascii() and right.isascii() and left.isalnum() and right.isalnum()
