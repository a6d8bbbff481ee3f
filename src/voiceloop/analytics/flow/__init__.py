"""How cases run: their steps and waits, rework, ping-pong, variants and the bottleneck, from an event log."""

from voiceloop.analytics.flow.mining import flow
from voiceloop.analytics.flow.result import Activity, Estimate, Flow, Step, Variant

__all__ = ["Activity", "Estimate", "Flow", "Step", "Variant", "flow"]
