"""Which columns may explain an outcome: no copies of it, nothing written later, no identifiers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.drivers.columns import Column, Words

Array = npt.NDArray[np.float64]

# Our choices. What knows the outcome this well is not its cause but the outcome itself.
COPY = 0.95
TWIN = 0.995
FILLED_BY = 0.5
LEAST_FILLED = 0.15
LEAST_N = 20
RAREST = 0.005
MOST_DRIVERS = 25
_GENERAL = {
    "rate", "rating", "ratings", "overall", "total", "general", "satisfaction", "score", "nps", "csat",
    "ces", "recommend", "recommendation", "likelihood", "to", "q", "class", "group", "category", "segment",
    "promoter",
    "promoters", "detractor", "detractors", "passive", "passives", "label", "level", "bucket", "type", "band",
}  # fmt: skip
_VERDICT = {
    "overall",
    "satisfaction",
    "score",
    "nps",
    "csat",
    "ces",
    "recommend",
    "recommendation",
    "rating",
    "rate",
}
_ID = re.compile(
    r"(^|[_\s])(id|uuid|guid|respondent|phone|mobile|e?mail|order_?no|ticket_?no)([_\s]|$)|编号$|手机号|邮箱|用户id",
    re.I,
)
_OVERALL_ZH = re.compile(r"(整体|总体|综合)(满意度|评价|评分|感受)|推荐(意愿|度|分)|^满意度$|^总分$")
_WHO = re.compile(
    r"(^|[_\s])(age|gender|sex|tenure|income|region|country|city|province|language|segment|tier|class|brand|"
    r"member|membership|nationality|customer|survey|year|month|day|date|week|hour|weekday|quarter|time)"
    r"([_\s]|$)|年龄|性别|地区|省份|城市|星级|品牌|套餐|会员|激活|发卡|年份|月份|终端",
    re.I,
)
_LATER = re.compile(
    r"(^|[_\s])(churn\w*|cancell?ed|follow_?up|comments?|remarks?|notes?|resurvey|recover\w*|case|complained|refund\w*)([_\s]|$)|流失|回访|退款|挽回|备注|描述",
    re.I,
)


@dataclass(frozen=True)
class SetAside:
    """A column that explains nothing here, and why."""

    name: str
    why: str
    en: str
    zh: str

    def to_dict(self) -> dict[str, str]:
        return {"column": self.name, "why": self.why, "sentence": self.en, "sentence_zh": self.zh}


@dataclass(frozen=True)
class Screened:
    """What explains, what is held equal, and what is set aside."""

    drivers: tuple[Column, ...]
    context: tuple[Column, ...]
    aside: tuple[SetAside, ...]


def screen(
    columns: Mapping[str, Column | Words], y: Array, outcome: str, *, named: tuple[str, ...] = ()
) -> Screened:
    """Sort columns into drivers, context (who the customer is) and what is set aside.

    Parameters
    ----------
    columns : mapping
        As `columns.table` returns them, without the outcome.
    y : (n,) array
        The outcome, NaN where there is none.
    outcome : str
        Its name.
    named : tuple of str
        Columns asked for: they are drivers whatever their name says, unless they are copies or unusable.

    Examples
    --------
    >>> from voiceloop.analytics.drivers.columns import table
    >>> y = np.tile([1.0, 2, 3, 4, 5], 20)
    >>> found = screen(table({"again": y * 10}), y, "score")
    >>> found.aside[0].why
    'copy'
    """
    drivers: list[Column] = []
    context: list[Column] = []
    aside: list[SetAside] = []
    for name, found in columns.items():
        why = _unusable(name, found, y, outcome, name in named)
        if why is not None:
            aside.append(why)
        elif isinstance(found, Column) and name not in named and _is_context(found):
            context.append(found)
        elif isinstance(found, Column):
            drivers.append(found)
    if not any(one.kind in ("rating", "mention") for one in drivers):
        # Nothing was rated: then what customers have and use is all there is to explain by.
        drivers += [one for one in context if not _WHO.search(one.name)]
        context = [one for one in context if _WHO.search(one.name)]
    drivers, twins = _without_twins(drivers, named)
    context, more = _without_twins(context, ())
    drivers, weak = _strongest(drivers, y, named)
    return Screened(tuple(drivers), tuple(context), (*aside, *twins, *more, *weak))


def known_share(found: Array, y: Array) -> float:
    """How much of the outcome's variance is told by a column's values alone, 0 to 1 (η², cross-fitted).

    Half the rows tell the mean of each value, the other half judge it, so that many values do not flatter.

    Examples
    --------
    >>> x = np.tile([1.0, 2, 3], 50)
    >>> round(known_share(x, 10 - 3 * x), 3)
    1.0
    """
    keep = ~np.isnan(found) & ~np.isnan(y)
    x, y = found[keep], y[keep]
    distinct, code = np.unique(x, return_inverse=True)
    if len(distinct) > 50:
        edges = np.unique(np.quantile(x, np.linspace(0, 1, 51)[1:-1]))
        code = np.searchsorted(edges, x, side="right")
    if len(y) < LEAST_N or y.std() == 0:
        return 0.0
    teach = np.arange(len(y)) % 2 == 0
    size = int(code.max()) + 1
    count = np.bincount(code[teach], minlength=size)
    mean = np.bincount(code[teach], weights=y[teach], minlength=size) / np.maximum(count, 1)
    guess = np.where(count > 0, mean, y[teach].mean())[code[~teach]]
    left = ((y[~teach] - guess) ** 2).mean() / max(y[~teach].var(), 1e-300)
    return float(max(1 - left, 0.0))


def _unusable(name: str, found: Column | Words, y: Array, outcome: str, is_named: bool) -> SetAside | None:
    if not isinstance(found, Column):
        return SetAside(name, "unusable", f"{name}: {found[0]}", f"{name}：{found[1]}")
    answered = ~np.isnan(y)
    filled = ~np.isnan(found.values[answered])
    for judge in (_copy, _filled_by_outcome, _too_empty, _rare):
        why = judge(found, y[answered], filled, found.values[answered])
        if why is not None:
            return why
    if is_named:
        return None
    if _ID.search(name) and found.kind != "yes_no":
        return SetAside(name, "unusable", f"{name}: an identifier by its name", f"{name}：从名称看是标识符")
    return _another_outcome(name, outcome) or _later(name)


def _copy(found: Column, y: Array, filled: npt.NDArray[np.bool_], values: Array) -> SetAside | None:
    told = known_share(values, y)
    if told < COPY:
        return None
    share = round(100 * told)
    return SetAside(
        found.name, "copy",
        f"{found.name} tells {share}% of the outcome by itself: it is the outcome again, not a cause",
        f"{found.name} 单独就能说明结果的 {share}%：它是结果的翻版，不是原因",
    )  # fmt: skip


def _filled_by_outcome(
    found: Column, y: Array, filled: npt.NDArray[np.bool_], values: Array
) -> SetAside | None:
    """A field that only some outcomes have was written because of them."""
    if filled.all() or not filled.any() or abs(np.corrcoef(filled.astype(float), y)[0, 1]) < FILLED_BY:
        return None
    return SetAside(
        found.name, "later",
        f"{found.name} is filled in almost only after certain outcomes: it was written later",
        f"{found.name} 几乎只在特定结果之后才有内容：它是事后填写的",
    )  # fmt: skip


def _too_empty(found: Column, y: Array, filled: npt.NDArray[np.bool_], values: Array) -> SetAside | None:
    if filled.sum() >= LEAST_N and filled.mean() >= LEAST_FILLED:
        return None
    share = 100 * float(filled.mean()) if len(filled) else 0.0
    return SetAside(
        found.name, "empty",
        f"{found.name} is known of only {int(filled.sum()):,} rows ({share:.0f}%)",
        f"{found.name} 只有 {int(filled.sum()):,} 行有内容（{share:.0f}%）",
    )  # fmt: skip


def _rare(found: Column, y: Array, filled: npt.NDArray[np.bool_], values: Array) -> SetAside | None:
    known = values[filled]
    distinct, counts = np.unique(known, return_counts=True)
    rest = len(known) - counts.max(initial=0)
    if len(distinct) > 1 and rest >= max(LEAST_N / 2, RAREST * len(known)):
        return None
    return SetAside(
        found.name, "constant",
        f"{found.name} is the same in nearly every row ({int(rest)} differ)",
        f"{found.name} 几乎每行都相同（仅 {int(rest)} 行不同）",
    )  # fmt: skip


def _tokens(name: str) -> set[str]:
    return {token for token in re.split(r"[\W_]+|\d+", name.casefold()) if token}


def _another_outcome(name: str, outcome: str) -> SetAside | None:
    rest = _tokens(name) - _GENERAL - _tokens(outcome)
    own = _tokens(name)
    latin = name.isascii() and not rest and bool(own & (_VERDICT | _tokens(outcome)))
    if not latin and not _OVERALL_ZH.search(name):
        return None
    return SetAside(
        name, "outcome",
        f"{name} is another overall verdict, not a cause of one; --driver {name} keeps it",
        f"{name} 是另一个总体评价，不是原因；如需保留请用 --driver {name}",
    )  # fmt: skip


def _later(name: str) -> SetAside | None:
    if not _LATER.search(name):
        return None
    return SetAside(
        name, "later",
        f"{name} sounds like something that came after the answer; --driver {name} keeps it",
        f"{name} 看起来发生在作答之后；如需保留请用 --driver {name}",
    )  # fmt: skip


def _is_context(found: Column) -> bool:
    if found.kind in ("mention", "rating"):
        return False
    return found.kind == "category" or bool(_WHO.search(found.name))


def _without_twins(found: list[Column], named: tuple[str, ...]) -> tuple[list[Column], list[SetAside]]:
    """Of columns that say the same thing twice, the first remains."""
    kept: list[Column] = []
    aside: list[SetAside] = []
    for one in found:
        twin = next((k for k in kept if one.name not in named and _are_twins(k, one)), None)
        if twin is None:
            kept.append(one)
            continue
        aside.append(
            SetAside(
                one.name,
                "twin",
                f"{one.name} says the same as {twin.name}",
                f"{one.name} 与 {twin.name} 内容相同",
            )
        )
    return kept, aside


def _are_twins(a: Column, b: Column) -> bool:
    if (a.kind == "category") != (b.kind == "category"):
        return False
    keep = ~np.isnan(a.values) & ~np.isnan(b.values)
    x, z = a.values[keep], b.values[keep]
    if len(x) < LEAST_N or x.std() == 0 or z.std() == 0:
        return False
    return bool(abs(np.corrcoef(x, z)[0, 1]) > TWIN)


def _strongest(found: list[Column], y: Array, named: tuple[str, ...]) -> tuple[list[Column], list[SetAside]]:
    """The drivers a person can read; which are the strongest alone is known before any are shared out."""
    if len(found) <= MOST_DRIVERS or named:
        return found, []
    told = {one.name: known_share(one.values, y) * float((~np.isnan(one.values)).mean()) for one in found}
    first = sorted(told, key=lambda name: -told[name])[:MOST_DRIVERS]
    weak = [
        SetAside(
            one.name, "weak",
            f"{one.name}: {len(found) - MOST_DRIVERS} columns tell less than the {MOST_DRIVERS} shown",
            f"{one.name}：另有 {len(found) - MOST_DRIVERS} 列的影响小于所示的 {MOST_DRIVERS} 列",
        )
        for one in found
        if one.name not in first
    ]  # fmt: skip
    return [one for one in found if one.name in first], weak
