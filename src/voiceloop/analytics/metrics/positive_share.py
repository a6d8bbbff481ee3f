"""The share of comments with a sentiment whose sentiment is positive."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="positive_share",
    label_en="Positive share of comments",
    label_zh="正面评论占比",
    definition_en=__doc__,
    definition_zh="带情感标注的原话中正面的占比。",
    table="annotations",
    where="kind = 'sentiment' AND polarity IS NOT NULL",
    hit="polarity = 1",
    source="requirement 72",
)
