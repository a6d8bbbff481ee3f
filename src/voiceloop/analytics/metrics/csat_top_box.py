"""The share of satisfied answers: 4–5 of 5, 8–10 of 10, 75 and more of 100."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="csat_top_box",
    label_en="Satisfied share (top box)",
    label_zh="满意率（Top-Box）",
    definition_en=__doc__,
    definition_zh="满意的答案占比：5 分制为 4–5 分，10 分制为 8–10 分，百分制为 75 分及以上。",
    question="csat",
    scales=("csat_1_5", "csat_1_10", "csat_0_100", "stars_1_5"),
    hit_classes=("promoter",),
    source="requirement 8; definition 6",
)
