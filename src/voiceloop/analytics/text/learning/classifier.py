"""A linear classifier of texts for any set of labels: numpy alone, whole batches, every sum explained."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.batch import Batch, Floats, Ints, chunks, lay_out
from voiceloop.analytics.text.evidence import Evidence, pieces, strongest
from voiceloop.analytics.text.learning.calibration import Scaling
from voiceloop.analytics.text.learning.matrix import HINTS, LETTERS, Cells, cells, hints, shares, spread
from voiceloop.analytics.text.learning.terms import BITS
from voiceloop.analytics.text.polarity import Contributions
from voiceloop.analytics.text.sentiment import Scores, base_model

# 1 had no members and no Chinese words.
FORMAT = 2
# Sums of terms × labels at a time: bounds memory where there are many labels.
_AT_ONCE = 4_000_000


class Prediction(NamedTuple):
    """Number of the likeliest label of each text, (n,), and the chance of each label, (n, labels)."""

    label: Ints
    probability: Floats


class Shown(NamedTuple):
    """What characters (characters,) add, and ``phrases`` what the lexicon phrases ``found`` add."""

    letters: Floats
    found: Contributions
    phrases: Floats


@dataclass(frozen=True, eq=False)
class Classifier:
    """What was learned from labelled texts.

    Parameters
    ----------
    labels : tuple of str
        Sorted; a label's place is its number.
    buckets : ndarray of int, shape (terms,)
        Known terms, sorted; `terms` says what a term is.
    prices : ndarray of float16, shape (members, terms)
        What the terms of a text are in proportion to, for each linear member of the sum; all 1 where every
        term of a text counts alike.
    weights : ndarray of float16, shape (members, terms, columns)
        What each term adds to each label's margin; with two labels one column, for the second label.
    hinted : ndarray of float, shape (hints, columns)
        What the lexicon's hints add; all 0 where they do not help.
    bias : ndarray of float, shape (columns,)
        What a text without known terms has.
    scaling : Scaling
        Turns margins into chances.
    base : str
        Version of the shipped sentiment model whose hints it hears; "" when it hears none.
    words : bool
        Whether some member weighs whole words.

    Examples
    --------
    >>> from voiceloop.analytics.text.learning import fit
    >>> model = fit(["很好吃", "太难吃", "好吃极了", "难吃死了"] * 5, ["good", "bad"] * 10).classifier
    >>> model.labels[model.predict(["真好吃"]).label[0]]
    'good'
    """

    labels: tuple[str, ...]
    buckets: Ints
    prices: npt.NDArray[np.float16]
    weights: npt.NDArray[np.float16]
    hinted: Floats
    bias: Floats
    scaling: Scaling
    base: str = ""
    words: bool = True

    @cached_property
    def version(self) -> str:
        """Digest of everything learned: the same figures have the same version."""
        digest = hashlib.sha256()
        for array in self.arrays().values():
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:12]

    def predict(self, texts: Sequence[str]) -> Prediction:
        """Return the likeliest label of each text and the chances of all.

        Parameters
        ----------
        texts : sequence of str
            Any strings; one without a known term gets the chances of the whole.

        Returns
        -------
        Prediction
            Arrays of n and of n × labels.
        """
        chances = self.scaling.chances(self.margins(texts))
        return Prediction(np.argmax(chances, axis=1), chances)

    def margins(self, texts: Sequence[str]) -> Floats:
        """Return the sum behind each label, (n, labels): what `parts` takes apart."""
        found = [self.sums(lay_out(part)) for part in chunks(texts)]
        return np.concatenate(found) if found else np.zeros((0, len(self.labels)))

    def explain(self, text: str, most: int = 8) -> list[Evidence]:
        """Return the spans that spoke most for the predicted label (above 0) or against it."""
        return list(strongest(self.parts(text), most))

    def parts(self, text: str) -> tuple[Evidence, ...]:
        """Return spans that cover ``text``; with the bias they add up to the predicted label's margin.

        With more than two labels a part is what it adds beyond what it adds to the average label.
        """
        [label] = self.predict([text]).label.tolist()
        batch = lay_out([text])
        shown = self.shown(batch, self._direction(label))
        spans = zip(shown.found.start.tolist(), shown.found.end.tolist(), shown.phrases.tolist(), strict=True)
        spoken = (
            (start, stop, float(shown.letters[start:stop].sum()) + weight)
            for start, stop, weight in pieces(text, list(spans))
        )
        return tuple(Evidence(start, stop, text[start:stop], weight) for start, stop, weight in spoken)

    def shown(self, batch: Batch, direction: Floats, base: Scores | None = None) -> Shown:
        """Return what each character and each phrase of ``batch`` adds to a sum of columns.

        Parameters
        ----------
        batch : Batch
            Folded texts.
        direction : ndarray of float, shape (columns,)
            How much each column counts.
        base : Scores, optional
            What the shipped model says of ``batch``, made with its parts.

        Returns
        -------
        Shown
            Both parts add up to the text's margins in that direction, less the bias.
        """
        letters = sum(
            (
                spread(batch, self._slots, weights @ direction, prices, self.words)
                for prices, weights in self._voices
            ),
            start=np.zeros(len(batch.codes)),
        )
        heard = hints(batch, parts=True, scores=base)
        told = self.hinted @ direction
        return Shown(letters + heard.letters * told[LETTERS], heard.found, heard.parts @ told)

    def save(self, path: Path | str) -> None:
        """Write one file; nothing in it can run."""
        with Path(path).open("wb") as stream:
            np.savez_compressed(stream, **self.arrays())  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path | str) -> Classifier:
        """Read what `save` wrote.

        Raises
        ------
        AnalyticsError
            When the file cannot be read or holds something else.
        """
        return cls.of(opened(path), Path(path).name)

    @classmethod
    def of(cls, data: Mapping[str, npt.NDArray[Any]], name: str = "-") -> Classifier:
        """Return the classifier that `arrays` took apart; ``name`` is said where that fails.

        Raises
        ------
        AnalyticsError
            When ``data`` is something else, or was fitted by an earlier version, or
            hears the hints of another shipped model than this one.
        """
        if "labels" in data and "steps" in data and int(data.get("format", FORMAT)) < FORMAT:
            raise AnalyticsError(
                f"{name} was fitted by an earlier version of Voiceloop: fit again.",
                f"{name} 由旧版本客声训练，请重新训练。",
            )
        try:
            found = cls._put_together(data)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise _foreign(name) from error
        if found.base not in ("", base_model().version):
            raise AnalyticsError(
                f"{name} was fitted beside {found.base}; {base_model().version} is installed: fit again.",
                f"{name} 基于 {found.base} 训练，当前安装的是 {base_model().version}，请重新训练。",
            )
        return found

    @classmethod
    def _put_together(cls, data: Mapping[str, npt.NDArray[Any]]) -> Classifier:
        labels = tuple(str(label) for label in data["labels"])
        buckets = np.cumsum(data["steps"].astype(np.int64))
        scaling = data["scaling"].astype(np.float64)
        found = cls(
            labels,
            buckets,
            data["prices"],
            data["weights"],
            data["hinted"].astype(np.float64),
            data["bias"].astype(np.float64),
            Scaling(float(scaling[0]), scaling[2:], float(scaling[1])),
            str(data["base"]),
            bool(data["words"]),
        )
        found._check()
        return found

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return plain arrays that hold everything."""
        return {
            "format": np.array(FORMAT),
            "labels": np.array(self.labels),
            "base": np.array(self.base),
            "words": np.array(self.words),
            # Steps between sorted buckets are small and pack well.
            "steps": np.diff(self.buckets, prepend=0).astype(np.uint32),
            "prices": self.prices,
            "weights": self.weights,
            "hinted": self.hinted,
            "bias": self.bias,
            "scaling": np.concatenate([[self.scaling.slope, self.scaling.bend], self.scaling.intercept]),
        }

    def felt(self, batch: Batch, base: Scores, parts: bool) -> Scores:
        """Return sentiment as this classifier of -1, 0 and 1 hears it.

        Parameters
        ----------
        batch : Batch
            Folded texts.
        base : Scores
            What the shipped model says of them.
        parts : bool
            Whether ``letter_parts`` is wanted.

        Returns
        -------
        Scores
            ``score`` is the calibrated log-odds of praise against complaint, less what a text without known
            terms has. Where no neutral comment taught it, neutral keeps the shipped model's chance as far as
            praise and complaint are balanced: 4 p (1 - p) of it.
        """
        columns, praise = self._columns(batch, base), self._praise()
        chances = self.scaling.chances(self._both(columns + self.bias))
        probability = np.zeros((batch.size, 3))
        probability[:, [int(label) + 1 for label in self.labels]] = chances
        if "0" not in self.labels:
            neutral = base.probability[:, 1] * 4 * chances[:, 0] * chances[:, 1]
            probability *= 1 - neutral[:, None]
            probability[:, 1] = neutral
        shown = (
            self.shown(batch, praise, base) if parts else Shown(np.zeros(0), base.phrases, base.phrase_parts)
        )
        return Scores(columns @ praise, probability, shown.found, shown.phrases, shown.letters, base.clause)

    def _praise(self) -> Floats:
        """Direction of praise against complaint, in log-odds."""
        side = np.array([float(label) for label in self.labels])
        if len(self.labels) == 2:
            side = np.array([side[1] - side[0]])
        return self.scaling.slope * side

    def _check(self) -> None:
        columns = 1 if len(self.labels) == 2 else len(self.labels)
        if (
            len(self.labels) < 2
            or self.weights.shape != (*self.prices.shape, columns)
            or self.prices.shape[1:] != (len(self.buckets),)
            or self.hinted.shape != (HINTS, columns)
            or self.bias.shape != (columns,)
            or len(self.scaling.intercept) != len(self.labels)
            or (len(self.buckets) and self.buckets[-1] >= 1 << BITS)
        ):
            raise ValueError("not a classifier")

    @cached_property
    def _slots(self) -> npt.NDArray[np.int32]:
        slots = np.full(1 << BITS, -1, np.int32)
        slots[self.buckets] = np.arange(len(self.buckets), dtype=np.int32)
        return slots

    @cached_property
    def _voices(self) -> list[tuple[Floats | None, npt.NDArray[np.float32]]]:
        """Prices, None where all are 1, and weights of each member."""
        return [
            (None if np.all(prices == 1) else prices.astype(np.float64), weights.astype(np.float32))
            for prices, weights in zip(self.prices, self.weights, strict=True)
        ]

    @cached_property
    def _hears(self) -> bool:
        return bool(np.any(self.hinted))

    def sums(self, batch: Batch, base: Scores | None = None) -> Floats:
        """Return the margins of one batch, (texts, labels); ``base`` is what the shipped model says of it."""
        return self._both(self._columns(batch, base) + self.bias)

    def _both(self, sums: Floats) -> Floats:
        """Two labels share one column: the second label's margin and its opposite."""
        return np.concatenate([-sums, sums], axis=1) if sums.shape[1] == 1 else sums

    def _columns(self, batch: Batch, base: Scores | None) -> Floats:
        found = cells(batch, self._slots, self.words)
        sums = np.zeros((batch.size, len(self.bias)))
        for prices, weights in self._voices:
            sums += _added(found, shares(found, batch.size, prices), weights, batch.size)
        if self._hears:
            sums += hints(batch, scores=base).values @ self.hinted
        return np.asarray(sums)

    def _direction(self, label: int) -> Floats:
        """How much a column counts for ``label``: itself, less the average."""
        if len(self.labels) == 2:
            return np.array([1.0 if label else -1.0])
        return np.asarray(np.eye(len(self.labels))[label] - 1 / len(self.labels))


def opened(path: Path | str) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a model file.

    Raises
    ------
    AnalyticsError
        When it cannot be read or is no such file.
    """
    name = Path(path).name
    try:
        with np.load(Path(path), allow_pickle=False) as data:
            return {key: data[key] for key in data.files}
    except OSError as error:
        why = str(error.strerror or error)
        raise AnalyticsError(f"{name} cannot be read: {why}.", f"无法读取 {name}：{why}。") from error
    except (ValueError, AttributeError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise _foreign(name) from error


def _foreign(name: str) -> AnalyticsError:
    return AnalyticsError(
        f"{name} holds no model that `voiceloop text fit` saved.",
        f"{name} 不是 voiceloop text fit 保存的模型。",
    )


def _added(found: Cells, value: Floats, weights: npt.NDArray[np.float32], size: int) -> Floats:
    """Sum of weight × value over the terms of each text, (size, columns)."""
    columns = weights.shape[1]
    if columns == 1:
        summed = np.bincount(found.row, weights[found.bucket, 0] * value, size)
        return np.asarray(summed[:, None], dtype=np.float64)
    sums = np.zeros((size, columns))
    begin = np.flatnonzero(np.diff(found.row, prepend=-1))
    step = max(_AT_ONCE // columns, 1)
    first = 0
    while first < len(begin):
        # As many whole texts as fit, at least one.
        last = max(int(np.searchsorted(begin, begin[first] + step, side="right")) - 1, first + 1)
        stop = begin[last] if last < len(begin) else len(found.row)
        here = slice(int(begin[first]), int(stop))
        products = weights[found.bucket[here]] * value[here, None].astype(np.float32)
        sums[found.row[begin[first:last]]] = np.add.reduceat(
            products, begin[first:last] - begin[first], axis=0
        )
        first = last
    return sums
