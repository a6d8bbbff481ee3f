"""The time from the opening of a recovery case to the customer's own word on how it ended, in calendar
time: the median, with mean, p90 and p99. Cases on which the customer did not answer do not count, nor
do times below zero or above ten years."""

from __future__ import annotations

from voiceloop.analytics.metric import Duration

FAMILY = "operation"

METRIC = Duration(
    name="time_to_close_loop",
    label_en="Time to close the loop",
    label_zh="闭环时间",
    definition_en=__doc__,
    definition_zh=(
        "从开立修复工单到客户亲自说明结果的时间（自然时间）：中位数，附平均值、P90 与 P99。"
        "客户没有回答的不计入，小于零或超过十年的也不计入。"
    ),
    table="cases",
    where=(
        "kind = 'recovery' AND outcome IN ('recovered', 'not_recovered')"
        " AND epoch(closed_at - opened_at) >= 0 AND epoch(closed_at - opened_at) <= 315360000"
    ),
    column="epoch(closed_at - opened_at)",
    source="requirements 99 and 103",
)
