"""The share of comments with a sentiment whose sentiment is negative."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="negative_share",
    label_en="Negative share of comments",
    label_zh="负面评论占比",
    definition_en=__doc__,
    definition_zh="带情感标注的原话中负面的占比。",
    table="annotations",
    better="lower",
    where="kind = 'sentiment' AND polarity IS NOT NULL",
    hit="polarity = -1",
    source="requirement 72",
)
