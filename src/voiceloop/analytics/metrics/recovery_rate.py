"""The share of re-surveyed recovery cases in which the customer says it is recovered. Those who did not
answer stay in the denominator and never count as recovered."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="recovery_rate",
    label_en="Recovery rate",
    label_zh="修复率",
    definition_en=__doc__,
    definition_zh="已复访的修复工单中客户表示已修复的占比；没有回答的留在分母中，绝不算作已修复。",
    table="cases",
    where="kind = 'recovery' AND outcome IS NOT NULL",
    hit="outcome = 'recovered'",
    source="requirements 103 and 107",
)
