"""The customers of a table by their risk, each with its reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from voiceloop.analytics.value.cells import Cells, missing_column
from voiceloop.analytics.value.churn import ChurnModel, Reason
from voiceloop.analytics.value.kinds import found_in

Band = str
# Our choice: times the rate at which customers leave; the words are what a person acts on.
HIGH, MEDIUM = 2.0, 1.0


def band(probability: float, rate: float) -> Band:
    """Return 'high', 'medium' or 'low' for a chance, against the rate at the fit.

    High is twice the usual chance, and never below 30 % nor asking for more than 60 %; medium is above
    the usual.

    Examples
    --------
    >>> band(0.7, 0.25), band(0.3, 0.25), band(0.1, 0.25), band(0.5, 0.5)
    ('high', 'medium', 'low', 'low')
    """
    if probability >= min(max(HIGH * rate, 0.3), 0.6):
        return "high"
    return "medium" if probability > MEDIUM * rate else "low"


def scored(model: ChurnModel, table: dict[str, Cells], customer: str | None, language: str) -> dict[str, Any]:
    """Return every customer, highest risk first, with what the model could not use.

    Raises
    ------
    AnalyticsError
        When there is no column ``customer`` or none that the model knows.
    """
    name = _names(model, table, customer)
    risk, reasons = model.predict(table), model.reasons(table)
    order = np.argsort(-risk, kind="stable").tolist()
    bands = [band(value, model.rate) for value in risk.tolist()]
    return {
        "n": len(risk),
        "model": model.version,
        "mean_risk": round(float(risk.mean()), 6),
        "bands": {one: bands.count(one) for one in ("high", "medium", "low")},
        "notes": [zh if language == "zh" else en for en, zh in model.notes(table)],
        "drift": [one._asdict() for one in model.drift(table) if one.verdict != "stable"],
        "customers": [
            {
                "customer": _word(table[name], i) if name else str(i + 1),
                "risk": round(float(risk[i]), 6),
                "band": bands[i],
                "reasons": [_reason(one) for one in reasons[i]],
            }
            for i in order
        ],
    }


def _names(model: ChurnModel, table: dict[str, Cells], customer: str | None) -> str | None:
    """The column that names customers: the one told, or the first that the fit took for an identifier."""
    if customer is not None:
        found = found_in(table, customer)
        if found is None:
            raise missing_column(customer, list(table))
        return found
    names = [found_in(table, one.name) for one in model.dropped if not one.is_leak]
    return next((one for one in names if one and len(table[one].words) > 0.9 * len(table[one])), None)


def _word(column: Cells, row: int) -> str:
    code = int(column.codes[row])
    return column.words[code] if code >= 0 else ""


def _reason(one: Reason) -> dict[str, Any]:
    return {
        "column": one.column,
        "value": one.value,
        "effect": round(one.effect, 4),
        "odds": round(one.odds, 3),
    }
