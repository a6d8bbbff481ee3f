"""The share of delivered invitations that were answered; those never sent and those that failed do not
count."""

from __future__ import annotations

from dataclasses import replace

from voiceloop.analytics.metric import Share

FAMILY = "evaluation"

METRIC = Share(
    name="response_rate",
    label_en="Response rate",
    label_zh="回收率",
    definition_en=__doc__,
    definition_zh="已送达的邀请中得到回答的占比；未发出和发送失败的邀请不计入。",
    table="invitations",
    version=2,
    where="sent_at IS NOT NULL AND (status IS NULL OR status <> 'failed')",
    hit="answered_at IS NOT NULL",
    source="requirements 33 and 52",
)

EARLIER = (
    replace(
        METRIC,
        version=1,
        definition_en="The share of invitations sent that were answered; those never sent do not count.",
        definition_zh="已发出的邀请中得到回答的占比；未发出的邀请不计入。",
        where="sent_at IS NOT NULL",
    ),
)
