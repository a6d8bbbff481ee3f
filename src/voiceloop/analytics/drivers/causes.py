"""Where complaints come from: a tree of causes with shares, and which step of a process made it late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.result import Estimate
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.stats.intervals import share_interval
from voiceloop.analytics.stats.parts import Parts

Array = npt.NDArray[np.float64]
LEAST = 5


@dataclass(frozen=True)
class Cause:
    """A node: how many complaints lie under it, their share of the node above and of the whole problem.

    `rows` are the positions of its complaints.
    """

    level: str
    code: str
    n: int
    share: Estimate
    of_problem: Estimate
    rows: tuple[int, ...] = field(repr=False, default=())
    children: tuple[Cause, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "level": self.level, "code": self.code, "n": self.n, "share": self.share.to_dict(),
            "of_problem": self.of_problem.to_dict(), "children": [one.to_dict() for one in self.children],
        }  # fmt: skip


def trace(levels: Mapping[str, Sequence[str | None]], rows: Sequence[int] | None = None) -> tuple[Cause, ...]:
    """Return the tree of causes of complaints, the most frequent first at each level.

    Shares have Wilson's interval (1927). A complaint of which a level is not known ends above it.

    Parameters
    ----------
    levels : mapping of str to sequence
        From the problem down, for instance problem, step, cause, team, supplier; a code of each complaint.
    rows : sequence of int, optional
        Only these complaints.

    Examples
    --------
    >>> found = trace({"problem": ["late"] * 5, "step": ["sorting"] * 3 + ["carrier", None]})
    >>> found[0].n, [(one.code, one.n) for one in found[0].children]
    (5, [('sorting', 3), ('carrier', 1)])
    """
    names = list(levels)
    size = len(levels[names[0]])
    codes = {name: np.asarray(levels[name], dtype=object) for name in names}
    return _grown(codes, names, np.arange(size) if rows is None else np.asarray(rows), None)


def _grown(
    codes: Mapping[str, npt.NDArray[Any]], names: list[str], rows: npt.NDArray[Any], whole: int | None
) -> tuple[Cause, ...]:
    if not names:
        return ()
    level = codes[names[0]][rows]
    there = [code for code in dict.fromkeys(level.tolist()) if code is not None]
    known = int(sum((level == code).sum() for code in there))
    found = []
    for code in there:
        own = rows[level == code]
        children = _grown(codes, names[1:], own, whole if whole is not None else len(own))
        share = share_of(len(own), known)
        above = share if whole is None else share_of(len(own), whole)
        kept = tuple(int(row) for row in own)
        found.append(Cause(names[0], str(code), len(own), share, above, kept, children))
    return tuple(sorted(found, key=lambda one: (-one.n, one.code)))


@dataclass(frozen=True)
class Step:
    """A step of a process: how many late cases it mainly made late, and its part of the lost minutes."""

    step: str
    n: int
    share: Estimate
    minutes: Estimate
    usual: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "step": self.step, "n": self.n, "share": self.share.to_dict(), "minutes": self.minutes.to_dict(),
            "usual_minutes": self.usual,
        }  # fmt: skip


def late_steps(
    steps: Mapping[str, Array], late: npt.NDArray[np.bool_], alike: npt.NDArray[Any] | None = None
) -> tuple[Step, ...]:
    """Return which step made late cases late: the one that took longest over its usual time.

    Parameters
    ----------
    steps : mapping of str to (n,) array
        Minutes of each step; rows that do not know all of them are left out.
    late : (n,) array of bool
    alike : (n,) array, optional
        What is usual is the median of the punctual ones alike in this, for instance of the same month.

    Returns
    -------
    tuple of Step
        The most frequent first; `share` by Wilson, `minutes` the share of all minutes above the usual
        (Fieller's simple case: a ratio of sums).

    Raises
    ------
    AnalyticsError
        When fewer than five are late, or none is on time to say what is usual.

    Examples
    --------
    >>> sorting = np.array([5.0, 5, 5, 5, 5, 30, 30, 30, 5, 5])
    >>> riding = np.array([20.0, 20, 20, 20, 20, 20, 20, 20, 60, 60])
    >>> found = late_steps({"sorting": sorting, "riding": riding}, np.arange(10) >= 5)
    >>> [(one.step, one.n) for one in found]
    [('sorting', 3), ('riding', 2)]
    """
    names = list(steps)
    took = np.stack([np.asarray(steps[name], float) for name in names], axis=1)
    known = ~np.isnan(took).any(axis=1)
    late = np.asarray(late, bool) & known
    usual_rows = known & ~late
    if late.sum() < LEAST or usual_rows.sum() < LEAST:
        raise AnalyticsError(
            f"{LEAST} late and {LEAST} punctual cases are needed to say which step it was.",
            f"判断是哪一步造成延误，至少需要 {LEAST} 个延误和 {LEAST} 个准时的记录。",
        )
    usual = np.median(took[usual_rows], axis=0)
    over = np.maximum(took[late] - _usual(took, usual_rows, usual, alike)[late], 0.0)
    main = over.argmax(axis=1)
    n = int(late.sum())
    found = [
        Step(
            name,
            int((main == at).sum()),
            share_of(int((main == at).sum()), n),
            _of_sum(over, at),
            float(usual[at]),
        )
        for at, name in enumerate(names)
    ]
    return tuple(sorted(found, key=lambda one: -one.n))


def _usual(
    took: Array, punctual: npt.NDArray[np.bool_], whole: Array, alike: npt.NDArray[Any] | None
) -> Array:
    found = np.tile(whole, (len(took), 1))
    if alike is None:
        return found
    code = np.unique(alike.astype(str), return_inverse=True)[1]
    for one in range(int(code.max()) + 1):
        own = punctual & (code == one)
        if own.sum() >= LEAST:
            found[code == one] = np.median(took[own], axis=0)
    return found


def _of_sum(over: Array, at: int) -> Estimate:
    total = float(over.sum())
    if total <= 0:
        return Estimate(0.0, 0.0, 1.0)
    share = float(over[:, at].sum()) / total
    rest = over[:, at] - share * over.sum(axis=1)
    half = 1.96 * float(np.sqrt((rest**2).sum())) / total
    return Estimate(share, max(share - half, 0.0), min(share + half, 1.0))


def share_of(hits: int, n: int) -> Estimate:
    """Return a share with Wilson's interval.

    Examples
    --------
    >>> share_of(60, 100).value
    0.6
    """
    if n == 0:
        return Estimate(0.0, 0.0, 1.0)
    low, high = share_interval(Parts(n, float(n), float(n), float(hits), float(hits)))
    return Estimate(hits / n, float(low), float(high))
