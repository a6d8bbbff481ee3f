"""Which language a comment is in, as far as this package reads it: Chinese, English, another one, or none."""

from __future__ import annotations

from functools import cache

import numpy as np

from voiceloop.analytics.text.batch import Batch, Bools, Ints, lay_out
from voiceloop.analytics.text.clean import Codes
from voiceloop.analytics.text.phrases import LETTER, Phrases

LANGUAGES = ("zh", "en", "other", "none")

_ENGLISH = (
    "the and is was are were to of it i we my not very with for that this have had in on "
    "at you they be but so no good great bad service staff food nice please thanks ok yes "
    "been from would could will do did does can"
)
_FOREIGN = (
    "der die das und ist nicht ich sehr mit ein eine auf für war le la les et est pas je "
    "très avec un une des du el los las y es muy con para por que il lo gli è non molto "
    "per di e o os as uma não com em och det är het een niet zeer van en bien bon gut bom "
    "yang tidak dan saya của và không rất ve bir çok"
)


@cache
def _words() -> tuple[Phrases, int]:
    english = _ENGLISH.split()
    foreign = [word for word in dict.fromkeys(_FOREIGN.split()) if word not in english]
    return Phrases((*english, *foreign)), len(english)


def language(text: str) -> str:
    """Return 'zh', 'en', 'other' or 'none' (no letter at all) for ``text``.

    Examples
    --------
    >>> [language(text) for text in ("很好吃", "Very good", "とても良い", "👍👍", "Très bon service")]
    ['zh', 'en', 'other', 'none', 'other']
    """
    return LANGUAGES[int(languages(lay_out([text]))[0])]


def languages(batch: Batch) -> Ints:
    """Return the language of each text as an index into `LANGUAGES`.

    Parameters
    ----------
    batch : Batch
        Folded texts.

    Returns
    -------
    ndarray of int, shape (texts,)
        Chinese needs Han characters that outweigh kana, hangul and a fourth of the Latin letters; English
        needs Latin letters and no majority of another language's small words.

    Examples
    --------
    >>> languages(lay_out(["好", "ok", ""])).tolist()
    [0, 1, 3]
    """
    codes = batch.codes
    latin = _count(batch, LETTER[codes])
    han = _count(batch, _between(codes, 0x3400, 0x9FFF) | _between(codes, 0xF900, 0xFAFF))
    kana = _count(batch, _between(codes, 0x3041, 0x30FF))
    accented = _count(batch, _between(codes, 0xC0, 0x24F) & (codes != 0xD7) & (codes != 0xF7))
    # Greek to Georgian, Hangul and the Indic scripts; kana is counted apart because Japanese also writes Han.
    strange = _count(batch, _between(codes, 0x370, 0x1FFF) | _between(codes, 0xAC00, 0xD7AF)) + kana
    foreign = _foreign(batch, accented)
    found = np.full(batch.size, 3)
    found[latin > 0] = 1
    found[(latin > 0) & foreign] = 2
    found[strange > latin] = 2
    found[(han > 0) & (han * 4 >= latin) & (strange * 4 < han + strange)] = 0
    return found


def _foreign(batch: Batch, accented: Ints) -> Bools:
    table, n_english = _words()
    hits = table.find(batch.codes)
    row = batch.row[hits.start]
    english = np.bincount(row[hits.phrase < n_english], minlength=batch.size)
    other = np.bincount(row[hits.phrase >= n_english], minlength=batch.size)
    length = np.maximum(batch.ends - batch.starts, 1)
    return np.asarray((other > english) | ((accented / length > 0.03) & (english * 12 < length)))


def _count(batch: Batch, mask: Bools) -> Ints:
    return np.bincount(batch.row[mask], minlength=batch.size)


def _between(codes: Codes, low: int, high: int) -> Bools:
    return (codes >= low) & (codes <= high)
