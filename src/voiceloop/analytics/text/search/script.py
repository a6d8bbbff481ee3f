"""One spelling for search: width, case and traditional script folded; digits stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voiceloop.analytics.text.batch import Ints
from voiceloop.analytics.text.clean import ALPHABET, FOLD, Codes

_DIGITS = np.arange(ord("0"), ord("9") + 1)


def _folding() -> Codes:
    table = FOLD.copy()
    table[_DIGITS] = _DIGITS
    table[0xFF10:0xFF1A] = _DIGITS
    # Full-width capitals, which one step of folding leaves capital.
    return np.asarray(np.where((table >= 65) & (table <= 90), table + 32, table), dtype=np.uint32)


SPELLING = _folding()


def spell(texts: Sequence[str]) -> tuple[Codes, Ints]:
    """Lay ``texts`` end to end, folded for search, a zero after each.

    Parameters
    ----------
    texts : sequence of str
        Any strings.

    Returns
    -------
    tuple of (ndarray of uint32, ndarray of int)
        Folded characters of all texts, shape (characters + texts,), and where each text begins, with the
        total at the end, shape (texts + 1,). One for one, so positions are those of the text as written.

    Examples
    --------
    >>> codes, starts = spell(["ＶＩＰ 訂單", "42"])
    >>> "".join(map(chr, codes[:6])), starts.tolist()
    ('vip 订单', [0, 7, 10])
    """
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(
        np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts)), out=starts[1:]
    )
    raw = np.frombuffer(
        "".join(f"{text}\n" for text in texts).encode("utf-32-le", "surrogatepass"), np.uint32
    )
    codes = SPELLING[np.minimum(raw, ALPHABET - 1)]
    codes[starts[1:] - 1] = 0
    return codes, starts
