"""The share of conversations with a known wait in which the customer waited longer than 5 minutes. Waits
below zero or above 24 hours do not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="long_wait_rate",
    label_en="Waited over 5 minutes",
    label_zh="等待超过 5 分钟占比",
    definition_en=__doc__,
    definition_zh="等待时间已知的会话中等待超过 5 分钟的占比；小于零或超过 24 小时的等待不计入。",
    table="conversations",
    better="lower",
    where="wait_seconds >= 0 AND wait_seconds <= 86400",
    hit="wait_seconds > 300",
    source="requirement 27",
)
