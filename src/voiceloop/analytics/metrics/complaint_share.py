"""The share of cases that are complaints."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="complaint_share",
    label_en="Complaint share of cases",
    label_zh="投诉占工单比",
    definition_en=__doc__,
    definition_zh="全部工单中投诉工单的占比。",
    table="cases",
    better="lower",
    hit="kind = 'complaint'",
    source="requirement 22",
)
