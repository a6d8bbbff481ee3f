"""The share of promoters (9–10) minus the share of detractors (0–6) among all answers to the 0–10
recommend question, times 100."""

from __future__ import annotations

from voiceloop.analytics.metric import Score

FAMILY = "loyalty"

METRIC = Score(
    name="nps",
    label_en="Net Promoter Score",
    label_zh="净推荐值 NPS",
    definition_en=__doc__,
    definition_zh=(
        "推荐者（9–10 分）占比减去贬损者（0–6 分）占比，再乘以 100；分母为 0–10 分推荐题的全部有效答案。"
    ),
    question="nps",
    scales=("nps_0_10",),
    class_values=(("promoter", 1.0), ("passive", 0.0), ("detractor", -1.0)),
    source="requirement 1; Reichheld, Harvard Business Review 81 (2003) 12, 46",
)
