"""The share of passives (7–8) among all answers to the 0–10 recommend question."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "loyalty"

METRIC = Share(
    name="passive_share",
    label_en="Passive share",
    label_zh="中立者占比",
    definition_en=__doc__,
    definition_zh="0–10 分推荐题的全部有效答案中中立者（7–8 分）的占比。",
    question="nps",
    scales=("nps_0_10",),
    hit_classes=("passive",),
    source="requirement 3; definitions 1 and 11",
)
