"""The demo company at full size, made once, and tables joined as its analyst would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from voiceloop.analytics.synth import Company, company

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Frame = dict[str, np.ndarray]


@pytest.fixture(scope="session")
def now() -> datetime:
    """The instant at which the chain's history ends."""
    return NOW


@pytest.fixture(scope="session")
def chain(now: datetime) -> Company:
    return company(seed=7, now=now)


@pytest.fixture(scope="session")
def frame() -> Callable[[pa.Table], Frame]:
    """Columns of a table as numpy arrays."""
    return _frame


@pytest.fixture(scope="session")
def month_of() -> Callable[[pa.ChunkedArray], np.ndarray]:
    """Local calendar month of instants, 0 for the earliest."""
    return _month


@pytest.fixture(scope="session")
def asked(chain: Company) -> Frame:
    """Every invitation with its hidden outcome and, after a meal, with its order; month counted from 0."""
    rows = _frame(chain.invitations) | {f"true_{k}": v for k, v in _frame(chain.outcomes).items()}
    order = np.array([int(code[1:]) - 1 if code else 0 for code in chain.invitations["order"].to_pylist()])
    sold = _frame(chain.orders)
    rows |= {
        name: sold[name][order]
        for name in (
            "kind",
            "wait_minutes",
            "promised_minutes",
            "prep_minutes",
            "handover_minutes",
            "ride_minutes",
        )
    }
    return rows | {"month": _month(chain.invitations["due_at"])}


@pytest.fixture(scope="session")
def answered(chain: Company, asked: Frame) -> Frame:
    """Every response with its invitation's order and outcome."""
    row = np.array([int(code[1:]) - 1 for code in chain.responses["invitation"].to_pylist()])
    return {name: column[row] for name, column in asked.items()} | _frame(chain.responses)


def _frame(table: pa.Table) -> dict[str, Any]:
    return {name: _array(table[name]) for name in table.column_names}


def _array(column: pa.ChunkedArray) -> np.ndarray:
    if pa.types.is_timestamp(column.type):
        return pc.cast(column, pa.int64()).to_numpy()
    return column.to_numpy()


def _month(at: pa.ChunkedArray) -> np.ndarray:
    local = pc.assume_timezone(
        pc.cast(pc.add(at, pa.scalar(8 * 3600 * 10**6, pa.duration("us"))), pa.timestamp("us")), "UTC"
    )
    months = pc.year(local).to_numpy() * 12 + pc.month(local).to_numpy()
    return months - months.min()
