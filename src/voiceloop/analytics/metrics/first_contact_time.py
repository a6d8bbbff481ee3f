"""The time from the opening of a case to the first contact with the customer, in calendar time: the
median, with mean, p90 and p99. Cases not yet contacted do not count, nor do times below zero or above
ten years."""

from __future__ import annotations

from voiceloop.analytics.metric import Duration

FAMILY = "operation"

METRIC = Duration(
    name="first_contact_time",
    label_en="Time to first contact",
    label_zh="首次联系时间",
    definition_en=__doc__,
    definition_zh=(
        "从开立工单到首次联系客户的时间（自然时间）：中位数，附平均值、P90 与 P99。尚未联系的工单不计入，"
        "小于零或超过十年的也不计入。"
    ),
    table="cases",
    where="epoch(first_contact_at - opened_at) >= 0 AND epoch(first_contact_at - opened_at) <= 315360000",
    column="epoch(first_contact_at - opened_at)",
    source="requirements 26 and 99; definition 9",
)
