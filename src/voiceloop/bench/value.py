"""Value and risk: published parameters, next-period errors against naive rules, churn out of fold."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from voiceloop.analytics.value import churn
from voiceloop.analytics.value.backtest import backtest
from voiceloop.analytics.value.bgnbd import bgnbd
from voiceloop.analytics.value.candidates import SEED
from voiceloop.analytics.value.cells import Cells, read
from voiceloop.analytics.value.choosing import folds
from voiceloop.analytics.value.gamma_gamma import gamma_gamma
from voiceloop.analytics.value.lifetime import lifetime
from voiceloop.analytics.value.scoring import score
from voiceloop.analytics.value.simulated import shoppers
from voiceloop.analytics.value.target import labels_of
from voiceloop.analytics.value.transactions import Purchases, purchases
from voiceloop.analytics.value.valuing import plain

# Fader, Hardie and Lee 2005; Fader and Hardie 2013; Pareto/NBD is not fitted here.
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426, "log_likelihood": -9582.4}
PUBLISHED_MONEY = {"p": 6.25, "q": 3.74, "v": 15.44}
_TELCO = {"customers.csv": "Churn", "customers_extended.csv.gz": "churn_label"}


def measure(data: Path, scale: float) -> dict[str, Any]:
    """Everything whose file is at hand; what is not there is named."""
    parts: dict[str, Callable[[], Any]] = {
        "cdnow": lambda: _cdnow(data),
        "online_retail": lambda: _retail(data),
        **{f"telco {name}": lambda name=name: _telco(data, name) for name in _TELCO},  # type: ignore[misc]
        "coverage": lambda: _coverage(max(4, round(20 * scale))),
    }
    return {name: _tried(part) for name, part in parts.items()}


def _tried(part: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    try:
        found = part()
    except FileNotFoundError as error:
        return {"missing": Path(str(error)).name}
    return plain({**found, "seconds": time.perf_counter() - started})


def _file(data: Path, name: str) -> Path:
    if not (data / name).is_file():
        raise FileNotFoundError(name)
    return data / name


def _cdnow(data: Path) -> dict[str, Any]:
    of = purchases(read(_file(data, "cdnow/sample_transactions.csv")), "sample_id", "date", "amount")
    cut = _day(1997, 10, 1)
    known = of.before(cut).summary("week")
    buying, paying = bgnbd(known), gamma_gamma(known)
    return {
        "n": known.n,
        "bgnbd": {**buying.fit.to_dict(), "log_likelihood": buying.fit.log_likelihood},
        "published": PUBLISHED,
        "gamma_gamma": paying.fit.to_dict(),
        "published_money": PUBLISHED_MONEY,
        "next_39_weeks": backtest(of, cut=cut).to_dict(),
        "lifetime": _speed(of),
    }


def _retail(data: Path) -> dict[str, Any]:
    table = read(_file(data, "online_retail/transactions_2009_12_to_2010_11.csv.gz"))
    of = purchases(table, "customer_id", "invoice_date", "price", times="quantity")
    # Three cuts: one season is not like another, and one cut would show only its own.
    cuts = {"2010-06-01": (2010, 6, 1, 92), "2010-07-01": (2010, 7, 1, 92), "2010-09-01": (2010, 9, 1, 91)}
    tests = {
        name: backtest(of.before(_day(*when) + days), cut=_day(*when)).to_dict()
        for name, (*when, days) in cuts.items()
    }
    return {"n": len(of.keys), "kept_share": of.kept_share, "next_quarter": tests, "lifetime": _speed(of)}


def _speed(of: Purchases) -> dict[str, Any]:
    started = time.perf_counter()
    found = lifetime(of)
    return {**found.total()._asdict(), "days": found.days, "seconds": time.perf_counter() - started}


def _telco(data: Path, name: str) -> dict[str, Any]:
    """The whole of `fit` inside each fold: leaks, types, choice and calibration see the rest only."""
    table = read(_file(data, f"telco_churn/{name}"))
    target = _TELCO[name]
    labels = labels_of(table[target], target)
    fold = folds(labels, SEED, 5)
    predicted = np.zeros(len(labels))
    aside: dict[str, str] = {}
    for k in range(5):
        model = churn.fit(_rows(table, fold != k), target)
        predicted[fold == k] = model.predict(_rows(table, fold == k))
        aside |= {one.name: one.en for one in model.dropped}
    started = time.perf_counter()
    model = churn.fit(table, target)
    fitted = time.perf_counter() - started
    started = time.perf_counter()
    model.predict(table)
    speed = len(labels) / (time.perf_counter() - started)
    started = time.perf_counter()
    model.reasons(table)
    explained = len(labels) / (time.perf_counter() - started)
    return {
        "nested_cross_validation": score(labels, predicted).to_dict(),
        "chosen": model.report["chosen"],
        "candidates": model.report["candidates"],
        "set_aside": aside,
        "leak_under_another_name": _hidden_leak(table, target),
        "fit_seconds": fitted,
        "rows_per_second": speed,
        "reasons_per_second": explained,
    }


def _hidden_leak(table: dict[str, Cells], target: str) -> str | None:
    """Why `churn_score` is set aside when it is called something else."""
    if "churn_score" not in table:
        return None
    named = {("x1" if name == "churn_score" else name): column for name, column in table.items()}
    return next((one.en for one in churn.fit(named, target).dropped if one.name == "x1"), None)


def _coverage(runs: int) -> dict[str, Any]:
    """How often what planted shoppers do lies within their interval of 90 %."""
    held = [backtest(shoppers(600, seed=seed)).covered for seed in range(runs)]
    return {"runs": runs, "customers": 600, "confidence": 0.9, "held": float(np.mean(held))}


def _rows(table: dict[str, Cells], keep: Any) -> dict[str, Cells]:
    return {name: column.rows(keep) for name, column in table.items()}


def _day(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date(1970, 1, 1)).days
