"""Small vectorised steps that every table of the demo company is built from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from voiceloop.analytics.synth.clock import Array

# The stubs know the compute functions only for types narrower than any real column.
pc: Any = pyarrow.compute


def draw(rng: np.random.Generator, weights: Array, n: int) -> Array:
    """Draw `n` positions with chances in proportion to `weights`; much faster than `rng.choice`.

    Examples
    --------
    >>> draw(np.random.default_rng(1), np.array([0.0, 1.0]), 3).tolist()
    [1, 1, 1]
    """
    edges = np.cumsum(weights, dtype=np.float64)
    found = np.searchsorted(edges, rng.random(n) * edges[-1], side="right")
    return np.asarray(np.minimum(found, len(edges) - 1).astype(np.int32))


def draw_rows(rng: np.random.Generator, table: Array, row: Array) -> Array:
    """Draw one position per element of `row` from the distribution in that row of `table`.

    Examples
    --------
    >>> draw_rows(np.random.default_rng(1), np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1, 0, 1])).tolist()
    [1, 0, 1]
    """
    return at_ranks(table, row, rng.random(len(row)))


def at_ranks(table: Array, row: Array, rank: Array) -> Array:
    """The position that each `rank` (0 to 1) of the distribution in that row of `table` falls on.

    Examples
    --------
    >>> at_ranks(np.array([[0.5, 0.5]]), np.array([0, 0]), np.array([0.4, 0.6])).tolist()
    [0, 1]
    """
    below = (np.cumsum(table, axis=1)[row] < rank[:, None]).sum(axis=1)
    return np.asarray(np.minimum(below, table.shape[1] - 1))


def spread(rng: np.random.Generator, sigma: Array | float, n: int) -> Array:
    """Log-normal factors with mean 1; `sigma` is the standard deviation of their logarithm.

    Examples
    --------
    >>> round(float(spread(np.random.default_rng(1), 0.3, 100_000).mean()), 2)
    1.0
    """
    deviation = np.asarray(sigma) * rng.standard_normal(n)
    return np.asarray(np.exp(deviation - np.asarray(sigma) ** 2 / 2))


def normal_ranks(rng: np.random.Generator, values: Array) -> Array:
    """Standard normal numbers in the order of `values`.

    Examples
    --------
    >>> np.argsort(normal_ranks(np.random.default_rng(1), np.array([9, 1, 5]))).tolist()
    [1, 2, 0]
    """
    found = np.empty(len(values))
    found[np.argsort(values, kind="stable")] = np.sort(rng.standard_normal(len(values)))
    return found


def even_ranks(values: Array, stratum: Array) -> Array:
    """Where each value stands among those of its stratum: evenly spread over 0 to 1.

    Examples
    --------
    >>> even_ranks(np.array([3.0, 1.0, 7.0, 8.0]), np.array([0, 0, 1, 1])).tolist()
    [0.75, 0.25, 0.25, 0.75]
    """
    order = np.lexsort((values, stratum))
    size = np.bincount(stratum)
    before = np.cumsum(size) - size
    found = np.empty(len(values))
    found[order] = np.arange(len(values)) - before[stratum[order]] + 0.5
    return np.asarray(found / size[stratum])


def numbers(prefix: str, count: int, width: int = 7) -> pa.Array[Any]:
    """Identifiers from 1 to `count`, padded to `width` digits.

    Examples
    --------
    >>> numbers("R", 2).to_pylist()
    ['R0000001', 'R0000002']
    """
    digits = pc.utf8_lpad(pc.cast(pa.array(np.arange(1, count + 1)), pa.string()), width, "0")
    return joined("", prefix, digits)


def joined(between: str, *parts: pa.Array[Any] | str) -> pa.Array[Any]:
    """Texts of several columns put together, row by row.

    Examples
    --------
    >>> joined("-", numbers("A", 1, 2), "z").to_pylist()
    ['A01-z']
    """
    column: pa.Array[Any] = pc.binary_join_element_wise(*parts, between)
    return column


def choose(condition: Array, yes: pa.Array[Any], no: pa.Array[Any]) -> pa.Array[Any]:
    """The value of `yes` where the condition holds, else that of `no`.

    Examples
    --------
    >>> choose(np.array([True, False]), pa.array([1, 2]), pa.array([3, 4])).to_pylist()
    [1, 4]
    """
    column: pa.Array[Any] = pc.if_else(pa.array(condition), yes, no)
    return column


def take(names: pa.Array[Any], position: Array) -> pa.Array[Any]:
    """The name at each position; NULL where the position is negative.

    Examples
    --------
    >>> take(pa.array(["a", "b"]), np.array([1, -1])).to_pylist()
    ['b', None]
    """
    column: pa.Array[Any] = pc.take(names, pa.array(position.astype(np.int32), mask=position < 0))
    return column


def maybe(values: Array, known: Array, kind: pa.DataType) -> pa.Array[Any]:
    """Values as an Arrow column; NULL where not `known`.

    Examples
    --------
    >>> maybe(np.array([1, 2]), np.array([True, False]), pa.int8()).to_pylist()
    [1, None]
    """
    return pa.array(values, mask=~known).cast(kind)


def texts(column: pa.ChunkedArray[Any], rows: Array) -> list[str]:
    """Some rows of a text column that has no NULL, as Python strings.

    Examples
    --------
    >>> texts(pa.chunked_array([["a", "b"]]), np.array([1]))
    ['b']
    """
    found: list[str] = pc.take(column, pa.array(rows)).to_pylist()
    return found


def lists(counts: Array, values: pa.Array[Any]) -> pa.Array[Any]:
    """A list column whose rows hold `counts` values each, in turn.

    Examples
    --------
    >>> lists(np.array([0, 2]), pa.array(["a", "b"])).to_pylist()
    [[], ['a', 'b']]
    """
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    kind: Any = pa.ListArray
    column: pa.Array[Any] = kind.from_arrays(pa.array(offsets), values)
    return column
