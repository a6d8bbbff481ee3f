"""The time that a customer waited in the queue: the median, with mean, p90 and p99. Who gave up counts
with the time until then. Times below zero or above 24 hours are recording errors and do not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Duration

FAMILY = "operation"

METRIC = Duration(
    name="waiting_time",
    label_en="Waiting time",
    label_zh="排队等待时长",
    definition_en=__doc__,
    definition_zh=(
        "客户排队等待的时间：中位数，附平均值、P90 与 P99。放弃者按放弃前的时间计入；"
        "小于零或超过 24 小时的视为记录错误，不计入。"
    ),
    table="conversations",
    where="wait_seconds >= 0 AND wait_seconds <= 86400",
    column="wait_seconds",
    source="requirement 27",
)
