"""The mean time that an agent worked on a conversation (AHT). It is not the time to resolution. Times
below zero or above 8 hours are recording errors and do not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Average

FAMILY = "operation"

METRIC = Average(
    name="average_handling_time",
    label_en="Average handling time (AHT)",
    label_zh="平均处理时长 AHT",
    definition_en=__doc__,
    definition_zh=(
        "坐席处理一次会话所用工作时间的平均值；不是解决时间。小于零或超过 8 小时的视为记录错误，不计入。"
    ),
    table="conversations",
    unit="seconds",
    better="lower",
    where="handle_seconds >= 0 AND handle_seconds <= 28800",
    column="handle_seconds",
    source="requirement 28; definition 3",
)
