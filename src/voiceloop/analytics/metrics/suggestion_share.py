"""The share of comments classed as praise, problem or suggestion that are a suggestion."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="suggestion_share",
    label_en="Suggestion share of comments",
    label_zh="建议类原话占比",
    definition_en=__doc__,
    definition_zh="赞扬、问题、建议三类原话中建议类的占比。",
    table="annotations",
    better="higher",
    where="kind = 'voice' AND label <> 'other'",
    hit="label = 'suggestion'",
    source="requirement 67",
)
