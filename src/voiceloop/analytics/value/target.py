"""Which customers left: the words that say so in a column."""

from __future__ import annotations

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.cells import Cells, Ints
from voiceloop.analytics.value.kinds import NO, YES

_LEFT = {*YES, "churn", "churned", "left", "exited", "lost", "lapsed", "cancelled", "canceled", "closed"}
_LEFT |= {"attrited", "attrited customer", "inactive", "gone", "leave", "流失", "已流失", "离网", "销户"}
_LEFT |= {"离开", "退订", "离职", "已离网"}
_STAYED = {*NO, "stay", "stayed", "retained", "active", "existing", "existing customer", "not churned"}
_STAYED |= {"no churn", "not_churned", "current", "open", "joined", "未流失", "在网", "留存", "正常"}
_STAYED |= {"留下", "活跃", "在职", "not churn"}


def labels_of(column: Cells, name: str, positive: str | None = None) -> Ints:
    """Return 1 for customers who left, 0 for those who stayed, -1 where nothing is said.

    Parameters
    ----------
    column : Cells
        The cells of the target.
    name : str
        Its name, for the error.
    positive : str, optional
        The word that means "left"; seen from usual words in Chinese and English when left out.

    Raises
    ------
    AnalyticsError
        When the words are not two, or do not say which of them means "left".

    Examples
    --------
    >>> labels_of(Cells.of(["是", "否", ""]), "流失").tolist()
    [1, 0, -1]
    >>> labels_of(Cells.of(["red", "blue"]), "team", positive="red").tolist()
    [1, 0]
    """
    said = [_said(word, positive) for word in column.words]
    if None in said or not column.words:
        words = ", ".join(column.words[:6]) + ("…" if len(column.words) > 6 else "")
        raise AnalyticsError(
            f"Column {name} does not say yes or no; it holds: {words or '-'}. "
            "Name the value that means 'left' with --positive.",
            f"列“{name}”看不出是或否，其取值为：{words or '-'}。请用 --positive 指明表示“流失”的取值。",
        )
    return np.array([*said, -1], dtype=np.int64)[column.codes]


def both_needed(labels: Ints, name: str, least: int) -> None:
    """Raise unless there are at least ``least`` customers of either kind.

    Examples
    --------
    >>> both_needed(np.array([0, 1]), "churn", 1)
    """
    left, stayed = int((labels == 1).sum()), int((labels == 0).sum())
    if min(left, stayed) < least:
        raise AnalyticsError(
            f"Column {name} says that {left:,} customers left and {stayed:,} stayed; "
            f"at least {least} of either are needed.",
            f"列“{name}”中有 {left:,} 位客户流失、{stayed:,} 位留存；两类都至少需要 {least} 位。",
        )


def _said(word: str, positive: str | None) -> int | None:
    plain = word.strip().rstrip(".").lower()
    if positive is not None:
        return int(plain == positive.strip().rstrip(".").lower())
    if plain in _LEFT:
        return 1
    return 0 if plain in _STAYED else None
