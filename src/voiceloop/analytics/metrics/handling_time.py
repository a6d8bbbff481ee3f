"""The time that an agent worked on a conversation, talking and finishing up: the median, with mean, p90
and p99. It is not the time to resolution. Times below zero or above 8 hours are recording errors and do
not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Duration

FAMILY = "operation"

METRIC = Duration(
    name="handling_time",
    label_en="Handling time",
    label_zh="处理时长",
    definition_en=__doc__,
    definition_zh=(
        "坐席处理一次会话所用的工作时间（通话及后续处理）：中位数，附平均值、P90 与 P99；不是解决时间。"
        "小于零或超过 8 小时的视为记录错误，不计入。"
    ),
    table="conversations",
    where="handle_seconds >= 0 AND handle_seconds <= 28800",
    column="handle_seconds",
    source="requirement 28; definition 3",
)
