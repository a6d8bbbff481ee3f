"""The share of surveys begun that were finished."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "evaluation"

METRIC = Share(
    name="completion_rate",
    label_en="Completion rate",
    label_zh="完成率",
    definition_en=__doc__,
    definition_zh="打开并开始填写的问卷中最终提交的占比。",
    table="invitations",
    where="started_at IS NOT NULL",
    hit="answered_at IS NOT NULL",
    source="requirement 52",
)
