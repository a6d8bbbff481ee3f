"""The share of detractors (0–6) among all answers to the 0–10 recommend question."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "loyalty"

METRIC = Share(
    name="detractor_share",
    label_en="Detractor share",
    label_zh="贬损者占比",
    definition_en=__doc__,
    definition_zh="0–10 分推荐题的全部有效答案中贬损者（0–6 分）的占比。",
    better="lower",
    question="nps",
    scales=("nps_0_10",),
    hit_classes=("detractor",),
    source="requirement 3; definitions 1 and 11",
)
