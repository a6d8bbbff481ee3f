"""Everything that `voiceloop value` says about a file of transactions."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.backtest import backtest
from voiceloop.analytics.value.cells import day_of, read
from voiceloop.analytics.value.cohorts import retention
from voiceloop.analytics.value.lifetime import Lifetime, lifetime
from voiceloop.analytics.value.rfm import KINDS, Rfm, moves, rfm
from voiceloop.analytics.value.stages import STAGES, Stages, stages
from voiceloop.analytics.value.transactions import Purchases, facts, purchases


def valued(args: argparse.Namespace) -> dict[str, Any]:
    """Return value, kinds, stages, retention and back-test as plain numbers; most valuable customers first.

    Raises
    ------
    AnalyticsError
        When a column or a plain sense is missing.
    """
    if args.days < 1 or not 0 <= args.discount < 10:
        raise AnalyticsError(
            "--days is at least 1, and --discount is 0 or more, 0.1 for ten per cent.",
            "--days 至少为 1；--discount 不小于 0，10% 写作 0.1。",
        )
    of = purchases(read(args.file), args.customer, args.time, args.amount, times=args.times)
    if args.until:
        of = of.before(_day(args.until) + 1)
        if not len(of.day):
            raise AnalyticsError(f"Nothing was bought until {args.until}.", f"{args.until} 之前没有购买。")
    worth, tested, why = _foretold(of, args.days, args.discount)
    kinds, lives = rfm(of), stages(of)
    found: dict[str, Any] = plain(
        {
            "n": len(of.keys),
            "purchases": len(of.day),
            "first_day": day_of(of.first_day).isoformat(),
            "last_day": day_of(of.until).isoformat(),
            "rows": facts(of.dirt),
            "kept_share": of.kept_share,
            "lifetime": _lifetime(worth) if worth else {"why_not": why},
            "segments": _segments(of, kinds, worth),
            "stages": {"limits_days": lives.limits._asdict(), "counts": lives.counts()},
            "retention": [period._asdict() for period in retention(of)],
            "backtest": tested,
            "customers": _customers(of, kinds, lives, worth),
        }
    )
    return found


def plain(value: Any) -> Any:
    """Return nested values with floats of six significant digits and no NaN.

    Examples
    --------
    >>> plain({"a": [float("nan"), 1 / 3]})
    {'a': [None, 0.333333]}
    """
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def _foretold(
    of: Purchases, days: int, discount: float
) -> tuple[Lifetime | None, dict[str, Any] | None, dict[str, str] | None]:
    """Lifetime value and its back-test; too few returning customers are a reason, no failure."""
    try:
        worth = lifetime(of, days=days, discount=discount)
    except AnalyticsError as error:
        return None, None, {"en": error.en, "zh": error.zh}
    try:
        return worth, backtest(of).to_dict(), None
    except AnalyticsError:
        return worth, None, None


def _lifetime(worth: Lifetime) -> dict[str, Any]:
    return {
        "days": worth.days,
        "discount": worth.discount,
        "confidence": worth.confidence,
        "unit": worth.buying.unit,
        "bgnbd": worth.buying.fit.to_dict(),
        "log_likelihood": worth.buying.fit.log_likelihood,
        "gamma_gamma": worth.paying.fit.to_dict(),
        "total": worth.total()._asdict(),
        "alive": float(worth.alive.sum()),
        "warnings": [{"en": en, "zh": zh} for en, zh in worth.warnings],
    }


def _segments(of: Purchases, kinds: Rfm, worth: Lifetime | None) -> dict[str, Any]:
    rows = []
    for one in kinds.segments():
        row = {**one._asdict(), **one.kind._asdict()}
        del row["kind"]
        if worth is not None:
            code = KINDS.index(one.kind)
            row["expected"] = worth.total(kinds.kind == code)._asdict()
        rows.append(row)
    long_enough = of.until - of.first_day > 45
    return {"kinds": rows, "stayed_30_days": moves(of, 30)[1] if long_enough else None}


def _customers(of: Purchases, kinds: Rfm, lives: Stages, worth: Lifetime | None) -> list[dict[str, Any]]:
    order = np.argsort(-(worth.expected if worth else kinds.money), kind="stable").tolist()
    found = []
    for i in order:
        row: dict[str, Any] = {
            "customer": of.keys[i],
            "value": float(kinds.money[i]),
            "recency_days": int(kinds.recency_days[i]),
            "frequency": int(kinds.frequency[i]),
            "rfm": f"{kinds.r[i]}{kinds.f[i]}{kinds.m[i]}",
            "kind": KINDS[int(kinds.kind[i])].code,
            "stage": STAGES[int(lives.stage[i])].code,
        }
        if worth is not None:
            row |= {
                "alive": float(worth.alive[i]),
                "purchases": float(worth.purchases[i]),
                "purchases_typical": float(worth.purchases_typical[i]),
                "expected": float(worth.expected[i]),
                "low": float(worth.low[i]),
                "high": float(worth.high[i]),
            }
        found.append(row)
    return found


def _day(text: str) -> int:
    try:
        return (date.fromisoformat(text) - date(1970, 1, 1)).days
    except ValueError as error:
        raise AnalyticsError(
            f"{text} is no day; write YYYY-MM-DD.", f"{text} 不是日期，请写 YYYY-MM-DD。"
        ) from error
