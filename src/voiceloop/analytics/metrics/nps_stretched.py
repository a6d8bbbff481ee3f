"""On the −10..+10 scale with the 0–10 cut points stretched by x = 2s − 10: the share of +8..+10 minus
the share of −10..+3, times 100. It is not called NPS."""

from __future__ import annotations

from voiceloop.analytics.metric import Score
from voiceloop.analytics.scales import STRETCHED

FAMILY = "loyalty"

METRIC = Score(
    name="nps_stretched",
    label_en="Stretched score on −10..+10",
    label_zh="拉伸推荐得分（−10 到 +10 量表）",
    definition_en=__doc__,
    definition_zh=(
        "在 −10 到 +10 量表上使用 0–10 分切点按 x = 2s − 10 拉伸后的分类：+8 到 +10 减去 −10 到 +3，"
        "乘以 100。不称为 NPS。"
    ),
    question="nps",
    scales=("nps_signed",),
    classes=STRETCHED,
    class_values=(("promoter", 1.0), ("passive", 0.0), ("detractor", -1.0)),
    source="requirement 2; definition 1",
)
