"""Figures with the aim beside each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that `share` percent of the values do not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[min(int(len(ordered) * share / 100), len(ordered) - 1)], 1)


def spread(values: Sequence[float]) -> dict[str, Any]:
    return {f"p{share}": percentile(values, share) for share in (50, 95, 99)} | {
        "max": percentile(values, 100)
    }


def beside(
    value: float | None, *, at_least: float | None = None, below: float | None = None
) -> dict[str, Any]:
    """A figure, what it should be, and whether it is."""
    if at_least is not None:
        aim, holds = f">= {at_least:g}", value is not None and value >= at_least
    else:
        assert below is not None
        aim, holds = f"< {below:g}", value is not None and value < below
    return {"value": value, "aim": aim, "met": holds}
