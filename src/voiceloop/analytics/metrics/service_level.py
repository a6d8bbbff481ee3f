"""The share of conversations answered within 20 seconds, among all with a known wait; those abandoned stay
in the denominator, however soon. Waits below zero or above 24 hours do not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="service_level",
    label_en="Service level (20 s)",
    label_zh="服务水平（20 秒接通率）",
    definition_en=__doc__,
    definition_zh=(
        "等待时间已知的会话中 20 秒内接通的占比；放弃的会话无论长短都留在分母中。"
        "小于零或超过 24 小时的等待不计入。"
    ),
    table="conversations",
    where="wait_seconds >= 0 AND wait_seconds <= 86400",
    hit="wait_seconds <= 20 AND (outcome IS NULL OR outcome <> 'abandoned')",
    source="requirements 27 and 32",
)
