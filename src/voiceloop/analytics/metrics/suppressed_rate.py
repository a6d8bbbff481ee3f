"""The share of invitations that were not sent (contact budget, opt-out, sampling …); group by reason to
see why."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "evaluation"

METRIC = Share(
    name="suppressed_rate",
    label_en="Suppressed share",
    label_zh="未发送占比",
    definition_en=__doc__,
    definition_zh="因触达预算、拒收、抽样等原因没有发出的邀请占全部邀请的比例；按 reason 分组可见原因。",
    table="invitations",
    better="lower",
    hit="status = 'suppressed'",
    source="requirements 49 and 65",
)
