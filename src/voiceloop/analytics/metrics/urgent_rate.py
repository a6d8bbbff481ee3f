"""Comments with a matter that must not wait, per 1,000 comments: danger, law, publicity, leaving."""

from __future__ import annotations

from voiceloop.analytics.metric import Rate

FAMILY = "experience"

METRIC = Rate(
    name="urgent_rate",
    label_en="Urgent comments per 1,000",
    label_zh="每千条紧急原话数",
    definition_en=__doc__,
    definition_zh="每千条原话中含有不能等待事项（安全、法律、投诉到监管、媒体曝光、流失、加急）的条数。",
    table="annotations",
    better="lower",
    where="kind = 'urgency'",
    per_table="annotations",
    per_where="kind = 'sentiment'",
    source="requirement 77",
)
