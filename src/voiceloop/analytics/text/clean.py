"""One spelling for what people type in many: width, case, control characters and traditional script."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.text.traditional import SIMPLIFIED

Codes = npt.NDArray[np.uint32]

# Above this code point (rare ideographs, tags) characters share one code in the analysis buffer.
ALPHABET = 0x20000

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_CONTROL = {
    code: 0x20 for code in (*range(0x00, 0x20), *range(0x7F, 0xA0), 0x200B, 0x200E, 0x200F, 0xFEFF)
} | {
    0x0A: 0x0A,
    0x0D: 0x0A,
    0x2028: 0x0A,
}
_QUOTES = {0x2018: 0x27, 0x2019: 0x27, 0x201C: 0x22, 0x201D: 0x22}
_CLEAN = _WIDTH | _CONTROL


def _folding() -> Codes:
    table = np.arange(ALPHABET, dtype=np.uint32)
    folds = _CLEAN | _QUOTES | {ord(old): ord(new) for old, new in SIMPLIFIED.items()}
    for code, folded in folds.items():
        table[code] = folded
    # Scripts with capitals end below U+0590; later code points need no lower case.
    for code in (*range(0x590), *range(0x1E00, 0x2000)):
        lower = chr(int(table[code])).lower()
        if len(lower) == 1:
            table[code] = ord(lower)
    table[ord("0") : ord("9") + 1] = ord("0")
    return table


# Digits all read "0": "等了40分钟" and "等了25分钟" are the same complaint.
FOLD = _folding()


def clean(text: str) -> str:
    """Return ``text`` with half-width letters and no control characters, character for character.

    The result has the length of ``text``, so a span of one is a span of the other. Emoji stay.

    Parameters
    ----------
    text : str
        What the customer wrote.

    Returns
    -------
    str
        Same length as ``text``.

    Examples
    --------
    >>> clean("ＶＩＰ　客户\\x00很满意👍")
    'VIP 客户 很满意👍'
    """
    return text.translate(_CLEAN)


def fold(codes: Codes) -> Codes:
    """Return UTF-32 ``codes`` folded for matching: clean, lower case, simplified, digits as "0".

    Parameters
    ----------
    codes : ndarray of uint32, shape (n,)
        Code points.

    Returns
    -------
    ndarray of uint32, shape (n,)
        Every value below ``ALPHABET``.

    Examples
    --------
    >>> "".join(map(chr, fold(np.array([ord(c) for c in "服務 GOOD 42"], dtype=np.uint32))))
    '服务 good 00'
    """
    return FOLD.take(codes, mode="clip")
