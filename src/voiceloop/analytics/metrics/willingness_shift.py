"""The mean of a customer's answer to the 0–10 recommend question minus the same customer's answer before
it, no more than 365 days earlier."""

from __future__ import annotations

from voiceloop.analytics.metric import Average
from voiceloop.analytics.metrics._customers import NPS_PAIRS

FAMILY = "loyalty"

METRIC = Average(
    name="willingness_shift",
    label_en="Shift in willingness to recommend",
    label_zh="推荐意愿变化",
    definition_en=__doc__,
    definition_zh="同一客户本次 0–10 分推荐题得分减去其上一次得分（相隔不超过 365 天）的平均值。",
    unit="score",
    where="before_at >= at - INTERVAL 365 DAY",
    derived=NPS_PAIRS,
    reach_days=365,
    column="score - before_score",
    source="requirement 13",
)
