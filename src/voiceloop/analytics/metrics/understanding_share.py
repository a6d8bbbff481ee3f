"""The share of understood comments that forgive or show understanding for what went wrong."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="understanding_share",
    label_en="Forgiving share of comments",
    label_zh="理解原谅原话占比",
    definition_en=__doc__,
    definition_zh="可识别的原话中情绪为理解、原谅的占比。",
    table="annotations",
    better="higher",
    where="kind = 'emotion'",
    hit="label = 'understanding'",
    source="requirement 79",
)
