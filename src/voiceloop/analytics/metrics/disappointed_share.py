"""The share of understood comments whose emotion is disappointment."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="disappointed_share",
    label_en="Disappointed share of comments",
    label_zh="失望原话占比",
    definition_en=__doc__,
    definition_zh="可识别的原话中情绪为失望的占比。",
    table="annotations",
    better="lower",
    where="kind = 'emotion'",
    hit="label = 'disappointed'",
    source="requirement 79",
)
