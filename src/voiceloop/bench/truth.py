"""Whether the numbers are true: intervals, alarms, signals and suspicions against what was put in."""

from __future__ import annotations

from typing import Any

from voiceloop.bench import truth_alarms, truth_coverage
from voiceloop.bench.product import say

DRAWS, CLUSTERED, CHARTS, COMPARED, TEAMS = 40_000, 600, 500, 250, 300


def measure(scale: float) -> dict[str, Any]:
    """Return the tables; everything is simulated from fixed seeds, so a second run gives the same."""
    say("truth: coverage of the intervals …")
    found: dict[str, Any] = {"coverage": truth_coverage.coverage(max(int(DRAWS * scale), 2_000))}
    say("truth: coverage for answers of stores …")
    found["clusters"] = truth_coverage.clustered(max(int(CLUSTERED * scale), 20))
    say("truth: control charts …")
    found["control"] = truth_alarms.control(max(int(CHARTS * scale), 10))
    say("truth: many comparisons …")
    found["false_discovery"] = truth_alarms.discoveries(max(int(COMPARED * scale), 5))
    say("truth: who asks selectively …")
    found["suppression"] = truth_alarms.suppression(max(int(TEAMS * scale), 10))
    return found
