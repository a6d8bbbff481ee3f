"""The share of comments classed as praise, problem or suggestion that are a problem."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="problem_share",
    label_en="Problem share of comments",
    label_zh="问题类原话占比",
    definition_en=__doc__,
    definition_zh="赞扬、问题、建议三类原话中问题类的占比。",
    table="annotations",
    better="lower",
    where="kind = 'voice' AND label <> 'other'",
    hit="label = 'problem'",
    source="requirement 67",
)
