"""The share of understood comments whose emotion is anger."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="angry_share",
    label_en="Angry share of comments",
    label_zh="愤怒原话占比",
    definition_en=__doc__,
    definition_zh="可识别的原话中情绪为愤怒的占比。",
    table="annotations",
    better="lower",
    where="kind = 'emotion'",
    hit="label = 'angry'",
    source="requirement 79",
)
