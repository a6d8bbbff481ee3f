"""The mean minutes that a customer waited, over transactions with a known wait."""

from __future__ import annotations

from voiceloop.analytics.metric import Average

FAMILY = "operation"

METRIC = Average(
    name="wait_minutes",
    label_en="Mean waiting time",
    label_zh="平均等待时长",
    definition_en=__doc__,
    definition_zh="每笔交易等待分钟数的平均值。",
    table="transactions",
    unit="minutes",
    better="lower",
    column="wait_minutes",
    source="requirement 27",
)
