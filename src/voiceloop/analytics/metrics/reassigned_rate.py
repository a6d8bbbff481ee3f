"""The share of cases, of those whose handovers are known, that were handed to another owner at least once."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="reassigned_rate",
    label_en="Reassigned share",
    label_zh="转派率",
    definition_en=__doc__,
    definition_zh="转派次数已知的工单中至少转派过一次的占比。",
    table="cases",
    better="lower",
    where="n_reassigned IS NOT NULL",
    hit="n_reassigned > 0",
    source="requirement 32",
)
