"""The share of cases with a date by which they were to be solved that were solved before it.

A case still open within its date does not count yet; one past it counts as late. A reopened case counts by
its last run.
"""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="solution_on_time",
    label_en="Solution on time",
    label_zh="按时解决率",
    definition_en=__doc__,
    definition_zh=(
        "有解决时限的工单中按时解决的占比；时限未到且尚未解决的工单不计入，过期未解决的算超时。"
        "重新打开过的工单以最后一次为准。"
    ),
    table="cases",
    where="resolved_at IS NOT NULL AND due_at IS NOT NULL OR due_at < :now",
    hit="resolved_at <= due_at",
    source="requirements 32, 122 and 123",
)
