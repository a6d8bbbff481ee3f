"""Among answers to the 0–10 recommend question by customers whose answer before it, no more than 365 days
earlier, was passive (7–8): the share of promoters (9–10)."""

from __future__ import annotations

from voiceloop.analytics.metric import Share
from voiceloop.analytics.metrics._customers import NPS_PAIRS

FAMILY = "loyalty"

METRIC = Share(
    name="passive_to_promoter_rate",
    label_en="Passives who became promoters",
    label_zh="中立者转推荐者率",
    definition_en=__doc__,
    definition_zh=(
        "上一次推荐题答案（相隔不超过 365 天）为中立者（7–8 分）的客户中，本次成为推荐者（9–10 分）的占比。"
    ),
    where="before_at >= at - INTERVAL 365 DAY AND before_score >= 7 AND before_score < 9",
    derived=NPS_PAIRS,
    reach_days=365,
    hit="score >= 9",
    source="requirements 3 and 104",
)
