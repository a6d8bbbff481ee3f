"""The sum over the classes of weight times share, times 100. An administrator enters the weights; with
the default ±1 it equals NPS. Always labelled weighted index, never NPS."""

from __future__ import annotations

from voiceloop.analytics.metric import Score

FAMILY = "loyalty"

METRIC = Score(
    name="weighted_index",
    label_en="Weighted index",
    label_zh="加权指数",
    definition_en=__doc__,
    definition_zh=(
        "各类占比乘以管理员设定的权重后求和，再乘以 100；默认权重为 ±1，此时等于 NPS。"
        "始终称为“加权指数”，不称为 NPS。"
    ),
    question="nps",
    scales=("nps_0_10", "nps_signed"),
    class_values=(("promoter", 1.0), ("passive", 0.0), ("detractor", -1.0)),
    source="requirement 2; definition 2",
)
