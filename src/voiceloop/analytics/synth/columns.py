"""Small vectorised steps that every table of the demo company is built from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from voiceloop.analytics.synth.clock import Array


def draw(rng: np.random.Generator, weights: Array, n: int) -> Array:
    """Draw `n` positions with chances in proportion to `weights`; much faster than `rng.choice`."""
    edges = np.cumsum(weights, dtype=np.float64)
    found = np.searchsorted(edges, rng.random(n) * edges[-1], side="right")
    return np.minimum(found, len(edges) - 1).astype(np.int32)


def draw_rows(rng: np.random.Generator, table: Array, row: Array) -> Array:
    """Draw one position per element of `row` from the distribution in that row of `table`."""
    edges = np.cumsum(table, axis=1)[row]
    return np.minimum((edges < rng.random(len(row))[:, None]).sum(axis=1), table.shape[1] - 1)


def spread(rng: np.random.Generator, sigma: Array | float, n: int) -> Array:
    """Log-normal factors with mean 1."""
    deviation = np.asarray(sigma) * rng.standard_normal(n)
    return np.asarray(np.exp(deviation - np.asarray(sigma) ** 2 / 2))


def numbers(prefix: str, count: int, width: int = 7) -> pa.Array:
    """Identifiers like R0000001, R0000002, …"""
    digits = pc.utf8_lpad(pc.cast(pa.array(np.arange(1, count + 1)), pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def take(names: pa.Array, position: Array) -> pa.Array:
    """The name at each position; NULL where the position is negative."""
    return names.take(pa.array(position.astype(np.int32), mask=position < 0, type=pa.int32()))


def maybe(values: Array, known: Array, kind: pa.DataType) -> pa.Array:
    """Values as an Arrow column; NULL where not `known`."""
    return pa.array(values, mask=~known).cast(kind)
