"""The share of conversations with a known end in which the two sides reached each other: not abandoned,
missed or left without a reply. Group by channel or kind; self-service does not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="channel_response_rate",
    label_en="Channel response rate",
    label_zh="渠道响应率",
    definition_en=__doc__,
    definition_zh=(
        "结果已知的会话中双方接通的占比，即没有放弃、漏接或无人答复；可按渠道或类型分组，自助服务不计入。"
    ),
    table="conversations",
    where="outcome IS NOT NULL AND (kind IS NULL OR kind <> 'self_service')",
    hit="outcome NOT IN ('abandoned', 'missed', 'no_reply', 'no_answer')",
    source="requirements 33 and 34",
)
