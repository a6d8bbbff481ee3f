"""The share of comments with a feeling that could be told; the others are emoji, numbers, other scripts."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "experience"

METRIC = Share(
    name="understood_share",
    label_en="Comments understood",
    label_zh="原话可理解占比",
    definition_en=__doc__,
    definition_zh="能判断情感的原话占全部原话的比例；其余为表情、数字、其他文字等，模型不作判断。",
    table="annotations",
    where="kind = 'sentiment'",
    hit="polarity IS NOT NULL",
    source="requirement 72",
)
