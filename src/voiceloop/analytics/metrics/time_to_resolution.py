"""The time from the opening of a case to its last resolution, in calendar time: the median, with mean, p90
and p99. Open cases do not count, nor do times below zero or above ten years."""

from __future__ import annotations

from voiceloop.analytics.metric import Duration

FAMILY = "operation"

METRIC = Duration(
    name="time_to_resolution",
    label_en="Time to resolution",
    label_zh="解决时间",
    definition_en=__doc__,
    definition_zh=(
        "从开立工单到最终解决的时间（自然时间）：中位数，附平均值、P90 与 P99。未解决的工单不计入，"
        "小于零或超过十年的也不计入。"
    ),
    table="cases",
    where="epoch(resolved_at - opened_at) >= 0 AND epoch(resolved_at - opened_at) <= 315360000",
    column="epoch(resolved_at - opened_at)",
    source="requirement 29; definition 3",
)
