"""From a table of customers to what a model may see of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value import leaks
from voiceloop.analytics.value.cells import Cells, Ints, missing_column
from voiceloop.analytics.value.kinds import Dropped, Feature, feature_of, found_in


def prepared(
    data: dict[str, Cells],
    labels: Ints,
    target: str,
    keep: Sequence[str],
    drop: Sequence[str],
    time: str | None,
) -> tuple[list[Feature], list[Dropped]]:
    """Return the columns that a model may use, and those set aside, each with its reason.

    Parameters
    ----------
    data : dict of str to Cells
        The table.
    labels : Ints
        0 or 1, shape (n,).
    target : str
        The column that the labels came from.
    keep, drop : sequence of str
        Columns to use in spite of a doubt; columns not to use.
    time : str, optional
        The date by which the model is tested: known to all customers alike, and no feature.

    Raises
    ------
    AnalyticsError
        When no column is left.
    """
    kept = {found_in(data, name) for name in keep}
    unwanted = {found_in(data, name) for name in (*drop, *([time] if time else []))} | {target}
    today = _today(data)
    features: list[Feature] = []
    dropped: list[Dropped] = []
    for name, column in data.items():
        if name in unwanted:
            continue
        leak = None if name in kept else leaks.by_name(name, target)
        found = leak or feature_of(name, column, today)
        (dropped if isinstance(found, Dropped) else features).append(found)  # type: ignore[arg-type]
    if features:
        leaking = leaks.by_numbers(features, codes_of(features, data, today), labels)
        dropped += [one for one in leaking if one.name not in kept]
        gone = {one.name for one in dropped}
        features = [feature for feature in features if feature.name not in gone]
    if not features:
        raise AnalyticsError(
            "No column is left that could tell who leaves.", "没有可用于判断客户是否流失的列。"
        )
    # Ages are counted from the latest date among the columns that are used, as they are when scoring.
    day = latest_day(data, features)
    return [_again(feature, data, day, today) for feature in features], dropped


def _again(feature: Feature, data: dict[str, Cells], day: float, before: float) -> Feature:
    if feature.kind != "date" or day == before:
        return feature
    found = feature_of(feature.name, data[feature.name], day)
    return found if isinstance(found, Feature) else feature


def _today(data: dict[str, Cells]) -> float:
    days = [float(np.nanmax(column.days)) for column in data.values() if _has_days(column)]
    return max(days, default=0.0)


def _has_days(column: Cells) -> bool:
    first = column.words[:5]
    return any(len(word) >= 8 for word in first) and bool(np.isfinite(column.days).any())


def codes_of(features: Sequence[Feature], data: dict[str, Cells], today: float | None = None) -> Ints:
    """Return the codes of a table that has all columns, shape (n, columns)."""
    n = len(next(iter(data.values())))
    day = latest_day(data, features) if today is None else today
    return np.stack([feature.codes(data[feature.name], n, day) for feature in features], axis=1)


def latest_day(columns: dict[str, Cells], features: Sequence[Feature]) -> float:
    """Return the latest date of a table's date columns: the day that ages are counted from.

    Examples
    --------
    >>> latest_day({"at": Cells.of(["1970-01-03", "1970-01-05"])}, [Feature("at", "date")])
    4.0
    """
    names = [found_in(columns, feature.name) for feature in features if feature.kind == "date"]
    days = [columns[name].days for name in names if name is not None]
    known = np.concatenate([d[np.isfinite(d)] for d in days]) if days else np.array([])
    return float(known.max()) if len(known) else 0.0


def named(columns: dict[str, Cells], name: str) -> str:
    """Return a column's name as the table spells it.

    Raises
    ------
    AnalyticsError
        When it is not there.

    Examples
    --------
    >>> named({"Churn": Cells.of([])}, "churn")
    'Churn'
    """
    found = found_in(columns, name)
    if found is None:
        raise missing_column(name, list(columns))
    return found
