"""What a column of a survey is: a rating, a number, a mention, yes or no, a category, or nothing to use."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from voiceloop.analytics.errors import AnalyticsError

Array = npt.NDArray[np.float64]
Kind = Literal["rating", "number", "mention", "yes_no", "category"]
Words = tuple[str, str]

# Our choices: what a category may have, and when a number of equal steps is a rating.
MOST_LEVELS = 30
SHOWN_LEVELS = 8
RATING_TOPS = (4, 5, 7, 10)
LONG_TAIL = 4.0
_YES = {"yes", "y", "true", "是", "有", "t", "1", "1.0"}
_NO = {"no", "n", "false", "否", "无", "没有", "f", "0", "0.0"}
_CODE = re.compile(r"(^|[_\s])(code|codes|type|kind|zip|year)$|代码|编码|类型|编号$", re.I)


@dataclass(frozen=True)
class Column:
    """A column as numbers, NaN where it is empty.

    `values` are the numbers, codes from 0 of `levels` for a category, −1, 0 and 1 for a mention that is a
    complaint, none, or praise. `low` and `high` are the ends of a rating's scale.
    """

    name: str
    kind: Kind
    values: Array
    levels: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    is_logged: bool = False
    notes: tuple[Words, ...] = field(default=(), compare=False)

    def coded(self) -> tuple[Array, tuple[str, ...]]:
        """The columns that a regression reads, (n, k), and what each stands for."""
        if self.kind == "mention":
            return _indicators(self.values, (-1.0, 1.0)), ("complaint", "praise")
        if self.kind == "category":
            counts = np.bincount(self.values[~np.isnan(self.values)].astype(int), minlength=len(self.levels))
            # The most frequent level is what the others are compared with.
            rest = [code for code in range(len(self.levels)) if code != int(counts.argmax())]
            return _indicators(self.values, rest), tuple(self.levels[code] for code in rest)
        values = np.log1p(self.values) if self.is_logged else self.values
        return values[:, None], ("",)


def _indicators(values: Array, of: Collection[float]) -> Array:
    found = np.stack([(values == one).astype(float) for one in of], axis=1)
    found[np.isnan(values)] = np.nan
    return found


def column(
    name: str, values: Any, *, missing: Collection[str] = (), kind: Kind | None = None
) -> Column | Words:
    """Return what a column is, or the sentence that says why it cannot explain anything.

    Parameters
    ----------
    name : str
    values : (n,) array
        Numbers with NaN, or texts with None.
    missing : collection of str
        Answers that mean "no answer", such as ``-1`` or ``n/a``.
    kind : optional
        What it is, where that is known.

    Examples
    --------
    >>> found = column("speed", np.array([1, 5, 4, 3, 2, 0, 5.0] * 9))
    >>> found.kind, found.notes[0][0]
    ('rating', '0 is read as "not applicable" (9 answers)')
    >>> column("id", np.array([f"c{i}" for i in range(99)], dtype=object))[0]
    'an identifier: nearly every row has its own value'
    """
    array = np.asarray(values)
    if array.dtype.kind in "biuf":
        return _numeric(name, array.astype(float), missing, kind)
    return _worded(name, array, missing, kind)


def table(columns: Mapping[str, Any], **more: Any) -> dict[str, Column | Words]:
    """Return `column` of each.

    Examples
    --------
    >>> table({"late": np.array(["yes", "no", "no"], dtype=object)})["late"].kind
    'yes_no'
    """
    return {name: column(name, values, **more) for name, values in columns.items()}


def _numeric(name: str, values: Array, missing: Collection[str], kind: Kind | None) -> Column | Words:
    gone = [float(one) for one in missing if _is_number(one)]
    values = np.where(np.isin(values, gone), np.nan, values)
    values[~np.isfinite(values)] = np.nan
    distinct = np.unique(values[~np.isnan(values)])
    if len(distinct) < 2:
        return _constant(values)
    if kind == "mention":
        return Column(name, "mention", values)
    if len(distinct) == 2 and kind in (None, "yes_no"):
        return _binary(name, values, distinct)
    if kind == "category" or (kind is None and _CODE.search(name) and len(distinct) <= MOST_LEVELS):
        return _category(name, np.array([_plain(v) for v in values], dtype=object), len(distinct))
    if kind is None and _is_running(values, distinct):
        return "a running number", "流水号"
    if kind in (None, "rating"):
        rated = _rating(name, values, distinct)
        if rated is not None:
            return rated
    return _number(name, values)


def _worded(
    name: str, values: npt.NDArray[Any], missing: Collection[str], kind: Kind | None
) -> Column | Words:
    gone = {one.casefold() for one in missing}
    cells = np.array([_cell(v, gone) for v in values], dtype=object)
    known = [cell for cell in cells if cell is not None]
    distinct = sorted(set(known))
    if len(distinct) < 2:
        return _constant(np.array([np.nan if cell is None else 0.0 for cell in cells]))
    numbers = [cell for cell in distinct if _is_number(cell)]
    if len(numbers) > 0.9 * len(distinct):
        floats = np.array([float(c) if c is not None and _is_number(c) else np.nan for c in cells])
        return _numeric(name, floats, missing, kind)
    words = {cell.casefold() for cell in distinct}
    if len(distinct) == 2 and words & _YES and words & _NO:
        values = np.array([np.nan if c is None else float(c.casefold() in _YES) for c in cells])
        return Column(name, "yes_no", values)
    if len(distinct) > MOST_LEVELS and kind != "category":
        return _too_many(known, len(distinct))
    return _category(name, cells, len(distinct))


def _cell(value: Any, gone: Collection[str]) -> str | None:
    text = "" if value is None or value != value else str(value).strip()
    return None if not text or text.casefold() in gone else text


def _plain(value: float) -> str | None:
    return None if np.isnan(value) else f"{value:g}"


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _constant(values: Array) -> Words:
    if np.isnan(values).all():
        return "empty", "没有内容"
    return "the same in every row", "每一行都相同"


def _binary(name: str, values: Array, distinct: Array) -> Column:
    """The larger of two numbers is yes; −1 beside another number is "not chosen" of a multiple choice."""
    yes = np.where(np.isnan(values), np.nan, (values == distinct[1]).astype(float))
    notes: tuple[Words, ...] = ()
    if distinct[0] == -1:
        notes = (("-1 is read as “not chosen”", "−1 视为“未选”"),)
    elif (distinct[0], distinct[1]) == (1, 2):
        # The first of two numbered answers is "yes" in every questionnaire we know of.
        yes = 1 - yes
        notes = (("1 is read as yes, 2 as no", "1 视为“是”，2 视为“否”"),)
    return Column(name, "yes_no", yes, notes=notes)


def _rating(name: str, values: Array, distinct: Array) -> Column | None:
    if not np.all(distinct == np.round(distinct)):
        return None
    kept, notes = values, []
    for code, is_gone in ((-1.0, distinct[0] == -1), (98.0, True), (99.0, True)):
        if is_gone and code in distinct and len(distinct) > 3:
            n = int((kept == code).sum())
            notes.append(
                (f"{code:g} is read as “no answer” ({n:,} answers)", f"{code:g} 视为未作答（{n:,} 条）")
            )
            kept = np.where(kept == code, np.nan, kept)
    inside = np.unique(kept[~np.isnan(kept)])
    top, low = inside[-1], inside[0]
    if top not in RATING_TOPS or low not in (0, 1) or len(inside) < 3:
        return None
    if low == 0 and top in (5, 7) and 1 in inside and 2 in inside:
        n = int((kept == 0).sum())
        notes.append((f'0 is read as "not applicable" ({n:,} answers)', f"0 视为“不适用”（{n:,} 条）"))
        kept, low = np.where(kept == 0, np.nan, kept), 1.0
    return Column(name, "rating", kept, low=min(float(low), 1.0), high=float(top), notes=tuple(notes))


def _is_running(values: Array, distinct: Array) -> bool:
    known = values[~np.isnan(values)]
    whole = np.all(distinct == np.round(distinct))
    steps = np.diff(known)
    return bool(whole and len(distinct) == len(known) > 50 and (steps > 0).mean() > 0.99)


def _number(name: str, values: Array) -> Column:
    known = values[~np.isnan(values)]
    deviation = known - known.mean()
    tail = float((deviation**3).mean() / max(known.std() ** 3, 1e-300))
    if known.min() >= 0 and tail > LONG_TAIL:
        note = ("a long tail: its logarithm is used", "分布有长尾：取对数")
        return Column(name, "number", values, is_logged=True, notes=(note,))
    return Column(name, "number", values)


def _category(name: str, cells: npt.NDArray[Any], n_distinct: int) -> Column | Words:
    levels, counts = np.unique([c for c in cells if c is not None], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    kept = [str(levels[i]) for i in order[:SHOWN_LEVELS]]
    other = len(levels) > len(kept)
    code = {level: float(i) for i, level in enumerate(kept)}
    values = np.array([np.nan if c is None else code.get(c, float(len(kept))) for c in cells])
    notes: tuple[Words, ...] = ()
    if other:
        more = n_distinct - len(kept)
        notes = ((f"{more} rarer values are taken together", f"其余 {more} 个少见取值合并"),)
    return Column(name, "category", values, levels=(*kept, *(["…"] if other else [])), notes=notes)


def _too_many(known: list[str], n_distinct: int) -> Words:
    if n_distinct > 0.9 * len(known):
        if np.mean([len(one) for one in known[:500]]) > 25:
            return "free text: use `voiceloop text`", "自由文本：请用 voiceloop text"
        return "an identifier: nearly every row has its own value", "标识符：几乎每行取值都不同"
    return f"{n_distinct:,} different words", f"有 {n_distinct:,} 种不同的文字取值"


def of(found: Column | Words, name: str) -> Column:
    """Return the column, or raise what is wrong with it.

    Raises
    ------
    AnalyticsError
        When it cannot be used.
    """
    if isinstance(found, Column):
        return found
    raise AnalyticsError(
        f"The column {name} cannot be used: {found[0]}.", f"列“{name}”无法使用：{found[1]}。"
    )


def of_rows(found: Column, rows: npt.NDArray[Any]) -> Column:
    """Return the column of those rows, in their order."""
    return replace(found, values=found.values[rows])
