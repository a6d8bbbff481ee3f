"""The share of the cases opened in the period that are resolved by now."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="resolution_rate",
    label_en="Resolution rate",
    label_zh="问题解决率",
    definition_en=__doc__,
    definition_zh="同一批开立的工单中已经解决的占比。",
    table="cases",
    hit="resolved_at IS NOT NULL",
    source="requirement 31",
)
