"""Comments with a wish or an unmet need, per 1,000 comments."""

from __future__ import annotations

from voiceloop.analytics.metric import Rate

FAMILY = "experience"

METRIC = Rate(
    name="wish_rate",
    label_en="Wishes per 1,000 comments",
    label_zh="每千条原话需求数",
    definition_en=__doc__,
    definition_zh="每千条原话中表达需求或愿望的条数。",
    table="annotations",
    better="higher",
    where="kind = 'need'",
    per_table="annotations",
    per_where="kind = 'sentiment'",
    source="requirement 82",
)
