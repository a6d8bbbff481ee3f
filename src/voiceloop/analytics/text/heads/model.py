"""Learned heads as they are used: which reasons a comment names, with what chance, and where it says so."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.batch import Floats, Ints
from voiceloop.analytics.text.heads.places import places
from voiceloop.analytics.text.heads.rows import matrix, named, occurrences, slots, sums
from voiceloop.analytics.text.heads.sides import Sides, pairs, sides
from voiceloop.analytics.text.reasons import Found, Mentions
from voiceloop.analytics.text.seen import Seen
from voiceloop.analytics.text.taxonomy import Taxonomy

FORMAT = "voiceloop-heads-1"


class Head(NamedTuple):
    """One reason's head: its figures, cross-validated, and whether it took over from the words.

    ``n`` counts the texts that name the reason; ``rule_f1`` and ``head_f1`` are F1 of the words and of the
    head; ``calibration_error`` is that of its chances.
    """

    code: str
    n: int
    rule_f1: float
    head_f1: float
    took_over: bool
    calibration_error: float


@dataclass(frozen=True, eq=False)
class LearnedHeads:
    """Heads for the reasons that have one; the others stay with their words.

    Parameters
    ----------
    codes : tuple of str
        Reasons whose words the heads hear, in order.
    heads : tuple of Head
        Reasons that a head was learned for.
    buckets : ndarray of int, shape (k,)
        Known n-grams.
    weights : ndarray of float, shape (k, heads)
        Weight of each n-gram for each head.
    gains : ndarray of float, shape (codes, heads)
        Weight of the words of each reason.
    lines : ndarray of float, shape (4, heads)
        Bias, threshold, and slope and offset of the chance.
    sides : Sides, optional
        Learned side of each reason, where the labels said it.

    Examples
    --------
    >>> from voiceloop.analytics.text.heads import fit_heads
    >>> fitted = fit_heads(["牙齿疼", "太贵了", "牙龈疼", "有点贵"] * 10, [{"price"} if n % 2 else set()
    ...     for n in range(40)])
    >>> [head.code for head in fitted.heads.heads]
    ['price']
    """

    codes: tuple[str, ...]
    heads: tuple[Head, ...]
    buckets: Ints
    weights: Floats
    gains: Floats
    lines: Floats
    sides: Sides | None = None

    @cached_property
    def version(self) -> str:
        """Digest of everything learned."""
        digest = hashlib.sha256(json.dumps([self.codes, self.heads]).encode())
        learned = self.sides[:3] if self.sides else ()
        for array in (self.buckets, self.weights, self.gains, self.lines, *learned):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:10]

    def decide(self, seen: Seen, words: Mentions, known: Taxonomy) -> Mentions:
        """Return the mentions of a batch: those of the heads that took over, and the words of the others.

        Parameters
        ----------
        seen : Seen
            A batch, read with ``known``.
        words : Mentions
            The mentions by words.
        known : Taxonomy
            The reasons; heads of reasons that it no longer has are silent.

        Returns
        -------
        Mentions
            Where a head says yes and no word stands, the mention is the n-gram that spoke most for it.
        """
        asked = [
            (number, known.codes.index(head.code))
            for number, head in enumerate(self.heads)
            if head.took_over and head.code in known.codes
        ]
        if not asked or not seen.batch.size:
            return words
        chance, score, table = self._answers(seen, words, known)
        yes = np.zeros((seen.batch.size, len(known)), np.bool_)
        ruled = np.zeros(len(known), np.bool_)
        sure = np.full((seen.batch.size, len(known)), np.nan)
        for number, reason in asked:
            yes[:, reason] = score[:, number] > self.lines[1, number]
            sure[:, reason], ruled[reason] = chance[:, number], True
        row = seen.batch.row[words.start]
        stays = ~ruled[words.reason] | yes[row, words.reason]
        has = named(row, words.reason, seen.batch.size, len(known))
        number_of = {reason: number for number, reason in asked}
        new = places(seen.batch, table, self.weights, np.argwhere(yes & ~has), number_of)
        start = np.concatenate([words.start[stays], new.start])
        end = np.concatenate([words.end[stays], new.end])
        reason_of = np.concatenate([words.reason[stays], new.reason])
        order = np.lexsort((reason_of, start))
        start, end, reason_of = start[order], end[order], reason_of[order]
        return Mentions(start, end, reason_of, sure[seen.batch.row[start], reason_of])

    def weigh(self, seen: Seen, told: Mentions, found: Found) -> Found:
        """Return ``found`` with the learned side of each reason, where that proved better than the rule."""
        if self.sides is None or not self.sides.took_over or not len(found.row):
            return found
        n_reasons = int(told.reason.max()) + 1
        pair = np.searchsorted(
            found.row * n_reasons + found.reason, seen.batch.row[told.start] * n_reasons + told.reason
        )
        table = occurrences(seen.batch, self._slots)
        clause = seen.scores.clause[told.start]
        rows = pairs(seen, table, pair, clause, len(found.row), len(self.buckets))
        return found._replace(polarity=sides(self.sides, rows))

    def chances(self, seen: Seen, words: Mentions, known: Taxonomy) -> Floats:
        """Return the chance of each head's reason for each text, (texts, heads)."""
        return self._answers(seen, words, known)[0]

    def _answers(self, seen: Seen, words: Mentions, known: Taxonomy) -> tuple[Floats, Floats, Any]:
        table = occurrences(seen.batch, self._slots)
        texts = matrix(seen.batch.row[table.at], table.number, seen.batch.size, len(self.buckets))
        mine = np.array([self.codes.index(code) if code in self.codes else -1 for code in known.codes])
        heard = mine[words.reason] >= 0 if len(words.reason) else np.zeros(0, np.bool_)
        row = seen.batch.row[words.start[heard]]
        told = named(row, mine[words.reason[heard]], seen.batch.size, len(self.codes))
        score = sums(texts, told, self.weights, self.gains, self.lines[0])
        return 1 / (1 + np.exp(-np.clip(score * self.lines[2] + self.lines[3], -30, 30))), score, table

    @cached_property
    def _slots(self) -> Ints:
        return slots(self.buckets)

    def save(self, path: Path) -> None:
        """Write everything into one file that `load` reads."""
        path.write_bytes(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the file that `save` writes."""
        about = json.dumps({"format": FORMAT, "codes": self.codes, "heads": self.heads})
        stream = io.BytesIO()
        np.savez_compressed(
            stream,
            about=np.array(about),
            buckets=self.buckets.astype(np.int32),
            weights=self.weights.astype(np.float32),
            gains=self.gains,
            lines=self.lines,
            **_side_arrays(self.sides),
        )
        return stream.getvalue()

    @classmethod
    def load(cls, path: Path) -> LearnedHeads:
        """Read what `save` wrote.

        Raises
        ------
        AnalyticsError
            When the file holds no heads.
        """
        return cls.from_bytes(path.read_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> LearnedHeads:
        """Read what `to_bytes` returned."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as found:
                about = json.loads(str(found["about"]))
                if about["format"] != FORMAT:
                    raise ValueError(about["format"])
                return cls(
                    tuple(about["codes"]),
                    tuple(Head(*head) for head in about["heads"]),
                    found["buckets"].astype(np.int64),
                    found["weights"].astype(np.float64),
                    found["gains"],
                    found["lines"],
                    _sides(found),
                )
        except (ValueError, KeyError, OSError, EOFError) as error:
            raise AnalyticsError(
                "The file holds no learned heads.", "文件中没有已训练的原因识别模型。"
            ) from error


def _side_arrays(learned: Sides | None) -> dict[str, Any]:
    if learned is None:
        return {}
    return {
        "side_weights": learned.weights.astype(np.float32),
        "side_gains": learned.gains,
        "side_bias": learned.bias,
        "side_figures": np.array([learned.n, learned.rule_f1, learned.own_f1]),
    }


def _sides(found: Any) -> Sides | None:
    if "side_weights" not in found:
        return None
    n, rule_f1, own_f1 = found["side_figures"].tolist()
    weights = found["side_weights"].astype(np.float64)
    return Sides(weights, found["side_gains"], found["side_bias"], int(n), rule_f1, own_f1)
