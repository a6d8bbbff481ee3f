"""The share of customers whom an agent left out, among those whom nothing else kept from being asked."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "evaluation"

METRIC = Share(
    name="left_out_rate",
    label_en="Left out by the agent",
    label_zh="坐席跳过占比",
    definition_en=__doc__,
    definition_zh="在没有其他原因阻止发送的邀请中，被坐席跳过的占比。",
    table="invitations",
    better="lower",
    where="reason IS NULL OR reason = 'by_agent'",
    hit="status = 'suppressed'",
    source="requirement 49",
)
