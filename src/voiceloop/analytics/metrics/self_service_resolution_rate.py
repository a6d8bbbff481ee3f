"""The share of self-service sessions that opened no case and after which the same customer turned to no
other kind of conversation within 24 hours. Sessions without a customer do not count, nor do the last 24
hours of the data."""

from __future__ import annotations

from voiceloop.analytics.metric import Share
from voiceloop.analytics.metrics._contacts import SESSIONS

FAMILY = "operation"

METRIC = Share(
    name="self_service_resolution_rate",
    label_en="Self-service resolution rate",
    label_zh="自助解决率",
    definition_en=__doc__,
    definition_zh=(
        "自助服务会话中没有开立工单、且同一客户 24 小时内没有转向其他会话方式的占比。"
        "没有客户的会话和数据的最后 24 小时不计入。"
    ),
    table="conversations",
    where="kind = 'self_service' AND at + INTERVAL 24 HOUR <= known_until",
    derived=SESSIONS,
    reach_days=2,
    hit="case_id IS NULL AND (person_at IS NULL OR person_at > at + INTERVAL 24 HOUR)",
    source="requirement 35",
)
