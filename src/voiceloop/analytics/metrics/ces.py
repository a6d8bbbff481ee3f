"""The mean of the answers to “how easy was it to get this solved”; higher is easier. Scales are never
pooled."""

from __future__ import annotations

from voiceloop.analytics.metric import Average

FAMILY = "experience"

METRIC = Average(
    name="ces",
    label_en="Customer effort: ease",
    label_zh="费力度 CES（越高越省力）",
    definition_en=__doc__,
    definition_zh="省力程度题得分的平均值，分数越高越省力；不同量表绝不合并。",
    unit="score",
    question="ces",
    scales=("ces_1_7", "ces_1_5"),
    source="requirement 9; Dixon, Freeman and Toman, Harvard Business Review 88 (2010) 7/8, 116",
)
