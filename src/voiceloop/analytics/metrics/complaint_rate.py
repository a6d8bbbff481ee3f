"""Complaint cases per 1,000 conversations of the same period and group; call-backs that we make are no
conversations here. A Poisson count over a base taken as known."""

from __future__ import annotations

from voiceloop.analytics.metric import Rate

FAMILY = "experience"

METRIC = Rate(
    name="complaint_rate",
    label_en="Complaints per 1,000 contacts",
    label_zh="投诉率（每千次接触）",
    definition_en=__doc__,
    definition_zh="同一时期、同一分组内每 1,000 次会话对应的投诉工单数；我方回访不计入会话。",
    table="cases",
    better="lower",
    where="kind = 'complaint'",
    per_table="conversations",
    per_where="kind IS NULL OR kind <> 'callback'",
    source="requirement 22",
)
