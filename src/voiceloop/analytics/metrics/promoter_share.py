"""The share of promoters (9–10) among all answers to the 0–10 recommend question."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "loyalty"

METRIC = Share(
    name="promoter_share",
    label_en="Promoter share",
    label_zh="推荐者占比",
    definition_en=__doc__,
    definition_zh="0–10 分推荐题的全部有效答案中推荐者（9–10 分）的占比。",
    question="nps",
    scales=("nps_0_10",),
    hit_classes=("promoter",),
    source="requirement 3; definitions 1 and 11",
)
