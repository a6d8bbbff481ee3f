"""The share of conversations whose customer gave up before anybody answered, among those with a known end.
Contacts that we made about a case, which have no wait, do not count; short waits do."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="abandonment_rate",
    label_en="Abandonment rate",
    label_zh="放弃率",
    definition_en=__doc__,
    definition_zh=(
        "结果已知的会话中客户在接通前放弃的占比。我方为工单主动联系（没有等待）的不计入；短时放弃计入。"
    ),
    table="conversations",
    better="lower",
    where="outcome IS NOT NULL AND (wait_seconds IS NOT NULL OR case_id IS NULL)",
    hit="outcome = 'abandoned'",
    source="requirement 34",
)
