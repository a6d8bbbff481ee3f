"""The share of mentions of a reason that are negative; group by label for the count of each reason."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="reason_negative_share",
    label_en="Negative share of mentions",
    label_zh="原因提及负面占比",
    definition_en=__doc__,
    definition_zh="原因提及中负面的占比；按 label 分组即各原因的提及次数与负面占比。",
    table="annotations",
    better="lower",
    where="kind = 'reason'",
    hit="polarity = -1",
    source="requirement 74",
)
