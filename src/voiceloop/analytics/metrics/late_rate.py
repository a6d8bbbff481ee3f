"""The share of transactions with a promised time that took longer than promised."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="late_rate",
    label_en="Late share",
    label_zh="超时占比",
    definition_en=__doc__,
    definition_zh="有承诺时间的交易中等待超过承诺分钟数的占比。",
    table="transactions",
    better="lower",
    where="wait_minutes IS NOT NULL AND promised_minutes IS NOT NULL",
    hit="wait_minutes > promised_minutes",
    source="requirement 27",
)
