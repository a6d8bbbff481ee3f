"""The share of comments classed as praise, problem or suggestion that are praise."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="praise_share",
    label_en="Praise share of comments",
    label_zh="赞扬类原话占比",
    definition_en=__doc__,
    definition_zh="赞扬、问题、建议三类原话中赞扬类的占比。",
    table="annotations",
    better="higher",
    where="kind = 'voice' AND label <> 'other'",
    hit="label = 'praise'",
    source="requirement 67",
)
