"""The share of answers on the −10..+10 scale that fall on −8..+6 and so have no class."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "loyalty"

METRIC = Share(
    name="nps_unclassified_rate",
    label_en="Unclassified share on −10..+10",
    label_zh="未分类占比（−10 到 +10 量表）",
    definition_en=__doc__,
    definition_zh="−10 到 +10 量表上得分在 −8 到 +6、没有分类的答案占比。",
    better="lower",
    question="nps",
    scales=("nps_signed",),
    hit_classes=("unclassified",),
    source="requirement 2; definition 1",
)
