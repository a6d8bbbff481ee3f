"""What each tier is promised; the rooms that promise something say it here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Tier codes → the promises that are that tier's own: [{clock, label, within, pk}, …].
SOURCES: dict[str, Callable[[list[str]], dict[str, list[dict[str, Any]]]]] = {}


def of(tiers: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The promises of each tier; none of its own means: as everybody."""
    found: dict[str, list[dict[str, Any]]] = {tier: [] for tier in tiers}
    for source in SOURCES.values():
        for tier, rows in source(tiers).items():
            found[tier].extend(rows)
    return found
