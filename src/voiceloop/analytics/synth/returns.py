"""Returns: money given back for meals that were taken away, as the till reports it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import chain, plan
from voiceloop.analytics.synth.clock import HOUR, Columns, Window, timestamps
from voiceloop.analytics.synth.columns import numbers, take


def make(rng: np.random.Generator, window: Window, sold: Columns) -> Columns:
    """Draw which orders were given back, wholly or in part, within a day; meals eaten here never are."""
    given_back = (sold["kind"] != plan.DINE_IN) & (rng.random(len(sold["at"])) < plan.RETURNED)
    row = np.flatnonzero(given_back)
    at = sold["at"][row] + rng.integers(HOUR // 2, 24 * HOUR, len(row))
    part = np.where(rng.random(len(row)) < 0.5, 1.0, rng.uniform(0.2, 0.9, len(row)))
    keep = at <= window.now
    return {
        "order": row[keep],
        "at": at[keep],
        "amount": np.round(-sold["amount"][row] * part, 1)[keep],
        "customer": sold["customer"][row][keep],
        "store": sold["store"][row][keep],
    }


def table(returned: Columns) -> pa.Table:
    """The returns, each with the order it belongs to and an amount below zero."""
    n = len(returned["at"])
    return pa.table(
        {
            "return": numbers("B", n),
            "order": take(numbers("O", int(returned["order"].max(initial=0)) + 1), returned["order"]),
            "customer": take(
                numbers("C", int(returned["customer"].max(initial=0)) + 1), returned["customer"]
            ),
            "region": take(chain.codes(chain.REGIONS), chain.REGION_OF_STORE[returned["store"]]),
            "unit": take(chain.codes(chain.STORES), returned["store"]),
            "at": timestamps(returned["at"]),
            "amount": pa.array(returned["amount"]),
        }
    )
