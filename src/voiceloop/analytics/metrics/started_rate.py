"""The share of delivered invitations whose survey was opened and begun."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "evaluation"

METRIC = Share(
    name="started_rate",
    label_en="Started",
    label_zh="打开率",
    definition_en=__doc__,
    definition_zh="已送达的邀请中打开并开始填写的占比。",
    table="invitations",
    where="sent_at IS NOT NULL AND (status IS NULL OR status <> 'failed')",
    hit="started_at IS NOT NULL OR answered_at IS NOT NULL",
    source="requirement 52",
)
