"""Loyal deeds, loyal feelings, loyal words: three layers, kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
# Our choices: a pause within twice the usual gap is no leave; 9 and 10 recommend, 6 and less do not.
_PACE, _OFTEN, _RECOMMENDS, _AGAINST = 2.0, 3, 9, 6


@dataclass(frozen=True, eq=False)
class Layers:
    """Per customer: loyal by deeds, by feelings, by words; False also where nothing is known of it."""

    keys: tuple[Any, ...]
    deeds: Flags
    feelings: Flags
    words: Flags
    feels_disloyal: Flags

    @property
    def behaves_loyal_feels_disloyal(self) -> list[Any]:
        """Keys of those who still come and do not like it: the next to leave without a word."""
        return [key for key, one in zip(self.keys, self.deeds & self.feels_disloyal, strict=True) if one]


def layers(table: Mapping[str, Any], key: str = "customer_key") -> Layers:
    """Return the three layers of loyalty.

    Deeds: at least three days with a purchase, and the pause since the last within twice the usual gap.
    Feelings: an average score of 9 or more and no negative comment. Words: the last answer to "would you
    recommend us" is 9 or 10. Disloyal feelings: an average score of 6 or less, or a negative comment with an
    average below 9.

    Parameters
    ----------
    table : mapping of columns
        As `customers.features` returns it: purchases, pace, mean_score, last_score (NaN: never asked),
        negative.
    key : str
        Column that names the customer.

    Examples
    --------
    >>> table = {"customer_key": [1, 2], "purchases": [8, 8], "pace": [0.5, 0.5], "mean_score": [9.5, 4.0],
    ...          "last_score": [10.0, 3.0], "negative": [0, 1]}
    >>> layers(table).behaves_loyal_feels_disloyal
    [2]
    """
    bought, pace, mean, last, negative = (
        np.asarray(table[name], dtype=np.float64)
        for name in ("purchases", "pace", "mean_score", "last_score", "negative")
    )
    # NaN compares as False: who was never asked has no feelings that we know.
    return Layers(
        keys=tuple(np.asarray(table[key]).tolist()),
        deeds=(bought >= _OFTEN) & (pace <= _PACE),
        feelings=(mean >= _RECOMMENDS) & (negative == 0),
        words=last >= _RECOMMENDS,
        feels_disloyal=(mean <= _AGAINST) | ((negative > 0) & (mean < _RECOMMENDS)),
    )
