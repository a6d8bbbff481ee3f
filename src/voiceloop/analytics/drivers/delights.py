"""What promoters praise, by segment: the list to copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.causes import share_of
from voiceloop.analytics.drivers.result import Estimate
from voiceloop.analytics.stats.budget import within_budget
from voiceloop.analytics.stats.student import two_sided

Array = npt.NDArray[np.float64]
LEAST = 20


@dataclass(frozen=True)
class Delight:
    """One thing that promoters of a segment praise.

    `share` is of the segment's promoters who wrote something, `elsewhere` of all other segments'; it is
    special to the segment when the difference is more than chance, within a budget of false discoveries.
    """

    segment: str
    reason: str
    n: int
    share: Estimate
    elsewhere: float
    is_special: bool

    def to_dict(self) -> dict[str, Any]:
        return {
            "segment": self.segment, "reason": self.reason, "n": self.n, "share": self.share.to_dict(),
            "elsewhere": self.elsewhere, "special": self.is_special,
        }  # fmt: skip


def delights(
    praised: Mapping[str, Array], segment: npt.NDArray[Any], *, most: int = 3
) -> tuple[Delight, ...]:
    """Return what each segment's promoters praise most, the largest segment first.

    Parameters
    ----------
    praised : mapping of reason to (n,) array
        Of promoters who wrote something: 1 praised, 0 not, NaN where nothing was written.
    segment : (n,) array of str
    most : int
        Reasons of a segment.

    Examples
    --------
    >>> said = {"taste": np.tile([1.0, 1, 0], 20), "price": np.zeros(60)}
    >>> found = delights(said, np.array(["family"] * 60))
    >>> [(one.segment, one.reason, one.n) for one in found]
    [('family', 'taste', 40)]
    """
    known = ~np.isnan(next(iter(praised.values()), np.zeros(0)))
    names, counts = np.unique([s for s in segment[known].tolist() if s], return_counts=True)
    rows: list[tuple[Delight, float | None]] = []
    for at in np.argsort(-counts, kind="stable"):
        if counts[at] < LEAST:
            continue
        inside = known & (segment == names[at])
        own = [_one(str(names[at]), reason, values, inside, known) for reason, values in praised.items()]
        own.sort(key=lambda pair: -pair[0].n)
        rows += [pair for pair in own[:most] if pair[0].n]
    special = within_budget([p for _, p in rows])
    return tuple(
        Delight(**{**vars(one), "is_special": yes and one.share.value > one.elsewhere})
        for (one, _), yes in zip(rows, special, strict=True)
    )


def _one(
    segment: str, reason: str, values: Array, inside: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_]
) -> tuple[Delight, float | None]:
    here, there = values[inside], values[known & ~inside]
    n, m = len(here), len(there)
    share = share_of(int(here.sum()), n)
    if m < LEAST:
        return Delight(
            segment, reason, int(here.sum()), share, float(there.mean()) if m else 0.0, False
        ), None
    pooled = (here.sum() + there.sum()) / (n + m)
    error = float(np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)))
    p = two_sided((here.mean() - there.mean()) / error) if error > 0 else None
    return Delight(segment, reason, int(here.sum()), share, float(there.mean()), False), p
