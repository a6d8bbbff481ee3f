"""The share of failures told in comments that are serious or catastrophic; the others are slight."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="severe_share",
    label_en="Severe share of failures",
    label_zh="严重失误占比",
    definition_en=__doc__,
    definition_zh="原话中提到的服务失误里，严重或灾难性失误的占比；其余为轻微失误。",
    table="annotations",
    better="lower",
    where="kind = 'severity'",
    hit="label IN ('serious', 'catastrophic')",
    source="requirement 77",
)
