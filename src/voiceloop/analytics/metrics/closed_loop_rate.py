"""The share of recovery cases in which the customer has said, by a re-survey, how it ended. Those who
did not answer are not closed."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="closed_loop_rate",
    label_en="Closed-loop rate",
    label_zh="闭环率",
    definition_en=__doc__,
    definition_zh="修复工单中，客户在复访中亲自说明结果（已修复或未修复）的占比；没有回答的不算闭环。",
    table="cases",
    where="kind = 'recovery'",
    hit="outcome IN ('recovered', 'not_recovered')",
    source="requirement 99",
)
