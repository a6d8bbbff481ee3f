"""The share of invitations sent, or tried, that did not fail."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "evaluation"

METRIC = Share(
    name="delivered_rate",
    label_en="Delivered",
    label_zh="送达率",
    definition_en=__doc__,
    definition_zh="已发出或尝试发出的邀请中没有失败的占比。",
    table="invitations",
    where="sent_at IS NOT NULL OR status = 'failed'",
    hit="status IS NULL OR status <> 'failed'",
    source="requirements 33 and 52",
)
