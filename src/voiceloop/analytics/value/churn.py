"""Who is about to leave, how likely, and why: one model for any table of customers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value import model_file
from voiceloop.analytics.value.additive import Additive, centred, scaled
from voiceloop.analytics.value.candidates import SEED
from voiceloop.analytics.value.cells import Cells, Floats, Ints, cells_of
from voiceloop.analytics.value.choosing import Chosen, chosen
from voiceloop.analytics.value.drifting import Drift, drift
from voiceloop.analytics.value.kinds import Dropped, Feature, found_in
from voiceloop.analytics.value.preparing import codes_of, latest_day, named, prepared
from voiceloop.analytics.value.scoring import Score, chances, score
from voiceloop.analytics.value.target import both_needed, labels_of

# Our choice: below this a model would be a guess with many digits.
LEAST, LEAST_OF_EITHER = 60, 15
MOST = 200_000


class Reason(NamedTuple):
    """What one column adds to a customer's risk: by how much the odds of leaving rise or fall."""

    column: str
    value: str
    effect: float

    @property
    def odds(self) -> float:
        """By which factor the odds are multiplied."""
        return float(np.exp(self.effect))


@dataclass(frozen=True)
class Report:
    """How the model was found and what it is worth on customers that it had not seen."""

    score: Score
    chosen: str
    candidates: dict[str, dict[str, float]]
    n_left_out: int
    later: Score | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers."""
        later = self.later.to_dict() if self.later else None
        return {
            **self.score.to_dict(),
            "chosen": self.chosen,
            "candidates": self.candidates,
            "n_left_out": self.n_left_out,
            **({"later": later} if later else {}),
        }


@dataclass(frozen=True, eq=False)
class ChurnModel:
    """A calibrated, additive model of who leaves; made by `fit`, or read by `load`."""

    target: str
    features: tuple[Feature, ...]
    model: Additive
    dropped: tuple[Dropped, ...]
    n_fit: int
    rate: float
    report: dict[str, Any]
    positive: str | None = None

    @cached_property
    def version(self) -> str:
        """Ten letters that change whenever the model does."""
        header, arrays = model_file.packed(self)
        digest = hashlib.blake2b(header.encode(), digest_size=5)
        for name in sorted(arrays):
            digest.update(np.ascontiguousarray(arrays[name]).tobytes())
        return digest.hexdigest()

    def predict(self, table: Any, *, today: float | None = None) -> Floats:
        """Return the chance of leaving of each row, shape (n,).

        Parameters
        ----------
        table : mapping of columns, Arrow table or data frame
            Columns may stand in any order; one that is missing counts as "missing" in every row, a level
            that was never seen as "any other" (`notes` says which).
        today : float, optional
            Days since 1970-01-01 that ages are counted from; the latest date of the table when left out.
        """
        return chances(self.model.decide(self.codes(table, today)))

    def reasons(self, table: Any, top: int = 3, *, today: float | None = None) -> list[tuple[Reason, ...]]:
        """Return for each row the ``top`` columns that raise its risk most, strongest first.

        The effects are exact: over all columns they add up to the log-odds less those of the average
        customer. Columns that lower the risk are not listed; `contributions` has them.
        """
        columns = cells_of(table)
        parts = self.contributions(columns, today=today)
        order = np.argsort(-parts, axis=1)[:, :top]
        here = [self._there(columns, feature) for feature in self.features]
        return [
            tuple(
                Reason(self.features[j].name, _said(here[j], row), float(parts[row, j]))
                for j in order[row].tolist()
                if parts[row, j] > 0.01
            )
            for row in range(len(parts))
        ]

    def contributions(self, table: Any, *, today: float | None = None) -> Floats:
        """Return what each column adds to the log-odds, shape (n, columns); see `Additive.parts`."""
        return self.model.parts(self.codes(table, today))

    def evaluate(self, table: Any, target: str | None = None, *, positive: str | None = None) -> Score:
        """Return how good the predictions are on a table whose outcome is known."""
        columns = cells_of(table)
        name = named(columns, target or self.target)
        labels = labels_of(columns[name], name, positive or self.positive)
        both_needed(labels, name, 1)
        return score(labels[labels >= 0], self.predict(columns)[labels >= 0])

    def drift(self, table: Any, *, today: float | None = None) -> list[Drift]:
        """Return how far each column has moved since the fit, furthest first."""
        return drift(self.features, self.codes(table, today), self.n_fit)

    def notes(self, table: Any) -> list[tuple[str, str]]:
        """Return what of a table the model cannot use, as sentences (English, Chinese)."""
        columns = cells_of(table)
        absent = [f.name for f in self.features if found_in(columns, f.name) is None]
        found = []
        if absent:
            names = ", ".join(absent)
            found.append(
                (
                    f"Columns not in the table count as missing: {names}.",
                    f"表中没有这些列，按缺失处理：{names}。",
                )
            )
        for feature in self.features:
            column = self._there(columns, feature)
            if column is not None and (n := feature.unknown(column)):
                found.append(
                    (
                        f"{feature.name}: rows with values that the fit never saw: {n:,}.",
                        f"“{feature.name}”：取值在拟合时从未出现的行：{n:,}。",
                    )
                )
        return found

    def codes(self, table: Any, today: float | None = None) -> Ints:
        """Return the table as the model sees it, shape (n, columns).

        Raises
        ------
        AnalyticsError
            When not one of the model's columns is there.
        """
        columns = cells_of(table)
        here = [self._there(columns, feature) for feature in self.features]
        if not any(column is not None for column in here):
            named = ", ".join(feature.name for feature in self.features[:12])
            raise AnalyticsError(
                f"The table has none of the model's columns: {named}.", f"表中没有模型所用的任何列：{named}。"
            )
        n = len(next(iter(columns.values())))
        day = latest_day(columns, self.features) if today is None else today
        return np.stack([f.codes(c, n, day) for f, c in zip(self.features, here, strict=True)], axis=1)

    def save(self, path: str | Path) -> None:
        """Write the model as one file of numbers and JSON, without pickle."""
        model_file.save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> ChurnModel:
        """Return the model that `save` wrote.

        Raises
        ------
        AnalyticsError
            When the file is not there or is none.
        """
        return cls(**model_file.load(path))

    def _there(self, columns: dict[str, Cells], feature: Feature) -> Cells | None:
        name = found_in(columns, feature.name)
        return None if name is None else columns[name]


def fit(
    table: Any,
    target: str,
    *,
    positive: str | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    time: str | None = None,
    seed: int = SEED,
) -> ChurnModel:
    """Fit the risk of leaving on any table of customers.

    Types of columns are found; identifiers, constants and leaks are set aside, each with a sentence
    (`ChurnModel.dropped`). The candidates (spline logistic regression, boosted trees of one and of two
    columns, their mean) compete by log loss in five-fold cross-validation; the best is calibrated by Platt
    on its out-of-fold predictions. All are sums of tables, so that reasons are exact.

    Parameters
    ----------
    table : mapping of columns, Arrow table or data frame
        One customer a row.
    target : str
        Column that says who left: yes/no, 1/0, true/false, 是/否, churned/stayed …
    positive : str, optional
        The value that means "left", where the words do not say it.
    keep, drop : sequence of str
        Columns to use although they look like a leak or an identifier; columns not to use.
    time : str, optional
        A date: the model is also fitted on the earlier three quarters and tested on the latest quarter.
    seed : int
        Decides the folds.

    Returns
    -------
    ChurnModel
        With ``report``: n, auc with interval, brier, log_loss, calibration_error, calibration,
        candidates, chosen, all out of fold.

    Raises
    ------
    AnalyticsError
        When the target is missing or unclear, customers are too few, or no column is left.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> visits = rng.poisson(4, 400)
    >>> left = rng.random(400) < np.exp(-visits / 2)
    >>> model = fit({"visits": visits, "left": left}, "left")
    >>> bool(model.report["auc"] > 0.7), bool(np.diff(model.predict({"visits": [0, 9]}))[0] < 0)
    (True, True)
    """
    columns = cells_of(table)
    name = named(columns, target)
    labels = labels_of(columns[name], name, positive)
    both_needed(labels, name, LEAST_OF_EITHER)
    rows = _rows(labels, seed)
    data = {column: cells.rows(rows) for column, cells in columns.items()}
    features, dropped = prepared(data, labels[rows], name, keep, drop, time)
    codes = codes_of(features, data)
    found = chosen(features, codes, labels[rows], seed)
    later = _later(features, codes, labels[rows], data, time, found)
    report = Report(found.score, found.name, found.table, int((labels < 0).sum()), later)
    return ChurnModel(
        target=name,
        features=tuple(features),
        model=_finished(features, found),
        dropped=tuple(dropped),
        n_fit=len(rows),
        rate=float(labels[rows].mean()),
        report=report.to_dict(),
        positive=positive,
    )


def _rows(labels: Ints, seed: int) -> Ints:
    """Rows whose outcome is known; of a very large table a random part."""
    known = np.flatnonzero(labels >= 0)
    if len(known) < LEAST:
        raise AnalyticsError(
            f"{len(known):,} customers with a known outcome are too few; {LEAST} are needed.",
            f"已知结果的客户只有 {len(known):,} 位，至少需要 {LEAST} 位。",
        )
    if len(known) > MOST:
        known = np.sort(np.random.default_rng(seed).choice(known, MOST, replace=False))
    return known


def _finished(features: Sequence[Feature], found: Chosen) -> Additive:
    shares = [np.array(feature.shares) for feature in features]
    return centred(scaled(found.model, *found.platt), shares)


def _later(
    features: Sequence[Feature],
    codes: Ints,
    labels: Ints,
    data: dict[str, Cells],
    time: str | None,
    found: Chosen,
) -> Score | None:
    """Fitted on the earlier three quarters, tested on the latest quarter."""
    if time is None:
        return None
    days = data[named(data, time)].days
    cut = float(np.nanquantile(days, 0.75)) if np.isfinite(days).any() else np.nan
    before, after = days < cut, days >= cut
    both_needed(labels[before], time, LEAST_OF_EITHER)
    both_needed(labels[after], time, 2)
    model = scaled(found.candidate(features, codes[before], labels[before]), *found.platt)
    return score(labels[after], chances(model.decide(codes[after])))


def _said(column: Cells | None, row: int) -> str:
    if column is None or column.codes[row] < 0:
        return ""
    return str(column.words[column.codes[row]])


def with_report(model: ChurnModel, **more: Any) -> ChurnModel:
    """Return the model with more facts in its report, such as when and on what it was fitted."""
    return replace(model, report={**model.report, **more})
