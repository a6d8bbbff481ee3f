"""The outcome that is to be explained: NPS, an average score, or the share of a class."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.columns import Column, column, of
from voiceloop.analytics.errors import AnalyticsError

Array = npt.NDArray[np.float64]

_BAD = re.compile(r"churn|complain|cancel|exit|attrition|流失|投诉|离网|退订", re.I)
_NPS = re.compile(r"nps|recommend|推荐", re.I)
# Worst first; what a class says decides, not where it stands in the file.
_WORDS: tuple[tuple[str, ...], ...] = (
    ("very dissatisfied", "extremely dissatisfied", "非常不满意", "很不满意"),
    (
        "dissatisfied", "not satisfied", "unsatisfied", "neutral or dissatisfied", "negative", "detractor",
        "bad", "unhappy", "no", "false", "n", "不满意", "不满", "负面", "贬损者", "差评", "否", "不愿意",
    ),
    ("neutral", "passive", "average", "indifferent", "一般", "中性", "中立", "中立者", "被动者", "中评"),
    (
        "satisfied", "positive", "promoter", "good", "happy", "yes", "true", "y", "满意", "正面", "推荐者",
        "好评", "是", "愿意",
    ),
    ("very satisfied", "extremely satisfied", "非常满意", "很满意"),
)  # fmt: skip
_PLACE = {word: at for at, words in enumerate(_WORDS) for word in words}


@dataclass(frozen=True)
class Outcome:
    """What is explained, as one number a row.

    Attributes
    ----------
    unit : {'points', 'percent', 'score'}
        NPS points (−100, 0, 100), a share in percent (0, 100), or a score as it was given.
    y : (n,) array
        NaN where nothing was answered.
    happy, unhappy : (n,) arrays
        100 for those of the best and of the worst class; y = happy − unhappy for NPS.
    says : (English, Chinese)
        What the numbers stand for.
    """

    name: str
    unit: str
    y: Array
    happy: Array
    unhappy: Array
    says: tuple[str, str]


def outcome(name: str, values: Any, *, missing: Collection[str] = (), positive: str | None = None) -> Outcome:
    """Return an outcome as numbers.

    0–10 is NPS; other scales and numbers are averages; two classes are the share of the better one; three
    classes, worst to best, count −100, 0 and 100.

    Parameters
    ----------
    name : str
    values : (n,) array
    missing : collection of str
        Answers that are none.
    positive : str, optional
        The class whose share is explained, where its name does not tell.

    Raises
    ------
    AnalyticsError
        When the column is no outcome.

    Examples
    --------
    >>> outcome("nps", np.array([10, 8, 3.0])).y.tolist()
    [100.0, 0.0, -100.0]
    >>> outcome("s", np.array(["Satisfied", "Neutral or Dissatisfied"], dtype=object)).y.tolist()
    [100.0, 0.0]
    """
    array = np.asarray(values)
    if positive is not None:
        return _of_class(name, array, positive, missing)
    if array.dtype.kind not in "biuf" and not _reads_as_numbers(array):
        return _of_words(name, array, missing)
    numbers = _numbers(array, missing)
    known = numbers[~np.isnan(numbers)]
    distinct = np.unique(known)
    if len(distinct) < 2:
        raise AnalyticsError(
            f"The outcome {name} is the same in every row.", f"结果列“{name}”每一行都相同，没有可解释的差异。"
        )
    if len(distinct) == 2:
        return _share(name, numbers, distinct)
    whole = bool(np.all(distinct == np.round(distinct)))
    zero_to_ten = whole and distinct[0] >= 0 and distinct[-1] <= 10
    if zero_to_ten and ((0 in distinct and distinct[-1] == 10) or (_NPS.search(name) and distinct[-1] > 7)):
        return of_nps(name, numbers)
    return _score(name, numbers)


def of_nps(name: str, scores: Array) -> Outcome:
    """Return answers on 0–10 as NPS points: each promoter 100, each detractor −100.

    Examples
    --------
    >>> of_nps("nps", np.array([9, 6.0])).unhappy.tolist()
    [0.0, 100.0]
    """
    gap = np.isnan(scores)
    happy, unhappy = (np.where(gap, np.nan, 100.0 * side) for side in (scores >= 9, scores <= 6))
    says = (
        "NPS points: 9–10 counts 100, 7–8 counts 0, 0–6 counts −100",
        "NPS 点：9–10 分计 100，7–8 分计 0，0–6 分计 −100",
    )
    return Outcome(name, "points", happy - unhappy, happy, unhappy, says)


def _score(name: str, scores: Array) -> Outcome:
    known = scores[~np.isnan(scores)]
    # Best and worst class of any scale: the upper and the lower end of what is given, a quarter each.
    low, high = np.quantile(known, [0.25, 0.75])
    gap = np.isnan(scores)
    happy = np.where(gap, np.nan, 100.0 * (scores >= max(high, known.min() + 1e-9)))
    unhappy = np.where(gap, np.nan, 100.0 * (scores <= min(low, known.max() - 1e-9)))
    return Outcome(
        name, "score", scores, happy, unhappy, ("the average as it was given", "按原始分数的平均值")
    )


def _share(name: str, numbers: Array, distinct: Array) -> Outcome:
    return _shared(
        name, np.where(np.isnan(numbers), np.nan, 100.0 * (numbers == distinct[1])), f"{distinct[1]:g}"
    )


def _shared(name: str, y: Array, what: str) -> Outcome:
    says = (f"share of “{what}” in percent", f"“{what}”的占比（%）")
    return Outcome(name, "percent", y, y, 100.0 - y, says)


def _of_class(name: str, values: npt.NDArray[Any], positive: str, missing: Collection[str]) -> Outcome:
    gone = {"", *(one.casefold() for one in missing)}
    cells = ["" if v is None or v != v else str(v).strip().casefold() for v in values]
    wanted = positive.strip().casefold()
    if _reads_as_numbers(values) and wanted.replace(".", "").isdigit():
        cells = [f"{float(c):g}" if c else "" for c in cells]
        wanted = f"{float(wanted):g}"
    if wanted not in cells:
        raise AnalyticsError(f"No row of {name} says {positive!r}.", f"列“{name}”中没有取值“{positive}”。")
    return _shared(name, np.array([np.nan if c in gone else 100.0 * (c == wanted) for c in cells]), positive)


def _of_words(name: str, values: npt.NDArray[Any], missing: Collection[str]) -> Outcome:
    found = column(name, values, missing=missing, kind="category")
    if isinstance(found, Column) and found.kind == "yes_no":
        # Of what is bad, "no" is good.
        good = 1 - found.values if _BAD.search(name) else found.values
        return _shared(name, 100.0 * good, "no" if _BAD.search(name) else "yes")
    levels = of(found, name).levels
    places = [_PLACE.get(level.casefold()) for level in levels]
    if "…" in levels or any(place is None for place in places) or len(set(places)) < len(levels):
        raise AnalyticsError(
            f"It cannot be told which of {', '.join(levels)} is good; name it with --positive.",
            f"无法判断 {'、'.join(levels)} 中哪个是好的结果；请用 --positive 指明。",
        )
    order = np.argsort(np.argsort(np.array(places, dtype=float)))
    values = of(found, name).values
    rank = np.where(np.isnan(values), np.nan, order[np.nan_to_num(values).astype(int)])
    if len(levels) == 2:
        return _shared(name, 100.0 * rank, levels[int(np.argmax(order))])
    top = len(levels) - 1
    happy, unhappy = (np.where(np.isnan(rank), np.nan, 100.0 * (rank == one)) for one in (top, 0))
    if len(levels) == 3:
        ordered = [levels[int(np.where(order == at)[0][0])] for at in range(3)]
        says = (
            f"{ordered[2]} counts 100, {ordered[1]} 0, {ordered[0]} −100",
            f"{ordered[2]} 计 100，{ordered[1]} 计 0，{ordered[0]} 计 −100",
        )
        return Outcome(name, "points", happy - unhappy, happy, unhappy, says)
    return Outcome(
        name,
        "score",
        rank + 1,
        happy,
        unhappy,
        ("classes 1, 2, … from worst to best", "类别由差到好记为 1、2……"),
    )


def _reads_as_numbers(values: npt.NDArray[Any]) -> bool:
    if values.dtype.kind in "biuf":
        return True
    known = [str(v) for v in values if v is not None and str(v).strip()]
    try:
        return bool(known) and all(np.isfinite(float(v)) for v in known)
    except ValueError:
        return False


def _numbers(values: npt.NDArray[Any], missing: Collection[str]) -> Array:
    numbers = np.array([np.nan if v is None or v == "" else float(v) for v in values.tolist()])
    gone = [float(one) for one in missing if one.lstrip("-").replace(".", "", 1).isdigit()]
    return np.where(np.isin(numbers, gone), np.nan, numbers)
