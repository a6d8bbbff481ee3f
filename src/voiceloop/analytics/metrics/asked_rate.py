"""The share of invitations that left the house, or tried to, among all that were to be sent; those still
in the queue do not count. Its complement are those suppressed."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "evaluation"

METRIC = Share(
    name="asked_rate",
    label_en="Asked",
    label_zh="发送率",
    definition_en=__doc__,
    definition_zh="应发的邀请中已发出或尝试发出的占比；仍在排队的不计入，其余为未发送。",
    table="invitations",
    where="status IS NULL OR status <> 'queued'",
    hit="sent_at IS NOT NULL OR status = 'failed'",
    source="requirements 49 and 52",
)
