"""The share of answers to “how easy was it to get this solved” that say easy: 5–7 of 7, 4–5 of 5."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="ces_easy_share",
    label_en="Found it easy",
    label_zh="省力占比",
    definition_en=__doc__,
    definition_zh="省力程度题中认为容易的占比：7 分制为 5–7 分，5 分制为 4–5 分。",
    question="ces",
    scales=("ces_1_7", "ces_1_5"),
    hit_classes=("promoter",),
    source="requirement 9; Dixon, Freeman and Toman, Harvard Business Review 88 (2010) 7/8, 116",
)
