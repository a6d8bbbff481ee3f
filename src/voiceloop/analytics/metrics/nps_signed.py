"""On the −10..+10 scale: the share of promoters (+9..+10) minus the share of detractors (−10..−9)
among all answers, times 100. Scores −8..+6 have no class; they stay in the denominator and their
share is reported beside. Never pooled with the 0–10 NPS."""

from __future__ import annotations

from voiceloop.analytics.metric import Score

FAMILY = "loyalty"

METRIC = Score(
    name="nps_signed",
    label_en="NPS on −10..+10",
    label_zh="NPS（−10 到 +10 量表）",
    definition_en=__doc__,
    definition_zh=(
        "在 −10 到 +10 量表上，推荐者（+9 到 +10）占比减去贬损者（−10 到 −9）占比，再乘以 100；"
        "−8 到 +6 分没有分类，计入分母，占比另行列出。绝不与 0–10 分的 NPS 合并。"
    ),
    question="nps",
    scales=("nps_signed",),
    class_values=(("promoter", 1.0), ("passive", 0.0), ("detractor", -1.0)),
    source="requirement 2; definition 1",
)
