"""The share of invitations sent that were answered; invitations never sent do not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

METRIC = Share(
    name="response_rate",
    label_en="Response rate",
    label_zh="回收率",
    definition_en=__doc__,
    definition_zh="已发出的邀请中得到回答的占比；未发出的邀请不计入。",
    table="invitations",
    where="sent_at IS NOT NULL",
    hit="answered_at IS NOT NULL",
)
