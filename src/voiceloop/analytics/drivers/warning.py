"""What a reader of key drivers must be told: too few, all alike, copied, or certain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.columns import Column, Words
from voiceloop.analytics.drivers.model import Model
from voiceloop.analytics.drivers.outcome import Outcome
from voiceloop.analytics.drivers.result import Driver

Array = npt.NDArray[np.float64]

# Our choices.
HALO = 0.5
THIN = 15
CERTAIN_N = 20


def warnings_of(
    outcome: Outcome, made: Model, columns: Sequence[Column], rows: Sequence[Driver]
) -> tuple[Words, ...]:
    """Return the sentences, (English, Chinese)."""
    found = [_halo(made, columns), _thin(made), _mentioned(columns), _turned(rows)]
    found += [_certain(outcome, one) for one in columns]
    return tuple(one for one in found if one is not None)


def _halo(made: Model, columns: Sequence[Column]) -> Words | None:
    """Ratings given in one sitting share a mood (Podsakoff et al., J. Applied Psychology 88 (2003) 879)."""
    at = [made.groups[i][0] for i, one in enumerate(columns) if one.kind == "rating"]
    if len(at) < 3:
        return None
    r = made.moments.repaired[np.ix_(at, at)]
    first = float(np.linalg.eigvalsh(r)[-1]) / len(at)
    if first < HALO:
        return None
    share = round(100 * first)
    return (
        f"One common mood explains {share}% of all ratings: they were given in one sitting, and what is said "
        "of one may be meant of all. Differences between drivers of similar importance mean little.",
        f"所有评分有 {share}% 可由同一种总体情绪解释：它们在同一次作答中给出，"
        "对一项的评价可能是对整体的评价。重要性相近的因素之间的差别意义不大。",
    )


def _thin(made: Model) -> Words | None:
    n, k = made.moments.n_clusters, len(made.names)
    if n >= THIN * k:
        return None
    return (
        f"{n:,} answers are few for {k} columns: fewer drivers would say more.",
        f"{k} 列只有 {n:,} 条作答，样本偏少：减少因素会更可靠。",
    )


def _mentioned(columns: Sequence[Column]) -> Words | None:
    if not any(one.kind == "mention" for one in columns):
        return None
    return (
        "Reasons are what customers wrote beside the score, with it in mind: they say what the score is "
        "about, not yet what would change it.",
        "原因来自打分时写下的话：说明分数针对什么，还不能证明改变它就会改变分数。",
    )


def _turned(rows: Sequence[Driver]) -> Words | None:
    turned = [
        one.name
        for one in rows
        if len(one.effects) == 1
        and one.direction
        and one.effects[0].of.is_sure
        and np.sign(one.effects[0].of.value) != one.direction
    ]
    if not turned:
        return None
    names = ", ".join(turned)
    return (
        f"Alone one way, beside the others the other way: {names}. Their importance is shared with what they "
        "go with.",
        f"单独看与放在一起看方向相反：{'、'.join(turned)}。其重要性与相关因素共有。",
    )


def _certain(outcome: Outcome, one: Column) -> Words | None:
    """A level of which every row ends the same: it may be the outcome in disguise."""
    if outcome.unit != "percent" or one.kind == "number":
        return None
    for level in np.unique(one.values[~np.isnan(one.values)]):
        of_level = outcome.y[(one.values == level) & ~np.isnan(outcome.y)]
        if len(of_level) >= CERTAIN_N and of_level.std() == 0:
            shown = one.levels[int(level)] if one.levels else f"{level:g}"
            return (
                f"All {len(of_level):,} rows with {one.name} = {shown} have the same outcome.",
                f"{one.name} = {shown} 的 {len(of_level):,} 行结果完全相同。",
            )
    return None
