"""The mean of the answers to the satisfaction question, in points of its own scale. Scales are never
pooled."""

from __future__ import annotations

from voiceloop.analytics.metric import Average

FAMILY = "experience"

METRIC = Average(
    name="csat",
    label_en="CSAT mean",
    label_zh="满意度 CSAT（均值）",
    definition_en=__doc__,
    definition_zh="满意度题得分的平均值，以量表本身的分数表示；不同量表绝不合并。",
    unit="score",
    question="csat",
    scales=("csat_1_5", "csat_1_10", "csat_0_100", "stars_1_5"),
    source="requirement 8; definition 6",
)
