"""The time from a customer's message or call to the first human reply, in calendar time: the median, with
mean, p90 and p99. Times below zero or above 30 days are recording errors and do not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Duration

FAMILY = "operation"

METRIC = Duration(
    name="first_response_time",
    label_en="First response time",
    label_zh="首次响应时间 FRT",
    definition_en=__doc__,
    definition_zh=(
        "从客户来信或来电到首次人工答复的时间（自然时间）：中位数，附平均值、P90 与 P99。"
        "小于零或超过 30 天的视为记录错误，不计入。"
    ),
    table="conversations",
    where="first_response_seconds >= 0 AND first_response_seconds <= 2592000",
    column="first_response_seconds",
    source="requirement 26",
)
