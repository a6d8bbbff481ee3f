"""The share of cases ever resolved that were reopened at least once."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="reopened_rate",
    label_en="Reopened share",
    label_zh="重开率",
    definition_en=__doc__,
    definition_zh="已有结果或曾经解决的工单中至少重开过一次的占比。",
    table="cases",
    better="lower",
    where="resolved_at IS NOT NULL OR n_reopened > 0",
    hit="n_reopened > 0",
    source="requirements 30 and 102",
)
